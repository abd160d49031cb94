"""Drafts: begun, filled in bit by bit, copied."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.fields import editable
from luukku.core.refused import Refused
from luukku.orders.actions.asking import close_question
from luukku.orders.actions.changing import changing
from luukku.orders.actions.details import set_themes
from luukku.orders.models import Mode, Order, OrderTheme, OrderTime, Payment, Series
from luukku.orders.states import (
    CHANGE_CONTACT,
    SEND,
    SET_LINK,
    SET_PAYMENT,
    SET_TIMES,
    WANT_FEWER,
    OrderState,
)
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.queries import stands_for
from luukku.taxonomy.models import Language, TaskType, Theme
from luukku.workflow.actions import WrongState

EDITABLE = editable(Order)
COPIED = EDITABLE - {"sign_up_by", "payment", "meeting_url"}


def start(
    *,
    by: User | None,
    at: datetime,
    organisation: Organisation | None = None,
    contact: User | None = None,
    task_type: TaskType | None = None,
    begun: uuid.UUID | None = None,
) -> Order:
    """Begin a draft; ``by`` None for a sender without an account, whose browser keeps the key.

    Args:
        begun: the draft begun with the same one before is returned as it stands.

    Raises:
        PermissionDenied: ``by`` does not order for ``organisation``.
    """
    _may_order_for(organisation, by)
    with transaction.atomic():
        order, is_new = Order.objects.get_or_create(
            begun=begun or uuid.uuid4(),
            defaults={
                "organisation": organisation,
                "contact": contact or by,
                "made_by": by,
                "task_type": task_type,
                "made_at": at,
                "state_changed_at": at,
            },
        )
        if is_new:
            order.languages.set(["fi"])  # type: ignore[list-item]  # the stubs take all keys for numbers
            record_draft("orders.start", order, by=by, at=at)
    return order


def save_draft(
    order: Order,
    *,
    by: User | None,
    at: datetime,
    themes: Iterable[tuple[Theme, str]] | None = None,
    times: Iterable[tuple[datetime, datetime]] | None = None,
    languages: Iterable[Language] | None = None,
    **fields: Any,
) -> Order:
    """Keep what has been filled in so far; unfinished is fine in a draft.

    Args:
        by: None only for a draft that nobody with an account has taken.
        themes: whole new list of (theme, perspective or "").
        times: whole new list of (start, end).

    Raises:
        PermissionDenied: the draft is somebody else's, or ``by`` does not order for its new organisation.
        WrongState: it is no draft any more.
    """
    if unknown := fields.keys() - EDITABLE:
        raise ValueError(f"Not editable: {sorted(unknown)}")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        _may_edit(locked, by)
        if locked.state != OrderState.DRAFT:
            raise WrongState(locked, SEND)
        if "organisation" in fields:
            _may_order_for(fields["organisation"], by)
        for name, value in fields.items():
            setattr(locked, name, value)
        if locked.unit is not None and locked.unit.organisation_id != locked.organisation_id:
            locked.unit = None
        locked.save()
        if themes is not None:
            set_themes(locked, themes)
        if times is not None:
            write_times(locked, times)
        if languages is not None:
            locked.languages.set(languages)
        record_draft("orders.edit", locked, by=by, at=at, data={"fields": sorted(fields)})
    return locked


def record_draft(
    act: str,
    order: Order,
    *,
    by: User | None,
    at: datetime,
    data: Mapping[str, object] | None = None,
) -> None:
    """Remember an act on a draft: at the counter on behalf of its contact person, without account the machine's."""
    is_for_another = by is not None and by.is_counter and order.contact_id != by.pk
    record(
        act,
        by=by or User.objects.machine(),
        about=order,
        at=at,
        on_behalf_of=order.contact if is_for_another else None,
        data=data,
    )


def _may_order_for(organisation: Organisation | None, by: User | None) -> None:
    if organisation is None or (by is not None and by.is_counter):
        return
    if by is None or not stands_for(by, organisation, MemberRole.ORDERER):
        raise PermissionDenied("orders.start")


def _may_edit(order: Order, by: User | None) -> None:
    if by is None:
        if order.contact_id is not None or order.organisation_id is not None:
            raise PermissionDenied("orders.edit")
    elif not by.has_perm("orders.edit", order):
        raise PermissionDenied("orders.edit")


def write_times(order: Order, times: Iterable[tuple[datetime, datetime]]) -> bool:
    """Make ``times``, each with its start and end, all that the order wishes for; return whether that is new.

    The same ones keep their rows: forms that are open elsewhere choose among them.
    """
    wanted = sorted(times)
    if wanted == sorted(order.times.values_list("starts_at", "ends_at")):
        return False
    order.times.all().delete()
    OrderTime.objects.bulk_create(
        [OrderTime(order=order, starts_at=starts, ends_at=ends) for starts, ends in wanted]
    )
    return True


def set_times(
    order: Order, times: Iterable[tuple[datetime, datetime]], *, by: User, at: datetime
) -> Order:
    """Change the wished times of an order that nobody has been agreed for yet; the counter calls first.

    What was asked about another time is closed. ``assignments.actions.set_times`` tells who has been asked.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it is a draft, has its expert already or has ended.
    """
    with changing(order, SET_TIMES, by=by, at=at) as change:
        if change.order.times.filter(is_settled=True).exists():
            raise WrongState(change.order, SET_TIMES)
        is_new = write_times(change.order, times)
        close_question(change.order, do_times_stay=not is_new, by=by, at=at)
    return change.order


def set_link(
    order: Order, url: str, *, by: User, at: datetime, on_behalf_of: User | None = None
) -> Order:
    """Give the video meeting of an order another address, "" for none.

    ``assignments.actions.change_link`` tells the experts with it.

    Raises:
        PermissionDenied: the order is somebody else's.
        WrongState: it is a draft, has ended, or is done at a place only.
    """
    with changing(order, SET_LINK, by=by, at=at, on_behalf_of=on_behalf_of) as change:
        if change.order.mode == Mode.PLACE:
            raise WrongState(change.order, SET_LINK)
        change.order.meeting_url = url
    return change.order


class NotAnOrderer(Refused):
    """The person does not order for the organisation of the order now."""

    words = _("Choose somebody who orders for the organisation.")
    field = "contact"


def change_contact(order: Order, contact: User, *, by: User, at: datetime) -> Order:
    """Make ``contact`` the contact person of an order that is under way or still awaits feedback.

    ``assignments.actions.change_contact`` tells everybody with it.

    Raises:
        PermissionDenied: the order is somebody else's.
        WrongState: it is a draft or has ended.
        NotAnOrderer: ``contact`` does not order for the organisation now; nothing has changed.
    """
    with changing(order, CHANGE_CONTACT, by=by, at=at) as change:
        if not stands_for(contact, change.order.organisation_id, MemberRole.ORDERER):
            raise NotAnOrderer
        change.order.contact = contact
    return change.order


def set_payment(order: Order, payment: Payment, *, by: User, at: datetime) -> Order:
    """Write down what is now known of the payment of an order under way.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it is a draft, is done or has ended.
    """
    with changing(order, SET_PAYMENT, by=by, at=at) as change:
        change.order.payment = payment
    return change.order


def want_fewer(order: Order, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Order:
    """Need one expert fewer from now on; ``assignments.actions.cancel`` takes the seat away with it.

    Raises:
        PermissionDenied: the order is somebody else's.
        ValueError: only one is needed; then the order is cancelled instead.
    """
    if order.experts_wanted == 1:
        raise ValueError(order.experts_wanted)
    with changing(order, WANT_FEWER, by=by, at=at, on_behalf_of=on_behalf_of) as change:
        change.order.experts_wanted -= 1
    return change.order


def copy(order: Order, *, by: User, at: datetime) -> Order:
    """Begin a new draft with the contents of ``order``, without its times and agreements.

    Who copies becomes the contact person; a copy made by the counter keeps the earlier one. A length that was that of
    a time goes with it.
    """
    if not by.has_perm("orders.copy", order):
        raise PermissionDenied("orders.copy")
    with transaction.atomic():
        twin = twin_of(order, by=by, at=at)
        if not by.is_counter:
            twin.contact = by
        lengths = {time.ends_at - time.starts_at for time in order.times.all()}
        if twin.length_minutes and timedelta(minutes=twin.length_minutes) in lengths:
            twin.length_minutes = None
        twin.save(update_fields=["contact", "length_minutes"])
        record_draft("orders.copy", twin, by=by, at=at, data={"from": order.pk})
    return twin


def twin_of(order: Order, *, by: User, at: datetime, series: Series | None = None) -> Order:
    """Return a new draft with the contents of ``order``, without times."""
    fields = {name: getattr(order, name) for name in COPIED}
    twin = Order.objects.create(
        **fields, copied_from=order, series=series, made_by=by, made_at=at, state_changed_at=at
    )
    twin.languages.set(order.languages.all())
    OrderTheme.objects.bulk_create(
        [
            OrderTheme(order=twin, theme_id=row.theme_id, perspective=row.perspective)
            for row in order.order_themes.all()
        ]
    )
    return twin
