"""An event is made, changed, moved and published at the counter."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from luukku.core.times import helsinki
from luukku.events.models import Event, Kind, Mode, SignUp
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from luukku.organisations.models import Task
from tests.days import turning_of_clocks
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
S = SignUpState
SOON = (timezone.localdate() + timedelta(days=90)).isoformat()


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def sent(**changes):
    return {"form_token": str(uuid.uuid4())} | changes


def event_fields(organiser, **changes):
    return sent(
        kind="info", title_fi="Avoin ilta", organiser=organiser.pk, language="fi", mode="place", address="Kirjasto",
        audience="everybody", how="open", seats="3", guests_ok="on", covers=["travel"],
    ) | changes  # fmt: skip


def typed(form):
    """What a browser would send back of a form that was shown."""
    found = {}
    for bound in form:
        value = bound.value()
        if bound.field.widget.__class__.__name__ == "Pick":
            found[bound.html_name] = getattr(value, "key", value) or ""
        elif isinstance(value, (list, tuple)):
            found[bound.html_name] = list(value)
        elif value is True:
            found[bound.html_name] = "on"
        elif value is not False and value is not None:
            shown = bound.field.widget.format_value(value)
            shown = shown[0] if isinstance(shown, list) and shown else shown
            found[bound.html_name] = shown or ""
    return sent(**found)


def day_in(days):
    return helsinki(timezone.now()).date() + timedelta(days=days)


def test_event_is_made_given_times_and_questions_and_published(counter):
    organiser = make_organisation(tasks=[Task.TRAINS])

    answer = counter.post(url("event-new"), event_fields(organiser))

    made = Event.objects.get()
    assert (answer.status_code, answer.url) == (303, url("event-times", made.pk))
    assert (made.state, made.covers, made.places.count()) == (EventState.DRAFT, ["travel"], 3)
    assert "Give the event at least one time" in flat(counter.get(url("event", made.pk)))
    form = counter.get(answer.url).context["form"]
    day = day_in(20).isoformat()
    counter.post(
        answer.url,
        typed(form) | {"day_new1": day, "from_new1": "13:00", "to_new1": "15:00", "place_new1": "Aula"},
    )  # fmt: skip
    assert [one.place for one in made.sessions.all()] == ["Aula"]
    form = counter.get(url("event-questions", made.pk)).context["form"]
    counter.post(
        url("event-questions", made.pk),
        typed(form) | {"words_fi_1": "Syötkö kaikkea?", "kind_1": "yes_no", "is_sensitive_1": "on"},
    )
    asked = made.questions.get()
    assert (asked.words_fi, asked.kind, asked.is_sensitive) == ("Syötkö kaikkea?", "yes_no", True)
    assert "Publish the event?" in flat(counter.get(url("event-move", made.pk, "publish")))
    counter.post(url("event-move", made.pk, "publish"), sent())
    made.refresh_from_db()
    assert made.state == EventState.PUBLISHED
    assert (
        url("event-questions", made.pk) not in counter.get(url("event", made.pk)).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"kind": ""}, "kind", "Choose one."),
        ({"kind": "peer"}, "guests_ok", "To this event one comes with an account only."),
        ({"address": ""}, "address", "Write where one comes to."),
        ({"seats": "0"}, "seats", "Give at least one place."),
        ({"seats": "1001"}, "seats", "Ensure this value is less than or equal to 1000."),
        ({"min_seats": "2"}, "decide_on", "Give the day as well."),
        ({"min_seats": "4", "decide_on": "2027-01-01"}, "min_seats",
         "Give at least 1 and at most as many as there are places."),
        ({"quota_experts": "2"}, "quota_professionals", "Give both numbers, or leave both empty."),
        ({"quota_experts": "2", "quota_professionals": "2"}, "quota_experts", "More places are kept than there are."),
        ({"opens_at": "2027-01-02T10:00", "closes_at": "2027-01-01T10:00"}, "closes_at",
         "Signing up cannot end before it begins."),
        ({"opens_at": turning_of_clocks(3) + "T03:30"}, "opens_at", None),
        ({"opens_at": "0001-01-01T00:00"}, "opens_at", None),
        ({"closes_at": "soon"}, "closes_at", "Give the day and the time."),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_kept(counter, changes, field, words):
    organiser = make_organisation(tasks=[Task.TRAINS])

    answer = counter.post(url("event-new"), event_fields(organiser, **changes))

    form = answer.context["form"]
    assert (answer.status_code, list(form.errors)) == (422, [field])
    assert words is None or [str(one) for one in form.errors[field]] == [words]
    assert form["title_fi"].value() == "Avoin ilta"
    assert not Event.objects.exists()


def test_moved_times_keep_everybody_and_tell_them(counter):
    own = make_sign_up(make_event(timezone.now()))
    page = counter.get(url("event-times", own.event_id))
    key = own.event.sessions.get().pk

    counter.post(
        url("event-times", own.event_id),
        typed(page.context["form"]) | {f"day_{key}": day_in(40).isoformat()},
    )

    assert helsinki(own.event.sessions.get().starts_at).date() == day_in(40)
    own.refresh_from_db()
    assert own.state == S.CONFIRMED
    assert Letter.objects.filter(reader=own.person, kind="events.moved").count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day_new1": "2020-01-01", "from_new1": "10:00", "to_new1": "11:00"}, "day_new1"),
        ({"day_new1": "2099-01-01", "from_new1": "10:00", "to_new1": "11:00"}, "day_new1"),
        ({"day_new1": SOON, "from_new1": "10:00", "to_new1": "10:00"}, "to_new1"),
        ({"day_new1": SOON, "from_new1": "10:00"}, "to_new1"),
        ({"day_new1": turning_of_clocks(3), "from_new1": "03:30", "to_new1": "05:00"}, "from_new1"),
        ({"day_new1": turning_of_clocks(10), "from_new1": "03:30", "to_new1": "05:00"}, "from_new1"),
        ({"day_new1": SOON, "from_new1": "12:00", "to_new1": "10:00"}, "to_new1"),
        ({"day_new1": SOON, "from_new1": "09:00", "to_new1": "05:00"}, "to_new1"),
        ({"place_new1": "Aula"}, "day_new1"),
        ({"day_new1": SOON, "from_new1": "10:00", "to_new1": "12:00",
          "day_new2": SOON, "from_new2": "11:00", "to_new2": "13:00"}, "from_new2"),
    ],
)  # fmt: skip
def test_odd_times_are_told_at_their_field_and_nothing_moves(counter, changes, field):
    event = make_event(timezone.now())
    page = counter.get(url("event-times", event.pk))

    answer = counter.post(url("event-times", event.pk), typed(page.context["form"]) | changes)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert event.sessions.count() == 1


def test_published_event_keeps_one_time_at_least(counter):
    event = make_event(timezone.now())
    key = event.sessions.get().pk
    page = counter.get(url("event-times", event.pk))
    none = {f"{part}_{key}": "" for part in ("day", "from", "to", "place")}

    answer = counter.post(url("event-times", event.pk), typed(page.context["form"]) | none)

    assert (answer.status_code, answer.url) == (303, url("event-times", event.pk))
    assert "Give the event at least one time" in flat(counter.get(answer.url))
    assert event.sessions.count() == 1


def test_capacity_is_not_lowered_below_those_who_have_a_place(counter):
    event = make_event(timezone.now(), seats=3, address="Kirjasto")
    make_sign_up(event)
    make_sign_up(event)
    page = counter.get(url("event-edit", event.pk))

    answer = counter.post(url("event-edit", event.pk), typed(page.context["form"]) | {"seats": "1"})

    told = [str(one) for one in answer.context["form"].errors["seats"]]
    assert (answer.status_code, told) == (
        422, ["2 people have a place already. There can be no fewer places than that."],
    )  # fmt: skip
    assert Event.objects.get(pk=event.pk).seats == 3


def test_more_places_go_to_the_waiting_list_and_another_address_is_told(counter):
    event = make_event(timezone.now(), seats=1, address="Kirjasto")
    own, waiting = make_sign_up(event), make_sign_up(event, state=S.WAITING)
    page = counter.get(url("event-edit", event.pk))

    counter.post(
        url("event-edit", event.pk),
        typed(page.context["form"]) | {"seats": "2", "address": "Kaupungintalo"},
    )

    assert SignUp.objects.get(pk=waiting.pk).state == S.CONFIRMED
    assert Letter.objects.filter(reader=own.person, kind="events.moved").exists()
    counter.post(
        url("event-edit", event.pk),
        typed(counter.get(url("event-edit", event.pk)).context["form"]) | {"seats": "3"},
    )  # fmt: skip
    assert Letter.objects.filter(reader=own.person, kind="events.moved").count() == 1


def test_event_changed_by_two_is_asked_about(counter):
    event = make_event(timezone.now(), address="Kirjasto", closes_at=timezone.now() + timedelta(5))
    mine = typed(counter.get(url("event-edit", event.pk)).context["form"])
    Event.objects.filter(pk=event.pk).update(
        title_fi="Heidän", closes_at=timezone.now() + timedelta(7)
    )

    answer = counter.post(url("event-edit", event.pk), mine | {"title_fi": "Minun"})

    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["keep_title_fi"]
    now = typed(answer.context["form"])
    counter.post(url("event-edit", event.pk), now | {"keep_title_fi": "mine"})
    event.refresh_from_db()
    assert event.title_fi == "Minun"
    assert helsinki(event.closes_at).date() == day_in(7)  # changed by them alone: stays theirs


def test_nobody_else_makes_or_sees_events_at_the_counter(client):
    event = make_event(timezone.now())
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")

    for name in (
        "event",
        "event-edit",
        "event-times",
        "event-put-on",
        "event-paper",
        "event-cancel",
    ):
        assert client.get(url(name, event.pk)).status_code == 403
    assert client.get(url("event-new")).status_code == 403


def test_remote_event_needs_no_address(counter):
    organiser = make_organisation(tasks=[Task.TRAINS])

    counter.post(
        url("event-new"),
        event_fields(organiser, mode="remote", address="", meeting_url="https://video.example.test/x"),
    )  # fmt: skip

    made = Event.objects.get()
    assert (made.mode, made.kind, made.responsible.is_counter) == (Mode.REMOTE, Kind.INFO, True)
