"""Who may do what to an event and to a sign-up."""

import rules

from luukku.accounts.models import User
from luukku.accounts.rules import is_counter, is_machine, is_signed_in
from luukku.events.models import (
    ORGANISERS,
    Answer,
    Attendance,
    Audience,
    Event,
    ForWhom,
    Kind,
    Material,
    SignUp,
)
from luukku.events.queries import may_lead_peers, shows_first_names
from luukku.events.states import SHOWN_EVENTS, EventState
from luukku.experts.rules import is_behind
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


@rules.predicate
def may_read(user: User, answer: Answer | None) -> bool:
    """An own answer, or one to the organiser; the counter reads a sensitive one of an event that it answers for."""
    if answer is None:
        return False
    sign_up, event = answer.sign_up, answer.sign_up.event
    if is_own(user, sign_up) or is_organiser(user, event):
        return True
    is_for_counter = not answer.question.is_sensitive or event.responsible_id == user.pk
    return is_counter(user) and is_for_counter


@rules.predicate
def leads_peers(user: User, event: Event | None) -> bool:
    """Answers for a peer meeting as an expert of the steering group."""
    return (
        event is not None
        and event.kind == Kind.PEER
        and event.responsible_id == user.pk
        and may_lead_peers(user)
    )


can_keep = is_counter | is_organiser
can_lead = (
    can_keep | leads_peers
)  # who leads peers sees first names, and nothing that anybody answered
can_keep_sign_up = is_counter | holds_its_event


@rules.predicate
def meets_peers(user: User, event: Event | None) -> bool:
    """Comes to a peer meeting that not just anybody can sign up for."""
    return (
        event is not None
        and shows_first_names(event)
        and SignUp.objects.confirmed().filter(event=event, person=user.pk).exists()
    )


@rules.predicate
def may_open(user: User, material: Material | None) -> bool:
    """Keeps or leads its event, or has a place there; or it is for everybody and the event is shown to them."""
    if material is None:
        return False
    event = material.event
    if can_lead(user, event):
        return True
    if event.state == EventState.CANCELLED:
        return False
    if material.for_whom == ForWhom.EVERYBODY and event.kind != Kind.PEER and is_shown(user, event):
        return True
    return (
        user.is_active and SignUp.objects.confirmed().filter(event=event, person=user.pk).exists()
    )


# Behind a signed link stands somebody without an account, and the worker gives places on: the machine acts for both.
can_come_or_go = is_own | is_machine | is_counter

rules.add_perm("events.view", is_shown | is_counter | is_organiser | leads_peers)
rules.add_perm("events.see_first_names", meets_peers | leads_peers)
rules.add_perm("events.make", can_lead)
rules.add_perm("events.edit", can_lead)
rules.add_perm("events.hand_over", can_keep)
rules.add_perm("events.repeat", can_lead)
rules.add_perm("events.set_times", can_lead)
rules.add_perm("events.ask", can_lead)
rules.add_perm("events.keep_materials", can_lead)
rules.add_perm("events.view_material", may_open)
rules.add_perm("events.publish", can_lead)
rules.add_perm("events.close", can_keep)
rules.add_perm("events.reopen", can_keep)
rules.add_perm("events.cancel", can_lead | is_machine)
rules.add_perm("events.run_anyway", can_keep)
rules.add_perm("events.decide_later", can_keep)
rules.add_perm("events.finish", is_machine)
rules.add_perm("events.put_on", can_keep)
rules.add_perm("events.check_in", can_keep)
rules.add_perm(
    "events.sign_up", is_signed_in
)  # for whom it is, ``queries.why_not`` says in kind words

rules.add_perm("events.view_sign_up", can_keep_sign_up | is_own)
rules.add_perm("events.confirm", can_come_or_go)
rules.add_perm("events.apply", can_come_or_go)
rules.add_perm("events.wait", can_come_or_go | holds_its_event)
rules.add_perm("events.say_yes", can_come_or_go)
rules.add_perm("events.withdraw", can_come_or_go | holds_its_event)
rules.add_perm("events.approve", can_keep_sign_up)
rules.add_perm("events.decline", can_keep_sign_up)
rules.add_perm("events.promote", is_machine)
rules.add_perm("events.offer", is_machine)
rules.add_perm("events.expire", is_machine)
rules.add_perm("events.ask_own", is_behind)
rules.add_perm("events.view_answer", may_read)
rules.add_perm("events.view_attendance", sees_its_sign_up)
