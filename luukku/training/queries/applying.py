"""What we know of applications: who may apply, how many hours somebody has done, what makes it hard to come."""

from __future__ import annotations

from datetime import datetime

from django.db.models import CharField, Count, F, Func

from luukku.accounts.models import User
from luukku.core.refused import Refused
from luukku.events.models import Attendance, Audience, Presence, SignUp
from luukku.events.queries import is_audience
from luukku.events.refusals import ByInvitation, NotForYou, NotOpenYet, SignUpEnded
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.training.models import (
    Application,
    ApplicationQuerySet,
    Barrier,
    Programme,
    Run,
    RunQuerySet,
)
from luukku.training.states import APPLY, ApplicationState

ENOUGH = 0.8  # of the hours together that a programme has, without an exemption


def why_not_apply(run: Run, person: User | None, *, at: datetime) -> Refused | None:
    """Return why ``person`` (None: nobody has signed in) cannot apply at ``at``, or None.

    The page says it instead of a button, and the act refuses with the same words.
    """
    event = run.event
    if event.state not in APPLY.sources:
        return Refused(APPLY.late)
    if event.audience == Audience.INVITED:
        return ByInvitation()
    if event.opens_at is not None and at < event.opens_at:
        return NotOpenYet(event.opens_at)
    until = event.takes_until
    if until is not None and until <= at:
        return SignUpEnded(until)
    if person is not None and not is_audience(person, event):
        return NotForYou()
    return None


def programme_of(run: Run) -> Programme:
    """Return the programme of ``run`` with all that is told of it, in a fixed number of queries."""
    rows = Programme.objects.with_minutes().prefetch_related(
        "topics__topic", "producers", "languages", "task_types"
    )
    return rows.get(pk=run.programme_id)


def seconds_for(run: Run, *, at: datetime) -> RunQuerySet:
    """Return what can be named as the second choice beside ``run``: others of its kind that one can apply to."""
    rows = Run.objects.open_to_all().taking(at).filter(programme__kind=run.programme.kind)
    others = rows.exclude(pk=run.pk).select_related("event__municipality")
    return others.prefetch_related("event__sessions")


def own_application(run: Run, person: User) -> Application | None:
    """Return the live application of ``person`` to ``run``, else the last one."""
    own = run.applications.of(person)
    return own.live().first() or own.order_by("-pk").first()


def behind_place(sign_up: SignUp) -> Application | None:
    """Return the live application that a place in a training was got by."""
    own = Application.objects.filter(run__event=sign_up.event_id, person=sign_up.person_id)
    return own.live().first()


def has_second(application: Application) -> bool:
    """Whether a second choice waits for what becomes of ``application``; nothing for its producer to know."""
    return Application.objects.filter(after=application, state=ApplicationState.KEPT).exists()


def hours_suggested(application: Application) -> tuple[int, int]:
    """Return the minutes together and by oneself that somebody has done, as far as the marks of attendance tell.

    Where nobody has marked who came, the programme's own: whoever completes it writes what is right.
    """
    marked = _marked(application)
    return _whole(application) if marked is None else marked


def hours_marked(application: Application) -> tuple[int, int]:
    """Return the minutes together and by oneself that the marks of attendance tell; none where nobody has marked."""
    return _marked(application) or (0, 0)


def is_marked(application: Application) -> bool:
    """Whether anybody has marked if this person came."""
    return Attendance.objects.filter(
        sign_up__event=application.run.event_id, sign_up__person=application.person_id
    ).exists()


def hours_short(run: Run) -> tuple[int, int] | None:
    """Return the minutes of the sessions and of the programme together, if too few to complete it; else None.

    Of a training without a session nobody knows yet, and of one that is over or off nothing can be done.
    """
    if run.event.state not in {EventState.DRAFT, *OPEN_EVENTS}:
        return None
    held = sum(
        int((one.ends_at - one.starts_at).total_seconds() // 60) for one in run.event.sessions.all()
    )
    whole = sum(row.contact_minutes for row in run.programme.topics.all())
    return (held, whole) if 0 < held < ENOUGH * whole else None


def _whole(application: Application) -> tuple[int, int]:
    parts = list(application.run.programme.topics.all())
    return sum(row.contact_minutes for row in parts), sum(row.own_minutes for row in parts)


def _marked(application: Application) -> tuple[int, int] | None:
    """Return what the marks tell; None if nobody has marked who came."""
    whole, own = _whole(application)
    sessions = list(application.run.event.sessions.prefetch_related("attendance__sign_up"))
    marks = {
        session.pk: {row.sign_up.person_id: row.presence for row in session.attendance.all()}
        for session in sessions
    }
    if not any(marks.values()):
        return None
    here = sum(
        int((one.ends_at - one.starts_at).total_seconds() // 60)
        for one in sessions
        if marks[one.pk].get(application.person_id) == Presence.HERE
    )
    return min(here, whole), own if here else 0


def is_enough(application: Application, contact_minutes: int) -> bool:
    """Whether so many minutes together are enough to complete the programme without an exemption."""
    whole = sum(row.contact_minutes for row in application.run.programme.topics.all())
    return contact_minutes >= ENOUGH * whole


def barriers_of(applications: ApplicationQuerySet) -> list[tuple[Barrier, int]]:
    """Return how many applicants each thing makes it hard for, the most frequent first; those of nobody left out."""
    one = Func(F("barriers"), function="unnest", output_field=CharField())
    rows = applications.annotate(one=one).order_by()
    numbers = dict(
        rows.values("one").annotate(n=Count("person", distinct=True)).values_list("one", "n")
    )
    found = [(barrier, numbers[barrier.value]) for barrier in Barrier if numbers.get(barrier.value)]
    return sorted(found, key=lambda pair: -pair[1])
