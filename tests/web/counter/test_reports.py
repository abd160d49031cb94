"""The report of a training: sent by its producer, read by the steering group."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.organisations.models import MemberRole
from luukku.training import actions
from luukku.training.models import RunReport
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.organisations import make_member
from tests.factories.training import make_application, make_run
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


def make_held():
    now = timezone.now()
    return make_run(now - 60 * DAY, starts_at=now - 3 * DAY)


def producer_of(run):
    made = make_member(run.event.organiser, role=MemberRole.PRODUCER)
    return desk_of(made)


def test_producer_sees_that_it_waits_and_sends_it_with_words():
    run = make_held()
    applicant = make_application(run, at=timezone.now() - 30 * DAY).person
    desk = producer_of(run)

    assert url("orderer:runs") in desk.get(url("orderer:desk")).content.decode()
    assert "Report not sent" in flat(desk.get("/en/orderer/runs/"))
    page = flat(desk.get(f"/en/orderer/runs/{run.pk}/report/"))
    answer = desk.post(
        url("orderer:run-report", run.pk), {"form_token": str(uuid.uuid4()), "words": "Hyvin meni"}
    )

    assert "Send to the steering group" in page
    assert applicant.name not in page
    assert answer.url == url("orderer:run", run.pk)
    assert RunReport.objects.get().words == "Hyvin meni"
    assert "version 1" in flat(desk.get(f"/en/orderer/runs/{run.pk}/"))


def test_words_that_are_too_long_come_back_with_what_was_typed():
    run = make_held()
    words = "a" * 3001

    answer = producer_of(run).post(url("orderer:run-report", run.pk), {"words": words})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not RunReport.objects.exists()


def test_page_leads_back_before_the_end():
    run = make_run(timezone.now())

    answer = producer_of(run).get(url("orderer:run-report", run.pk))

    assert answer.url == url("orderer:run", run.pk)


def test_another_producer_does_not_reach_it():
    run = make_held()

    assert producer_of(make_held()).get(url("orderer:run-report", run.pk)).status_code == 404


def test_steering_group_reads_list_and_page_and_learns_of_the_newer_one():
    run, by = make_held(), make_coordinator()
    first = actions.send_report(run, words="Ensin", by=by, at=timezone.now())
    newer = actions.send_report(run, words="Sitten", by=by, at=timezone.now())
    desk = desk_of(make_person(roles=["steering"]))

    listed = desk.get(url("counter:reports")).content.decode()
    old = desk.get(url("counter:report", first.pk)).content.decode()

    assert url("counter:report", newer.pk) in listed
    assert url("counter:report", first.pk) not in listed
    assert url("counter:report", newer.pk) in old
    assert "Sitten" in desk.get(url("counter:report", newer.pk)).content.decode()
    assert url("counter:reports") in desk.get(url("counter:home")).content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_list_costs_the_same_with_one_and_three(number, django_assert_num_queries):
    by = make_coordinator()
    for _n in range(number):
        actions.send_report(make_held(), by=by, at=timezone.now())
    desk = desk_of(make_person(roles=["steering"]))
    desk.get(url("counter:reports"))

    with django_assert_num_queries(6):
        desk.get(url("counter:reports"))


def test_counter_sends_it_for_who_calls(counter):
    run = make_held()

    assert (
        url("counter:run-report", run.pk)
        in counter.get(url("counter:run", run.pk)).content.decode()
    )
    answer = counter.post(
        url("counter:run-report", run.pk), {"form_token": str(uuid.uuid4()), "words": ""}
    )

    assert answer.url == url("counter:run", run.pk)
    assert (
        url("counter:report", RunReport.objects.get().pk)
        in counter.get(answer.url).content.decode()
    )


def send(desk, run, words, seen):
    return desk.post(
        url("orderer:run-report", run.pk),
        {"form_token": str(uuid.uuid4()), "words": words, "seen": seen},
    )


def test_words_of_a_replaced_report_are_read_by_nobody(counter):
    run, by = make_held(), make_coordinator()
    first = actions.send_report(run, words="Ensimmäiset", by=by, at=timezone.now())
    actions.send_report(run, words="Toiset", by=by, at=timezone.now())

    for desk in (counter, desk_of(make_person(roles=["steering"]))):
        assert "Ensimmäiset" not in flat(desk.get(url("counter:report", first.pk)))


def test_second_tab_is_told_of_the_first_and_keeps_what_was_typed():
    run = make_held()
    desk = producer_of(run)
    send(desk, run, "Ensin", "0")

    asked = send(desk, run, "Toisaalla", "0")
    page = flat(asked)
    sent = send(desk, run, "Toisaalla", "1")

    assert asked.status_code == 422
    assert "Ensin" in page
    assert "Toisaalla" in page
    assert 'name="seen" value="1"' in page
    assert sent.url == url("orderer:run", run.pk)


def test_name_is_caught_at_the_field_and_nothing_is_sent():
    run = make_held()
    person = make_person(name="Iida Valittu")
    make_application(run, person, at=timezone.now() - 30 * DAY)

    answer = send(producer_of(run), run, "Iida Valittu keskeytti", "0")

    assert answer.status_code == 422
    assert "Iida Valittu keskeytti" in answer.content.decode()
    assert not RunReport.objects.exists()


@pytest.mark.parametrize("is_at_counter", [False, True])
def test_who_says_that_it_names_nobody_sends_the_words_as_they_are(is_at_counter, counter):
    run = make_held()
    person = make_person(name="Iida Valittu")
    make_application(run, person, at=timezone.now() - 30 * DAY)
    desk = counter if is_at_counter else producer_of(run)
    where = url("counter:run-report" if is_at_counter else "orderer:run-report", run.pk)
    words = {"words": "Kouluttajana oli Iida Valittu.", "seen": "0"}

    before = flat(desk.get(where))
    asked = desk.post(where, words)
    desk.post(where, words | {"is_no_person": "on"})

    assert ("is_no_person" in before, "is_no_person" in flat(asked)) == (False, True)
    assert RunReport.objects.get().words == "Kouluttajana oli Iida Valittu."


def test_steering_group_is_told_no_small_number(counter):
    run = make_held()
    for _n in range(3):
        make_application(run, at=timezone.now() - 30 * DAY)
    report = actions.send_report(run, by=make_coordinator(), at=timezone.now())
    desk = desk_of(make_person(roles=["steering"]))

    page = flat(desk.get(f"/en/counter/reports/{report.pk}/"))

    assert "Applied</dt><dd>under 10" in page
    assert "too few answers to tell" in page
    assert "of 1 session nobody has marked who came" in page
    assert "under 10" in flat(desk.get("/en/counter/reports/"))


def test_counter_removes_words_and_their_page_says_why(counter):
    report = actions.send_report(
        make_held(), words="Liikaa", by=make_coordinator(), at=timezone.now()
    )
    page, remove = url("counter:report", report.pk), url("counter:report-remove", report.pk)

    assert remove in counter.get(page).content.decode()
    assert counter.get(remove).status_code == 200
    counter.post(remove, {"form_token": str(uuid.uuid4()), "reason": "Nimi sanoissa."})

    read = flat(desk_of(make_person(roles=["steering"])).get(page))
    assert "Nimi sanoissa." in read
    assert "Liikaa" not in read
    assert remove not in read
    assert counter.get(remove).url == page


def test_steering_group_removes_nothing():
    report = actions.send_report(
        make_held(), words="Liikaa", by=make_coordinator(), at=timezone.now()
    )
    desk = desk_of(make_person(roles=["steering"]))

    answer = desk.post(url("counter:report-remove", report.pk), {"reason": "Pois."})

    assert answer.status_code == 403


@pytest.mark.parametrize("name", ["reports", "decisions"])
def test_steering_group_finds_what_trainings_tell_in_its_menu_and_the_counter_behind_the_figures(
    name,
):
    there = url(f"counter:{name}")

    steering, staff = (
        desk_of(who).get(there).context["tabs"] for who in (make_steering(), make_coordinator())
    )

    home = reverse("counter:home")
    assert [tab["url"] for tab in steering] == [
        home,
        reverse("counter:reports"),
        reverse("counter:decisions"),
    ]
    assert [tab["url"] for tab in steering if tab["is_current"]] == [there]
    assert [tab["url"] for tab in staff if tab["is_current"]] == [home]
