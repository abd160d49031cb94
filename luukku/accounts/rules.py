"""Predicates about the person alone; every app builds its rules on them."""

import rules

from luukku.accounts.models import AddressChange, User


@rules.predicate
def is_signed_in(user: User) -> bool:
    """Anybody with an account."""
    return bool(user.is_authenticated)


@rules.predicate
def is_counter(user: User) -> bool:
    """Serves at the counter."""
    return getattr(user, "is_counter", False)


@rules.predicate
def is_steering(user: User) -> bool:
    """Sits in the steering group."""
    return getattr(user, "is_steering", False)


@rules.predicate
def is_admin(user: User) -> bool:
    """Looks after accounts and settings."""
    return getattr(user, "is_admin", False)


@rules.predicate
def opens_others(user: User) -> bool:
    """Sees other people's data by a role at the counter: the steering group sees figures only."""
    return is_counter(user) or is_admin(user)


@rules.predicate
def is_machine(user: User) -> bool:
    """Scheduled work, not a person."""
    return getattr(user, "is_machine", False)


@rules.predicate
def is_self(user: User, other: User | None) -> bool:
    """The person's own account."""
    return other is not None and user.pk == other.pk


@rules.predicate
def is_person(_user: User, other: User | None) -> bool:
    """An account of somebody, not of scheduled work."""
    return other is not None and not other.is_machine


@rules.predicate
def is_open(_user: User, other: User | None) -> bool:
    """An account that has not been closed: what is done for somebody on a closed one reaches nobody."""
    return other is not None and other.is_active


@rules.predicate
def is_unclaimed(user: User, other: User | None) -> bool:
    """An account that its owner has never taken into use and that has no role at the counter."""
    return (
        other is not None
        and other.last_login is None
        and not other.has_usable_password()
        and not other.roles
    )


@rules.predicate
def is_own_change(user: User, change: AddressChange | None) -> bool:
    """A change of the person's own address."""
    return change is not None and user.pk == change.user_id


rules.add_perm("accounts.view", (is_self | opens_others) & is_person)
rules.add_perm("accounts.make", is_counter)
rules.add_perm("accounts.edit", is_self | is_counter & is_open)
rules.add_perm("accounts.give_email", is_counter & is_open & is_unclaimed)
rules.add_perm("accounts.grant_role", is_admin)
rules.add_perm("accounts.close", is_admin & ~is_self)
rules.add_perm("accounts.ask_address", is_admin & ~is_self)
rules.add_perm("accounts.view_address", is_counter | is_admin | is_own_change)
rules.add_perm("accounts.move_address", is_admin & ~is_own_change)
rules.add_perm("accounts.stop_address", is_counter | is_admin | is_own_change)
rules.add_perm("accounts.reset_factors", is_admin & ~is_self)
rules.add_perm("accounts.end_sessions", is_self)
rules.add_perm("accounts.reopen", is_admin & ~is_self)
rules.add_perm("accounts.view_people", is_counter | is_admin)
rules.add_perm("accounts.inquire", is_admin)
