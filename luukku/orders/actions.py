"""Everything that changes an order."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.links import Link, sign
from luukku.core.times import HELSINKI, NoSuchTime, TwoSuchTimes, helsinki, instant
from luukku.notices.actions import tell, tell_address
from luukku.orders.models import (
    CancelledBy,
    Failure,
    GuestSender,
    Order,
    OrderTheme,
    OrderTime,
    UnmetDemand,
)
from luukku.orders.notices import (
    GuestAsked,
    OrderAccepted,
    OrderCancelled,
    OrderDeclined,
    OrderNotFound,
    OrderReceived,
    OrderReopened,
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
from luukku.organisations.actions import found
from luukku.organisations.models import MemberRole, Membership, Organisation, Task
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Theme
from luukku.workflow.actions import WrongState, moving

EDITABLE = frozenset(
    {
        "organisation", "unit", "contact", "task_type", "title", "goal", "expert_does", "audience",
        "audience_size", "others_present", "has_children", "has_interpreter", "experts_wanted",
        "needs_further_training", "length_minutes", "mode", "municipality", "address", "accessibility",
        "equipment", "is_payment_agreed", "fee_eur", "pays_travel", "invoice_reference", "preparation",
        "offers_pretalk", "offers_debrief", "recording", "is_open_call", "sign_up_by", "wished_expert",
    }
)
COPIED = EDITABLE - {"sign_up_by", "is_payment_agreed"}


class Incomplete(Exception):
    """The order lacks parts; ``missing`` names them as ``queries.missing_parts`` does."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class NotVetted(Exception):
    """The counter has not checked the orderer's organisation yet."""


class Every(StrEnum):
    """How often an order repeats."""

    WEEK = "week"
    TWO_WEEKS = "two_weeks"
    MONTH = "month"


STEP = {
    Every.WEEK: relativedelta(weeks=1),
    Every.TWO_WEEKS: relativedelta(weeks=2),
    Every.MONTH: relativedelta(months=1),
}


def start(
    *, by: User | None, at: datetime, organisation: Organisation | None = None, contact: User | None = None
) -> Order:
    """Begin a draft; ``by`` None for a sender without an account, whose browser keeps the key.

    Raises:
        PermissionDenied: ``by`` does not order for ``organisation``.
    """
    if organisation is not None and not (
        by is not None
        and (
            by.is_counter
            or Membership.objects.filter(user=by, organisation=organisation, role=MemberRole.ORDERER).exists()
        )
    ):
        raise PermissionDenied("orders.start")
    with transaction.atomic():
        order = Order.objects.create(
            organisation=organisation, contact=contact or by, made_by=by, made_at=at, state_changed_at=at
        )
        order.languages.set(["fi"])
        record("orders.start", by=by or User.objects.machine(), about=order, at=at)
    return order


def save_draft(
    order: Order,
    *,
    by: User | None,
    at: datetime,
    themes: Iterable[tuple[Theme, str]] | None = None,
    times: Iterable[tuple[datetime, datetime]] | None = None,
    languages: Iterable[object] | None = None,
    **fields: object,
) -> Order:
    """Keep what has been filled in so far; unfinished is fine in a draft.

    Args:
        by: None only for a draft that nobody with an account has taken.
        themes: whole new list of (theme, perspective or "").
        times: whole new list of (start, end).

    Raises:
        PermissionDenied: the draft is somebody else's.
        WrongState: it is no draft any more.
    """
    if unknown := fields.keys() - EDITABLE:
        raise ValueError(f"Not editable: {sorted(unknown)}")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        _may_edit(locked, by)
        if locked.state != OrderState.DRAFT:
            raise WrongState(locked, SEND)
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save()
        if themes is not None:
            locked.order_themes.all().delete()
            OrderTheme.objects.bulk_create(
                [OrderTheme(order=locked, theme=theme, perspective=perspective) for theme, perspective in themes]
            )
        if times is not None:
            _write_times(locked, times)
        if languages is not None:
            locked.languages.set(languages)
        record("orders.edit", by=by or User.objects.machine(), about=locked, at=at, data={"fields": sorted(fields)})
    return locked


def _may_edit(order: Order, by: User | None) -> None:
    if by is None:
        if order.contact_id is not None or order.organisation_id is not None:
            raise PermissionDenied("orders.edit")
    elif not by.has_perm("orders.edit", order):
        raise PermissionDenied("orders.edit")


def _write_times(order: Order, times: Iterable[tuple[datetime, datetime]]) -> None:
    order.times.all().delete()
    OrderTime.objects.bulk_create(
        [OrderTime(order=order, starts_at=starts, ends_at=ends) for starts, ends in times]
    )


def set_times(order: Order, times: Iterable[tuple[datetime, datetime]], *, by: User, at: datetime) -> Order:
    """Change the wished times of an order that nobody has been agreed for yet; the counter calls first.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it is a draft, has its expert already or has ended.
    """
    if not by.has_perm("orders.accept", order):
        raise PermissionDenied("orders.set_times")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        open_states = {OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING}
        if locked.state not in open_states or locked.times.filter(is_settled=True).exists():
            raise WrongState(locked, SEARCH)
        _write_times(locked, times)
        record("orders.set_times", by=by, about=locked, at=at)
    return locked


def copy(order: Order, *, by: User, at: datetime) -> Order:
    """Begin a new draft with the contents of ``order``, without its times and agreements."""
    if not by.has_perm("orders.copy", order):
        raise PermissionDenied("orders.copy")
    with transaction.atomic():
        twin = _twin(order, by=by, at=at)
        record("orders.copy", by=by, about=twin, at=at, data={"from": order.pk})
    return twin


def _twin(order: Order, *, by: User, at: datetime, series: uuid.UUID | None = None) -> Order:
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


def repeat(order: Order, *, every: Every, times: int, by: User, at: datetime) -> list[Order]:
    """Make ``times`` (1–12) more drafts, each one step later by Helsinki's clock, and tie them together.

    A time that the clock jumps over or shows twice on its night moves one hour later.

    Raises:
        PermissionDenied: ``by`` may not copy the order.
        ValueError: ``times`` is outside 1–12.
        WrongState: the order is no draft any more: repeating is decided before sending.
    """
    if not 1 <= times <= 12:
        raise ValueError(times)
    if not by.has_perm("orders.copy", order):
        raise PermissionDenied("orders.copy")
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if locked.state != OrderState.DRAFT:
            raise WrongState(locked, SEND)
        series = locked.series or uuid.uuid4()
        locked.series = series
        locked.save(update_fields=["series"])
        twins = []
        for n in range(1, times + 1):
            twin = _twin(locked, by=by, at=at, series=series)
            twin.is_payment_agreed = locked.is_payment_agreed
            twin.save(update_fields=["is_payment_agreed"])
            _write_times(
                twin,
                [(_later(t.starts_at, STEP[every] * n), _later(t.ends_at, STEP[every] * n)) for t in locked.times.all()],
            )
            record("orders.copy", by=by, about=twin, at=at, data={"from": locked.pk})
            twins.append(twin)
    return twins


def _later(moment: datetime, step: relativedelta) -> datetime:
    local = helsinki(moment).replace(tzinfo=None) + step
    try:
        return instant(local.date(), local.time())
    except (NoSuchTime, TwoSuchTimes):
        return (local + timedelta(hours=1)).replace(tzinfo=HELSINKI, fold=1)


def send(order: Order, *, by: User, at: datetime, on_behalf_of: User | None = None) -> Order:
    """Send the order to the counter.

    Raises:
        Incomplete: parts are missing or have been switched off meanwhile; nothing is lost.
        WrongState: it has been sent already.
    """
    with moving(order, SEND, by=by, at=at, on_behalf_of=on_behalf_of) as order:
        missing = missing_parts(order, at=at)
        if order.organisation_id is None:
            missing.append("organisation")
        if missing:
            raise Incomplete(missing)
        order.sent_at = at
        tell(OrderReceived(order), to=order.contact, at=at)
    return order


def ask_confirmation(
    order: Order,
    *,
    name: str,
    email: str,
    phone: str,
    organisation_name: str,
    organisation_kind: str,
    language: str,
    at: datetime,
) -> GuestSender:
    """Write the confirmation link to the sender of an order without an account.

    Asking again with another address replaces the first; only the newest link works.

    Raises:
        Incomplete: the order is not ready to be sent.
        WrongState: it has been sent already.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if locked.state != OrderState.DRAFT or locked.contact_id is not None:
            raise WrongState(locked, SEND)
        if missing := missing_parts(locked, at=at):
            raise Incomplete(missing)
        GuestSender.objects.filter(order=locked).delete()
        guest = GuestSender.objects.create(
            order=locked, name=name, email=User.objects.lower(email), phone=phone,
            organisation_name=organisation_name, organisation_kind=organisation_kind,
            language=language, asked_at=at,
        )
        token = sign(Link("guest", guest.pk, 0))
        tell_address(GuestAsked(guest, token), guest.email, language=language, at=at)
    return guest


def confirm(guest: GuestSender, *, at: datetime) -> Order:
    """Send the guest's order: the e-mail address is theirs. Makes an account and an unchecked organisation.

    Raises:
        WrongState: it has been confirmed already.
        Incomplete: a wished time has passed or a theme has been switched off since.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(no_key=True).get(pk=guest.order_id)
        if order.state != OrderState.DRAFT or guest.confirmed_at is not None:
            raise WrongState(order, SEND)
        user = User.objects.filter(email=guest.email).first() or User.objects.create_user(
            guest.email, name=guest.name, phone=guest.phone, language=guest.language
        )
        order.organisation = _organisation_of(guest, user, at=at)
        order.contact = order.made_by = user
        order.save(update_fields=["organisation", "contact", "made_by"])
        guest.confirmed_at = at
        guest.save(update_fields=["confirmed_at"])
        return send(order, by=user, at=at)


def _organisation_of(guest: GuestSender, user: User, *, at: datetime) -> Organisation:
    """Return the organisation of that name for which the sender orders already, else a new unchecked one."""
    membership = (
        Membership.objects.filter(
            user=user, role=MemberRole.ORDERER, organisation__name__iexact=guest.organisation_name
        )
        .exclude(organisation__state=OrganisationState.ENDED)
        .select_related("organisation")
        .order_by("pk")
        .first()
    )
    if membership is not None:
        return membership.organisation
    return found(
        name=guest.organisation_name, kind=guest.organisation_kind, tasks=[Task.ORDERS], by=user, at=at,
        for_user=user,
    )


def accept(order: Order, *, by: User, at: datetime) -> Order:
    """Accept a sent order for the counter and tell its contact person.

    Raises:
        NotVetted: the organisation has to be checked first.
        WrongState: the order is not ``SENT`` any more; somebody was faster.
    """
    with moving(order, ACCEPT, by=by, at=at) as order:
        if order.organisation.state != OrganisationState.VETTED:
            raise NotVetted
        order.decided_at, order.decided_by = at, by
        tell(OrderAccepted(order), to=order.contact, at=at)
    return order


def decline(order: Order, *, reason: str, by: User, at: datetime) -> Order:
    """Decline an order with words to the orderer."""
    with moving(order, DECLINE, by=by, at=at) as order:
        order.decided_at, order.decided_by = at, by
        order.decline_reason = reason
        tell(OrderDeclined(order), to=order.contact, at=at)
    return order


def search(order: Order, *, by: User, at: datetime) -> Order:
    """Open the search for experts; ``assignments.actions.open_search`` makes the seats with it."""
    with moving(order, SEARCH, by=by, at=at) as order:
        pass
    return order


def staff(order: Order, *, by: User, at: datetime) -> Order:
    """Note that every seat has an expert, and tell the orderer."""
    with moving(order, STAFF, by=by, at=at) as order:
        tell(OrderStaffed(order), to=order.contact, at=at)
    return order


def reopen(order: Order, *, by: User, at: datetime) -> Order:
    """Look for an expert again, and tell the orderer."""
    with moving(order, REOPEN, by=by, at=at) as order:
        tell(OrderReopened(order), to=order.contact, at=at)
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
) -> Order:
    """Cancel an order: by whom, why, and how many hours before the agreed start, if one was agreed.

    ``assignments.actions.cancel_order`` frees the experts with it.
    """
    with moving(order, CANCEL, by=by, at=at) as order:
        order.cancelled_by, order.cancel_reason = whose, reason
        if starts_at is not None:
            order.cancelled_hours_before = int((starts_at - at).total_seconds() // 3600)
        if order.contact is not None and order.sent_at is not None:
            tell(OrderCancelled(order), to=order.contact, at=at)
    return order


def give_up(order: Order, *, failure: Failure, missing: int, by: User, at: datetime) -> Order:
    """End the search without success; the need is counted."""
    with moving(order, GIVE_UP, by=by, at=at, data={"failure": str(failure), "missing": missing}) as order:
        count_unmet(order, failure=failure, missing=missing, by=by, at=at)
        tell(OrderNotFound(order), to=order.contact, at=at)
    return order


def count_unmet(order: Order, *, failure: Failure, missing: int, by: User, at: datetime) -> UnmetDemand:
    """Count ``missing`` experts as unmet demand, with themes, place, date and the condition that failed.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("orders.give_up", order):
        raise PermissionDenied("orders.give_up")
    unmet = UnmetDemand.objects.create(
        order=order, missing=missing, failure=failure,
        theme_codes=sorted(order.order_themes.values_list("theme__code", flat=True)),
        task_type_code=order.task_type.code, municipality=order.municipality,
        wanted_on=wanted_on(order), at=at,
    )
    record("orders.count_unmet", by=by, about=order, at=at, data={"failure": str(failure), "missing": missing})
    return unmet
