"""Who may do what to a question."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine
from luukku.guidance.models import Question
from luukku.organisations.states import OrganisationState


@rules.predicate
def is_asker(user: User, question: Question | None) -> bool:
    """The person who asked, with an account."""
    return (
        question is not None
        and question.asked_by_id is not None
        and question.asked_by_id == user.pk
    )


@rules.predicate
def is_holder(user: User, question: Question | None) -> bool:
    """Contact person of the checked organisation to which the question is handed over now."""
    return (
        question is not None
        and user.is_authenticated
        and Question.objects.held_by(user).filter(pk=question.pk).exists()
    )


@rules.predicate
def is_receiver(user: User, question: Question | None) -> bool:
    """Contact person of the checked organisation that was handed the question last; the state says more."""
    last = question.hand_overs.order_by("-pk").first() if question is not None else None
    organisation = last.organisation if last is not None else None
    return (
        organisation is not None
        and organisation.state == OrganisationState.VETTED
        and organisation.memberships.filter(user_id=user.pk, is_contact=True).exists()
    )


# Behind a code or a signed link stands somebody without an account: the machine acts for them.
can_speak_as_asker = is_asker | is_machine


@rules.predicate
def is_reached(_user: User, person: User | None) -> bool:
    """Somebody without an account, or with one that has not been closed."""
    return person is None or person.is_active


rules.add_perm("guidance.view", is_counter | is_asker | is_holder)
rules.add_perm("guidance.ask_for", is_counter & is_reached)
rules.add_perm("guidance.ask_again", can_speak_as_asker | is_counter)
rules.add_perm("guidance.write_on", can_speak_as_asker | is_counter)
rules.add_perm("guidance.close", can_speak_as_asker | is_counter)
rules.add_perm("guidance.answer", is_counter)
rules.add_perm("guidance.add", is_counter)
rules.add_perm("guidance.assign", is_counter)
rules.add_perm("guidance.sort", is_counter)
rules.add_perm("guidance.note", is_counter)
rules.add_perm("guidance.hand_over", is_counter)
rules.add_perm("guidance.answer_for", is_receiver)
rules.add_perm("guidance.follow", is_counter)
rules.add_perm("guidance.take_back", is_counter)
rules.add_perm("guidance.postpone", is_counter)
rules.add_perm("guidance.keep_answer", is_counter)
