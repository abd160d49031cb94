"""Everything that changes offers and agreed tasks.

Locks are taken in one order everywhere: order, offer or assignment, seat, expert. The database's constraints
are the last word on seats and times; here they only get a kind name. The expert's row is locked before a
booking because two bookings that overlap would otherwise wait for each other inside the exclusion constraint.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import translation

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, CalendarKey, Offer, Origin, Seat, Via
from luukku.assignments.notices import (
    Agreed,
    Cancelled,
    Changed,
    OfferExpired,
    OfferFilled,
    OfferMade,
    OfferWithdrawn,
    Reminder,
    SignUpDeclined,
    SignUpReceived,
    where,
)
from luukku.assignments.queries import free_seats, times_to_choose
from luukku.assignments.states import (
    ACCEPT,
    CANCEL,
    DECLINE,
    EXPIRE,
    FINISH,
    WITHDRAW,
    AssignmentState,
)
from luukku.audit.actions import record
from luukku.core.times import helsinki
from luukku.experts import actions as experts
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.notices.actions import forget_unsent, tell
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, Mode, Order, OrderTime
from luukku.orders.states import OrderState
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent
from luukku.workflow.actions import WrongState, moving

REMIND_BEFORE = timedelta(days=2)
NAMED_ANSWER_TIME = timedelta(days=7)


class NoSeatLeft(Exception):
    """Every seat of the order has an expert already; somebody was faster."""


class AlreadyBooked(Exception):
    """The expert has another agreed task at the same time."""


class TimeNeeded(Exception):
    """The order has several possible times and none was chosen."""


class TooLate(Exception):
    """The time to answer has ended, or the task's own time has passed."""


class NotInBank(Exception):
    """The expert is not in the bank: waiting, left, or without the consent to be suggested."""


class OfferedAlready(Exception):
    """The order is with this expert already."""


def _lock(order_id: int) -> Order:
    return Order.objects.select_for_update(no_key=True).get(pk=order_id)


def open_search(order: Order, *, by: User, at: datetime) -> Order:
    """Open the search: one seat for each expert wanted, and an offer to the expert the orderer wished for."""
    with transaction.atomic():
        order = orders.search(order, by=by, at=at)
        _make_seats(order)
        wished = order.wished_expert
        if wished is not None and wished.state == ExpertState.ACTIVE:
            propose(
                order, wished, by=by, at=at, answer_by=at + NAMED_ANSWER_TIME, origin=Origin.NAMED
            )
    return order


def _make_seats(order: Order) -> None:
    Seat.objects.bulk_create([Seat(order=order, number=n + 1) for n in range(order.experts_wanted)])


def propose(
    order: Order,
    expert: Expert,
    *,
    by: User,
    at: datetime,
    answer_by: datetime,
    origin: Origin = Origin.SUGGESTED,
    reasons: Iterable[str] = (),
) -> Offer:
    """Offer the order to an expert and tell them.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: no expert is looked for.
        NotInBank, OfferedAlready: this expert cannot be asked (now).
    """
    if not by.has_perm("assignments.propose"):
        raise PermissionDenied("assignments.propose")
    with transaction.atomic():
        offer = _offer(
            order, expert, origin=origin, by=by, at=at, expires_at=answer_by, reasons=reasons
        )
        tell(OfferMade(offer), to=expert.user, at=at)
    return offer


def sign_up(order: Order, expert: Expert, *, by: User, at: datetime) -> Offer:
    """Sign the expert up for an open call; the counter answers.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor the counter.
        WrongState: the order is no open call (any more), or its day to sign up has passed.
        NotInBank, OfferedAlready: as in ``propose``.
    """
    if not by.has_perm("experts.edit", expert):
        raise PermissionDenied("assignments.sign_up")
    last = max((time.ends_at for time in order.times.all()), default=at)
    is_closed = order.sign_up_by is not None and order.sign_up_by < helsinki(at).date()
    if last <= at or is_closed or not order.is_open_call:
        raise WrongState(order, ACCEPT)
    with transaction.atomic():
        offer = _offer(
            order, expert, origin=Origin.SIGNED_UP, by=by, at=at, expires_at=last, reasons=()
        )
        tell(SignUpReceived(offer), to=expert.user, at=at)
    return offer


def _offer(
    order: Order,
    expert: Expert,
    *,
    origin: Origin,
    by: User,
    at: datetime,
    expires_at: datetime,
    reasons: Iterable[str],
) -> Offer:
    if expert.state != ExpertState.ACTIVE or not has_consent(expert.user, Purpose.IN_BANK):
        raise NotInBank
    with transaction.atomic():
        locked = _lock(order.pk)
        if locked.state != OrderState.SEARCHING:
            raise WrongState(locked, ACCEPT)
        try:
            with transaction.atomic():
                offer = Offer.objects.create(
                    order=locked,
                    expert=expert,
                    origin=origin,
                    reasons=list(reasons),
                    made_by=by,
                    made_at=at,
                    expires_at=expires_at,
                    state_changed_at=at,
                )
        except IntegrityError as error:
            if "one_live_offer_per_expert" in str(error):
                raise OfferedAlready from error
            raise
        record(
            "assignments.sign_up" if origin == Origin.SIGNED_UP else "assignments.propose",
            by=by,
            about=offer,
            at=at,
            data={"origin": str(origin)},
            on_behalf_of=expert.user
            if origin == Origin.SIGNED_UP and by.pk != expert.user_id
            else None,
        )
    return offer


def accept(
    offer: Offer,
    *,
    by: User,
    at: datetime,
    via: Via,
    time: OrderTime | None = None,
    on_behalf_of: User | None = None,
) -> Assignment:
    """Say yes: the offer becomes an agreed assignment that holds a seat and a time.

    For a proposal the expert says yes, for a sign-up the counter does. The first yes settles the order's
    time; when the last seat is taken the order is staffed and everybody else is thanked.

    Raises:
        PermissionDenied: ``by`` is not the one who answers.
        WrongState: the offer has been answered or taken back, or the expert has left the bank.
        NoSeatLeft, AlreadyBooked, TimeNeeded, TooLate: as their names say; nothing has changed.
    """
    with transaction.atomic():
        order = _lock(offer.order_id)
        if order.state == OrderState.STAFFED:
            raise NoSeatLeft
        if order.state != OrderState.SEARCHING:
            raise WrongState(order, ACCEPT)
        with moving(offer, ACCEPT, by=by, at=at, on_behalf_of=on_behalf_of) as offer:
            if offer.expires_at <= at:
                raise TooLate
            chosen = _choose_time(order, time, at=at)
            seat = free_seats(order).first()
            if seat is None:
                raise NoSeatLeft
            expert = Expert.objects.select_for_update(no_key=True).get(pk=offer.expert_id)
            if expert.state != ExpertState.ACTIVE:
                raise WrongState(expert, ACCEPT)
            assignment = _book(offer, order, seat, chosen, by=by, at=at, via=via)
        _agreed(assignment, order, chosen, at=at)
        if not free_seats(order).exists():
            _fill(order, at=at)
    return assignment


def _choose_time(order: Order, time: OrderTime | None, *, at: datetime) -> OrderTime:
    choices = times_to_choose(order, at=at)
    if not choices:
        raise TooLate
    if time is None and len(choices) > 1:
        raise TimeNeeded
    chosen = choices[0] if time is None else next((t for t in choices if t.pk == time.pk), None)
    if chosen is None:
        raise TimeNeeded
    return chosen


def _book(
    offer: Offer, order: Order, seat: Seat, time: OrderTime, *, by: User, at: datetime, via: Via
) -> Assignment:
    is_sign_up = offer.origin == Origin.SIGNED_UP
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                order=order,
                offer=offer,
                expert=offer.expert,
                seat=seat,
                starts_at=time.starts_at,
                ends_at=time.ends_at,
                mode=order.mode,
                place=_place(order),
                fee_eur=order.fee_eur,
                pays_travel=order.pays_travel,
                expert_agreed_at=offer.made_at if is_sign_up else at,
                expert_agreed_via=_sign_up_via(offer) if is_sign_up else via,
                counter_agreed_by=by if is_sign_up else offer.made_by,
                counter_agreed_at=at if is_sign_up else offer.made_at,
                state_changed_at=at,
            )
    except IntegrityError as error:
        if "nobody_is_booked_twice" in str(error):
            raise AlreadyBooked from error
        if "one_expert_per_seat" in str(error):
            raise NoSeatLeft from error
        raise


def _place(order: Order) -> str:
    """Return the place as the orderer calls it, whoever says yes in whichever language."""
    if order.mode == Mode.REMOTE:
        return ""
    with translation.override(order.contact.language):
        return where(order)


def _sign_up_via(offer: Offer) -> Via:
    return Via.DESK if offer.made_by_id == offer.expert.user_id else Via.COUNTER


def _agreed(assignment: Assignment, order: Order, time: OrderTime, *, at: datetime) -> None:
    if not time.is_settled:
        time.is_settled = True
        time.save(update_fields=["is_settled"])
    for reader in (assignment.expert.user, order.contact):
        tell(Agreed(assignment, reader), to=reader, at=at)
        _remind(assignment, reader, at=at)


def _remind(assignment: Assignment, reader: User, *, at: datetime) -> None:
    remind_at = assignment.starts_at - REMIND_BEFORE
    if remind_at > at:
        tell(Reminder(assignment, reader), to=reader, at=at, not_before_at=remind_at)


def _fill(order: Order, *, at: datetime) -> None:
    """The last seat is taken: the order is staffed, the other offers end with thanks."""
    machine = User.objects.machine()
    orders.staff(order, by=machine, at=at)
    for other in Offer.objects.proposed().filter(order=order).order_by("pk"):
        with moving(other, WITHDRAW, by=machine, at=at) as other:
            tell(OfferFilled(other), to=other.expert.user, at=at)


def decline(offer: Offer, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Offer:
    """Say no; nobody asks for a reason."""
    with transaction.atomic():
        _lock(offer.order_id)
        with moving(offer, DECLINE, by=by, at=at, on_behalf_of=on_behalf_of) as offer:
            if offer.origin == Origin.SIGNED_UP:
                tell(SignUpDeclined(offer), to=offer.expert.user, at=at)
    return offer


def withdraw(offer: Offer, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Offer:
    """Take back an offer (the counter) or a sign-up (the expert) that has not been answered."""
    with transaction.atomic():
        _lock(offer.order_id)
        with moving(offer, WITHDRAW, by=by, at=at, on_behalf_of=on_behalf_of) as offer:
            if offer.origin != Origin.SIGNED_UP:
                tell(OfferWithdrawn(offer), to=offer.expert.user, at=at)
    return offer


def expire(offer: Offer, *, at: datetime) -> Offer:
    """End an offer whose time to answer has passed, and tell the expert.

    Raises:
        WrongState: it has been answered or taken back.
    """
    with transaction.atomic():
        _lock(offer.order_id)
        with moving(offer, EXPIRE, by=User.objects.machine(), at=at) as offer:
            tell(OfferExpired(offer), to=offer.expert.user, at=at)
    return offer


def expire_overdue(*, at: datetime) -> int:
    """End the offers whose time to answer has passed; return how many."""
    count = 0
    for offer in Offer.objects.overdue(at).order_by("expires_at", "pk"):
        try:
            expire(offer, at=at)
        except WrongState:
            continue  # answered while we waited for the lock
        count += 1
    return count


def change_time(
    order: Order, *, starts_at: datetime, ends_at: datetime, by: User, at: datetime
) -> Order:
    """Move the agreed time of an order to another that everybody has said yes to on the phone.

    The calendars and reminders of both sides follow.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: no time has been agreed, or the order has ended.
        TooLate: a task or the new time has begun.
        AlreadyBooked: an expert has another agreed task then; nothing has changed.
    """
    if not by.has_perm("assignments.change_time", order):
        raise PermissionDenied("assignments.change_time")
    with transaction.atomic():
        locked = _lock(order.pk)
        agreed = locked.assignments.filter(state=AssignmentState.AGREED)
        tasks = list(agreed.select_related("expert__user").order_by("expert_id"))
        is_open = locked.state in {OrderState.SEARCHING, OrderState.STAFFED}
        if not is_open or not locked.times.filter(is_settled=True).exists():
            raise WrongState(locked, CANCEL)
        if min([starts_at, *(task.starts_at for task in tasks)]) <= at:
            raise TooLate
        locked.times.filter(starts_at=starts_at, is_settled=False).delete()
        locked.times.filter(is_settled=True).update(starts_at=starts_at, ends_at=ends_at)
        for task in tasks:
            _move_to(task, starts_at, ends_at, at=at)
            record("assignments.change_time", by=by, about=task, at=at)
            forget_unsent(f"{Reminder.kind}:{task.pk}")
            for reader in (task.expert.user, locked.contact):
                tell(Changed(task, reader), to=reader, at=at)
                _remind(task, reader, at=at)
    return locked


def _move_to(task: Assignment, starts_at: datetime, ends_at: datetime, *, at: datetime) -> None:
    Expert.objects.select_for_update(no_key=True).get(pk=task.expert_id)
    task.starts_at, task.ends_at = starts_at, ends_at
    task.calendar_version += 1
    task.calendar_changed_at = at
    try:
        with transaction.atomic():
            task.save(
                update_fields=["starts_at", "ends_at", "calendar_version", "calendar_changed_at"]
            )
    except IntegrityError as error:
        if "nobody_is_booked_twice" in str(error):
            raise AlreadyBooked from error
        raise


def cancel(
    assignment: Assignment,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
) -> Assignment:
    """Cancel an agreed task; its seat opens again and, if there is time, an expert is looked for again.

    When its time has begun there is nobody to look for: the order is done with the others' tasks, and
    without any it is cancelled too.

    Raises:
        PermissionDenied: ``by`` has nothing to do with the task, or says that somebody else cancelled.
        WrongState: it is done or cancelled already.
    """
    if not by.is_counter and whose != _side(by, assignment):
        raise PermissionDenied("assignments.cancel")
    with transaction.atomic():
        order = _lock(assignment.order_id)
        assignment = _cancel(
            assignment, whose=whose, reason=reason, by=by, at=at, on_behalf_of=on_behalf_of
        )
        machine = User.objects.machine()
        if order.state == OrderState.STAFFED and assignment.starts_at > at:
            orders.reopen(order, by=machine, at=at)
        elif order.state == OrderState.STAFFED and not order.assignments.live().exists():
            orders.cancel(
                order,
                whose=whose,
                reason=reason,
                by=machine,
                at=at,
                starts_at=assignment.starts_at,
            )
        else:
            _finish_with_last_task(order, at=at)
    return assignment


def _side(user: User, assignment: Assignment) -> CancelledBy:
    is_expert = assignment.expert.user_id == user.pk
    return CancelledBy.EXPERT if is_expert else CancelledBy.ORDERER


def _cancel(
    assignment: Assignment,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
) -> Assignment:
    hours = int((assignment.starts_at - at).total_seconds() // 3600)
    data = {"whose": str(whose), "hours_before": hours}
    with moving(
        assignment, CANCEL, by=by, at=at, on_behalf_of=on_behalf_of, data=data
    ) as assignment:
        assignment.cancelled_by, assignment.cancel_reason = whose, reason
        assignment.calendar_version += 1
        assignment.calendar_changed_at = at
    forget_unsent(f"{Reminder.kind}:{assignment.pk}")
    for reader in (assignment.expert.user, assignment.order.contact):
        tell(Cancelled(assignment, reader), to=reader, at=at)
    return assignment


def cancel_order(
    order: Order,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    on_behalf_of: User | None = None,
) -> Order:
    """Cancel an order with all its offers and agreed tasks, telling everybody."""
    said = {"whose": whose, "reason": reason, "by": by, "at": at, "on_behalf_of": on_behalf_of}
    with transaction.atomic():
        locked = _lock(order.pk)
        live = list(locked.assignments.filter(state=AssignmentState.AGREED).order_by("pk"))
        starts_at = min((assignment.starts_at for assignment in live), default=None)
        order = orders.cancel(locked, starts_at=starts_at, **said)
        for assignment in live:
            _cancel(assignment, **said)
        _withdraw_all(locked, at=at)
    return order


def _withdraw_all(order: Order, *, at: datetime) -> None:
    machine = User.objects.machine()
    for offer in Offer.objects.proposed().filter(order=order).order_by("pk"):
        with moving(offer, WITHDRAW, by=machine, at=at) as offer:
            tell(OfferWithdrawn(offer), to=offer.expert.user, at=at)


def give_up(order: Order, *, failure: Failure, by: User, at: datetime) -> Order:
    """End the search: what is missing counts as unmet demand; unanswered offers are taken back.

    When some of the experts wanted were found, the order goes on with them.
    """
    with transaction.atomic():
        locked = _lock(order.pk)
        empty = free_seats(locked)
        missing = empty.count() or locked.experts_wanted
        if locked.state != OrderState.SEARCHING or not locked.assignments.live().exists():
            order = orders.give_up(locked, failure=failure, missing=missing, by=by, at=at)
            _withdraw_all(locked, at=at)
            return order
        orders.count_unmet(locked, failure=failure, missing=missing, by=by, at=at)
        kept = locked.seats.exclude(pk__in=empty).first()
        gone = list(empty)
        locked.assignments.filter(seat__in=gone).update(seat=kept)  # cancelled ones hold no seat
        locked.seats.filter(pk__in=[seat.pk for seat in gone]).delete()
        _fill(locked, at=at)
        _finish_with_last_task(locked, at=at)
    locked.refresh_from_db()
    return locked


def search_again(order: Order, *, by: User, at: datetime) -> Order:
    """Look for experts again for an order for which none was found.

    Raises:
        PermissionDenied, WrongState: as in ``orders.actions.reopen``.
    """
    with transaction.atomic():
        order = orders.reopen(order, by=by, at=at)
        if not order.seats.exists():  # the search had never been opened
            _make_seats(order)
    return order


def _finish_with_last_task(order: Order, *, at: datetime) -> None:
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
        order = _lock(assignment.order_id)
        if assignment.starts_at > at:
            raise WrongState(assignment, FINISH)
        with moving(assignment, FINISH, by=by, at=at) as assignment:
            pass
        _finish_with_last_task(order, at=at)
    return assignment


def leave_bank(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Take the expert out of the bank: unanswered offers get a no, sign-ups are taken back; agreed tasks stay.

    Raises:
        PermissionDenied, WrongState: as in ``experts.actions.leave``.
    """
    person, waiting = expert.user, Offer.objects.proposed().filter(expert=expert)
    with transaction.atomic():
        asking = Order.objects.filter(pk__in=waiting.values("order")).order_by("pk")
        locked = list(
            asking.select_for_update(no_key=True)
        )  # orders before the expert, as everywhere
        expert = experts.leave(expert, by=by, at=at)
        for offer in waiting.filter(order__in=locked).order_by("pk"):
            end = withdraw if offer.origin == Origin.SIGNED_UP else decline
            end(offer, by=by, at=at, on_behalf_of=None if by.pk == person.pk else person)
    return expert


class TasksAhead(Exception):
    """The expert has agreed on tasks that have not been; they are cancelled first."""


def erase_profile(expert: Expert, *, by: User, at: datetime) -> bool:
    """Leave the bank and empty the profile for good; whoever has done no task leaves no row behind.

    Returns:
        Whether a code name stays, because orderers' records of agreed tasks hang on it.

    Raises:
        PermissionDenied: as in ``experts.actions.erase``.
        TasksAhead: an agreed task has not been done or cancelled.
    """
    with transaction.atomic():
        if expert.assignments.filter(state=AssignmentState.AGREED).exists():
            raise TasksAhead
        if expert.state in {ExpertState.WAITING, ExpertState.ACTIVE}:
            expert = leave_bank(expert, by=by, at=at)
        expert = experts.erase(expert, by=by, at=at)
        if expert.assignments.exists():
            return True
        expert.delete()
    return False


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
