"""Where an order goes: one function for each Move, and counting what could not be found."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.known import known
from luukku.core.refused import PartsMissing, Refused
from luukku.notices.actions import tell
from luukku.orders.models import CancelledBy, Failure, Order, UnmetDemand
from luukku.orders.notices import (
    OrderAccepted,
    OrderCancelled,
    OrderDeclined,
    OrderNotFound,
    OrderNotice,
    OrderReceived,
    OrderReopened,
    OrderSearching,
    OrderStaffed,
)
from luukku.orders.queries import missing_parts, wanted_on
from luukku.orders.states import (
    ACCEPT,
    CANCEL,
    CLOSE,
    DECLINE,
    FINISH,
    GIVE_UP,
    REOPEN,
    SEARCH,
    SEND,
    STAFF,
    OrderState,
)
from luukku.orders.told import to_orderer
from luukku.organisations.models import Organisation
from luukku.organisations.states import OrganisationState
from luukku.workflow.actions import moving


class Incomplete(PartsMissing):
    """The order lacks parts; ``missing`` names them as ``queries.missing_parts`` does."""


class NotVetted(Refused):
    """The counter has not checked the orderer's organisation yet."""

    words = _("Check the organisation first.")


def send(order: Order, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Order:
    """Send the order to the counter.

    Raises:
        Incomplete: parts are missing or have been switched off meanwhile, or the organisation has ended; nothing
            is lost.
        WrongState: it has been sent already.
    """
    with transaction.atomic():
        order = send_untold(order, by=by, at=at, on_behalf_of=on_behalf_of)
        _tell_orderer(OrderReceived(order), at=at)
    return order


def send_untold(order: Order, *, by: User, at: datetime, on_behalf_of: User | None) -> Order:
    """Send the order as ``send`` does; the caller tells of it."""
    with transaction.atomic():
        # Whoever ends the organisation cancels its open orders: none is to open meanwhile.
        organisations = Organisation.objects.select_for_update(no_key=True)
        organisation = (
            organisations.filter(pk=order.organisation_id).first()
            if order.organisation_id
            else None
        )
        with moving(order, SEND, by=by, at=at, on_behalf_of=on_behalf_of) as order:
            missing = missing_parts(order, at=at)
            is_there = organisation is not None and organisation.state != OrganisationState.ENDED
            if order.organisation_id is None or not is_there:
                missing.append("organisation")
            if missing:
                raise Incomplete(missing)
            order.sent_at = at
    return order


def _tell_orderer(notice: OrderNotice, *, at: datetime) -> None:
    for reader in to_orderer(notice.order):
        tell(notice, to=reader, at=at)


def accept(order: Order, *, by: User, at: datetime) -> Order:
    """Accept a sent order for the counter and tell its contact person.

    Raises:
        NotVetted: the organisation has to be checked first.
        WrongState: the order is not ``SENT`` any more; somebody was faster.
    """
    with moving(order, ACCEPT, by=by, at=at) as order:
        if known(order.organisation).state != OrganisationState.VETTED:
            raise NotVetted
        order.decided_at, order.decided_by = at, by
        _tell_orderer(OrderAccepted(order), at=at)
    return order


def decline(order: Order, *, reason: str, by: User, at: datetime) -> Order:
    """Decline an order with words to the orderer."""
    with moving(order, DECLINE, by=by, at=at) as order:
        order.decided_at, order.decided_by = at, by
        order.decline_reason = reason
        _tell_orderer(OrderDeclined(order), at=at)
    return order


def search(order: Order, *, by: User, at: datetime, is_told: bool = True) -> Order:
    """Open the search for experts; ``assignments.actions.open_search`` makes the seats with it.

    Args:
        is_told: False where the letter of the acceptance, told at once, says what comes next.
    """
    with moving(order, SEARCH, by=by, at=at) as order:
        if is_told:
            _tell_orderer(OrderSearching(order), at=at)
    return order


def staff(order: Order, *, by: User, at: datetime, is_told: bool = True) -> Order:
    """Note that every seat has an expert, and tell the orderer.

    Args:
        is_told: False where the orderer hears of it by another letter of the same act.
    """
    with moving(order, STAFF, by=by, at=at) as order:
        if is_told:
            _tell_orderer(OrderStaffed(order), at=at)
    return order


def reopen(order: Order, *, by: User, at: datetime, is_told: bool = True) -> Order:
    """Look for an expert again, and tell the orderer; what the ended search missed does not count as unmet now.

    Args:
        is_told: False where the orderer hears of it by another letter of the same act.
    """
    with moving(order, REOPEN, by=by, at=at) as order:
        had_ended = order.state == OrderState.NOT_FOUND
        if had_ended:
            last = order.unmet.order_by("-at", "-pk").values("pk")[:1]
            order.unmet.filter(pk__in=last).update(reopened_at=at)
        if is_told:
            _tell_orderer(OrderReopened(order, had_ended=had_ended), at=at)
    return order


def finish(order: Order, *, by: User, at: datetime) -> Order:
    """Note that the task has been done."""
    with moving(order, FINISH, by=by, at=at) as order:
        pass
    return order


def close(order: Order, *, by: User, at: datetime) -> Order:
    """Close a done order: both sides have said what they wanted, or have had their time."""
    with moving(order, CLOSE, by=by, at=at) as order:
        pass
    return order


def cancel(
    order: Order,
    *,
    whose: CancelledBy,
    reason: str,
    by: User,
    at: datetime,
    starts_at: datetime | None = None,
    on_behalf_of: User | None = None,
) -> Order:
    """Cancel an order: by whom, why, and how many hours before the agreed start, if one was agreed.

    ``assignments.actions.cancel_order`` frees the experts with it.

    Raises:
        PermissionDenied: ``by`` may not cancel, or says that somebody else cancelled.
        WrongState: the order has ended already.
    """
    if whose != CancelledBy.ORDERER and not (by.is_counter or by.is_machine):
        raise PermissionDenied("orders.cancel")
    with moving(order, CANCEL, by=by, at=at, on_behalf_of=on_behalf_of) as order:
        order.cancelled_by, order.cancel_reason = whose, reason
        if starts_at is not None:
            order.cancelled_hours_before = int((starts_at - at).total_seconds() // 3600)
        if order.sent_at is not None:
            _tell_orderer(OrderCancelled(order), at=at)
    return order


def give_up(order: Order, *, failure: Failure, missing: int, by: User, at: datetime) -> Order:
    """End the search without success; the need is counted."""
    with moving(
        order, GIVE_UP, by=by, at=at, data={"failure": str(failure), "missing": missing}
    ) as order:
        count_unmet(order, failure=failure, missing=missing, by=by, at=at)
        _tell_orderer(OrderNotFound(order), at=at)
    return order


def count_unmet(
    order: Order, *, failure: Failure, missing: int, by: User, at: datetime
) -> UnmetDemand:
    """Count ``missing`` experts as unmet demand, with themes, place, date and the condition that failed.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("orders.give_up", order):
        raise PermissionDenied("orders.give_up")
    unmet = UnmetDemand.objects.create(
        order=order,
        missing=missing,
        failure=failure,
        theme_codes=sorted(order.order_themes.values_list("theme__code", flat=True)),
        task_type_code=known(order.task_type).code,
        municipality=order.municipality,
        wanted_on=wanted_on(order),
        at=at,
    )
    data = {"failure": str(failure), "missing": missing}
    record("orders.count_unmet", by=by, about=order, at=at, data=data)
    return unmet
