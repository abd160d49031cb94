"""A producer's own desk: from a new programme to a training that has been held, without a call to the counter."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.core.duty import queue
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.training import actions
from luukku.training.models import Programme, Run
from luukku.training.states import ApplicationState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_programme, make_run
from tests.markup import as_shown, flat

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"orderer:{name}", args=args)


def sent(**fields):
    return {"form_token": str(uuid.uuid4())} | fields


def day(n):
    return str((timezone.now() + n * DAY).date())


def desk_of(organisation, role=MemberRole.PRODUCER):
    client = Client()
    client.force_login(make_member(organisation, role=role), backend=BACKEND)
    return client


@pytest.fixture
def producer():
    return make_organisation(tasks=[Task.TRAINS])


@pytest.fixture
def desk(producer):
    return desk_of(producer)


def a_run(**changes):
    session = {"day1": day(30), "from1": "10:00", "to1": "14:00"}
    return sent(mode="place", seats=8, address="Talo", has_interview="on", **session) | changes


def test_producer_writes_shares_and_proposes_a_programme_and_the_others_are_told(desk, producer):
    other = make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER)
    form = sent(kind="basic", title_fi="Uusi ohjelma", producers=[producer.pk], contact_story=60)

    assert url("programme-new") in desk.get(url("programmes")).content.decode()
    desk.post(url("programme-new"), form)
    made = Programme.objects.get()
    assert (made.state, list(made.producers.all())) == ("draft", [producer])
    for move in ("share", "propose", "propose"):
        desk.post(url("programme-move", made.pk, move), sent())

    made.refresh_from_db()
    assert made.proposed_at is not None
    assert Letter.objects.filter(kind="training.proposed").count() == 1
    assert Letter.objects.get(kind="training.proposed").reader == other
    now = timezone.now()
    assert [one.key for one in queue(at=now, kind="programme")] == [made.pk]
    actions.agree(made, decision="Kokous", by=make_coordinator(), at=now)
    assert queue(at=now, kind="programme") == []
    assert Letter.objects.filter(kind="training.agreed").count() == 2
    assert "The producers agreed on it on" in flat(desk.get(url("programme", made.pk)))


def test_producer_writes_no_programme_of_others(desk):
    other = make_organisation(tasks=[Task.TRAINS])
    form = sent(kind="basic", title_fi="Vieras", producers=[other.pk], contact_story=60)

    answer = desk.post(url("programme-new"), form)

    assert (answer.status_code, "producers" in answer.context["form"].errors) == (422, True)
    assert not Programme.objects.exists()


@pytest.mark.parametrize("role", [MemberRole.ORDERER, MemberRole.BACKGROUND])
def test_nobody_but_a_producer_begins_anything(producer, role):
    made = make_programme(producer=producer, state="agreed")
    client = desk_of(producer, role)

    for page in (url("programme-new"), url("run-new", made.pk)):
        assert client.get(page).status_code in {403, 404}
    assert not Run.objects.exists()


def test_producer_of_another_programme_begins_no_run_of_this_one(producer):
    made = make_programme(producer=producer, state="agreed")
    other = desk_of(make_organisation(tasks=[Task.TRAINS]))

    assert other.get(url("run-new", made.pk)).url == url("programme", made.pk)
    other.post(url("run-new", made.pk), a_run(organiser=producer.pk))
    assert not Run.objects.exists()


def test_form_of_a_programme_is_not_shown_to_who_may_not_change_it(producer):
    shared = make_programme(producer=producer, state="shared")
    agreed = make_programme(producer=producer, state="agreed")
    other, own = desk_of(make_organisation(tasks=[Task.TRAINS])), desk_of(producer)

    assert own.get(url("programme-edit", shared.pk)).status_code == 200
    for client, made in ((other, shared), (own, agreed)):
        assert client.get(url("programme-edit", made.pk)).url == url("programme", made.pk)


def test_producer_begins_opens_changes_and_calls_off_a_training(desk, producer):
    made = make_programme(producer=producer, state="agreed")
    assert url("run-new", made.pk) in desk.get(url("programme", made.pk)).content.decode()
    assert desk.get(url("run-new", made.pk)).status_code == 200

    desk.post(url("run-new", made.pk), a_run(organiser=producer.pk))
    run = Run.objects.get()
    page = desk.get(url("run", run.pk)).content.decode()
    assert url("run-open", run.pk) in page
    desk.post(url("run-open", run.pk), sent())
    waiting = make_application(run)
    shown = desk.get(url("run-change", run.pk)).context["form"]
    moved = {f"day_{run.event.sessions.get().pk}": day(40)}
    desk.post(
        url("run-change", run.pk), as_shown(shown) | sent(address="Toinen talo", seats=9, **moved)
    )

    run = Run.objects.get()
    assert (run.event.address, run.event.seats, run.event.sessions.count()) == ("Toinen talo", 9, 1)
    assert str(run.event.starts_at.date()) == day(40)
    told = Letter.objects.get(reader=waiting.person, kind="training.moved").body
    begins = helsinki(run.event.starts_at)
    new = f"{begins.day}.{begins.month}.{begins.year}"
    assert ("Toinen talo" in told, new in told) == (True, True)
    assert desk.get(url("run-call-off", run.pk)).status_code == 200
    desk.post(url("run-call-off", run.pk), sent(reason="Kouluttaja sairastui."))
    run.event.refresh_from_db()
    waiting.refresh_from_db()
    assert (run.event.state, waiting.state) == ("cancelled", ApplicationState.CALLED_OFF)
    assert "Kouluttaja sairastui." in flat(desk.get(url("run", run.pk)))


def test_change_that_cannot_be_is_told_at_its_field_and_kept(desk, producer):
    run = make_run(programme=make_programme(producer=producer, state="agreed"))
    by = make_coordinator()
    for _n in range(2):
        actions.choose(make_application(run), by=by, at=timezone.now())

    answer = desk.post(url("run-change", run.pk), a_run(seats=1, address="Kirjoitettu"))

    assert (answer.status_code, "seats" in answer.context["form"].errors) == (422, True)
    assert answer.context["form"]["address"].value() == "Kirjoitettu"


@pytest.mark.parametrize(
    ("set_by_counter", "changes", "field"),
    [
        ({"min_seats": 6, "decide_on": day(9)}, {"seats": 3}, "seats"),
        ({"quota_professionals": 3, "quota_experts": 3}, {"seats": 4}, "seats"),
        ({"opens_at": timezone.now() + 20 * DAY}, {"closes_on": day(10)}, "closes_on"),
    ],
)
def test_what_the_counter_has_set_is_told_at_the_field_that_it_hinders(
    desk, producer, set_by_counter, changes, field
):
    run = make_run(programme=make_programme(producer=producer, state="agreed"))
    type(run.event).objects.filter(pk=run.event_id).update(seats=8, **set_by_counter)
    version = desk.get(url("run-change", run.pk)).context["form"]["version"].value()

    answer = desk.post(url("run-change", run.pk), a_run(version=version, **changes))

    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_link_that_is_hidden_hinders_no_producer(desk, producer):
    programme = make_programme(producer=producer, state="agreed")
    asked = a_run(organiser=producer.pk, meeting_url="teams")

    assert desk.post(url("run-new", programme.pk), asked | {"mode": "both"}).status_code == 422
    assert desk.post(url("run-new", programme.pk), asked).status_code == 303
    assert Run.objects.get().event.meeting_url == ""


def test_producer_marks_who_came_and_another_producer_does_not(desk, producer):
    now, by = timezone.now(), make_coordinator()
    programme = make_programme(now - 40 * DAY, producer=producer, state="agreed")
    run = make_run(now - 40 * DAY, programme=programme, starts_at=now - DAY)
    own = actions.choose(make_application(run, at=now - 40 * DAY), by=by, at=now - 39 * DAY)
    session, sign_up = run.event.sessions.get(), run.event.sign_ups.get()
    other = desk_of(make_organisation(tasks=[Task.TRAINS]))

    assert url("attendance", session.pk) in desk.get(url("run", run.pk)).content.decode()
    assert own.person.name in flat(desk.get(url("attendance", session.pk)))
    desk.post(url("attendance", session.pk), sent(**{f"mark_{sign_up.pk}": "here"}))

    assert sign_up.attendance.get().presence == "here"
    for page in (url("attendance", session.pk), url("run", run.pk), url("run-change", run.pk)):
        assert other.get(page).status_code == 404


def test_training_is_not_marked_before_it_begins(desk, producer):
    run = make_run(programme=make_programme(producer=producer, state="agreed"))

    page = flat(desk.get(url("attendance", run.event.sessions.get().pk)))

    assert "You can mark who came" in page


def test_paper_of_a_training_has_those_who_were_chosen_and_is_for_who_holds_it(desk, producer):
    now = timezone.now()
    run = make_run(now, organiser=producer)
    actions.choose(make_application(run, make_person("Veera Virta")), by=make_coordinator(), at=now)
    make_application(run, make_person("Hakee Vasta"))
    other = desk_of(make_organisation(tasks=[Task.TRAINS]))

    page = desk.get(url("run-paper", run.pk)).content.decode()

    assert url("run-paper", run.pk) in desk.get(url("run", run.pk)).content.decode()
    assert "Veera Virta" in page
    assert "Hakee Vasta" not in page
    assert other.get(url("run-paper", run.pk)).status_code == 404
