"""Calendar entries: neutral, stable, the same in mail and feed."""

from datetime import timedelta

import pytest
from icalendar import Calendar

from luukku.assignments import actions
from luukku.assignments.calendar import event, feed
from luukku.orders.models import CancelledBy, Mode
from luukku.taxonomy.models import Theme
from tests.factories.accounts import make_person
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
    assert [entry["UID"] for entry in orderer_sees] == [mailed["UID"]]
    assert expert_sees[0]["UID"] == mailed["UID"]


def test_feed_forgets_what_is_long_past(at):
    task = make_agreed(at)

    assert Calendar.from_ical(feed(task.expert.user, at=task.ends_at + timedelta(days=90))).walk(
        "VEVENT"
    )
    assert not Calendar.from_ical(
        feed(task.expert.user, at=task.ends_at + timedelta(days=91))
    ).walk("VEVENT")
