"""What the database refuses of events and sign-ups, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import translation

from luukku.events.models import Audience, Booking, Event, How, Kind, SignUp
from luukku.events.states import EventState, SignUpState
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up

pytestmark = pytest.mark.django_db
S = SignUpState


def refused(name):
    return pytest.raises(IntegrityError, match=name)


def test_person_has_one_live_sign_up_for_an_event_and_a_new_one_after_the_old_has_ended(at):
    event, person = make_event(at), make_person()
    first = make_sign_up(event, person)

    with refused("one_live_sign_up_per_person"), transaction.atomic():
        make_sign_up(event, person, state=S.WAITING)
    SignUp.objects.filter(pk=first.pk).update(state=S.WITHDRAWN, place=None)

    assert make_sign_up(event, person).place == first.place


def test_place_has_one_live_sign_up(at):
    event = make_event(at)
    first = make_sign_up(event)

    with refused("one_live_sign_up_per_place"), transaction.atomic():
        make_sign_up(event, place=first.place)


@pytest.mark.parametrize(
    ("state", "fields", "name"),
    [
        (S.CONFIRMED, {"place": None}, "sign_up_place_where_it_has_one"),
        (S.HELD, {"held_until": None}, "sign_up_held_until_while_held"),
        (S.CONFIRMED, {"is_held": True}, "sign_up_held_until_while_held"),
        (S.WAITING, {"queue_at": None}, "sign_up_waits_since"),
        (S.CONFIRMED, {"guest_mark": "x"}, "sign_up_of_a_person_or_a_guest"),
    ],
)
def test_sign_up_that_contradicts_itself_is_refused(at, state, fields, name):
    if fields.pop("is_held", False):
        fields["held_until"] = at

    with refused(name):
        make_sign_up(make_event(at), state=state, **fields)


def test_place_that_somebody_has_cannot_be_taken_away(at):
    sign_up = make_sign_up(make_event(at))

    with pytest.raises(ProtectedError):
        sign_up.place.delete()
    with refused("place"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM events_place WHERE id = %s", [sign_up.place_id])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_nobody_gives_the_same_time_to_two_events_unless_one_was_moved(at):
    start, person = at + timedelta(days=5), make_person()
    one, two = make_event(at, starts_at=start), make_event(at, starts_at=start)

    def book(event, **fields):
        return Booking.objects.create(
            sign_up=make_sign_up(event, person),
            session=event.sessions.get(),
            person=person,
            starts_at=start,
            ends_at=start + timedelta(hours=2),
            **fields,
        )

    book(one)
    with refused("nobody_is_in_two_events_at_once"), transaction.atomic():
        book(two)

    assert book(two, is_moved=True).pk


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"min_seats": 2}, "event_minimum_is_decided_on"),
        ({"min_seats": 4, "decide_on": "2026-12-01"}, "event_minimum_fits"),
        ({"quota_experts": 2}, "event_both_quotas"),
        ({"quota_experts": 2, "quota_professionals": 2}, "event_quotas_fit"),
        ({"covers": ["gold"]}, "event_known_covers"),
        ({"starts_at": None, "ends_at": None}, "event_shown_has_a_time"),
        ({"guests_ok": True, "kind": Kind.PEER}, "event_guests_where_they_may_come"),
        ({"guests_ok": True, "how": How.APPLICATION}, "event_guests_where_they_may_come"),
        ({"guests_ok": True, "audience": Audience.EXPERTS}, "event_guests_where_they_may_come"),
    ],
)
def test_event_that_contradicts_itself_is_refused(at, fields, name):
    event = make_event(at)

    with refused(name):
        Event.objects.filter(pk=event.pk).update(**fields)


def test_sessions_of_an_event_do_not_overlap(at):
    event = make_event(at)
    session = event.sessions.get()

    with refused("sessions_of_an_event_follow_each_other"), transaction.atomic():
        event.sessions.create(starts_at=session.starts_at, ends_at=session.ends_at)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_event_says_its_title_and_summary_in_the_readers_language(at):
    event = make_event(at, title_sv="Infokväll", summary_fi="Tervetuloa.")

    with translation.override("sv"):
        assert (event.title, event.summary) == ("Infokväll", "Tervetuloa.")


def test_event_takes_people_from_the_queue_until_a_day_before_unless_it_says_another_time(at):
    event = make_event(at)

    assert event.promotes_until == event.starts_at - timedelta(hours=24)
    event.promote_until = at
    assert event.promotes_until == at
    assert Event(starts_at=None).promotes_until is None
    assert (event.takes_until, event.has_quotas) == (event.starts_at, False)


def test_events_that_come_are_those_that_go_on_the_soonest_first(at):
    late, soon = make_event(at), make_event(at, starts_at=at + timedelta(days=1))
    make_event(at, starts_at=at - timedelta(days=1))
    make_event(at, state=EventState.CANCELLED)

    assert list(Event.objects.coming(at)) == [soon, late]


def test_event_for_those_on_a_list_is_not_told_to_everybody(at):
    shown = make_event(at)
    make_event(at, audience=Audience.INVITED)
    make_event(at, state=EventState.DRAFT)

    assert list(Event.objects.open_to_all()) == [shown]
