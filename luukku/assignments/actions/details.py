"""What an order under way asks for and offers, changed: who has said yes, or is asked, hears of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.agreed import finish_with_last_task, forget_reminders
from luukku.assignments.actions.booking import fill, place_of, take_seats
from luukku.assignments.actions.common import (
    TooLate,
    lock,
    lock_as_it_is,
    remind,
    tell_asked,
    tell_changed,
)
from luukku.assignments.models import Assignment, Seat
from luukku.assignments.notices import DetailsChanged
from luukku.assignments.queries import free_seats, spans_of, times_to_choose
from luukku.assignments.states import AssignmentState
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.orders import actions as orders
from luukku.orders.models import MOST_EXPERTS, Order, Recording
from luukku.orders.states import OrderState
from luukku.orders.told import to_orderer
from luukku.taxonomy.models import Language, Theme

# An agreed task that differs in one of these is another task: its expert is called first.
AGREED_ON = orders.PLACE | orders.BOUND


class NotCalled(Refused):
    """Somebody has said yes to what would change, and the counter has not asked them."""

    words = _(
        "This changes what an expert has said yes to. Call them first, and mark below who agrees."
    )
    field = "called"


class RecordingNeedsYes(Refused):
    """Somebody has said yes to a task that is not recorded in this way: that consent is theirs to give."""

    words = _(
        "An expert has said yes to a task without this. Recording and publicity need the expert’s own"
        " consent: make a new order, to which the expert says yes or no."
    )
    field = "recording"


class SeatsTaken(Refused):
    """More experts have said yes than would be wanted."""

    words = _("More experts than this have said yes already. Cancel a task first.")
    field = "experts_wanted"


class NobodyCanBeAsked(TooLate):
    """More experts are wanted for a time that has begun."""

    words = _("The agreed time has begun or passed. Nobody more can be asked to come.")
    field = "experts_wanted"


class FeeLowered(Refused):
    """Somebody has said yes to more money: they are asked, never told."""

    words = _(
        "An expert has said yes to this fee and these travel costs: they can be raised, not"
        " lowered. Less needs a new order, to which the expert says yes or no."
    )
    field = "fee_eur"


class TravelTaken(FeeLowered):
    """Somebody has said yes to travel costs that would not be paid any more."""

    field = "pays_travel"


def change_details(
    order: Order,
    *,
    by: User,
    at: datetime,
    called: Collection[int] = (),
    themes: Iterable[tuple[Theme, str]] | None = None,
    languages: Iterable[Language] | None = None,
    **fields: object,
) -> Order:
    """Change what an order asks for; agreed tasks, seats and calendars follow, and everybody is told what has changed.

    Who is asked and has not answered is told when it is something that one decides by.

    Args:
        called: keys of the agreed tasks whose experts have been asked and agree.
        fields: as ``orders.actions.change_details`` takes them.

    Raises:
        PermissionDenied, WrongState: as in ``orders.actions.change_details``.
        NotCalled, RecordingNeedsYes, FeeLowered, TravelTaken, SeatsTaken, NobodyCanBeAsked: as their names say;
            nothing has changed.
    """
    with transaction.atomic():
        was = lock(order.pk)
        order, changed = orders.change_details(
            was, by=by, at=at, themes=themes, languages=languages, **fields
        )
        agreed = order.assignments.filter(state=AssignmentState.AGREED)
        tasks = list(agreed.select_related("expert__user", "order__municipality").order_by("pk"))
        if tasks and "recording" in changed and order.recording != Recording.NONE:
            raise RecordingNeedsYes
        if changed & orders.MONEY:
            _require_no_less(order, tasks)
        if changed & AGREED_ON and any(task.pk not in called for task in tasks):
            raise NotCalled
        if changed:
            _keep(tasks, order, is_moved=bool(changed & orders.PLACE), at=at)
            _tell(tasks, order, was, changed, by=by, at=at)
        if "experts_wanted" in changed:
            _make_room(order, more=order.experts_wanted - was.experts_wanted, by=by, at=at)
    return order


def _make_room(order: Order, *, more: int, by: User, at: datetime) -> None:
    """Make ``more`` seats, or leave as many as are wanted; the search goes on, or ends with those who have said yes.

    Seats that a search ended without, and that count as unmet, do not come back: there are fewer than were wanted.
    """
    seats = list(order.seats.order_by("number"))
    if not seats:
        return  # the search makes them
    if more > 0:
        taken = {seat.number for seat in seats}
        numbers = [n for n in range(1, MOST_EXPERTS + 1) if n not in taken][:more]
        Seat.objects.bulk_create([Seat(order=order, number=n) for n in numbers])
        if order.state == OrderState.STAFFED:
            if not times_to_choose(order, at=at):
                raise NobodyCanBeAsked
            orders.reopen(order, by=by, at=at, is_told=False)
        return
    surplus = len(seats) - order.experts_wanted
    if surplus <= 0:
        return
    free = list(free_seats(order).order_by("-number"))
    gone = free[:surplus]
    if len(gone) < surplus:
        raise SeatsTaken
    take_seats(order, gone)
    if order.state == OrderState.SEARCHING and len(gone) == len(free):
        fill(order, by=User.objects.machine(), at=at)
        finish_with_last_task(order, at=at)


def _require_no_less(order: Order, tasks: list[Assignment]) -> None:
    """Refuse less money than the experts of ``tasks`` have said yes to.

    Raises:
        FeeLowered, TravelTaken: as their names say.
    """
    fees = [task.fee_eur for task in tasks if task.fee_eur is not None]
    if fees and (order.fee_eur is None or order.fee_eur < max(fees)):
        raise FeeLowered
    if not order.pays_travel and any(task.pays_travel for task in tasks):
        raise TravelTaken


def _keep(tasks: list[Assignment], order: Order, *, is_moved: bool, at: datetime) -> None:
    """Let what was agreed follow the order; a calendar entry is a new one when it tells of another place."""
    for task in tasks:
        task.mode, task.place = order.mode, place_of(order)
        task.fee_eur, task.pays_travel = order.fee_eur, order.pays_travel
        if is_moved:
            task.calendar_version += 1
            task.calendar_changed_at = at
        task.save()


def _tell(
    tasks: list[Assignment],
    order: Order,
    was: Order,
    changed: frozenset[str],
    *,
    by: User,
    at: datetime,
) -> None:
    is_moved = bool(changed & orders.PLACE)
    if is_moved:
        forget_reminders(order, *tasks)
    for task in tasks:
        for reader in (task.expert.user, *to_orderer(order)):
            tell(DetailsChanged(task, reader, was=was, changed=changed, at=at), to=reader, at=at)
            if is_moved:
                remind(task, reader, at=at)
    if not tasks:
        tell_changed(order, was, changed, at=at)
    if changed & orders.DECIDING:
        tell_asked(order, was, changed, at=at)


def set_times(
    order: Order, times: Iterable[tuple[datetime, datetime]], *, by: User, at: datetime
) -> Order:
    """Change the wished times of an order without an agreed task; the orderer and who has been asked are told.

    Raises:
        PermissionDenied, WrongState: as in ``orders.actions.set_times``.
    """
    with transaction.atomic():
        was = lock_as_it_is(order.pk)
        before = spans_of(was)
        order = orders.set_times(was, times, by=by, at=at)
        if spans_of(order) == before:
            return order
        changed = frozenset({"times"})
        tell_changed(order, was, changed, at=at)
        tell_asked(order, was, changed, at=at)
    return order
