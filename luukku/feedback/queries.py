"""Reading feedback."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.queries import NAMES, ROW
from luukku.assignments.states import AssignmentState
from luukku.core.compiled import Instant
from luukku.core.disclosure import FEWEST_PEOPLE, three_shares
from luukku.core.fields import field_of
from luukku.core.refused import Refused
from luukku.events.models import Event, Kind, SignUp, SignUpQuerySet
from luukku.events.queries import was_away
from luukku.events.states import EventState
from luukku.experts.models import Expert
from luukku.feedback.models import (
    SCALES,
    Debrief,
    EventFeedback,
    EventFeedbackQuerySet,
    Feedback,
    Side,
    WhatChanged,
)
from luukku.feedback.refusals import EventLongAgo, EventNotOver, ToldAlready, WasNotThere
from luukku.feedback.states import DebriefState
from luukku.orders.models import Order, ordered_for
from luukku.orders.queries import next_step
from luukku.orders.states import OrderState

FORGIVEN = timedelta(days=120)  # then the link to tell what changed has ended


def side_of(user: User, assignment: Assignment) -> Side:
    """Return on which side of the task ``user`` stands: the expert's, else the orderer's."""
    return Side.EXPERT if assignment.expert.user_id == user.pk else Side.ORDERER


def awaiting_feedback(user: User | models.Expression) -> models.QuerySet[Assignment]:
    """Return the done tasks on which ``user`` has not said how it went, the latest first."""
    as_expert = models.Q(expert__user=user) & ~models.Exists(
        Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.EXPERT)
    )
    is_contact = models.Q(order__contact=user, order__organisation__in=ordered_for(user))
    as_orderer = is_contact & ~models.Exists(
        Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.ORDERER)
    )
    return (
        Assignment.objects.filter(as_expert | as_orderer, state=AssignmentState.DONE)
        .select_related("order__task_type", "expert")
        .order_by("-ends_at", "-pk")
    )


HAS_BEEN = _("The day has passed. Tell below that the task has been done. If it was not, call us.")
WAITS_FOR_EXPERT = _("Thank you for your feedback. The expert’s feedback is still awaited.")


def next_steps(orders: Iterable[Order], *, at: datetime) -> list[tuple[Order, str | Promise]]:
    """Return each order with what happens next, said to its orderer: after the day by what is still untold."""
    orders = list(orders)
    over = [one.pk for one in orders if one.state in {OrderState.STAFFED, OrderState.DONE}]
    of = defaultdict(list)
    if over:
        told = Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.ORDERER)
        tasks = Assignment.objects.live().filter(order__in=over)
        tasks = tasks.annotate(has_told=models.Exists(told))
        for order_id, *facts in tasks.values_list("order_id", "state", "ends_at", "has_told"):
            of[order_id].append(facts)
    return [(order, _after_the_day(of[order.pk], at) or next_step(order)) for order in orders]


def _after_the_day(tasks: list[list], at: datetime) -> str | Promise | None:
    """Return what waits once an order's tasks are over; None before, and while its orderer is to tell.

    The last feedback closes the order, so an open one whose orderer has told of every task waits for experts.
    """
    if not tasks or any(ends_at > at for _state, ends_at, _has_told in tasks):
        return None
    if any(state == AssignmentState.AGREED for state, _ends_at, _has_told in tasks):
        return HAS_BEEN
    return WAITS_FOR_EXPERT if all(has_told for *_rest, has_told in tasks) else None


def to_tell(expert: Expert) -> models.QuerySet[Assignment]:
    """Return the done tasks on which ``expert`` has not said how it went, the latest first, as rows show them."""
    told = Feedback.objects.filter(assignment=models.OuterRef("pk"), side=Side.EXPERT)
    return (
        Assignment.objects.filter(~models.Exists(told), expert=expert, state=AssignmentState.DONE)
        .select_related("order__task_type")
        .only(*ROW)
        .order_by("-ends_at", "-pk")
    )


def changed_by(expert: Expert) -> models.QuerySet[WhatChanged]:
    """Return what orderers have told of the expert's done tasks, the latest first."""
    done = Assignment.objects.filter(expert=expert, state=AssignmentState.DONE)
    return (
        WhatChanged.objects.filter(order__in=done.values("order"))
        .exclude(answered_at=None)
        .select_related("order__task_type")
        .only("words", "answered_at", *NAMES)
        .order_by("-answered_at", "-pk")
    )


def awaiting_what_changed(user: User | models.Expression) -> models.QuerySet[WhatChanged]:
    """Return the questions "what changed" that ``user`` has been asked and not answered."""
    return (
        WhatChanged.objects.filter(
            order__contact=user, order__organisation__in=ordered_for(user), answered_at=None
        )
        .exclude(asked_at=None)
        .select_related("order__task_type")
        .order_by("ask_on", "pk")
    )


def what_changed_awaited(*, at: Instant) -> models.QuerySet[WhatChanged]:
    """Return the questions "what changed" that were asked and whose answer is still awaited."""
    return WhatChanged.objects.filter(answered_at=None, asked_at__gt=at - FORGIVEN)


def open_debriefs() -> models.QuerySet[Debrief]:
    """Return the talks that wait for the counter, oldest first."""
    return (
        Debrief.objects.filter(state=DebriefState.ASKED)
        .select_related("asked_by", "assignment__order")
        .order_by("asked_at", "pk")
    )


TIME_TO_TELL = timedelta(days=60)  # after an event
# A practice lecture has questions of its own, and the steering group works together all the time.
NOT_ASKED_OF = (Kind.PRACTICE_LECTURE, Kind.STEERING)


def is_to_tell(at: datetime) -> models.Q:
    """Return whether a sign-up is of an event on which feedback is taken at ``at``, whoever was there."""
    recent = models.Q(event__ends_at__lte=at, event__ends_at__gt=at - TIME_TO_TELL)
    off = models.Q(event__kind__in=NOT_ASKED_OF) | models.Q(event__state=EventState.CANCELLED)
    return recent & ~off


def has_told() -> EventFeedbackQuerySet:
    """Return what has been told of the event by the sign-up that a query is about."""
    return EventFeedback.objects.filter(sign_up=models.OuterRef("pk"))


def were_there(at: datetime) -> SignUpQuerySet:
    """Return the sign-ups of those who had a place, are not marked absent, and may give feedback at ``at``."""
    return SignUp.objects.confirmed().filter(is_to_tell(at), ~was_away())


def why_not_tell(sign_up: SignUp, *, at: datetime) -> Refused | None:
    """Return why no feedback is taken of ``sign_up`` at ``at``, or None.

    Who has an account may change what they told. A guest may not: whoever has the letter has the link, and by it
    would read or write over somebody's answer.
    """
    ends_at = sign_up.event.ends_at
    if sign_up.is_guest and EventFeedback.objects.filter(sign_up=sign_up).exists():
        return ToldAlready()
    if ends_at is None or at < ends_at or sign_up.event.state == EventState.CANCELLED:
        return EventNotOver()
    if at >= ends_at + TIME_TO_TELL:
        return EventLongAgo()
    return None if were_there(at).filter(pk=sign_up.pk).exists() else WasNotThere()


@dataclass(frozen=True)
class EventThoughts:
    """What those who were at an event thought of it.

    Attributes:
        shares: of each scale, which shares were good, in between and poor.
        words: what they wrote, by alphabet, which tells nothing of when or by whom; none of fewer than five, whom
            those who were there would guess.
        has_few_words: fewer than that wrote some.
    """

    number: int
    shares: list[tuple[str, tuple[str, str, str]]]
    words: list[str]
    has_few_words: bool = False


def thoughts_of_event(event: Event, *, at: datetime) -> EventThoughts | None:
    """Return what may be told of the feedback on ``event``, or None.

    Only when no answer can come or change any more, so that nobody learns one by looking before and after it.
    """
    if event.ends_at is None or at < event.ends_at + TIME_TO_TELL:
        return None
    given = EventFeedback.objects.filter(sign_up__event=event)
    if given.count() < FEWEST_PEOPLE:  # whose words are not read where they are not told
        return None
    rows = list(given)
    shares = [
        (
            str(field_of(EventFeedback, scale).verbose_name),
            three_shares(getattr(row, scale) for row in rows),
        )
        for scale in SCALES
    ]
    words = sorted(row.words for row in rows if row.words)
    is_few = 0 < len(words) < FEWEST_PEOPLE
    return EventThoughts(len(rows), shares, [] if is_few else words, has_few_words=is_few)
