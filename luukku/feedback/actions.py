"""Ending a task, asking both sides, and what changed."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Via
from luukku.assignments.states import AssignmentState
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.core.queue import enqueue
from luukku.core.refused import Refused
from luukku.core.times import helsinki, instant
from luukku.events.models import SignUp
from luukku.feedback.models import Debrief, EventFeedback, Feedback, Side, WhatChanged
from luukku.feedback.notices import (
    DebriefArranged,
    EventFeedbackWanted,
    FeedbackWanted,
    WhatChangedAsked,
    WhatChangedTold,
)
from luukku.feedback.queries import awaiting_feedback, side_of, were_there, why_not_tell
from luukku.feedback.states import DROP, GIVE_AS_EXPERT, GIVE_AS_ORDERER, HOLD, TELL_OF_EVENT
from luukku.notices.actions import tell, tell_address
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.orders.told import to_orderer
from luukku.privacy.fields import cipher
from luukku.workflow.actions import WrongState, acting, moving
from luukku.workflow.queries import is_allowed
from luukku.workflow.states import Act

CLOSE_BY_ITSELF = timedelta(days=1)  # after the end, when nobody has said that the task was done
LATE_TO_ASK = timedelta(days=3)  # the worker has stood still longer: the event is not asked about
EVENTS_KEPT = timedelta(days=365)
WAIT_FOR_FEEDBACK = timedelta(days=30)  # then the order closes with what there is


class GivenAlready(Refused):
    """This side has given its feedback on the task."""

    words = _("Thank you, your feedback has been written down already.")
    words_at_counter = _("This side’s feedback has been written down already.")
    is_news = True


class NotDone(Refused):
    """The task has not been done (yet)."""

    words = _("Feedback can be given when the task has been done.")
    is_news = True


def close_task(assignment: Assignment, *, by: User, at: datetime) -> Assignment:
    """Note that the task has been done, ask both sides how it went, and plan to ask what changed.

    Raises:
        PermissionDenied, WrongState: as in ``assignments.actions.finish``.
    """
    with transaction.atomic():
        assignment = assignments.finish(assignment, by=by, at=at)
        order = assignment.order
        expert = assignment.expert.user
        tell(FeedbackWanted(assignment, Side.EXPERT, expert), to=expert, at=at)
        for reader in to_orderer(order):
            tell(FeedbackWanted(assignment, Side.ORDERER, reader), to=reader, at=at)
        WhatChanged.objects.get_or_create(
            order=order,
            defaults={
                "ask_on": helsinki(at).date()
                + timedelta(days=settings.LUUKKU_ASK_CHANGED_AFTER_DAYS)
            },
        )
    return assignment


def close_past(*, at: datetime) -> int:
    """Close the tasks that ended a day ago and that nobody has closed; return how many."""
    machine, count = User.objects.machine(), 0
    past = Assignment.objects.filter(
        state=AssignmentState.AGREED, ends_at__lte=at - CLOSE_BY_ITSELF
    )
    for assignment in past.order_by("ends_at", "pk"):
        try:
            close_task(assignment, by=machine, at=at)
        except WrongState:
            continue  # somebody was faster
        count += 1
    return count


def give(
    assignment: Assignment,
    *,
    side: Side,
    smooth: int,
    useful: int,
    heard: int,
    again: int,
    words: str,
    wants_debrief: bool = False,
    by: User,
    at: datetime,
    via: Via,
    on_behalf_of: User | None = None,
) -> Feedback:
    """Keep one side's feedback, scales 1–5; the second side's closes the order.

    Args:
        wants_debrief: whether this side wishes to talk as well (``ask_debrief``).
        on_behalf_of: whose words the counter writes down from the phone or from paper.

    Raises:
        PermissionDenied: neither ``by`` nor, for the counter, ``on_behalf_of`` stands on that side.
        NotDone: the task has not been done.
        GivenAlready: this side has answered.
    """
    act = GIVE_AS_EXPERT if side == Side.EXPERT else GIVE_AS_ORDERER
    with transaction.atomic():
        order, assignment = _lock_for(assignment, act, by=by, on_behalf_of=on_behalf_of)
        with refused_as({"one_feedback_per_side": GivenAlready()}):
            feedback = Feedback.objects.create(
                assignment=assignment,
                side=side,
                smooth=smooth,
                useful=useful,
                heard=heard,
                again=again,
                words=words,
                given_by=on_behalf_of or by,
                given_at=at,
                via=via,
            )
        record(act.name, by=by, about=feedback, at=at, on_behalf_of=on_behalf_of)
        _close_if_whole(order, at=at)
        if wants_debrief:
            ask_debrief(assignment, by=by, at=at, on_behalf_of=on_behalf_of)
    return feedback


def _lock_for(
    assignment: Assignment, act: Act, *, by: User, on_behalf_of: User | None
) -> tuple[Order, Assignment]:
    """Return the task, on which ``by`` may do ``act``, and its order as they are now; the order is locked.

    The order first, as everywhere: the matcher's triggers lock the expert when feedback is kept.

    Raises:
        PermissionDenied, NotDone: as in ``give``.
    """
    order = Order.objects.select_for_update(no_key=True).get(pk=assignment.order_id)
    assignment = order.assignments.get(pk=assignment.pk)
    if not is_allowed(act.name, assignment, by=by, on_behalf_of=on_behalf_of):
        raise PermissionDenied(act.name)
    if assignment.state not in act.sources:
        raise NotDone
    return order, assignment


def require_awaited(assignment: Assignment, *, side: Side) -> None:
    """Refuse to go on where no feedback of this side is awaited (any more).

    Raises:
        NotDone, GivenAlready: as in ``give``.
    """
    if assignment.state != AssignmentState.DONE:
        raise NotDone
    if Feedback.objects.filter(assignment=assignment, side=side).exists():
        raise GivenAlready


def read(feedback: Feedback, *, by: User, at: datetime) -> Feedback:
    """Note that a person at the counter has read the feedback; the first reading stays.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("feedback.read", feedback):
        raise PermissionDenied("feedback.read")
    with transaction.atomic():
        feedback = Feedback.objects.select_for_update(no_key=True).get(pk=feedback.pk)
        if feedback.read_at is None:
            feedback.read_by, feedback.read_at = by, at
            feedback.save(update_fields=["read_by", "read_at"])
            record("feedback.read", by=by, about=feedback, at=at)
    return feedback


def _close_if_whole(order: Order, *, at: datetime) -> None:
    done = order.assignments.filter(state=AssignmentState.DONE).count()
    if (
        order.state == OrderState.DONE
        and Feedback.objects.filter(assignment__order=order).count() >= 2 * done
    ):
        orders.close(order, by=User.objects.machine(), at=at)


def close_old(*, at: datetime) -> int:
    """Close the done orders that have waited long enough for feedback; return how many."""
    machine, count = User.objects.machine(), 0
    old = Order.objects.filter(state=OrderState.DONE, state_changed_at__lte=at - WAIT_FOR_FEEDBACK)
    for order in old.order_by("pk"):
        try:
            orders.close(order, by=machine, at=at)
        except WrongState:
            continue
        count += 1
    return count


def ask_debrief(
    assignment: Assignment, *, by: User, at: datetime, on_behalf_of: User | None = None
) -> Debrief:
    """Put a wish to talk into the counter's queue; wishing twice changes nothing.

    Raises:
        PermissionDenied: neither ``by`` nor, for the counter, ``on_behalf_of`` took part in the task.
    """
    if not is_allowed("feedback.ask_debrief", assignment, by=by, on_behalf_of=on_behalf_of):
        raise PermissionDenied("feedback.ask_debrief")
    who = on_behalf_of or by
    with transaction.atomic():
        debrief, made = Debrief.objects.get_or_create(
            assignment=assignment,
            asked_by=who,
            state="asked",
            defaults={"asked_at": at, "state_changed_at": at},
        )
        if made:
            record("feedback.ask_debrief", by=by, about=debrief, at=at, on_behalf_of=on_behalf_of)
            tell(DebriefArranged(debrief), to=who, at=at)
    return debrief


def hold(debrief: Debrief, *, by: User, at: datetime) -> Debrief:
    """Note that the talk has been held."""
    with moving(debrief, HOLD, by=by, at=at) as debrief:
        debrief.handled_by = by
    return debrief


def drop(debrief: Debrief, *, by: User, at: datetime) -> Debrief:
    """Note that the talk is not needed after all."""
    with moving(debrief, DROP, by=by, at=at) as debrief:
        debrief.handled_by = by
    return debrief


def ask_what_changed(*, at: datetime) -> int:
    """Ask the orderers whose day has come what changed; return how many were asked."""
    due = _unasked().filter(ask_on__lte=helsinki(at).date()).order_by("ask_on", "pk")
    return sum(_ask(pk, at=at) for pk in due.values_list("pk", flat=True))


def ask_about(order: Order, *, at: datetime) -> int:
    """Ask the orderers of ``order`` what changed, though its day may not have come; return how many were asked."""
    return sum(
        _ask(pk, at=at) for pk in _unasked().filter(order=order).values_list("pk", flat=True)
    )


def _unasked() -> models.QuerySet[WhatChanged]:
    return WhatChanged.objects.filter(asked_at=None, answered_at=None)


def _ask(pk: int, *, at: datetime) -> int:
    with transaction.atomic():
        asked = _unasked().filter(pk=pk).select_for_update(skip_locked=True).first()
        if asked is None:
            return 0
        readers = to_orderer(asked.order)  # nobody now: asked when somebody orders again
        if readers:
            asked.asked_at, asked.ask_on = at, min(asked.ask_on, helsinki(at).date())
            asked.save(update_fields=["asked_at", "ask_on"])
        for reader in readers:
            tell(WhatChangedAsked(asked, reader), to=reader, at=at)
        return len(readers)


def tell_what_changed(
    order: Order,
    *,
    words: str,
    by: User,
    at: datetime,
    via: Via,
    on_behalf_of: User | None = None,
    may_be_practice: bool = False,
) -> WhatChanged:
    """Keep the orderer's answer and tell the experts who did the task; a later answer replaces the first.

    Raises:
        PermissionDenied: neither ``by`` nor, for the counter, ``on_behalf_of`` is the orderer.
        NotDone: no task of the order has been done.
    """
    if not is_allowed("feedback.tell_what_changed", order, by=by, on_behalf_of=on_behalf_of):
        raise PermissionDenied("feedback.tell_what_changed")
    with transaction.atomic():
        answer = WhatChanged.objects.select_for_update().filter(order=order).first()
        if answer is None:
            raise NotDone
        answer.words, answer.answered_by = words, on_behalf_of or by
        answer.answered_at, answer.via = at, via
        answer.may_be_practice = may_be_practice
        answer.save(update_fields=["words", "answered_by", "answered_at", "via", "may_be_practice"])
        record("feedback.tell_what_changed", by=by, about=order, at=at, on_behalf_of=on_behalf_of)
        done = order.assignments.filter(state=AssignmentState.DONE).select_related("expert__user")
        for assignment in done.order_by("pk"):
            tell(WhatChangedTold(order, assignment), to=assignment.expert.user, at=at)
    return answer


def ask_links(email: str) -> None:
    """Have the links for feedback sent to ``email`` after the answer, which takes as long for nobody's address.

    The queue keeps the address encrypted.
    """
    enqueue("luukku.feedback.tasks.send_links_again", cipher().encrypt(email.encode()).decode())


def send_links_to(sealed: str, *, at: datetime) -> int:
    """Send the links for feedback to whoever has the encrypted address; return how many."""
    email = User.objects.lower(cipher().decrypt(sealed.encode()).decode())
    user = User.objects.filter(email=email, is_active=True).first()
    return send_links_again(user, at=at) if user else 0


def send_links_again(user: User, *, at: datetime) -> int:
    """Write the links to the tasks that wait for the feedback of ``user`` once more, at most once an hour."""
    count = 0
    for assignment in awaiting_feedback(user):
        notice = FeedbackWanted(assignment, side_of(user, assignment), user)
        notice.key = f"{notice.key}:again:{at:%Y%m%d%H}"
        tell(notice, to=user, at=at)
        count += 1
    return count


def tell_of_event(
    sign_up: SignUp, *, by: User, at: datetime, words: str = "", **scales: int
) -> EventFeedback:
    """Keep what somebody thought of the event they were at; a later answer takes the place of the first.

    Args:
        by: whose sign-up it is; the machine of a guest, who tells by the link in their letter, once.

    Raises:
        PermissionDenied: it is not ``by``'s own sign-up.
        EventNotOver, EventLongAgo, ToldAlready, WasNotThere: as in ``queries.why_not_tell``.
    """
    with acting(sign_up, TELL_OF_EVENT, by=by, at=at) as own:
        if refusal := why_not_tell(own, at=at):
            raise refusal
        given, _is_new = EventFeedback.objects.update_or_create(
            sign_up=own, defaults={**scales, "words": words, "given_at": at}
        )
    return given


def ask_of_events(*, at: datetime) -> int:
    """Ask those who were at an event, from the day after it, once; return how many were asked."""
    today = instant(helsinki(at).date(), time())
    recent = {"event__ends_at__gte": today - LATE_TO_ASK, "event__ends_at__lt": today}
    rows = were_there(at).filter(
        models.Q(person__is_active=True) | models.Q(guest__isnull=False), feedback=None, **recent
    )
    letters = Letter.objects.filter(kind=EventFeedbackWanted.kind, made_at__gte=today - LATE_TO_ASK)
    # What tells the reader stands last in a letter's key.
    asked = {key.rpartition(":")[0] for key in letters.values_list("key", flat=True)}
    count = 0
    for own in rows.select_related("event", "person", "guest").order_by("pk"):
        notice = EventFeedbackWanted(own)
        if notice.key in asked:
            continue
        if own.person is not None:
            tell(notice, to=own.person, at=at)
        else:
            tell_address(notice, own.guest.email, language=own.guest.language, at=at)
        count += 1
    return count


def forget_event_feedback(*, at: datetime) -> int:
    """Delete the feedback on events a year after them; return how many."""
    return EventFeedback.objects.filter(sign_up__event__ends_at__lte=at - EVENTS_KEPT).delete()[0]
