"""A visitor without e-mail calls, is interviewed and trained; then an order that asks for it finds them."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from luukku.accounts.models import User
from luukku.events.models import Booking, Event, Session
from luukku.experts.models import FurtherKind, TrainingKind
from luukku.matching.queries import match
from luukku.notices.models import Channel, Letter
from luukku.organisations.models import MemberRole
from luukku.training.models import Application, Certificate, PracticeLecture
from luukku.training.queries import has_lectured
from luukku.training.states import LectureState
from tests.badge_check import token_of, verified
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme, make_run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


@pytest.fixture
def page(usual_page, live_server):
    client = Client()
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    usual_page.context.add_cookies([session | {"url": live_server.url}])
    with translation.override("fi"):
        usual_page.goto(live_server.url + reverse("counter:person-new"))
    return usual_page


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


def follow(page, name):
    with page.expect_navigation():
        page.get_by_role("link", name=name, exact=True).first.click()


def let_time_pass(event):
    """Let the training have been held: its times lie behind us."""
    for model in (Session, Booking):
        for row in model.objects.all():
            row.starts_at, row.ends_at = row.starts_at - 40 * DAY, row.ends_at - 40 * DAY
            row.save()
    Event.objects.filter(pk=event.pk).update(
        starts_at=event.starts_at - 40 * DAY, ends_at=event.ends_at - 40 * DAY
    )


def hold_a_lecture(page, run, own):
    """A school that calls offers an online lecture, the producer takes it by phone, and 23 students hear it."""
    school = make_organisation()
    make_member(school, role=MemberRole.ORDERER, is_contact=True)
    here = page.url[: page.url.index("/", 8)]
    with translation.override("fi"):
        page.goto(here + reverse("counter:lecture-new", args=[school.pk]))
    for name, value in {
        "day": str((timezone.now() + 10 * DAY).date()), "starts": "10:00", "ends": "12:00",
        "subject": "Lähihoitajat", "group_size": "25", "meeting_url": "https://kokous.example/luento",
    }.items():  # fmt: skip
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=mode][value=remote]").check()
    with page.expect_navigation():
        page.locator("main form button.ds-button").last.click()
    lecture = PracticeLecture.objects.get(school=school)
    with translation.override("fi"):
        page.goto(here + reverse("counter:run", args=[run.pk]))
    follow(page, "Varaa aika harjoitusluennolle")
    page.locator(f"[name=lecture][value='{lecture.pk}']").check()
    page.locator(f"[name=trainees][value='{own.pk}']").check()
    with page.expect_navigation():
        page.locator("main form button.ds-button").last.click()
    let_time_pass(run.event)
    lecture.refresh_from_db()
    Event.objects.filter(pk=lecture.event_id).update(
        starts_at=lecture.starts_at - 40 * DAY, ends_at=lecture.ends_at - 40 * DAY
    )
    PracticeLecture.objects.filter(pk=lecture.pk).update(
        starts_at=lecture.starts_at - 40 * DAY, ends_at=lecture.ends_at - 40 * DAY
    )
    with translation.override("fi"):
        page.goto(here + reverse("counter:lecture-count", args=[lecture.pk]))
    page.locator("[name=students]").fill("23")
    with page.expect_navigation():
        page.locator("main form button.ds-button").last.click()


def test_caller_without_email_is_trained_and_found(page):
    programme = make_programme(
        state="agreed", kind=TrainingKind.FURTHER, further_kind=FurtherKind.DIGITAL, title_fi="Digitaidot haltuun",
        topics={"digital": (120, 60)},
    )  # fmt: skip
    run = make_run(programme=programme)
    order = make_search(needs_further_training=True, further_kind=FurtherKind.DIGITAL)

    page.get_by_label("Nimi").fill("Saara Soittaja")
    page.get_by_label("Puhelin").fill("040 765 4321")
    page.locator("main form button.ds-button").last.click()
    page.wait_for_url("**/people/*/")
    caller = User.objects.get(name="Saara Soittaja")
    expert = make_expert(user=caller)
    before = [one.expert_id for one in match(order, at=timezone.now()).candidates]

    page.reload()
    follow(page, "Hae koulutukseen")
    page.get_by_label("Mikä koulutus?").select_option(str(run.pk))
    page.get_by_label("Matka on pitkä tai hankala").check()
    press(page, "Kirjaa hakemus")
    follow(page, "Kutsu haastatteluun")
    page.locator("[name=day]").fill(str((timezone.now() + 3 * DAY).date()))
    page.locator("[name=starts]").fill("12:00")
    page.locator("[name=where]").fill("Puhelin")
    press(page, "Kutsu")
    follow(page, "Valitse koulutukseen")
    press(page, "Valitse koulutukseen")
    own = Application.objects.get(person=caller)
    own = Application.objects.get(person=caller)
    papers = Letter.objects.filter(reader=caller, channel=Channel.PAPER)
    kinds = set(papers.values_list("kind", flat=True))
    own_page = page.url
    hold_a_lecture(page, run, own)
    page.goto(own_page)
    follow(page, "On suorittanut koulutuksen")
    page.locator("[name=together]").fill("2")
    page.locator("[name=alone]").fill("1")
    press(page, "Kirjaa suoritus")
    number = Certificate.objects.get(application=own).shown_number
    lecture = PracticeLecture.objects.get(run=run)
    follow(page, number)
    page.context.clear_cookies()
    page.reload()
    told = page.locator("main").inner_text()

    after = [one.expert_id for one in match(order, at=timezone.now()).candidates]
    assert (before, after) == ([], [expert.pk])
    # nothing says that the application has arrived: the invitation says so, in one call
    assert kinds == {"experts.welcomed", "training.interview", "events.confirmed"}
    assert (lecture.state, lecture.students_present, has_lectured(own)) == (
        LectureState.HELD,
        23,
        True,
    )
    assert verified(*token_of(own.certificates.get())) == "Digitaidot haltuun Kokemusluukku"
    for words in ("Saara Soittaja", "Digitaidot haltuun", "Tämä todistus on voimassa.", number):
        assert words in told
