"""The advice page: asks for a way to answer, keeps what was typed, refuses robots without a puzzle."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from luukku.guidance.models import Question
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
URL = "/fi/advice/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def shown(seconds_ago=30):
    return signing.dumps(
        (timezone.now() - timedelta(seconds=seconds_ago)).timestamp(), salt="luukku.ask"
    )


def form(**changes):
    return {
        "topic": "order",
        "words": "Miten tilaan?",
        "email": "a@example.test",
        "shown": shown(),
    } | changes


def test_advice_asks_and_thanks(client):
    response = client.post(URL, form())

    assert (response.status_code, response["Location"]) == (303, "/fi/advice/thanks/")
    assert Question.objects.get().words == "Miten tilaan?"
    assert client.get(response["Location"]).status_code == 200


def test_advice_with_an_account_needs_no_contact():
    client, person = Client(), make_person()
    client.force_login(person, backend=BACKEND)

    assert (
        client.post(URL, {"topic": "other", "words": "Kysyn", "shown": shown()}).status_code == 303
    )
    assert Question.objects.get().asked_by == person


def test_advice_topic_can_be_given_in_the_address(client):
    page = client.get(URL + "?topic=training").content.decode()

    assert re.search(r'value="training"[^>]*checked', page)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"email": "", "phone": ""}, "Anna sähköpostisi"),
        ({"words": ""}, "Täytä tämä."),
        ({"words": "x" * 1_000_000}, "4000"),
        ({"email": "ei osoite"}, "sähköpostiosoite"),
        ({"topic": "no-such"}, "no-such"),
        ({"website": "http://spam.example"}, "nopeasti"),
        ({"shown": "forged"}, "auki liian kauan"),
        ({"shown": ""}, "auki liian kauan"),
    ],
)
def test_advice_bad_input_gets_words_and_keeps_what_was_typed(client, changes, words):
    response = client.post(URL, form(**changes))

    page = response.content.decode()
    assert response.status_code == 422
    assert words in page
    assert not Question.objects.exists()
    if "words" not in changes:
        assert "Miten tilaan?" in page


def test_advice_too_quick_is_refused(client):
    assert client.post(URL, form(shown=shown(0))).status_code == 422


def test_advice_emoji_and_right_to_left_text_are_kept_without_direction_marks(client):
    client.post(URL, form(words="Hei 🌿 مرحبا \u202eevil"))

    assert Question.objects.get().words == "Hei 🌿 مرحبا evil"


def test_advice_same_form_five_times_is_one_question(client):
    token = str(uuid.uuid4())

    answers = {client.post(URL, form(form_token=token))["Location"] for _n in range(5)}

    assert answers == {"/fi/advice/thanks/"}
    assert Question.objects.count() == 1


def test_advice_many_within_an_hour_are_put_off(client):
    codes = [client.post(URL, form()).status_code for _n in range(9)]

    assert codes == [303] * 8 + [422]
