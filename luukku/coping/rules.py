"""Who may see and settle a sign of load: the expert first, orderers never."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine
from luukku.coping.models import Flag, YearlyTalk
from luukku.coping.states import FlagState
from luukku.experts.models import Expert
from luukku.experts.rules import is_behind
from luukku.experts.rules import is_own as is_own_profile
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.queries import stands_for
from luukku.privacy.models import Purpose
from luukku.privacy.queries import has_consent


@rules.predicate
def is_own(user: User, flag: Flag | None) -> bool:
    """Is about the person."""
    return flag is not None and flag.expert.user_id == user.pk


@rules.predicate
def is_passed_on(_user: User, flag: Flag | None) -> bool:
    """The expert has had time to see it first."""
    return flag is not None and flag.passed_on_at is not None


@rules.predicate
def is_open_or_acted(_user: User, flag: Flag | None) -> bool:
    """Nobody has put it aside, and it is not over."""
    return flag is not None and flag.state in {FlagState.RAISED, FlagState.ACTED}


@rules.predicate
def answers_with_consent(user: User, flag: Flag | None) -> bool:
    """Answers for the expert at the background organisation, and the expert says yes to being seen so."""
    return (
        flag is not None
        and flag.expert.responsible_person_id == user.pk
        and stands_for(user, flag.expert.background_organisation_id, MemberRole.BACKGROUND)
        and has_consent(flag.expert.user, Purpose.COPING)
    )


@rules.predicate
def has_settled(user: User, flag: Flag | None) -> bool:
    """Has put it aside."""
    return flag is not None and flag.settled_by_id == user.pk


@rules.predicate
def has_background(_user: User, expert: Expert | None) -> bool:
    """Some organisation stands behind the expert."""
    return expert is not None and expert.background_organisation_id is not None


@rules.predicate
def was_talked_with(user: User, talk: YearlyTalk | None) -> bool:
    """The talk was with the person."""
    return talk is not None and talk.expert.user_id == user.pk


@rules.predicate
def held_it(user: User, talk: YearlyTalk | None) -> bool:
    """Stands for the organisation that held the talk and still stands behind the expert."""
    return (
        talk is not None
        and talk.organisation_id == talk.expert.background_organisation_id
        and stands_for(user, talk.organisation_id, MemberRole.BACKGROUND)
    )


@rules.predicate
def stands_behind(user: User, organisation: Organisation | None) -> bool:
    """Stands behind experts in the organisation's name."""
    return organisation is not None and stands_for(user, organisation, MemberRole.BACKGROUND)


sees_at_counter = is_counter & is_passed_on
rules.add_perm(
    "coping.view",
    is_own | sees_at_counter | (is_passed_on & is_open_or_acted & answers_with_consent),
)
rules.add_perm("coping.ask_talk", is_own)
rules.add_perm("coping.act", sees_at_counter)
rules.add_perm("coping.dismiss", is_own | sees_at_counter)
rules.add_perm("coping.reopen", sees_at_counter | (is_own & has_settled))
rules.add_perm("coping.end", is_machine)

rules.add_perm("coping.view_talk", was_talked_with | is_counter | held_it)
rules.add_perm("coping.note_talk", has_background & (is_counter | is_behind) & ~is_own_profile)
rules.add_perm("coping.remove_talk", (is_counter | held_it) & ~was_talked_with)
rules.add_perm("coping.view_promises", is_counter | stands_behind)
rules.add_perm("coping.call_background", is_counter)
rules.add_perm("coping.invite", is_counter)
