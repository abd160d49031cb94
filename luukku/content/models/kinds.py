"""Every kind of page by its name in the files that are shipped."""

from __future__ import annotations

from luukku.content.models.articles import (
    AccessibilityPage,
    ArticlePage,
    FaqPage,
    MaterialsPage,
    NewsPage,
    PrivacyPage,
    StoryPage,
)
from luukku.content.models.base import ContentPage
from luukku.content.models.events import EventPage
from luukku.content.models.paths import ModelPage
from luukku.content.models.practices import PracticePage
from luukku.content.models.sections import SectionPage, StartPage
from luukku.content.models.task_types import TaskTypePage
from luukku.content.models.trainings import TrainingPage

PAGE_TYPES: dict[str, type[ContentPage]] = {
    "start": StartPage,
    "section": SectionPage,
    "article": ArticlePage,
    "model": ModelPage,
    "task_type": TaskTypePage,
    "training": TrainingPage,
    "practice": PracticePage,
    "story": StoryPage,
    "news": NewsPage,
    "event": EventPage,
    "faq": FaqPage,
    "materials": MaterialsPage,
    "privacy": PrivacyPage,
    "accessibility": AccessibilityPage,
}
