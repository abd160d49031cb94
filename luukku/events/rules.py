"""Who may do what to an event and to a sign-up."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter
from luukku.events.models import Attendance, Audience, Event, SignUp
from luukku.events.models.event import ORGANISERS
from luukku.events.states import SHOWN_EVENTS
from luukku.organisations.queries import stands_for


@rules.predicate
def is_shown(user: User, event: Event | None) -> bool:
    """An event that is no draft; without an account one that people are not put on the list of."""
    return (
        event is not None
        and event.state in SHOWN_EVENTS
        and (user.is_active or event.audience != Audience.INVITED)
    )


@rules.predicate
def is_organiser(user: User, event: Event | None) -> bool:
    """Stands for the organisation that holds the event."""
    return event is not None and any(
        stands_for(user, event.organiser_id, role) for role in ORGANISERS
    )


@rules.predicate
def is_own(user: User, sign_up: SignUp | None) -> bool:
    """The person who comes, with an account."""
    return sign_up is not None and sign_up.person_id is not None and sign_up.person_id == user.pk


@rules.predicate
def holds_its_event(user: User, sign_up: SignUp | None) -> bool:
    """Stands for the organisation whose event it is."""
    return sign_up is not None and is_organiser(user, sign_up.event)


@rules.predicate
def sees_its_sign_up(user: User, attendance: Attendance | None) -> bool:
    """Sees the sign-up whose attendance it is."""
    return attendance is not None and user.has_perm("events.view_sign_up", attendance.sign_up)


rules.add_perm("events.view", is_shown | is_counter | is_organiser)
rules.add_perm("events.view_sign_up", is_own | is_counter | holds_its_event)
rules.add_perm("events.view_attendance", sees_its_sign_up)
