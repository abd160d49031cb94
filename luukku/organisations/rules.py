"""Who may do what to an organisation."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_admin, is_counter, is_signed_in
from luukku.organisations.models import Organisation


@rules.predicate
def is_member(user: User, organisation: Organisation | None) -> bool:
    """Stands for the organisation in any role."""
    return (
        organisation is not None
        and organisation.memberships.standing().filter(user_id=user.pk).exists()
    )


rules.add_perm("organisations.view", is_counter | is_admin | is_member)
rules.add_perm("organisations.found", is_signed_in)
rules.add_perm(
    "organisations.edit", is_counter | is_member
)  # in which role, ``add_member`` asks further
rules.add_perm("organisations.vet", is_counter)
rules.add_perm("organisations.refuse", is_counter)
rules.add_perm("organisations.end", is_counter)
