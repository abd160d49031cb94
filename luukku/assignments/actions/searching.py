"""The search as a whole: opened, given up, opened again, ended with its order or with an expert who leaves."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts import actions as accounts
from luukku.accounts.models import User
from luukku.assignments.actions.agreed import (
    cancel_task,
    change_contact,
    finish_with_last_task,
    tell_orderer,
)
from luukku.assignments.actions.booking import fill, take_seats
from luukku.assignments.actions.common import NotInBank, TooLate, lock, lock_experts
from luukku.assignments.actions.offers import decline, propose, withdraw, withdraw_all
from luukku.assignments.models import Assignment, Offer, OfferQuerySet, Origin, Seat
from luukku.assignments.queries import free_seats, times_to_choose
from luukku.assignments.states import (
    AssignmentState,
)
from luukku.core.refused import Refused
from luukku.events.actions import leave_all
from luukku.experts import actions as experts
from luukku.experts.models import Expert
from luukku.experts.notices import BackgroundEnded
from luukku.experts.states import ExpertState
from luukku.notices.actions import tell
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, Order
from luukku.orders.states import LED_STATES, OPEN_STATES, OrderState
from luukku.organisations import actions as organisations
from luukku.organisations.models import Organisation
from luukku.training.actions import leave_applications

NAMED_ANSWER_TIME = timedelta(days=7)
NO_SUCCESSORS: Mapping[int, User] = {}


def open_search(order: Order, *, by: User, at: datetime, is_told: bool = True) -> Order:
    """Open the search: one seat for each expert wanted, and an offer to the expert the orderer wished for.

    Whoever is not in the bank (now) is not asked; the search goes on without. ``is_told``: as in ``orders.search``.
    """
    with transaction.atomic():
        order = orders.search(order, by=by, at=at, is_told=is_told)
        _make_seats(order)
        wished = order.wished_expert
        if wished is not None and times_to_choose(order, at=at):
            with suppress(NotInBank), transaction.atomic():
                propose(
                    order,
                    wished,
                    by=by,
                    at=at,
                    answer_by=at + NAMED_ANSWER_TIME,
                    origin=Origin.NAMED,
                )
    return order


def accept_and_search(order: Order, *, by: User, at: datetime) -> Order:
    """Accept a sent order and open its search at once: both, or neither; one letter tells of it.

    Raises:
        NotVetted, WrongState: as in ``orders.actions.accept``.
        TooLate: every wished time has passed; the orderer is called first.
    """
    with transaction.atomic():
        order = orders.accept(order, by=by, at=at)
        if not times_to_choose(order, at=at):
            raise TooLate(_("All the times have passed. Call the orderer and change them first."))
        return open_search(order, by=by, at=at, is_told=False)


def _make_seats(order: Order) -> None:
    Seat.objects.bulk_create([Seat(order=order, number=n + 1) for n in range(order.experts_wanted)])


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
    with transaction.atomic():
        locked = lock(order.pk)
        live = list(locked.assignments.filter(state=AssignmentState.AGREED).order_by("pk"))
        lock_experts(assignment.expert_id for assignment in live)
        starts_at = min((assignment.starts_at for assignment in live), default=None)
        order = orders.cancel(
            locked,
            starts_at=starts_at,
            whose=whose,
            reason=reason,
            by=by,
            at=at,
            on_behalf_of=on_behalf_of,
        )
        for assignment in live:
            assignment = cancel_task(
                assignment, whose=whose, reason=reason, by=by, at=at, on_behalf_of=on_behalf_of
            )
        if live:
            tell_orderer(assignment, at=at)
        withdraw_all(locked, at=at)
    return order


def give_up(order: Order, *, failure: Failure, by: User, at: datetime) -> Order:
    """End the search: what is missing counts as unmet demand; unanswered offers are taken back.

    When some of the experts wanted were found, the order goes on with them.
    """
    with transaction.atomic():
        locked = lock(order.pk)
        empty = free_seats(locked)
        missing = empty.count() or locked.experts_wanted
        if locked.state != OrderState.SEARCHING or not locked.assignments.live().exists():
            order = orders.give_up(locked, failure=failure, missing=missing, by=by, at=at)
            withdraw_all(locked, at=at)
            return order
        orders.count_unmet(locked, failure=failure, missing=missing, by=by, at=at)
        withdraw_all(locked, at=at)  # nobody was quicker: the search ends
        take_seats(locked, list(empty))
        fill(locked, by=User.objects.machine(), at=at)
        finish_with_last_task(locked, at=at)
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


def leave_bank(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Take the expert out of the bank: unanswered offers get a no, sign-ups are taken back; agreed tasks stay.

    Raises:
        PermissionDenied, WrongState: as in ``experts.actions.leave``.
    """
    person = expert.user
    with transaction.atomic():
        waiting = hold(expert)
        expert = experts.leave(expert, by=by, at=at)
        behalf = None if by.is_machine or by.pk == person.pk else person
        for offer in waiting.order_by("pk"):
            is_taken_back = by.is_machine or offer.origin == Origin.SIGNED_UP
            end = withdraw if is_taken_back else decline
            end(offer, by=by, at=at, on_behalf_of=behalf)
    return expert


NO_OTHERS = models.Q()


class _AskedMeanwhile(Exception):
    """Another order has asked the expert between two locks."""


def hold(expert: Expert, others: models.Q = NO_OTHERS) -> OfferQuerySet:
    """Return the expert's unanswered offers, their orders and the expert locked: nobody asks any more.

    Args:
        others: which orders the caller needs beside them.
    """
    waiting = Offer.objects.proposed().filter(expert=expert)
    while True:
        # When somebody was faster, the savepoint gives every lock back: orders go before the expert.
        with suppress(_AskedMeanwhile), transaction.atomic():
            held = _lock_all(others | models.Q(pk__in=waiting.values("order")))
            lock_experts([expert.pk])
            if waiting.exclude(order__in=held).exists():
                raise _AskedMeanwhile
            return waiting


def _lock_all(which: models.Q) -> list[Order]:
    return list(Order.objects.filter(which).order_by("pk").select_for_update(no_key=True))


class TasksAhead(Refused):
    """The expert has agreed on tasks that have not been; they are cancelled first."""

    words = _("There are agreed tasks ahead. They must be cancelled first.")


class OrdersOpen(Refused):
    """Orders go on for which somebody else must be named, or which are ended first."""

    words = _("The orders have changed meanwhile. Look once more.")


def close_account(
    person: User, *, by: User, at: datetime, successors: Mapping[int, User] = NO_SUCCESSORS
) -> User:
    """Close the account of ``person``, who leaves the expert bank with it; every record stays.

    Args:
        successors: by the key of an organisation, who of it becomes the contact person of the person's orders.

    Raises:
        PermissionDenied, LastAdministrator: as in ``accounts.actions.close``.
        NotAnOrderer: a successor does not order for the organisation; nothing has changed.
        TasksAhead, OrdersOpen: somebody still counts on the person; nothing has changed.
    """
    if not by.has_perm("accounts.close", person):
        raise PermissionDenied("accounts.close")
    with transaction.atomic():
        accounts.leave_an_administrator(besides=person)
        expert = Expert.objects.filter(user=person).first()
        is_theirs = models.Q(contact=person, state__in=LED_STATES)
        if expert is None:
            _lock_all(is_theirs)
        else:
            hold(expert, is_theirs)
            if expert.state in {ExpertState.WAITING, ExpertState.ACTIVE}:
                leave_bank(expert, by=User.objects.machine(), at=at)
            if expert.assignments.filter(state=AssignmentState.AGREED).exists():
                # Looked at last: whoever has left says yes to nothing more.
                raise TasksAhead(
                    _(
                        "An agreed task is ahead. The counter cancels it first, then the account can be closed."
                    )
                )
        for order in Order.objects.filter(is_theirs).order_by("pk"):
            successor = successors.get(order.organisation_id) if order.organisation_id else None
            if successor == person:
                raise orders.NotAnOrderer
            if successor is not None:
                change_contact(order, successor, by=by, at=at)
            elif order.state in OPEN_STATES:
                raise OrdersOpen
        leave_applications(person, by=User.objects.machine(), at=at)
        leave_all(person, by=User.objects.machine(), at=at)
        # Last: what still waits for the person is put on the desk, and letters come after orders and experts.
        return accounts.close(person, by=by, at=at)


def end_organisation(
    organisation: Organisation, *, reason: str = "", by: User, at: datetime
) -> Organisation:
    """Note that the organisation has ended; its open orders are cancelled with ``reason``, everybody is told.

    Raises:
        PermissionDenied, WrongState: as in ``organisations.actions.end``.
        OrdersOpen: orders go on and no reason was given; nothing has changed.
    """
    if not by.has_perm("organisations.end", organisation):
        raise PermissionDenied("organisations.end")
    with transaction.atomic():
        Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
        is_theirs = models.Q(organisation=organisation, state__in=OPEN_STATES)
        _lock_all(is_theirs)
        going_on = list(Order.objects.filter(is_theirs).order_by("pk"))
        if going_on and not reason:
            raise OrdersOpen
        agreed = Assignment.objects.filter(order__in=going_on, state=AssignmentState.AGREED)
        lock_experts(agreed.values_list("expert_id", flat=True))
        for order in going_on:
            cancel_order(order, whose=CancelledBy.COUNTER, reason=reason, by=by, at=at)
        ended = organisations.end(organisation, by=by, at=at)
        behind = Expert.objects.filter(background_organisation=ended).exclude(
            state=ExpertState.LEFT
        )
        for expert in behind.select_related("user").order_by("pk"):
            tell(BackgroundEnded(expert, at=at), to=expert.user, at=at)
    return ended


def erase_profile(expert: Expert, *, by: User, at: datetime) -> bool:
    """Leave the bank and empty the profile for good; whoever has done no task leaves no row behind.

    Returns:
        Whether a code name stays, because orderers' records of agreed tasks hang on it.

    Raises:
        PermissionDenied: as in ``experts.actions.erase``.
        TasksAhead: an agreed task has not been done or cancelled.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=expert.user_id)
        hold(expert)
        expert.refresh_from_db()
        if expert.assignments.filter(state=AssignmentState.AGREED).exists():
            raise TasksAhead
        if expert.state in {ExpertState.WAITING, ExpertState.ACTIVE}:
            expert = leave_bank(expert, by=by, at=at)
        expert = experts.erase(expert, by=by, at=at)
        if expert.assignments.exists():
            return True
        expert.delete()
    return False
