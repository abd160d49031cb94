"""Agreed tasks: moved in time, cancelled, done."""

from __future__ import annotations

import secrets
from datetime import datetime
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.booking import take_seats
from luukku.assignments.actions.common import (
    AlreadyBooked,
    TooLate,
    lock,
    lock_as_it_is,
    lock_experts,
    remind,
    tell_asked,
)
from luukku.assignments.calendar import event
from luukku.assignments.models import Assignment, CalendarKey, Offer
from luukku.assignments.notices import (
    Cancelled,
    Changed,
    LinkChanged,
    Reminder,
    TaskContactChanged,
)
from luukku.assignments.states import (
    CANCEL,
    CHANGE_TIME,
    FINISH,
    AssignmentState,
)
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.notices.actions import forget_unsent, tell
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Order
from luukku.orders.notices import ContactChanged, OrderCancelled, OrderReopened, matter
from luukku.orders.states import LED_STATES, OrderState
from luukku.orders.told import to_orderer
from luukku.organisations import actions as organisations
from luukku.organisations.models import MemberRole, Membership, Organisation
from luukku.organisations.queries import orderers_of
from luukku.workflow.actions import WrongState, moving


def change_time(
    order: Order, *, starts_at: datetime, ends_at: datetime, by: User, at: datetime
) -> Order:
    """Move the agreed time of an order to another that everybody has said yes to on the phone.

    The calendars and reminders of both sides follow; who is still asked, or has signed up, is told. The same time
    once more changes nothing and tells nobody.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: no time has been agreed, or the order has ended.
        TooLate: a task or the new time has begun.
        AlreadyBooked: an expert has another agreed task then; nothing has changed.
    """
    with orders.changing(order, CHANGE_TIME, by=by, at=at) as change:
        locked = change.order
        agreed = locked.assignments.filter(state=AssignmentState.AGREED)
        tasks = list(agreed.select_related("expert__user").order_by("expert_id"))
        was = lock_as_it_is(order.pk)
        settled = next((time for time in was.times.all() if time.is_settled), None)
        if settled is None:
            raise WrongState(locked, CHANGE_TIME)
        before = settled.starts_at, settled.ends_at
        if before == (starts_at, ends_at):
            return locked
        if min([starts_at, *(task.starts_at for task in tasks)]) <= at:
            raise TooLate(_("The task has begun already. Its time can no longer be changed."))
        locked.times.filter(starts_at=starts_at, is_settled=False).delete()
        locked.times.filter(is_settled=True).update(starts_at=starts_at, ends_at=ends_at)
        lock_experts(task.expert_id for task in tasks)
        forget_reminders(locked, *tasks)
        for task in tasks:
            _move_to(task, starts_at, ends_at, at=at)
            was_at = [int(moment.timestamp()) for moment in before]
            record("assignments.change_time", by=by, about=task, at=at, data={"was": was_at})
        for task in tasks:  # when all stand at their new time: the orderer's entry is of all
            for reader in (task.expert.user, *to_orderer(locked)):
                tell(Changed(task, reader, was=before, at=at), to=reader, at=at)
                remind(task, reader, at=at)
        tell_asked(locked, was, frozenset({"times"}), at=at)
    return locked


def _move_to(task: Assignment, starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    task.starts_at, task.ends_at = starts_at, ends_at
    task.calendar_version += 1
    task.calendar_changed_at = at
    with refused_as({"nobody_is_booked_twice": AlreadyBooked()}):
        task.save(update_fields=["starts_at", "ends_at", "calendar_version", "calendar_changed_at"])


def change_link(
    order: Order, url: str, *, by: User, at: datetime, on_behalf_of: User | None = None
) -> Order:
    """Give the order's video meeting another address; who has said yes is told, calendars follow.

    Raises:
        PermissionDenied, WrongState: as in ``orders.actions.set_link``.
    """
    with transaction.atomic():
        earlier = lock(order.pk).meeting_url
        order = orders.set_link(order, url, by=by, at=at, on_behalf_of=on_behalf_of)
        if url == earlier:
            return order
        agreed = order.assignments.filter(state=AssignmentState.AGREED)
        tasks = list(agreed.select_related("expert__user", "order").order_by("pk"))
        for task in tasks:
            task.calendar_version += 1
            task.calendar_changed_at = at
            task.save(update_fields=["calendar_version", "calendar_changed_at"])
        for task in tasks:
            for reader in (task.expert.user, *to_orderer(order)):
                if reader != by:
                    tell(LinkChanged(task, reader), to=reader, at=at)
    return order


def change_contact(order: Order, contact: User, *, by: User, at: datetime) -> Order:
    """Make ``contact`` the contact person of an order not closed yet; both of them and the experts agreed on are told.

    Reminders that wait go to the new contact person. The same person again changes nothing.

    Raises:
        PermissionDenied, WrongState, NotAnOrderer: as in ``orders.actions.change_contact``.
    """
    with transaction.atomic():
        earlier = lock(order.pk).contact
        if earlier == contact and by.has_perm("orders.change_contact", order):
            return order
        order, tasks = _hand_on(order, contact, by=by, at=at)
        left = known(earlier)  # a sent order has one
        entry = partial(_handed_on, tasks, left, is_new=False)
        tell(ContactChanged(order, is_new=False, at=at, entry=entry), to=left, at=at)
    return order


def _hand_on(
    order: Order, contact: User, *, by: User, at: datetime
) -> tuple[Order, list[Assignment]]:
    """Make ``contact`` the contact person; they and the experts are told, the earlier one is the caller's to tell.

    Returns:
        The order and what has been agreed of it.
    """
    order = orders.change_contact(order, contact, by=by, at=at)
    agreed = order.assignments.filter(state=AssignmentState.AGREED)
    tasks = list(agreed.select_related("expert__user", "order__contact").order_by("pk"))
    entry = partial(_handed_on, tasks, contact, is_new=True)
    tell(ContactChanged(order, is_new=True, at=at, entry=entry), to=contact, at=at)
    forget_reminders(order)
    for task in tasks:
        tell(TaskContactChanged(task, task.expert.user, at=at), to=task.expert.user, at=at)
        remind(task, contact, at=at)
    return order, tasks


def _handed_on(tasks: list[Assignment], reader: User, *, is_new: bool) -> str:
    """Return the entry that comes into the new contact person's calendar, and leaves the earlier one's."""
    return event(tasks[0], for_user=reader, with_method=True, is_off=not is_new) if tasks else ""


class SuccessorNeeded(Refused):
    """The person is the contact of open orders that a colleague could take over; say who."""

    words = ""


def remove_member(
    membership: Membership, *, by: User, at: datetime, successor: User | None = None
) -> None:
    """End a person's role and tell them in one letter; ``successor`` leads their open orders from then on.

    Where the person was the organisation's contact person in the role, ``successor`` is that, too.
    Where nobody else orders for the organisation the orders keep the contact person, and the counter's queue
    shows that they need another.

    Raises:
        PermissionDenied: as in ``organisations.actions.remove_member`` and ``change_contact``.
        SuccessorNeeded, NotAnOrderer: nobody was named, or somebody who cannot be; nothing has changed.
    """
    if not by.has_perm("organisations.remove_member", membership):
        raise PermissionDenied("organisations.remove_member")
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=membership.organisation_id)
        theirs = _led_by(membership) if membership.role == MemberRole.ORDERER else []
        colleagues = orderers_of(membership.organisation_id).exclude(pk=membership.user_id)
        if theirs and successor is None and colleagues.exists():
            raise SuccessorNeeded
        if theirs and successor == membership.user:
            raise orders.NotAnOrderer
        agreed = []
        for order in theirs:
            if successor is not None:
                agreed.append(_hand_on(order, successor, by=by, at=at)[1])
            else:
                forget_reminders(order)
        organisations.remove_member(
            membership,
            by=by,
            at=at,
            orders=[order.pk for order in theirs],
            successor=successor,
            entries=partial(_out_of_calendar, agreed, membership.user),
        )


def _out_of_calendar(agreed: list[list[Assignment]], reader: User) -> str:
    """Return what takes each order out of the calendar: one iCalendar stream of a cancellation each."""
    return "".join(_handed_on(tasks, reader, is_new=False) for tasks in agreed)


def _led_by(membership: Membership) -> list[Order]:
    """Return the organisation's orders that go on, or are done and not closed, whose contact person the member is."""
    theirs = Order.objects.filter(
        organisation=membership.organisation_id,
        contact=membership.user_id,
        state__in=LED_STATES,
    )
    return list(theirs.order_by("pk").select_for_update(no_key=True))


def cancel(
    assignment: Assignment,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
    is_replaced: bool = True,
) -> Assignment:
    """Cancel an agreed task; its seat opens again and, if there is time, an expert is looked for again.

    When its time has begun there is nobody to look for: the order is done with the others' tasks, and
    without any it is cancelled too. The rest of the order goes on as it was agreed.

    Args:
        is_replaced: False when the orderer needs one expert fewer: the seat goes, with the last one the order.

    Raises:
        PermissionDenied: ``by`` has nothing to do with the task, or says that somebody else cancelled.
        WrongState: it is done or cancelled already.
    """
    if not by.is_counter and whose != _side(by, assignment):
        raise PermissionDenied("assignments.cancel")
    with transaction.atomic():
        order = lock(assignment.order_id)
        assignment.refresh_from_db(fields=["starts_at", "seat"])
        assignment = cancel_task(
            assignment, whose=whose, reason=reason, by=by, at=at, on_behalf_of=on_behalf_of
        )
        # An expert's own words stay with the task: the orderer reads those of the order.
        words = "" if whose == CancelledBy.EXPERT else reason
        starts_at = assignment.starts_at
        cancel_whole = partial(
            orders.cancel, order, whose=whose, reason=words, at=at, starts_at=starts_at
        )
        machine = User.objects.machine()
        is_fewer = whose == CancelledBy.ORDERER and not is_replaced
        if is_fewer and order.seats.count() > 1:
            _give_seat_up(assignment, order, by=by, at=at, on_behalf_of=on_behalf_of)
        elif is_fewer:
            cancel_whole(by=by, on_behalf_of=on_behalf_of)
        elif order.state == OrderState.STAFFED and starts_at > at:
            orders.reopen(order, by=machine, at=at)
        elif order.state == OrderState.STAFFED and not order.assignments.live().exists():
            cancel_whole(by=machine)
        else:
            finish_with_last_task(order, at=at)
        tell_orderer(assignment, at=at)
    return assignment


def tell_orderer(assignment: Assignment, *, at: datetime) -> None:
    """Tell the orderer of the task that is off, once its order stands where it will stand: in one letter."""
    assignment.order.refresh_from_db(fields=["state"])
    order_id = assignment.order_id
    for said in (OrderReopened, OrderCancelled):  # by this very act
        forget_unsent(f"{said.kind}:{order_id}:{at}")
    if not assignment.order.assignments.filter(state=AssignmentState.AGREED).exists():
        forget_reminders(assignment.order)
    for reader in to_orderer(assignment.order):
        tell(Cancelled(assignment, reader), to=reader, at=at)


def forget_reminders(order: Order, *tasks: Assignment) -> None:
    """Withdraw the planned reminders of the order's contact, and of the experts of ``tasks``."""
    for thing in (matter(order.pk), *(task.pk for task in tasks)):
        forget_unsent(f"{Reminder.kind}:{thing}")


def _give_seat_up(
    assignment: Assignment, order: Order, *, by: User, at: datetime, on_behalf_of: User | None
) -> None:
    """The orderer needs one expert fewer: the seat goes, the others' tasks stay as they are."""
    orders.want_fewer(order, by=by, at=at, on_behalf_of=on_behalf_of)
    assignment.seat = take_seats(order, [assignment.seat])  # the caller has counted them
    finish_with_last_task(order, at=at)


def _side(user: User, assignment: Assignment) -> CancelledBy:
    is_expert = assignment.expert.user_id == user.pk
    return CancelledBy.EXPERT if is_expert else CancelledBy.ORDERER


def cancel_task(
    assignment: Assignment,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
) -> Assignment:
    """Cancel one agreed task and tell the expert; what becomes of its order is the caller's to say."""
    hours = int((assignment.starts_at - at).total_seconds() // 3600)
    data = {"whose": str(whose), "hours_before": hours}
    with moving(
        assignment, CANCEL, by=by, at=at, on_behalf_of=on_behalf_of, data=data
    ) as assignment:
        assignment.cancelled_by, assignment.cancel_reason = whose, reason
        assignment.calendar_version += 1
        assignment.calendar_changed_at = at
    # Of this time the expert, or somebody for them, has said that it is off: at others they may be asked.
    span = (assignment.starts_at, assignment.ends_at)
    Offer.objects.filter(pk=assignment.offer_id).update(answered_for=[span])
    forget_unsent(f"{Reminder.kind}:{assignment.pk}")
    expert = assignment.expert.user
    tell(Cancelled(assignment, expert), to=expert, at=at)
    return assignment


def finish_with_last_task(order: Order, *, at: datetime) -> None:
    """Note that a staffed order is done when none of its tasks is ahead any more."""
    order.refresh_from_db(fields=["state"])
    if (
        order.state == OrderState.STAFFED
        and not order.assignments.filter(state=AssignmentState.AGREED).exists()
    ):
        orders.finish(order, by=User.objects.machine(), at=at)


def finish(assignment: Assignment, *, by: User, at: datetime) -> Assignment:
    """Note that the task has been done; the order is done with its last task.

    Raises:
        WrongState: the task has not begun yet, or has ended otherwise.
    """
    with transaction.atomic():
        order = lock(assignment.order_id)
        with moving(assignment, FINISH, by=by, at=at) as assignment:
            if assignment.starts_at > at:
                raise WrongState(assignment, FINISH)
        finish_with_last_task(order, at=at)
    return assignment


def new_calendar_key(user: User, *, by: User, at: datetime) -> CalendarKey:
    """Give ``user`` a new secret calendar address; the old one stops working.

    Raises:
        PermissionDenied: ``by`` is somebody else.
    """
    if not by.has_perm("assignments.new_calendar_key", user):
        raise PermissionDenied("assignments.new_calendar_key")
    with transaction.atomic():
        key, _made = CalendarKey.objects.update_or_create(
            user=user, defaults={"key": secrets.token_urlsafe(32), "made_at": at}
        )
        record("assignments.new_calendar_key", by=by, about=key, at=at)
    return key
