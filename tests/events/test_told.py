"""What letters, calendars and messages of faults tell of an event: when and where, and never more."""

from datetime import timedelta

import pytest

from luukku.assignments.calendar import feed
from luukku.events import actions
from luukku.events.calendar import single
from luukku.events.models import Attendance, Mode, Presence, Series
from luukku.notices.models import Letter
from luukku.taxonomy.models import Municipality
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event

pytestmark = pytest.mark.django_db


def lines(text, name):
    return [line for line in text.splitlines() if line.startswith(name)]


def test_entry_has_one_uid_in_letter_file_and_feed_and_no_title(at):
    event, person = make_event(at, title_fi="Suru ja vertaistuki"), make_person()
    own = actions.sign_up(event, by=person, at=at)

    told = [Letter.objects.get(reader=person).calendar, single(own), feed(person, at=at)]

    uids = {tuple(lines(text, "UID")) for text in told}
    assert len(uids) == 1
    assert not any("Suru" in text for text in told)
    assert lines(told[2], "STATUS") == ["STATUS:CONFIRMED"]


def test_feed_calls_off_what_was_let_go_and_does_not_know_what_was_only_waited_for(at):
    person, full = make_person(), make_event(at, seats=1)
    own = actions.sign_up(make_event(at), by=person, at=at)
    actions.sign_up(full, by=make_person(), at=at)
    waiting = actions.sign_up(full, by=make_person(), at=at)
    for one in (own, waiting):
        actions.withdraw(one, by=one.person, at=at)

    assert lines(feed(person, at=at), "STATUS") == ["STATUS:CANCELLED"]
    assert lines(feed(waiting.person, at=at), "STATUS") == []


@pytest.mark.parametrize(
    ("fields", "words"),
    [({"address": "Kirjasto, Pori"}, "Kirjasto, Pori"), ({"mode": Mode.REMOTE}, "etänä")],
)
def test_letter_says_where_and_a_remote_entry_holds_the_link(at, fields, words):
    event = make_event(at, meeting_url="https://kokous.example.test/", **fields)
    person = make_person()

    actions.sign_up(event, by=person, at=at)

    letter = Letter.objects.get(reader=person)
    assert words in letter.body
    assert ("kokous.example.test" in letter.calendar) is (event.mode == Mode.REMOTE)


def test_place_of_an_expert_counts_among_those_kept_for_experts(at):
    event = make_event(at, seats=2)
    own = actions.sign_up(event, by=make_person(), group="expert", at=at)

    actions.edit(
        event, quota_experts=1, quota_professionals=1, by=event.responsible, at=at + timedelta(hours=1)
    )  # fmt: skip

    own.place.refresh_from_db()
    assert own.place.group == "expert"
    assert list(event.places.exclude(pk=own.place_id).values_list("group", flat=True)) == [
        "professional"
    ]


def test_rows_are_called_by_their_numbers(at):
    event = make_event(at)
    own = actions.sign_up(event, by=make_person(), at=at)
    session, booking = event.sessions.get(), own.bookings.get()
    here = Attendance(
        pk=7, sign_up=own, session=session, presence=Presence.HERE, marked_by=make_coordinator(), marked_at=at
    )  # fmt: skip

    assert [str(one) for one in (session, own.place, own, booking, here)] == [
        f"session {session.pk} of event {event.pk}",
        f"place 1 of event {event.pk}",
        f"sign-up {own.pk}: event {event.pk}",
        f"booking {booking.pk}: session {session.pk}",
        f"attendance 7: session {session.pk}",
    ]
    assert str(Series(title_fi="Ryhmä")) == "Ryhmä"


def letter_of(event, at):
    own = actions.sign_up(event, by=make_person(), at=at)
    return Letter.objects.get(reader=own.person, kind="events.confirmed").body


def test_letters_tell_the_town_once(at):
    pori = Municipality.objects.get(name_fi="Pori")

    assert "Otavankatu 5, Pori" in letter_of(
        make_event(at, address="Otavankatu 5", municipality=pori), at
    )
    told = letter_of(make_event(at, address="Otavankatu 5, Pori", municipality=pori), at)
    assert told.count("Pori") == 1


def test_letters_of_a_remote_event_tell_where_the_link_is_seen_and_not_the_link(at):
    secret = "https://kokous.example.test/huone"
    remote = make_event(at, mode=Mode.REMOTE, address="Otavankatu 5", meeting_url=secret)

    told = letter_of(remote, at)

    assert "kun olet kirjautunut" in told
    assert secret not in told
    assert "Otavankatu" not in told
    assert "kun olet kirjautunut" not in letter_of(make_event(at), at)
