"""Pages that the counter writes, videos with captions, and what was shipped with the program."""

from luukku.content.models.articles import (
    AccessibilityPage,
    ArticlePage,
    FaqPage,
    MaterialsPage,
    NewsPage,
    PrivacyPage,
    StoryPage,
)
from luukku.content.models.base import LANGUAGE_CODES, ContentPage
from luukku.content.models.events import EventPage
from luukku.content.models.kinds import PAGE_TYPES
from luukku.content.models.moderation import SecondPairOfEyes
from luukku.content.models.paths import ModelPage
from luukku.content.models.pictures import Pictured, ShownPicture
from luukku.content.models.practices import PracticePage
from luukku.content.models.sections import NEWEST_FIRST, SectionPage, StartPage
from luukku.content.models.shipped import Shipped
from luukku.content.models.task_types import TaskTypePage
from luukku.content.models.trainings import TrainingPage
from luukku.content.models.videos import PLAYERS, EmbedHost, Video

__all__ = [
    "LANGUAGE_CODES",
    "NEWEST_FIRST",
    "PAGE_TYPES",
    "PLAYERS",
    "AccessibilityPage",
    "ArticlePage",
    "ContentPage",
    "EmbedHost",
    "EventPage",
    "FaqPage",
    "MaterialsPage",
    "ModelPage",
    "NewsPage",
    "Pictured",
    "PracticePage",
    "PrivacyPage",
    "SecondPairOfEyes",
    "SectionPage",
    "Shipped",
    "ShownPicture",
    "StartPage",
    "StoryPage",
    "TaskTypePage",
    "TrainingPage",
    "Video",
]
