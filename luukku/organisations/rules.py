"""Who may do what to an organisation."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_admin, is_counter, is_signed_in
from luukku.organisations.models import ChangeAsked, MemberRole, Membership, Organisation
from luukku.organisations.queries import leads


@rules.predicate
def is_member(user: User, organisation: Organisation | None) -> bool:
    """Stands for the organisation in any role."""
    return (
        organisation is not None
        and organisation.memberships.standing().filter(user_id=user.pk).exists()
    )


rules.add_perm("organisations.view", is_counter | is_admin | is_member)
rules.add_perm("organisations.register", is_signed_in)


@rules.predicate
def sees_its_organisation(user: User, about: Membership | ChangeAsked | None) -> bool:
    """Sees the organisation whose member, or whose change, it is."""
    return about is not None and user.has_perm("organisations.view", about.organisation)


rules.add_perm("organisations.view_member", sees_its_organisation)
rules.add_perm("organisations.view_change", sees_its_organisation)


@rules.predicate
def is_contact_in_role(user: User, membership: Membership | None) -> bool:
    """Is the contact person of the organisation in the role of ``membership``, whosever that is."""
    return membership is not None and leads(
        user, membership.organisation_id, MemberRole(membership.role)
    )


@rules.predicate
def has_asked(user: User, asked: ChangeAsked | None) -> bool:
    """Asked for the change."""
    return asked is not None and asked.asked_by_id == user.pk


@rules.predicate
def is_on_its_own(_user: User, organisation: Organisation | None) -> bool:
    """The organisation is not joined with another."""
    return organisation is not None and organisation.joined_into_id is None


rules.add_perm("organisations.edit", is_counter | is_member)
rules.add_perm("organisations.accept_change", is_counter & ~has_asked)
rules.add_perm("organisations.refuse_change", is_counter & ~has_asked)
rules.add_perm("organisations.add_member", is_counter | is_contact_in_role)
rules.add_perm("organisations.name_contact", is_counter | is_contact_in_role)
rules.add_perm("organisations.remove_member", is_counter | is_contact_in_role)
rules.add_perm("organisations.vet", is_counter)
rules.add_perm("organisations.refuse", is_counter)
rules.add_perm("organisations.end", is_counter)
rules.add_perm("organisations.join", is_counter)
rules.add_perm("organisations.part", is_counter)
rules.add_perm("organisations.part_checked", is_counter)
rules.add_perm("organisations.reopen", is_counter & is_on_its_own)
