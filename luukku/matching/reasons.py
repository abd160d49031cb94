"""Why an expert fits an order, in words: what speaks for it, what against, and how much the expert does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.matching.points import POINTS

DAYS_IN_MONTH = 30.4
FAR_KM = POINTS.near_km / 2  # from here on the way is long enough to be thought about


class Side(StrEnum):
    """On which side a reason stands."""

    FOR = "for"
    AGAINST = "against"
    LOAD = "load"  # neither: how much the expert does already


@dataclass(frozen=True)
class Reason:
    """One reason in the reader's language, and its side."""

    side: Side
    words: str


def of_themes(names: list[str], has: int, near: int) -> Iterator[Reason]:
    """Name which of the themes that the order asks for this expert knows; no other theme is ever named.

    Args:
        names: the themes asked for.
        has: bits of those known exactly; ``near``: of those known more widely.
    """

    def of(bits: int) -> str:
        return ", ".join(name for place, name in enumerate(names) if bits & (1 << place))

    if exact := of(has):
        yield Reason(Side.FOR, _("experience: %(themes)s") % {"themes": exact})
    if wider := of(near):
        words = _("wider experience of the subject: %(themes)s") % {"themes": wider}
        yield Reason(Side.AGAINST, words)
    if missing := of(~(has | near)):
        yield Reason(Side.AGAINST, _("no experience of: %(themes)s") % {"themes": missing})


def of_perspective(points: float, *, asked: int) -> Iterator[Reason]:
    """Say whether the expert sees the subject as the order asks.

    Args:
        points: those of the perspective.
        asked: for how many themes a perspective was asked for.
    """
    if not asked:
        return
    if points >= asked * POINTS.perspective:
        yield Reason(Side.FOR, _("the perspective you asked for"))
    elif points:
        yield Reason(Side.AGAINST, _("the perspective you asked for only in part"))
    else:
        yield Reason(Side.AGAINST, _("another perspective than you asked for"))


def of_place(km: int | None) -> Reason:
    """Say how far the expert lives; ``km`` is None where the task is done remotely."""
    if km is None:
        return Reason(Side.FOR, _("can do it remotely"))
    if km == 0:
        return Reason(Side.FOR, _("lives in the same municipality"))
    side = Side.AGAINST if km >= FAR_KM else Side.FOR
    return Reason(side, _("lives about %(km)s km away (estimate)") % {"km": km})


def of_tasks(last_task_at: datetime | None, tasks: int, *, at: datetime) -> Iterator[Reason]:
    """Say how much the expert has done lately."""
    yield Reason(Side.LOAD, _since(last_task_at, at=at))
    if tasks:
        words = ngettext("%(n)s task in a year", "%(n)s tasks in a year", tasks) % {"n": tasks}
        yield Reason(Side.LOAD, words)


def _since(last_task_at: datetime | None, *, at: datetime) -> str:
    if last_task_at is None:
        return _("no task yet")
    if last_task_at > at:
        return _("has a task coming")
    if months := int((at - last_task_at).days / DAYS_IN_MONTH):
        return ngettext("last task %(n)s month ago", "last task %(n)s months ago", months) % {
            "n": months
        }
    return _("last task within a month")
