"""What the steering group is told of a training that has been held: numbers, never names.

People are told in tens and days of waiting only of ten (``core.disclosure``): experts sit in the group, and what one of
few did would be known of somebody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from statistics import median
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext, ngettext

from luukku.core.disclosure import STEP, told
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.events.models import Session
from luukku.events.states import EventState
from luukku.taxonomy.models import Topic
from luukku.training.models import (
    Application,
    ApplicationQuerySet,
    Barrier,
    LectureFeedback,
    Run,
    RunReport,
)
from luukku.training.queries.applying import barriers_of
from luukku.training.queries.lecturing import lectures_of, thoughts_of
from luukku.training.refusals import NothingToTell, NotOver
from luukku.training.states import TAKEN_IN, ApplicationState

S = ApplicationState


def why_not_report(run: Run, *, at: datetime) -> Refused | None:
    """Return why nothing can be told of ``run`` at ``at``, or None."""
    event = run.event
    if event.state in {EventState.DRAFT, EventState.CANCELLED}:
        return NothingToTell()
    if event.ends_at is None or event.ends_at > at:
        return NotOver(event.ends_at)
    return None


def figures_of(run: Run) -> dict[str, Any]:
    """Return the figures of ``run`` as a report keeps them.

    Of what makes it hard to come only which ten the number lies in is kept; ``told_of`` says of the rest what is told.
    """
    sent = Application.objects.filter(run=run, sent_at__isnull=False)
    by_state = sent.order_by().values("state").annotate(n=Count("person", distinct=True))
    numbers = dict(by_state.values_list("state", "n"))
    days = _days(sent)
    sessions = list(run.event.sessions.all())
    return {
        "first_on": _day(min((one.starts_at for one in sessions), default=None)),
        "last_on": _day(max((one.ends_at for one in sessions), default=None)),
        "sessions": len(sessions),
        "held_minutes": sum(_minutes(one) for one in sessions),
        "marked": Session.objects.filter(event=run.event_id, attendance__isnull=False)
        .distinct()
        .count(),
        "seats": run.event.seats,
        "applicants": sent.values("person").distinct().count(),
        "chosen": sum(numbers.get(state, 0) for state in TAKEN_IN),
        "completed": numbers.get(S.COMPLETED, 0),
        "stopped": numbers.get(S.STOPPED, 0),
        "open": numbers.get(S.CHOSEN, 0),
        "answered": len(days),
        "days_median": median(days) if days else None,
        "days_most": max(days, default=None),
        "barriers": {str(one.value): n // STEP * STEP for one, n in barriers_of(sent)},
        "lectures": lectures_of(run)[0],
        "students": lectures_of(run)[1],
        "thoughts": [
            [side, list(shares)] for side, shares in thoughts_of(run)
        ],  # as JSON gives them back
        "topics": [
            [row.topic_id, row.contact_minutes, row.own_minutes]
            for row in run.programme.topics.all()
        ],
    }


def _days(sent: ApplicationQuerySet) -> list[int]:
    """Return of each application that was answered how many days that took."""
    rows = sent.filter(answered_at__isnull=False).only("sent_at", "answered_at")
    return [days for row in rows if (days := row.days_waited(date.min)) is not None]


def _minutes(session: Session) -> int:
    return int((session.ends_at - session.starts_at).total_seconds() // 60)


def _day(at: Any) -> str | None:
    return helsinki(at).date().isoformat() if at else None


@dataclass(frozen=True)
class Told:
    """Figures as a page shows them.

    Attributes:
        numbers: as they were kept.
        people: how many applied, were chosen, completed, stopped, in tens.
        waited: within how many days half and all were answered; None where too few were to tell.
        barriers: what makes it hard to come, and how many it does, in tens.
        topics: each with its minutes together and by oneself.
    """

    numbers: dict[str, Any]
    people: dict[str, str]
    waited: tuple[str, str] | None
    first_on: date | None
    last_on: date | None
    barriers: list[tuple[str, str]]
    thoughts: list[tuple[str, list[str]]]
    topics: list[tuple[Topic, int, int]]

    @property
    def unmarked(self) -> int:
        """At how many sessions nobody has marked who came."""
        held = self.numbers.get("sessions", 0)
        return max(0, held - self.numbers.get("marked", held))

    @property
    def contact_minutes(self) -> int:
        """Together with a trainer, of all topics."""
        return sum(together for _topic, together, _alone in self.topics)

    @property
    def own_minutes(self) -> int:
        """By oneself, of all topics."""
        return sum(alone for _topic, _together, alone in self.topics)


def is_outdated(report: RunReport) -> bool:
    """Whether what ``report`` tells is told otherwise now; of people only another ten is.

    What was written down after it was sent, a number of students corrected for one, is sent anew by the producer.
    """
    then, now = report.figures, figures_of(report.run)
    exact = ("lectures", "students", "held_minutes", "sessions")
    return any(name in then and then[name] != now[name] for name in exact) or any(
        told(then[name]) != told(now[name]) for name in COUNTED
    )


COUNTED = ("applicants", "chosen", "completed", "stopped")


def _waited(figures: dict[str, Any]) -> tuple[str, str] | None:
    if figures.get("answered", 0) < STEP:
        return None
    return _in_days(figures["days_median"]), _in_days(figures["days_most"])


def _in_days(days: float) -> str:
    """Return within what time, in words: half a day more counts as one."""
    n = ceil(days)
    if not n:
        return gettext("on the same day")
    return ngettext("within %(n)s day", "within %(n)s days", n) % {"n": n}


def told_of(figures: dict[str, Any]) -> Told:
    """Return ``figures`` with words and topics in the reader's language, in one query."""
    topics = Topic.objects.in_bulk([code for code, _together, _alone in figures["topics"]])
    first, last = (figures.get(name) for name in ("first_on", "last_on"))
    return Told(
        numbers=figures,
        people={name: told(figures[name]) for name in COUNTED},
        waited=_waited(figures),
        first_on=date.fromisoformat(first) if first else None,
        last_on=date.fromisoformat(last) if last else None,
        barriers=[(str(Barrier(one).label), told(n)) for one, n in figures["barriers"].items()],
        thoughts=[
            (str(LectureFeedback.Side(side).label), shares)
            for side, shares in figures.get("thoughts", [])
        ],
        topics=[(topics[code], together, alone) for code, together, alone in figures["topics"]],
    )
