"""Who may write pages and send good practices."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_admin, is_counter, is_signed_in
from luukku.content.models import PracticePage
from luukku.content.queries import is_sent_back
from luukku.feedback.models import WhatChanged


@rules.predicate
def is_own(user: User, practice: PracticePage) -> bool:
    """Has sent the practice."""
    return practice.submitted_by_id is not None and practice.submitted_by_id == user.pk


@rules.predicate
def is_back(user: User, practice: PracticePage) -> bool:
    """The counter has sent the practice back to be added to."""
    return is_sent_back(practice)


@rules.predicate
def may_be_practice(user: User, answer: WhatChanged) -> bool:
    """The orderer has said that the answer may be turned into a good practice."""
    return answer.may_be_practice and answer.answered_at is not None


rules.add_perm("content.write", is_counter | is_admin)
rules.add_perm("content.submit_practice", is_signed_in)
rules.add_perm("content.view_practice", is_own)
rules.add_perm("content.revise_practice", is_own & is_back)
rules.add_perm("content.start_practice", is_counter & may_be_practice)
