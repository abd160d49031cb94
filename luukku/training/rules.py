"""Who may do what to a programme of training."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_signed_in
from luukku.organisations.models import MemberRole, Membership
from luukku.training.models import Programme
from luukku.training.states import ProgrammeState


@rules.predicate
def is_agreed(user: User, programme: Programme | None) -> bool:
    """One that has been agreed on: everybody may read about it."""
    is_open = user.is_active or not user.is_authenticated
    return programme is not None and is_open and programme.state == ProgrammeState.AGREED


@rules.predicate
def is_producer(user: User, programme: Programme | None) -> bool:
    """Stands for one of the organisations that hold it."""
    if programme is None:
        return False
    standing = Membership.objects.standing(MemberRole.PRODUCER).filter(user_id=user.pk)
    return standing.filter(organisation__in=programme.producers.values("pk")).exists()


@rules.predicate
def is_shared_with(user: User, programme: Programme | None) -> bool:
    """Stands for a producer, and the programme has been shared with all of them."""
    return (
        programme is not None
        and programme.state == ProgrammeState.SHARED
        and Membership.objects.standing(MemberRole.PRODUCER).filter(user_id=user.pk).exists()
    )


rules.add_perm(
    "training.view", is_counter | is_agreed | is_signed_in & (is_producer | is_shared_with)
)
rules.add_perm("training.start", is_counter)
rules.add_perm("training.edit", is_counter | is_producer)
rules.add_perm("training.renew", is_counter | is_producer)
rules.add_perm("training.share", is_counter | is_producer)
rules.add_perm("training.take_back", is_counter | is_producer)
rules.add_perm("training.agree", is_counter)  # who writes down what the producers have agreed on
rules.add_perm("training.retire", is_counter | is_producer)
rules.add_perm("training.resume", is_counter)
