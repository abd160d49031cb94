"""What was typed is kept when the session ends while one writes, also on pages that are open to all."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from luukku.events.actions import field_of
from luukku.events.models import Question, SignUp
from luukku.training.models import Application
from tests.factories.accounts import make_person
from tests.factories.events import make_event
from tests.factories.training import make_run

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def writes(page, typed, person):
    """Send ``typed`` on ``page`` after the session has ended; return the answer and the page after signing in."""
    client = Client(headers={"referer": f"http://testserver{page}"})
    client.force_login(person, backend=BACKEND)
    token = client.get(page).content.decode().split('name="form_token" value="')[1].split('"')[0]
    client.cookies.pop("sessionid")
    answer = client.post(page, {"form_token": token} | typed)
    client.force_login(person, backend=BACKEND)
    return answer, client.get(page).content.decode()


def test_application_is_kept_until_one_has_signed_in():
    page = f"/fi/runs/{make_run().pk}/apply/"

    answer, after = writes(page, {"why": "Pitkä ja vaikea tarina."}, make_person())

    assert answer.status_code == 302
    assert page in answer.url
    assert "Pitkä ja vaikea tarina." in after
    assert not Application.objects.exists()


def test_answers_to_an_event_that_takes_no_guests_are_kept():
    event = make_event(timezone.now())
    page = f"/fi/events/{event.pk}/sign-up/"
    question = Question.objects.create(
        event=event, number=1, words_fi="Mitä tarvitset?", kind="text"
    )

    answer, after = writes(page, {field_of(question): "Kyydin asemalta."}, make_person())

    assert (answer.status_code, page in answer.url) == (302, True)
    assert "Kyydin asemalta." in after
    assert not SignUp.objects.exists()


@pytest.mark.parametrize("page", ["/fi/runs/{}/apply/"])
def test_run_that_nobody_may_see_is_not_there_for_a_visitor_who_sends_a_form(page):
    run = make_run(audience="invited")

    assert Client().post(page.format(run.pk), {"form_token": str(uuid.uuid4())}).status_code == 404
