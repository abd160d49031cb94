"""What the form of an event asks, where, and what it says when it is saved."""

import pytest

from luukku.events.models import Event, Mode
from luukku.notices.models import Letter
from luukku.organisations.models import Task
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.organisations import make_organisation
from tests.markup import flat
from tests.web.counter.events.test_making import day_in, event_fields, sent, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def organiser():
    return make_organisation(tasks=[Task.TRAINS])


@pytest.mark.parametrize("link", ["teams", "https://kokous.example.test/1"])
def test_link_that_is_hidden_hinders_nothing_and_is_dropped(counter, organiser, link):
    answer = counter.post(url("event-new"), event_fields(organiser, meeting_url=link))

    assert (answer.status_code, Event.objects.get().meeting_url) == (303, "")
    seen = counter.post(url("event-new"), event_fields(organiser, meeting_url=link, mode="both"))
    assert (seen.status_code == 422) == (link == "teams")


def test_link_left_behind_is_dropped_without_telling_anybody_of_a_change(counter, at):
    event = make_event(
        at, mode=Mode.PLACE, meeting_url="https://kokous.example.test/1", address="Talo"
    )
    make_sign_up(event)
    form = counter.get(url("event-edit", event.pk)).context["form"]

    answer = counter.post(url("event-edit", event.pk), typed(form) | {"seats": "5"})

    event.refresh_from_db()
    assert (answer.status_code, event.seats, event.meeting_url) == (303, 5, "")
    assert not Letter.objects.exists()


@pytest.mark.parametrize("days", [-300, 0])
def test_day_of_decision_that_has_passed_is_refused_at_its_field(counter, organiser, days):
    answer = counter.post(
        url("event-new"), event_fields(organiser, min_seats="2", decide_on=str(day_in(days)))
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["decide_on"])
    assert not Event.objects.exists()


def test_day_of_decision_after_the_start_is_refused_at_its_field(counter, at):
    event = make_event(at, address="Talo")
    form = counter.get(url("event-edit", event.pk)).context["form"]
    changed = typed(form) | {"min_seats": "2", "decide_on": str(day_in(40))}

    answer = counter.post(url("event-edit", event.pk), changed)

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["decide_on"])


@pytest.mark.parametrize("number", ["0", "-1"])
def test_fewest_places_are_one(counter, organiser, number):
    page = counter.get(url("event-new"))
    answer = counter.post(url("event-new"), event_fields(organiser, seats=number))

    assert page.context["form"].fields["seats"].widget.attrs["min"] == 1
    assert answer.context["form"].errors["seats"] == ["Give at least one place."]


def test_address_says_when_it_is_needed_and_not_that_it_is_optional(counter):
    page = flat(counter.get(url("event-new")))

    label = page[page.index('for="id_address"') :].split("</label>")[0]
    assert "optional" not in label
    assert "Needed, unless one takes part remotely only." in page


def test_somebody_of_elsewhere_does_not_answer_for_a_new_event(counter, organiser):
    person = make_person(name="Aada Hakija")

    answer = counter.post(
        url("event-new"),
        event_fields(organiser, responsible=str(person.pk), responsible_words="Aada Hakija"),
    )

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["responsible"])
    assert not Event.objects.exists()


def test_times_saved_without_any_say_what_follows(counter, organiser):
    counter.post(url("event-new"), event_fields(organiser))
    made = Event.objects.get()
    form = counter.get(url("event-times", made.pk)).context["form"]

    answer = counter.post(url("event-times", made.pk), sent() | typed(form))

    assert "Saved without any time." in flat(counter.get(answer.url))
