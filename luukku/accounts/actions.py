"""Making people and giving roles."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.accounts.models import Role, User
from luukku.accounts.notices import AccountChanged, AccountClosed, AccountReopened, Changed
from luukku.audit.actions import record
from luukku.notices.actions import tell, tell_address


class EmailTaken(Exception):
    """Somebody has this e-mail address already."""


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
        try:
            with transaction.atomic():
                user = User.objects.create_user(email, name=name, phone=phone, language=language)
        except IntegrityError as error:
            if "email" in str(error):
                raise EmailTaken from error
            raise
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
        try:
            with transaction.atomic():
                user.save(update_fields=["email"])
        except IntegrityError as error:
            raise EmailTaken from error
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
    """Let nobody sign in as ``user`` any more; sessions end and the record stays.

    ``assignments.actions.close_account`` looks at what is still open before it.

    Raises:
        PermissionDenied: ``by`` is no administrator, or closes their own account.
    """
    if not by.has_perm("accounts.close", user):
        raise PermissionDenied("accounts.close")
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if not user.is_active:
            return user
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
    """
    if not by.has_perm("accounts.grant_role", user):
        raise PermissionDenied("accounts.grant_role")
    with transaction.atomic():
        user.roles = sorted(roles)
        user.save(update_fields=["roles"])
        user.join_groups()
        record("accounts.grant_role", by=by, about=user, at=at, data={"roles": user.roles})
    return user
