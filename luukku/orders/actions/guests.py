"""Orders sent without an account: the link in an e-mail stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.links import Link, sign
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.notices.actions import tell_address
from luukku.notices.models import Letter
from luukku.orders.actions.moves import Incomplete, send
from luukku.orders.actions.series import send_series
from luukku.orders.models import GuestSender, Order
from luukku.orders.notices import GuestAsked
from luukku.orders.queries import first_day, missing_parts
from luukku.orders.states import SEND, OrderState
from luukku.organisations.actions import register
from luukku.organisations.models import Kind, MemberRole, Organisation, Task
from luukku.organisations.queries import orders_already_for, organisations_same, stands_for
from luukku.workflow.actions import WrongState

MOST_LETTERS_A_DAY = 5


class AccountClosed(Refused):
    """The account with this e-mail address has been closed; only the counter opens it again."""

    words = _("The account with this e-mail address has been closed")


class NotYours(Refused):
    """The sender does not order for the organisation that was chosen."""


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
    days: Sequence[date] = (),
    every: str = "",
    is_one_expert: bool = False,
) -> GuestSender:
    """Write the confirmation link to the sender of an order without an account.

    Asking again with another address replaces the first; only the newest link works. An address gets so many
    letters a day, whoever asks: it may be somebody else's. What is asked for after them has no letter of its own
    and is confirmed by any link that the address has had (``queries.also_waiting``): nobody is shut out by others.

    Raises:
        Incomplete: the order is not ready to be sent.
        WrongState: it has been sent already.
    """
    with transaction.atomic():
        locked = _lock_whole_draft(order, at=at)
        address = User.objects.lower(email) or ""
        GuestSender.objects.filter(order=locked).update(order=None)
        guest = GuestSender.objects.create(
            order=locked,
            name=name,
            email=address,
            phone=phone,
            organisation_name=organisation_name,
            organisation_kind=organisation_kind,
            language=language,
            days=list(days),
            every=every,
            is_one_expert=is_one_expert,
            asked_at=at,
            has_letter=_letters_of_a_day(address, at) < MOST_LETTERS_A_DAY,
        )
        record("orders.ask_confirmation", by=User.objects.machine(), about=locked, at=at)
        if guest.has_letter:
            notice = GuestAsked(guest, locked, guest_token(guest))
            tell_address(notice, guest.email, language=language, at=at)
    return guest


def _lock_whole_draft(order: Order, *, at: datetime) -> Order:
    locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
    if locked.state != OrderState.DRAFT or locked.contact_id is not None:
        raise WrongState(locked, SEND)
    if missing := missing_parts(locked, at=at):
        raise Incomplete(missing)
    return locked


def _letters_of_a_day(address: str, at: datetime) -> int:
    since = at - timedelta(days=1)
    return Letter.objects.filter(kind=GuestAsked.kind, email=address, made_at__gt=since).count()


def guest_token(guest: GuestSender) -> str:
    """Return the token of the link by which ``guest`` confirms the order."""
    return sign(Link("guest", guest.pk, 0))


def confirm(guest: GuestSender, *, organisation: Organisation | None = None, at: datetime) -> Order:
    """Send the guest's order: the e-mail address is theirs. Makes an account where there is none.

    Args:
        organisation: one for which the address orders already; None: the one that the guest has named, a new
            unchecked one unless the address orders for one of that name.

    Raises:
        NotYours: the address does not order for ``organisation`` (any more).
        WrongState: it has been confirmed already.
        Order.DoesNotExist: it has been asked for anew with another sender.
        AccountClosed: nothing has changed.
        Incomplete: a wished time or day has passed, the order has moved past its further days, or a theme
            has been switched off since.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(no_key=True, of=("self",)).get(guest=guest)
        if order.state != OrderState.DRAFT:
            raise WrongState(order, SEND)
        user = _account_of(guest, at=at)
        if organisation is not None and not stands_for(user, organisation, MemberRole.ORDERER):
            raise NotYours
        order.organisation = organisation or _organisation_of(guest, user, at=at)
        order.contact = order.made_by = user
        order.save(update_fields=["organisation", "contact", "made_by"])
        guest.confirmed_at = at
        guest.save(update_fields=["confirmed_at"])
        if guest.days:
            first = first_day(order)
            if first is None or min(guest.days) <= first or min(guest.days) < helsinki(at).date():
                raise Incomplete(["times_past"])
            return send_series(
                order,
                days=guest.days,
                every=guest.every,
                is_one_expert=guest.is_one_expert,
                by=user,
                at=at,
            )[0]
        return send(order, by=user, at=at)


def _account_of(guest: GuestSender, *, at: datetime) -> User:
    """Return the account with the confirmed address; an earlier one keeps its name and language."""
    user, made = User.objects.get_or_create(
        email=guest.email,
        defaults={
            "name": guest.name,
            "phone": guest.phone,
            "language": guest.language,
            "password": make_password(None),
        },
    )
    if made:
        record("accounts.make", by=user, about=user, at=at)
    if not user.is_active:
        raise AccountClosed
    return user


def _organisation_of(guest: GuestSender, user: User, *, at: datetime) -> Organisation:
    """Return the organisation of that name for which the sender orders already, else a new unchecked one."""
    same = organisations_same(name=guest.organisation_name)
    earlier = orders_already_for(guest.email).filter(pk__in=same.order_by().values("pk")).first()
    return earlier or register(
        name=guest.organisation_name,
        kind=Kind(guest.organisation_kind),
        tasks=[Task.ORDERS],
        by=user,
        at=at,
        for_user=user,
    )
