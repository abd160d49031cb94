"""Making people, giving roles, and opening an account whose key was lost."""

from datetime import datetime, timedelta

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import AddressChange, Direction, FactorReset, Inquiry, Role, User
from luukku.accounts.notices import (
    AccountChanged,
    AccountClosed,
    AccountReopened,
    AddressAsked,
    AddressMoved,
    AddressStopped,
    Changed,
    FactorsReset,
)
from luukku.accounts.queries import administrators, opens_at
from luukku.accounts.states import MOVE_ADDRESS, STOP_ADDRESS, AddressState
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.core.refused import Refused
from luukku.notices.actions import keep_on_desk, tell, tell_address
from luukku.workflow.actions import moving

OBJECTION_TIME = timedelta(days=3)  # between asking for a new address and the change


class EmailTaken(Refused):
    """Somebody has this e-mail address already."""

    words = _("Somebody already has an account with this address.")
    field = "email"


class AlreadyWaiting(Refused):
    """A change of this account's address waits already."""

    words = _("A change of this address waits already. Stop it first.")
    field = "email"


class LastAdministrator(Refused):
    """Nobody else could look after accounts any more."""

    field = "roles"

    def __init__(self, person: User) -> None:
        words = _(
            "%(name)s is the last administrator. Make somebody else an administrator first: otherwise nobody could"
            " look after accounts."
        )
        super().__init__(words % {"name": person.name})


class TooSoon(Refused):
    """The time to object has not ended, or has not begun: the old address has not been told yet."""

    words = _("There is time left to object. This page tells when it ends.")


def make_person(
    *, name: str, email: str = "", phone: str = "", language: str = "fi", by: User, at: datetime
) -> User:
    """Make an account for somebody whom the counter serves by phone or paper; ``email`` may be empty.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        EmailTaken: somebody has that e-mail address already.
    """
    if not by.has_perm("accounts.make"):
        raise PermissionDenied("accounts.make")
    with transaction.atomic():
        with refused_as({"email": EmailTaken()}):
            user = User.objects.create_user(email, name=name, phone=phone, language=language)
        record("accounts.make", by=by, about=user, at=at, on_behalf_of=user)
    return user


def edit_person(
    user: User, *, name: str, phone: str, language: str, by: User, at: datetime
) -> User:
    """Change what a person is called and how they are reached.

    Raises:
        PermissionDenied: ``by`` is neither the person nor the counter.
    """
    if not by.has_perm("accounts.edit", user):
        raise PermissionDenied("accounts.edit")
    with transaction.atomic():
        user.name, user.phone, user.language = name, phone, language
        user.save(update_fields=["name", "phone", "language"])
        behalf = None if by.pk == user.pk else user
        record("accounts.edit", by=by, about=user, at=at, on_behalf_of=behalf)
    return user


def give_email(user: User, email: str, *, by: User, at: datetime) -> User:
    """Give ``user``, who has never signed in, an address to sign in with; the first sign-in confirms it.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or the account is already in its owner's hands.
        EmailTaken: somebody has that e-mail address already.
    """
    if not by.has_perm("accounts.give_email", user):
        raise PermissionDenied("accounts.give_email")
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).delete()
        user.email = User.objects.lower(email)
        with refused_as({"email": EmailTaken()}):
            user.save(update_fields=["email"])
        record("accounts.give_email", by=by, about=user, at=at, on_behalf_of=user)
    return user


def tell_changed(user: User, what: Changed, *, old_email: str = "", at: datetime) -> None:
    """Tell ``user``, and the address that was theirs until now, what has been changed; it is audited.

    The person has changed it themselves: allauth's pages have asked who is there.
    """
    with transaction.atomic():
        tell(AccountChanged(user, at, what), to=user, at=at)
        if old_email and old_email != user.email:
            notice = AccountChanged(user, at, what)
            tell_address(notice, old_email, language=user.language, at=at)
        record("accounts.change", by=user, about=user, at=at, data={"what": what})


def end_sessions(user: User, *, by: User, at: datetime) -> User:
    """Sign ``user`` out everywhere; the person is told.

    Raises:
        PermissionDenied: ``by`` is not the person.
    """
    if not by.has_perm("accounts.end_sessions", user):
        raise PermissionDenied("accounts.end_sessions")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        user.end_sessions()
        tell(AccountChanged(user, at, Changed.SESSIONS), to=user, at=at)
        record("accounts.end_sessions", by=by, about=user, at=at)
    return user


def close(user: User, *, by: User, at: datetime) -> User:
    """Let nobody sign in as ``user`` any more; sessions end, letters that wait stay, and so does the record.

    ``assignments.actions.close_account`` looks at what is still open before it.

    Raises:
        PermissionDenied: ``by`` is no administrator, or closes their own account.
        LastAdministrator: no other administrator can sign in.
    """
    if not by.has_perm("accounts.close", user):
        raise PermissionDenied("accounts.close")
    with transaction.atomic():
        leave_an_administrator(besides=user)
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not user.is_active:
            return user
        keep_on_desk(user, at=at)
        tell(AccountClosed(user, at), to=user, at=at)
        user.is_active = False
        user.set_unusable_password()  # every session stands on the password's hash
        user.save(update_fields=["is_active", "password"])
        record("accounts.close", by=by, about=user, at=at)
    return user


def reopen(user: User, *, by: User, at: datetime) -> User:
    """Let ``user`` sign in again, with a code and then a new password.

    Raises:
        PermissionDenied: ``by`` is no administrator.
    """
    if not by.has_perm("accounts.reopen", user):
        raise PermissionDenied("accounts.reopen")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if user.is_active:
            return user
        user.is_active = True
        user.save(update_fields=["is_active"])
        tell(AccountReopened(user, at), to=user, at=at)
        record("accounts.reopen", by=by, about=user, at=at)
    return user


def set_roles(user: User, roles: set[Role], *, by: User, at: datetime) -> User:
    """Make ``roles`` exactly the counter's roles of ``user``.

    Raises:
        PermissionDenied: ``by`` is not an administrator.
        LastAdministrator: no other administrator can sign in, and ``roles`` leave ``user`` none.
    """
    if not by.has_perm("accounts.grant_role", user):
        raise PermissionDenied("accounts.grant_role")
    with transaction.atomic():
        if Role.ADMIN not in roles:
            leave_an_administrator(besides=user)
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        user.roles = sorted(roles)
        user.save(update_fields=["roles"])
        user.join_groups()
        record("accounts.grant_role", by=by, about=user, at=at, data={"roles": user.roles})
    return user


def leave_an_administrator(*, besides: User) -> None:
    """Lock ``besides`` and every administrator's account, lowest key first: two cannot take each other away at once.

    Raises:
        LastAdministrator: ``besides`` is the only one.
    """
    everybody = administrators() | User.objects.filter(pk=besides.pk)
    locked = list(everybody.order_by("pk").select_for_update(no_key=True))
    if [one.pk for one in locked if one.is_active and one.is_admin] == [besides.pk]:
        raise LastAdministrator(besides)


def ask_address(
    user: User, email: str, *, reason: str, identity: str, by: User, at: datetime
) -> AddressChange:
    """Let ``user``, who has lost their address, get ``email`` after ``OBJECTION_TIME``; the old one is told.

    Args:
        reason: what has happened, in words.
        identity: how ``by`` knows that it is ``user`` who asks.

    Raises:
        PermissionDenied: ``by`` is no administrator, or asks for their own account.
        EmailTaken: somebody has ``email`` already, or it is the account's own.
        AlreadyWaiting: another change of this account waits.
    """
    if not by.has_perm("accounts.ask_address", user):
        raise PermissionDenied("accounts.ask_address")
    email = User.objects.lower(email) or ""
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if User.objects.filter(email=email).exists():
            raise EmailTaken
        if user.address_changes.filter(state=AddressState.WAITING).exists():
            raise AlreadyWaiting
        change = AddressChange.objects.create(
            user=user, old_email=user.email or "", email=email, reason=reason, identity=identity,
            asked_by=by, asked_at=at, due_at=at + OBJECTION_TIME,
        )  # fmt: skip
        if user.email:
            tell(AddressAsked(change), to=user, at=at)
        record("accounts.ask_address", by=by, about=change, at=at, on_behalf_of=user)
    return change


def move_address(change: AddressChange, *, by: User, at: datetime) -> AddressChange:
    """Make the asked address the one that signs in; sessions end, the old address and the new one are told.

    Raises:
        PermissionDenied: ``by`` is no administrator, or it is their own account.
        WrongState: it has been stopped or done.
        TooSoon: there is time to object left, counted from when the old address was told.
        EmailTaken: somebody has got that address meanwhile.
    """
    with moving(change, MOVE_ADDRESS, by=by, at=at) as change:
        opens = opens_at(change)
        if opens is None or at < opens:
            raise TooSoon
        user = User.objects.select_for_update(no_key=True).get(pk=change.user_id)
        EmailAddress.objects.filter(user=user).delete()
        user.email = change.email
        with refused_as({"email": EmailTaken()}):
            user.save(update_fields=["email"])
        user.end_sessions()
        tell(AddressMoved(change), to=user, at=at)
        if change.old_email:
            notice = AddressMoved(change)
            tell_address(notice, change.old_email, language=user.language, at=at)
    return change


def stop_address(change: AddressChange, *, by: User, at: datetime) -> AddressChange:
    """Leave the account at its address; the person is told.

    Raises:
        PermissionDenied: ``by`` is neither the person nor at the counter nor an administrator.
        WrongState: it has been stopped or done.
    """
    with moving(change, STOP_ADDRESS, by=by, at=at) as change:
        tell(AddressStopped(change), to=change.user, at=at)
    return change


def reset_factors(user: User, *, reason: str, identity: str, by: User, at: datetime) -> User:
    """Take away lost second factors of ``user``, who is told; sessions end.

    Raises:
        PermissionDenied: ``by`` is no administrator, or resets their own.
    """
    if not by.has_perm("accounts.reset_factors", user):
        raise PermissionDenied("accounts.reset_factors")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        Authenticator.objects.filter(user=user).delete()
        user.end_sessions()
        FactorReset.objects.create(user=user, reason=reason, identity=identity, at=at)
        tell(FactorsReset(user, at), to=user, at=at)
        record("accounts.reset_factors", by=by, about=user, at=at)
    return user


def inquire(
    user: User,
    *,
    since: datetime,
    until: datetime,
    reason: str,
    direction: Direction = Direction.BY,
    by: User,
    at: datetime,
) -> Inquiry:
    """Write down that ``by`` looks into whose data ``user`` was shown from ``since`` up to ``until``, and why.

    Args:
        direction: OF looks the other way: who was shown the data of ``user``.

    Raises:
        PermissionDenied: ``by`` is no administrator.
    """
    if not by.has_perm("accounts.inquire"):
        raise PermissionDenied("accounts.inquire")
    with transaction.atomic():
        inquiry = Inquiry.objects.create(
            user=user, since=since, until=until, reason=reason, direction=direction,
            asked_by=by, asked_at=at,
        )  # fmt: skip
        record("accounts.inquire", by=by, about=inquiry, at=at, data={"account": user.pk})
    return inquiry
