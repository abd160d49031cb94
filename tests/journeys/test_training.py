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
from luukku.training.models import Application, Certificate
from tests.badge_check import token_of, verified
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
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
    follow(page, "Valitse")
    press(page, "Valitse")
    own = Application.objects.get(person=caller)
    papers = Letter.objects.filter(reader=caller, channel=Channel.PAPER)
    kinds = set(papers.values_list("kind", flat=True))
    let_time_pass(run.event)
    page.reload()
    follow(page, "On suorittanut koulutuksen")
    page.locator("[name=together]").fill("2")
    page.locator("[name=alone]").fill("1")
    press(page, "Kirjaa suoritus")
    number = Certificate.objects.get(application=own).shown_number
    follow(page, number)
    page.context.clear_cookies()
    page.reload()
    told = page.locator("main").inner_text()

    after = [one.expert_id for one in match(order, at=timezone.now()).candidates]
    assert (before, after) == ([], [expert.pk])
    # nothing says that the application has arrived: the invitation says so, in one call
    assert kinds == {"experts.welcomed", "training.interview", "events.confirmed"}
    assert verified(*token_of(own.certificates.get())) == "Digitaidot haltuun Kokemusluukku"
    for words in ("Saara Soittaja", "Digitaidot haltuun", "Tämä todistus on voimassa.", number):
        assert words in told
