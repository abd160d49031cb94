"""Events of a document: each state that it can name comes to stand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from luukku.config.scenarios import load
from luukku.core.document import BadSpec
from luukku.events.models import Answer, Attendance, Event, SignUp
from luukku.events.states import EventState

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(microsecond=0)


def moment(days, hours=0):
    return (NOW + timedelta(days=days, hours=hours)).isoformat()


def event(days, **more):
    return {
        "organiser": "n", "kind": "info", "title_fi": "Infotilaisuus", "mode": "place", "seats": 1,
        "at": moment(-60), "times": [{"starts_at": moment(days), "ends_at": moment(days, 2)}],
    } | more  # fmt: skip


def document(*events):
    return {
        "people": [
            {"key": "c", "name": "Kaisa", "email": "c@example.test", "roles": ["coordinator"]},
            {"key": "d", "name": "Dora", "email": "d@example.test", "roles": ["coordinator"]},
            *({"key": key, "name": key, "email": f"{key}@example.test"} for key in ("one", "two", "three")),
            {"key": "paper", "name": "Paperi", "email": ""},
        ],
        "organisations": [{"key": "n", "name": "Yhdistys", "kind": "ngo", "tasks": ["trains"]}],
        "events": list(events),
    }  # fmt: skip


def states(event):
    return list(event.sign_ups.order_by("pk").values_list("state", flat=True))


def test_events_come_to_stand_as_the_document_says():
    load(
        document(
            event(9, state="draft"),
            event(10, key="open", municipality="Pori", language="sv", responsible="d",
                  covers=["meal"], questions=[{"words_fi": "Allergiat?"}], sign_ups=[
                      {"person": "one", "answers": ["Ei"]}, {"person": "paper"}, {"person": "two", "state": "withdrawn"}]),
            event(11, how="approval", seats=2, min_seats=1, decide_on=moment(5)[:10], closes_at=moment(10),
                  state="closed", sign_ups=[{"person": "one", "state": "confirmed"}, {"person": "two", "state": "declined"},
                                            {"person": "three"}]),
            event(12, state="cancelled", sign_ups=[{"person": "one", "by_counter": True}]),
            event(-3, state="held", sign_ups=[{"person": "one", "presence": ["here"]}]),
            event(13, guests_ok=True, seats=3, sign_ups=[
                {"guest": {"name": "V", "email": "v@example.test"}},
                {"guest": {"name": "H", "email": "h@example.test"}, "state": "held"}, {"person": "two", "state": "held"}]),
        )
    )  # fmt: skip

    draft, opened, closed, cancelled, held, guests = Event.objects.order_by("pk")
    assert [one.state for one in (draft, opened, closed, cancelled, held)] == [
        EventState.DRAFT, EventState.PUBLISHED, EventState.CLOSED, EventState.CANCELLED, EventState.HELD,
    ]  # fmt: skip
    assert states(opened) == ["confirmed", "waiting", "withdrawn"]
    assert (opened.municipality.name, opened.language_id, opened.responsible.name) == (
        "Pori",
        "sv",
        "Dora",
    )
    assert Answer.objects.get().words == "Ei"
    assert states(closed) == ["confirmed", "declined", "applied"]
    assert states(guests) == ["confirmed", "held", "held"]
    assert Attendance.objects.get().sign_up.event == held
    assert SignUp.objects.filter(via="counter").count() == 2


def test_event_of_a_document_is_repeated():
    load(document(event(10, repeats=[moment(17)[:10], moment(24)[:10]])))

    events = Event.objects.order_by("starts_at")
    assert [one.state for one in events] == [EventState.PUBLISHED] * 3
    assert len({one.series_id for one in events}) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        event(4, state="held"),
        event(-3, state="held", sign_ups=[{"person": "one"}, {"person": "two", "presence": ["here"]}]),
        event(4, organiser="nobody"),
    ],
)  # fmt: skip
def test_event_that_cannot_be_is_refused_with_its_place(wrong):
    with pytest.raises(BadSpec, match="events/0"):
        load(document(wrong))
