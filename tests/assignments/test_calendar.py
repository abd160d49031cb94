"""Calendar entries: neutral, stable, the same in mail and feed."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from icalendar import Calendar

from luukku.assignments import actions
from luukku.assignments.calendar import event, feed
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy, Mode
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def only_event(text):
    calendar = Calendar.from_ical(text)
    (found,) = calendar.walk("VEVENT")
    return calendar, found


def cancelled(task, at):
    return actions.cancel(
        task, whose=CancelledBy.EXPERT, reason="Sairas", by=task.expert.user, at=at
    )


def test_event_says_when_and_where_and_nothing_sensitive(at):
    task = make_agreed(at, title="Masennus puheeksi")

    text = event(task, for_user=task.expert.user)
    calendar, entry = only_event(text)

    assert str(entry["SUMMARY"]) == "Experience task"
    assert (entry.decoded("DTSTART"), entry.decoded("DTEND")) == (task.starts_at, task.ends_at)
    assert str(entry["LOCATION"]) == task.place
    assert (str(entry["STATUS"]), str(entry["CLASS"])) == ("CONFIRMED", "PRIVATE")
    assert entry["SEQUENCE"] == 0
    assert entry.decoded("DTSTAMP") == at
    assert "METHOD" not in calendar
    theme = Theme.objects.get(code="depression")
    for word in ("Masennus", theme.name_fi, theme.name_en, task.expert.user.name):
        assert word not in text


def test_event_by_mail_is_a_request_to_its_reader(at):
    task = make_agreed(at)

    calendar, entry = only_event(event(task, for_user=task.expert.user, with_method=True))

    assert str(calendar["METHOD"]) == "REQUEST"
    assert entry["ATTENDEE"] == f"mailto:{task.expert.user.email}"
    assert entry["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"  # the yes has been given here
    assert entry["ATTENDEE"].params["RSVP"] == "FALSE"
    assert entry["ORGANIZER"].startswith("mailto:")
    assert "@" in entry["ORGANIZER"]


def test_event_for_somebody_without_an_address_has_no_attendee(at):
    task = make_agreed(at, expert=make_expert(at=at, user=make_person(email="")))

    _calendar, entry = only_event(event(task, for_user=task.expert.user, with_method=True))

    assert "ATTENDEE" not in entry


def test_cancelled_event_keeps_its_uid_and_counts_on(at):
    task = make_agreed(at)
    _calendar, before = only_event(event(task, for_user=task.expert.user, with_method=True))

    task = cancelled(task, at + timedelta(days=1))
    calendar, after = only_event(event(task, for_user=task.expert.user, with_method=True))

    assert after["UID"] == before["UID"]
    assert (str(calendar["METHOD"]), str(after["STATUS"])) == ("CANCEL", "CANCELLED")
    assert after["SEQUENCE"] == 1
    assert after.decoded("DTSTAMP") > before.decoded("DTSTAMP")


def test_event_of_a_remote_task_says_so(at):
    task = make_agreed(at, mode=Mode.REMOTE)

    _calendar, entry = only_event(event(task, for_user=task.expert.user))

    assert str(entry["LOCATION"]) == "Remote"


def test_feed_holds_both_sides_tasks_cancelled_ones_too_with_the_mails_uid(at):
    task = make_agreed(at)
    other = make_agreed(at, expert=task.expert, days=(20,))
    other = cancelled(other, at)
    make_agreed(at)  # somebody else's

    expert_sees = Calendar.from_ical(feed(task.expert.user, at=at)).walk("VEVENT")
    orderer_sees = Calendar.from_ical(feed(task.order.contact, at=at)).walk("VEVENT")

    _calendar, mailed = only_event(event(task, for_user=task.expert.user, with_method=True))
    assert [str(entry["STATUS"]) for entry in expert_sees] == ["CONFIRMED", "CANCELLED"]
    assert [entry["UID"] for entry in orderer_sees] == [f"order-{task.order_id}@testserver"]
    assert expert_sees[0]["UID"] == mailed["UID"]


def test_feed_forgets_what_is_long_past(at):
    task = make_agreed(at)

    assert Calendar.from_ical(feed(task.expert.user, at=task.ends_at + timedelta(days=90))).walk(
        "VEVENT"
    )
    assert not Calendar.from_ical(
        feed(task.expert.user, at=task.ends_at + timedelta(days=91))
    ).walk("VEVENT")


def test_moved_event_keeps_its_uid_counts_on_and_needs_no_time_zone(at):
    """A form gives the time as clocks in Helsinki show it; programs get it in UTC."""
    task = make_agreed(at)
    before = only_event(event(task, for_user=task.expert.user, with_method=True))[1]
    start = datetime(2026, 12, 20, 13, 0, tzinfo=ZoneInfo("Europe/Helsinki"))
    later = at + timedelta(days=1)

    actions.change_time(
        task.order,
        starts_at=start,
        ends_at=start + timedelta(hours=1),
        by=make_coordinator(),
        at=later,
    )

    letter = Letter.objects.get(kind="assignments.changed", reader=task.expert.user)
    calendar, after = only_event(letter.calendar)
    assert "DTSTART:20261220T110000Z" in letter.calendar
    assert "TZID" not in letter.calendar
    assert (after["UID"], after["SEQUENCE"]) == (before["UID"], 1)
    assert (str(calendar["METHOD"]), after.decoded("DTSTAMP")) == ("REQUEST", later)
    fed = only_event(feed(task.expert.user, at=later))[1]
    assert {key: fed[key] for key in ("UID", "SEQUENCE", "DTSTART", "DTEND")} == {
        key: after[key] for key in ("UID", "SEQUENCE", "DTSTART", "DTEND")
    }


def test_event_is_stamped_when_both_had_agreed_in_utc(at):
    task = make_agreed(at)
    task.expert_agreed_at = (at + timedelta(hours=2)).astimezone(ZoneInfo("Europe/Helsinki"))

    text = event(task, for_user=task.expert.user)

    assert "DTSTAMP:20261201T120000Z" in text


@pytest.mark.parametrize("with_method", [True, False])
def test_text_keeps_the_rules_of_rfc_5545(at, with_method):
    place = "Kehräsaaren kokoustila; B-talo, 2. kerros, ovikoodi\\soita " + "ä€😀" * 40
    task = make_agreed(at, address=place[:200])

    raw = event(task, for_user=task.expert.user, with_method=with_method).encode()

    assert raw.endswith(b"END:VCALENDAR\r\n")
    assert raw.count(b"\n") == raw.count(b"\r\n") == raw.count(b"\r")
    lines = raw.split(b"\r\n")
    assert max(map(len, lines)) <= 75  # octets, the line break left out
    assert [line for line in lines if line.startswith(b" ")]  # some are folded
    for line in lines:
        line.decode()  # no character is cut in two
    unfolded = raw.replace(b"\r\n ", b"").decode()
    assert "LOCATION:Kehräsaaren kokoustila\\; B-talo\\, 2. kerros" in unfolded
    for name in ("PRODID", "VERSION", "UID", "DTSTAMP", "DTSTART", "DTEND", "SEQUENCE"):
        assert len(re.findall(rf"^{name}[:;]", unfolded, re.MULTILINE)) == 1, name
    assert str(only_event(raw.decode())[1]["LOCATION"]) == task.place


def test_feed_speaks_its_owners_language_as_the_mail_does(at):
    task = make_agreed(at, expert=make_expert(at=at, user=make_person(language="sv")))
    mailed = Letter.objects.get(kind="assignments.agreed", reader=task.expert.user)

    with translation.override("fi"):
        fed = only_event(feed(task.expert.user, at=at))[1]

    assert fed["SUMMARY"] == only_event(mailed.calendar)[1]["SUMMARY"]
    assert "REFRESH-INTERVAL;VALUE=DURATION:PT1H" in feed(task.expert.user, at=at)
