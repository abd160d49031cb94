"""Signs of load, the yearly talks, and what background organisations are reminded of."""

from luukku.coping.models.background import Reminder, YearlyTalk, YearlyTalkQuerySet
from luukku.coping.models.flag import Flag, FlagKind, FlagQuerySet
from luukku.coping.models.peers import Invitation

__all__ = [
    "Flag",
    "FlagKind",
    "FlagQuerySet",
    "Invitation",
    "Reminder",
    "YearlyTalk",
    "YearlyTalkQuerySet",
]
