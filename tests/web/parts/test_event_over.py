"""What stays on the pages of an event that is over or off: for who was there, and for those who kept it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.events.models import Attendance, Presence
from luukku.events.states import EventState, SignUpState
from luukku.organisations.models import MemberRole
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_member
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def ended(days, **fields):
    now = timezone.now()
    return make_event(now, starts_at=now - timedelta(days=days), **fields)


@pytest.mark.parametrize(
    ("presence", "says"),
    [
        (None, "You were there."),
        (Presence.HERE, "You were there."),
        (Presence.AWAY, "marked absent"),
    ],
)
def test_who_had_a_place_reads_how_it_was_and_has_nothing_to_withdraw(presence, says):
    own = make_sign_up(ended(2))
    if presence:
        Attendance.objects.create(
            sign_up=own,
            session=own.event.sessions.get(),
            presence=presence,
            marked_by=own.event.responsible,
            marked_at=timezone.now(),
        )

    read = flat(signed_in(own.person).get(reverse("public:event", args=[own.event_id])))

    assert says in read
    for gone in ("You have a place", "Into your calendar", "Withdraw the sign-up", "by phone"):
        assert gone not in read


def test_who_waited_for_a_place_reads_that_it_has_ended():
    own = make_sign_up(ended(2), state=SignUpState.WAITING)

    read = flat(signed_in(own.person).get(reverse("public:event", args=[own.event_id])))

    assert "The event has ended." in read
    assert "You are on the waiting list" not in read


def test_nobody_is_asked_whether_to_withdraw_when_it_has_ended():
    own = make_sign_up(ended(2))
    here = reverse("public:event-withdraw", args=[own.event_id])
    at_counter = reverse("counter:event-answer", args=[own.pk, "withdraw"])

    for reader, page in ((own.person, here), (make_coordinator(), at_counter)):
        answer = signed_in(reader).get(page, follow=True)
        assert len(answer.redirect_chain) == 1
        assert "has ended" in flat(answer)


@pytest.mark.parametrize(
    ("days", "off_days", "is_shown"),
    [(20, None, True), (40, None, False), (-9, 20, True), (-9, 40, False)],
)
def test_contacts_are_shown_for_a_while_and_names_stay(settings, days, off_days, is_shown):
    settings.LUUKKU_EVENT_CONTACT_DAYS = 30
    off = {} if off_days is None else {
        "state": EventState.CANCELLED, "state_changed_at": timezone.now() - timedelta(days=off_days),
    }  # fmt: skip
    event = ended(days, **off)
    make_sign_up(
        event, make_person("Tulija Tiina", email="tiina@esimerkki.example", phone="+358401234567")
    )
    organiser = make_member(event.organiser, role=MemberRole.PRODUCER)

    for reader, name in ((make_coordinator(), "counter:event"), (organiser, "orderer:our-event")):
        read = flat(signed_in(reader).get(reverse(name, args=[event.pk])))
        assert "Tulija Tiina" in read
        assert ("tiina@esimerkki.example" in read) is is_shown
        assert ("tel:" in read.partition("Tulija Tiina")[2].partition("</li>")[0]) is is_shown
        assert ("addresses are shown here until" in read) is is_shown
