"""Forms of trainings: what they refuse, what they ask and in how many queries they are drawn."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.events import actions as events
from luukku.events.models import Presence
from luukku.events.refusals import ByApplication
from luukku.organisations.models import MemberRole, Task
from luukku.training import actions
from luukku.training.models import Application, Run
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_programme, make_run
from tests.markup import flat
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)
NUMBER_BY_PHONE = 12
NUMBER_BY_ONESELF = 10


def url(name, *args):
    return reverse(name, args=args)


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def day(n):
    return str((timezone.now() + n * DAY).date())


def a_run(producer, **changes):
    session = {"day1": day(30), "from1": "10:00", "to1": "14:00"}
    return sent(organiser=producer.pk, mode="place", seats=8, address="Talo", **session) | changes


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"closes_on": day(31)}, "closes_on"),
        ({"closes_on": day(-2)}, "closes_on"),
        ({"address": ""}, "address"),
        ({"mode": "both", "address": ""}, "address"),
        ({"mode": "both", "meeting_url": "ei linkki"}, "meeting_url"),
    ],
)
def test_training_without_a_place_or_with_a_last_day_that_cannot_be_is_refused(
    counter, changes, field
):
    producer = make_organisation(tasks=[Task.TRAINS])
    programme = make_programme(state="agreed", producer=producer)

    answer = counter.post(url("counter:run-new", programme.pk), a_run(producer, **changes))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Run.objects.exists()


def test_remote_training_has_a_link_and_somebody_of_the_producer_who_answers_for_it(counter):
    producer, other = (make_organisation(tasks=[Task.TRAINS]) for _n in range(2))
    programme = make_programme(state="agreed", producers=[producer, other])
    mine = make_member(producer, role=MemberRole.PRODUCER)
    form = a_run(
        producer, mode="remote", address="", meeting_url="https://example.fi/a", responsible=mine.pk
    )
    page = url("counter:run-new", programme.pk)

    wrong = counter.post(page, form | sent(organiser=other.pk))
    counter.post(page, form)

    assert list(wrong.context["form"].errors) == ["responsible"]
    event = Run.objects.get().event
    assert (event.responsible, event.meeting_url) == (mine, "https://example.fi/a")


@pytest.mark.parametrize("number", [1, 3])
def test_form_by_phone_draws_any_number_of_trainings_in_as_many_queries(
    counter, number, django_assert_num_queries
):
    for _n in range(number):
        make_run()
    page = url("counter:person-apply", make_person().pk)
    counter.get(page)

    with django_assert_num_queries(NUMBER_BY_PHONE):
        counter.get(page)


@pytest.mark.parametrize("number", [1, 3])
def test_second_choices_are_drawn_in_as_many_queries(number, django_assert_num_queries):
    run, client = make_run(), desk_of(make_person())
    for _n in range(number):
        make_run()
    client.get(url("public:apply", run.pk))

    with django_assert_num_queries(NUMBER_BY_ONESELF):
        client.get(url("public:apply", run.pk))


def test_who_applies_again_reads_that_nothing_new_was_sent(counter):
    run, person = make_run(), make_person()
    first = make_application(run, person, why="Ensin.")

    own = desk_of(person).post(url("public:apply", run.pk), sent(why="Uudelleen."), follow=True)
    phone = counter.post(url("counter:person-apply", person.pk), sent(run=run.pk), follow=True)

    assert "You had applied for this training already." in flat(own)
    assert "There is an application for this training already." in flat(phone)
    assert Application.objects.get() == first


def test_nobody_is_put_on_the_list_of_a_training_past_applying(counter):
    run, person = make_run(), make_person()

    with pytest.raises(ByApplication):
        events.put_on(run.event, person, by=make_coordinator(), at=timezone.now())

    at = url("counter:event-put-on", run.event_id)
    counter.post(at, sent(person=person.pk))
    assert not run.event.sign_ups.exists()


def test_counter_comes_from_the_training_to_the_callers_application(counter):
    run, person = make_run(), make_person()
    make_run()
    at = url("counter:event-put-on", run.event_id)
    assert at in counter.get(url("counter:event", run.event_id)).content.decode()
    assert counter.get(f"{at}?person={person.pk}").context["form"]["person"].value() == person.pk

    assert counter.post(at, sent(person="")).status_code == 422
    answer = counter.post(at, sent(person=person.pk))

    assert answer.url == f"{url('counter:person-apply', person.pk)}?run={run.pk}"
    assert counter.get(answer.url).context["form"].fields["run"].initial == run.pk
    assert not Application.objects.exists()


def test_withdrawing_from_a_training_on_the_events_page_leads_to_the_application():
    run, by = make_run(), make_coordinator()
    own = actions.choose(make_application(run), by=by, at=timezone.now())
    page = url("public:event-withdraw", run.event_id)

    assert desk_of(own.person).get(page).url == url("public:application-withdraw", own.pk)
    own.refresh_from_db()
    assert own.state == "chosen"


def test_who_was_marked_absent_has_not_been_there():
    now, by = timezone.now(), make_coordinator()
    run = make_run(now - 40 * DAY)
    rows = [
        actions.choose(make_application(run, at=now - 40 * DAY), by=by, at=now - 40 * DAY)
        for _n in range(2)
    ]
    marks = dict(zip(rows, (Presence.HERE, Presence.AWAY), strict=True))
    session = run.event.sessions.get()
    for own, presence in marks.items():
        sign_up = run.event.sign_ups.get(person=own.person)
        sign_up.attendance.create(
            session=session, presence=presence, marked_by=by, marked_at=session.ends_at
        )

    been = [
        url("public:event", run.event_id)
        in desk_of(own.person).get(url("public:events-own")).content.decode()
        for own in rows
    ]

    assert been == [True, False]


def test_why_somebody_stopped_is_noted_and_read_by_the_person_too(counter, coordinator):
    now, by = timezone.now(), make_coordinator()
    run = make_run(now - 29 * DAY, starts_at=now - DAY)
    own = actions.choose(make_application(run, at=now - 29 * DAY), by=by, at=now - 28 * DAY)
    actions.stop(own, by=own.person, reason="wellbeing", at=now)

    counter.get(url("counter:application", own.pk))
    page = desk_of(own.person).get(url("public:application", own.pk)).content.decode()

    assert "training.application.stop_reason" in noted(coordinator)[own.person_id]
    assert "Wellbeing" in page
