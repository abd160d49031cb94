"""Orders sent without an account: the link in an e-mail stands for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.links import Link, sign
from luukku.core.times import helsinki
from luukku.notices.actions import tell_address
from luukku.notices.models import Letter
from luukku.orders.actions.moves import Incomplete, send, send_series
from luukku.orders.models import GuestSender, Order
from luukku.orders.notices import GuestAsked
from luukku.orders.queries import first_day, missing_parts
from luukku.orders.states import SEND, OrderState
from luukku.organisations.actions import found
from luukku.organisations.models import MemberRole, Membership, Organisation, Task
from luukku.organisations.states import OrganisationState
from luukku.workflow.actions import WrongState

MOST_LETTERS_A_DAY = 5


class AccountClosed(Exception):
    """The account with this e-mail address has been closed; only the counter opens it again."""


class TooManyLetters(Exception):
    """This address has been written to several times today; it may be somebody else's."""


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
) -> GuestSender:
    """Write the confirmation link to the sender of an order without an account.

    Asking again with another address replaces the first; only the newest link works.

    Raises:
        Incomplete: the order is not ready to be sent.
        TooManyLetters: the address has had its letters for today.
        WrongState: it has been sent already.
    """
    with transaction.atomic():
        locked = Order.objects.select_for_update(no_key=True).get(pk=order.pk)
        if locked.state != OrderState.DRAFT or locked.contact_id is not None:
            raise WrongState(locked, SEND)
        if missing := missing_parts(locked, at=at):
            raise Incomplete(missing)
        address = User.objects.lower(email)
        today = Letter.objects.filter(
            kind=GuestAsked.kind, email=address, made_at__gt=at - timedelta(days=1)
        )
        if today.count() >= MOST_LETTERS_A_DAY:
            raise TooManyLetters
        GuestSender.objects.filter(order=locked).delete()
        guest = GuestSender.objects.create(
            order=locked,
            name=name,
            email=address,
            phone=phone,
            organisation_name=organisation_name,
            organisation_kind=organisation_kind,
            language=language,
            days=list(days),
            asked_at=at,
        )
        record("orders.ask_confirmation", by=User.objects.machine(), about=locked, at=at)
        token = sign(Link("guest", guest.pk, 0))
        tell_address(GuestAsked(guest, token), guest.email, language=language, at=at)
    return guest


def confirm(guest: GuestSender, *, at: datetime) -> Order:
    """Send the guest's order: the e-mail address is theirs. Makes an account and an unchecked organisation.

    Raises:
        WrongState: it has been confirmed already.
        AccountClosed: nothing has changed.
        Incomplete: a wished time or day has passed, the order has moved past its further days, or a theme
            has been switched off since.
    """
    with transaction.atomic():
        order = Order.objects.select_for_update(no_key=True).get(pk=guest.order_id)
        if order.state != OrderState.DRAFT:
            raise WrongState(order, SEND)
        user = _account_of(guest, at=at)
        order.organisation = _organisation_of(guest, user, at=at)
        order.contact = order.made_by = user
        order.save(update_fields=["organisation", "contact", "made_by"])
        guest.confirmed_at = at
        guest.save(update_fields=["confirmed_at"])
        if guest.days:
            first = first_day(order)
            if first is None or min(guest.days) <= first or min(guest.days) < helsinki(at).date():
                raise Incomplete(["times_past"])
            return send_series(order, days=guest.days, by=user, at=at)[0]
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
        name=guest.organisation_name,
        kind=guest.organisation_kind,
        tasks=[Task.ORDERS],
        by=user,
        at=at,
        for_user=user,
    )
