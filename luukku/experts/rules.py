"""Who may do what to an expert's profile."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine, is_open, is_self
from luukku.experts.models import CompletedTraining, Expert
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import stands_for


@rules.predicate
def is_own(user: User, expert: Expert | None) -> bool:
    """The expert's own profile."""
    return expert is not None and expert.user_id == user.pk


@rules.predicate
def is_behind(user: User, expert: Expert | None) -> bool:
    """Stands for the expert's background organisation."""
    return (
        expert is not None
        and expert.background_organisation_id is not None
        and stands_for(user, expert.background_organisation_id, MemberRole.BACKGROUND)
    )


@rules.predicate
def sees_its_expert(user: User, training: CompletedTraining | None) -> bool:
    """Sees the expert whose training it is."""
    return training is not None and user.has_perm("experts.view", training.expert)


rules.add_perm("experts.view_training", sees_its_expert)
rules.add_perm("experts.start", is_self | is_counter & is_open)
rules.add_perm("experts.view", is_own | is_counter | is_behind)
rules.add_perm("experts.view_support_needs", is_own | is_counter)
rules.add_perm("experts.edit", is_own | is_counter)
rules.add_perm("experts.submit", is_own | is_counter)
rules.add_perm("experts.welcome", is_counter)
rules.add_perm("experts.return", is_counter)
rules.add_perm("experts.leave", is_own | is_counter | is_machine)
rules.add_perm("experts.erase", is_own | is_counter)
rules.add_perm("experts.verify_training", (is_counter | is_behind) & ~is_own)
rules.add_perm("experts.unverify_training", is_counter & ~is_own)
rules.add_perm("experts.revoke_training", is_counter & ~is_own)
rules.add_perm("experts.restore_training", is_counter & ~is_own)
