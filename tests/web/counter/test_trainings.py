"""Trainings that are held and applications for them: at the counter, at the producer's desk and on the open pages."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.experts.models import CompletedTraining
from luukku.organisations.models import MemberRole, Task
from luukku.training import actions
from luukku.training.models import Application, Run
from luukku.training.states import ApplicationState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_programme, make_run
from tests.markup import flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(name, args=args)


def desk_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def times(n=1, days=30):
    day = (timezone.now() + timedelta(days=days + n)).date()
    return {f"day{n}": str(day), f"from{n}": "10:00", f"to{n}": "14:00"}


def test_training_is_begun_opened_and_found_by_everybody(counter, client):
    producer = make_organisation(tasks=[Task.TRAINS])
    programme = make_programme(state="agreed", producer=producer)
    form = sent(
        organiser=producer.pk, mode="place", seats=8, address="Pori", has_interview="on", **times(1), **times(2)
    )  # fmt: skip

    answer = counter.post(url("counter:run-new", programme.pk), form)

    run = Run.objects.get()
    assert answer.url == url("counter:run", run.pk)
    assert (run.event.state, run.event.sessions.count(), run.event.how) == (
        "draft",
        2,
        "application",
    )
    counter.post(url("counter:run-open", run.pk), sent())
    page = flat(client.get(url("public:programmes")))
    assert url("public:apply", run.pk) in page
    assert (
        url("public:apply", run.pk)
        in client.get(url("public:event", run.event_id)).content.decode()
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"to1": "09:00"}, "to1"),
        ({"day2": "2027-05-05"}, "from2"),
        ({"seats": 0}, "seats"),
        ({"day1": ""}, "day1"),
        ({"organiser": 0}, "organiser"),
    ],
)
def test_training_that_cannot_be_is_told_at_its_field_and_kept(counter, changes, field):
    producer = make_organisation(tasks=[Task.TRAINS])
    programme = make_programme(state="agreed", producer=producer)
    form = sent(organiser=producer.pk, mode="place", seats=8, address="Talo", **times(1)) | changes

    answer = counter.post(url("counter:run-new", programme.pk), form)

    assert (answer.status_code, field in answer.context["form"].errors) == (422, True)
    assert answer.context["form"]["address"].value() == "Talo"
    assert not Run.objects.exists()


def test_training_in_the_past_is_refused_and_nothing_typed_is_lost(counter):
    producer = make_organisation(tasks=[Task.TRAINS])
    programme = make_programme(state="agreed", producer=producer)
    form = sent(organiser=producer.pk, mode="place", seats=8, **times(1, days=-40))

    answer = counter.post(url("counter:run-new", programme.pk), form)

    assert answer.status_code == 422
    assert not Run.objects.exists()


def test_somebody_without_email_applies_by_phone(counter):
    caller, run = make_person("Soittava Saara", email=""), make_run()
    form_page = url("counter:person-apply", caller.pk)
    assert form_page in counter.get(url("counter:person", caller.pk)).content.decode()

    answer = counter.post(form_page, sent(run=run.pk, barriers=["travel", "cost"], needs="Kyyti."))

    own = Application.objects.get()
    assert answer.url == url("counter:application", own.pk)
    assert (own.person, own.via, own.barriers, own.needs) == (
        caller,
        "counter",
        ["cost", "travel"],
        "Kyyti.",
    )
    page = flat(counter.get(answer.url))
    assert "Soittava Saara" in page
    assert "The way there is long or hard" in page
    assert flat(counter.get(url("counter:run", run.pk))).count("Costs") == 1


def test_person_applies_sees_it_and_takes_it_back():
    person, run, other = make_person(), make_run(), make_run()
    client = desk_of(person)
    form = sent(why="Haluan oppia.", barriers=["time"], second=other.pk)

    answer = client.post(url("public:apply", run.pk), form)

    own = Application.objects.get(run=run)
    assert answer.url == url("public:application", own.pk)
    assert "Haluan oppia." in client.get(answer.url).content.decode()
    assert client.get(url("public:apply", run.pk)).url == answer.url
    assert (
        client.get(url("public:applications"))
        .content.decode()
        .count(url("public:application", "0")[:-2])
        >= 2
    )
    assert client.get(url("public:application-withdraw", own.pk)).status_code == 200
    client.post(url("public:application-withdraw", own.pk), sent())
    own.refresh_from_db()
    assert (own.state, own.second.state) == ("withdrawn", "sent")


def test_visitor_reads_how_to_apply_by_phone(client):
    run = make_run()

    page = flat(client.get(url("public:apply", run.pk)))

    assert "By phone you need neither an account nor e-mail" in page
    assert client.post(url("public:apply", run.pk), sent(why="x")).status_code == 302
    assert not Application.objects.exists()


def test_page_says_why_one_cannot_apply_instead_of_a_button(client):
    run = make_run(closes_at=timezone.now() - DAY)

    page = flat(desk_of(make_person()).get(url("public:apply", run.pk)))

    assert "Signing up ended on" in page
    assert "Send the application" not in page


def test_strangers_application_is_not_there():
    own, other = make_application(), make_run()
    stranger = desk_of(make_person())
    producer = desk_of(make_member(other.event.organiser, role=MemberRole.PRODUCER))

    assert stranger.get(url("public:application", own.pk)).status_code == 404
    assert producer.get(url("orderer:application", own.pk)).status_code == 404
    assert (
        producer.post(url("orderer:application-act", own.pk, "choose"), sent()).status_code == 404
    )
    assert producer.get(url("orderer:run", own.run_id)).status_code == 404


def test_producer_meets_and_chooses_at_the_own_desk():
    own = make_application(why="Minulla on tarina.")
    producer = desk_of(make_member(own.run.event.organiser, role=MemberRole.PRODUCER))

    assert url("orderer:run", own.run_id) in producer.get(url("orderer:runs")).content.decode()
    assert (
        url("orderer:application", own.pk)
        in producer.get(url("orderer:run", own.run_id)).content.decode()
    )
    day = str((timezone.now() + 3 * DAY).date())
    invitation = sent(day=day, starts="12:00", where="Puhelin")
    producer.post(url("orderer:application-act", own.pk, "interview"), invitation)
    producer.post(url("orderer:application-act", own.pk, "choose"), sent())

    own.refresh_from_db()
    assert (own.state, own.interview_where) == (ApplicationState.CHOSEN, "Puhelin")
    assert own.run.event.sign_ups.get().state == "confirmed"
    assert producer.get(url("orderer:application-act", own.pk, "burn")).status_code == 404


def test_second_choice_is_shown_to_the_counter_and_never_to_the_first_producer(counter):
    second = make_run(title_fi="Salainen toive")
    own = make_application(second=second)
    producer = desk_of(make_member(own.run.event.organiser, role=MemberRole.PRODUCER))

    assert "Salainen toive" in counter.get(url("counter:application", own.pk)).content.decode()
    for page in (
        url("orderer:application", own.pk),
        url("orderer:run", own.run_id),
        url("orderer:runs"),
    ):
        assert "Salainen toive" not in producer.get(page).content.decode()


def test_interview_in_the_past_and_a_no_without_words_are_told_at_their_fields(counter):
    own = make_application()
    past = sent(day="2020-01-01", starts="12:00", where="Pori")

    for act, form, field in (("interview", past, "day"), ("turn-down", sent(words=" "), "words")):
        answer = counter.post(url("counter:application-act", own.pk, act), form)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    own.refresh_from_db()
    assert own.state == "sent"


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_year_that_is_a_slip_is_told_at_its_field(counter, day):
    own, programme = make_application(), make_programme(state="agreed")
    interview = sent(day=day, starts="00:00", where="Pori")
    run = sent(
        organiser=programme.producers.first().pk, mode="place", seats=8, address="Pori", closes_on=day,
        **(times(1) | {"day1": day, "from1": "00:00"}),
    )  # fmt: skip

    for address, form, fields in (
        (url("counter:application-act", own.pk, "interview"), interview, {"starts"}),
        (url("counter:run-new", programme.pk), run, {"closes_on", "from1", "to1"}),
    ):
        answer = counter.post(address, form)
        assert (answer.status_code, answer.context["form"].errors.keys()) == (422, fields)
        assert b"Check the year." in answer.content


def test_completing_is_refused_before_the_end_and_asks_for_a_reason_when_hours_are_missing(counter):
    past = timezone.now() - 60 * DAY
    run = make_run(past, starts_at=timezone.now() - 2 * DAY)
    own = actions.choose(make_application(run, at=past), by=make_coordinator(), at=past)
    page = url("counter:application-act", own.pk, "complete")

    few = counter.post(page, sent(together="1", alone="0", exemption=""))
    assert (few.status_code, list(few.context["form"].errors)) == (422, ["exemption"])
    counter.post(page, sent(together="11.5", alone="5", exemption=""))

    own.refresh_from_db()
    assert (own.state, own.contact_minutes) == ("completed", 690)
    assert CompletedTraining.objects.get().run_code == run.code
    soon = actions.choose(make_application(make_run()), by=make_coordinator(), at=timezone.now())
    early = counter.post(
        url("counter:application-act", soon.pk, "complete"),
        sent(together="12", alone="5"),
        follow=True,
    )
    assert "After that you can write down who completed." in flat(early)


def test_who_takes_part_stops_by_the_own_page():
    past = timezone.now() - 60 * DAY
    run = make_run(past, starts_at=timezone.now() - 2 * DAY, sessions=2)
    own = actions.choose(make_application(run, at=past), by=make_coordinator(), at=past)
    client = desk_of(own.person)
    assert (
        url("public:application-stop", own.pk)
        in client.get(url("public:application", own.pk)).content.decode()
    )

    client.post(url("public:application-stop", own.pk), sent(reason="untold"))

    own.refresh_from_db()
    assert own.state == "stopped"


def test_lists_cost_the_same_with_one_and_three(counter, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    programme = make_programme(state="agreed")
    producer = desk_of(make_member(programme.producers.get(), role=MemberRole.PRODUCER))
    pages = (
        (counter, url("counter:runs")), (counter, url("counter:applications")), (producer, url("orderer:runs")),
        (Client(), url("public:programmes")),
    )  # fmt: skip

    def numbers():
        found = []
        for client, page in pages:
            client.get(page)
            with CaptureQueriesContext(
                connection,
            ) as queries:
                client.get(page)
            found.append(len(queries))
        return found

    make_application(make_run(programme=programme))
    one = numbers()
    for _n in range(2):
        make_application(make_run(programme=programme))

    assert numbers() == one
