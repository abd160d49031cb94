"""The way of a profile into the bank and out of it."""

from __future__ import annotations

from datetime import datetime

from luukku.accounts.models import User
from luukku.core.fields import field_of
from luukku.experts.actions.common import Incomplete, behind
from luukku.experts.actions.profile import EDITABLE
from luukku.experts.models import Expert
from luukku.experts.notices import ProfileReceived, ProfileReturned, ProfileWelcomed
from luukku.experts.queries import missing_parts
from luukku.experts.states import ERASE, LEAVE, RETURN, SUBMIT, WELCOME
from luukku.notices.actions import tell
from luukku.privacy.actions import set_consents
from luukku.workflow.actions import moving


def submit(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Send the profile to the counter.

    Raises:
        Incomplete: parts are missing.
        WrongState: it is there already.
    """
    with moving(expert, SUBMIT, by=by, at=at, on_behalf_of=behind(expert, by)) as expert:
        if missing := missing_parts(expert):
            raise Incomplete(missing)
        tell(ProfileReceived(expert), to=expert.user, at=at)
    return expert


def welcome(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Take the expert into the bank.

    Raises:
        Incomplete: a part or a consent has gone since the profile was sent.
    """
    with moving(expert, WELCOME, by=by, at=at) as expert:
        if missing := missing_parts(expert):
            raise Incomplete(missing)
        tell(ProfileWelcomed(expert), to=expert.user, at=at)
    return expert


def send_back(expert: Expert, words: str, *, by: User, at: datetime) -> Expert:
    """Give the profile back to be completed, with the counter's words."""
    with moving(expert, RETURN, by=by, at=at) as expert:
        tell(ProfileReturned(expert, words), to=expert.user, at=at)
    return expert


def leave(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Take the expert out of the bank; the profile stays theirs and can be sent again."""
    behalf = None if by.is_machine else behind(expert, by)  # a closed account leaves by the machine
    with moving(expert, LEAVE, by=by, at=at, on_behalf_of=behalf) as expert:
        pass
    return expert


def erase(expert: Expert, *, by: User, at: datetime) -> Expert:
    """Empty the profile for good and take back every consent; the code name alone stays.

    ``assignments.actions.erase_profile`` leaves the bank first.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor the counter.
        WrongState: the expert is in the bank or waits for it.
    """
    with moving(expert, ERASE, by=by, at=at, on_behalf_of=behind(expert, by)) as expert:
        for name in EDITABLE:
            field = field_of(Expert, name)
            setattr(expert, field.attname, field.get_default())
        expert.is_paused, expert.paused_until = False, None
        expert.task_types.clear()
        expert.languages.clear()
        for rows in (expert.experiences, expert.weekly_slots, expert.exceptions, expert.trainings):
            rows.all().delete()
        set_consents(expert.user, set(), by=by, at=at)
    return expert
