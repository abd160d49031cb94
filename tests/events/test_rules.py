"""Who sees which event and which sign-up: the list and the rule never drift apart."""

import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.events.models import (
    Answer,
    Attendance,
    Audience,
    Event,
    ForWhom,
    Kind,
    Material,
    Presence,
    Question,
    SignUp,
)
from luukku.events.queries import own_sign_up
from luukku.events.states import EventState, SignUpState
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
VIEW = {
    Event: "events.view",
    SignUp: "events.view_sign_up",
    Answer: "events.view_answer",
    Attendance: "events.view_attendance",
    Material: "events.view_material",
}


@pytest.mark.parametrize("model", VIEW, ids=lambda model: model.__name__)
def test_list_and_rule_agree_on_who_sees_what(at, model):
    organiser, own = make_organisation(tasks=[Task.TRAINS], at=at), make_person()
    producer = make_member(organiser, role=MemberRole.PRODUCER)
    event = make_event(at, organiser=organiser)
    make_event(at, organiser=organiser, state=EventState.DRAFT)
    make_event(at, audience=Audience.INVITED)
    make_sign_up(make_event(at))
    coming = make_sign_up(event, own)
    peers = make_event(at, kind=Kind.PEER)
    for one in [*Event.objects.all(), peers]:
        for whom in ForWhom:
            Material.objects.get_or_create(
                event=one, url=f"https://diat.example/{whom}", for_whom=whom,
                defaults={"number": 1, "title": "Diat", "made_by": producer, "made_at": at},
            )  # fmt: skip
    for number, is_sensitive in enumerate([True, False], 1):
        asked = Question.objects.create(
            event=event, number=number, words_fi="Apu?", is_sensitive=is_sensitive
        )
        Answer.objects.create(sign_up=coming, question=asked, words="Kyllä")
    Attendance.objects.create(
        sign_up=coming, session=event.sessions.get(),
        presence=Presence.HERE, marked_by=producer, marked_at=at,
    )  # fmt: skip
    people = [
        own,
        producer,
        event.responsible,
        make_coordinator(),
        make_person(),
        make_person(is_active=False),
    ]

    for user in [*people, AnonymousUser()]:
        rows = list(model.objects.order_by("pk"))
        listed = list(model.objects.visible_to(user).order_by("pk"))
        assert listed == [row for row in rows if user.has_perm(VIEW[model], row)]


def test_own_sign_up_is_the_live_one_else_the_last(at):
    event, person = make_event(at), make_person()
    assert own_sign_up(event, person) is None
    old = make_sign_up(event, person, state=SignUpState.WITHDRAWN)
    assert own_sign_up(event, person) == old
    live = make_sign_up(event, person)
    make_sign_up(event, person, state=SignUpState.DECLINED)

    assert own_sign_up(event, person) == live
