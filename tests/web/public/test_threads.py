"""Coming back to a question: by signing in, by code, by the link of the answer."""

import uuid
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from luukku.core.links import Link, sign
from luukku.guidance import actions
from luukku.guidance.models import ClosedAs, Question
from luukku.guidance.states import QuestionState
from luukku.notices.models import Letter
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.guidance import make_handed_over, make_question

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
CODE, URL = "K7WD-2QXN-HT9C", "/fi/advice/code/"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def opened(client, code=CODE):
    return client.post(URL, {"code": code})


def way_in(way, now):
    """Return (question, client, address) of an asker who comes by ``way``."""
    client = Client()
    if way == "account":
        question = make_question(now)
        return question, signed_in(question.asked_by), f"/fi/advice/{question.pk}/"
    if way == "code":
        question = make_question(now, code=CODE)
        return question, client, opened(client)["Location"]
    question = make_question(now, email="a@example.test")
    return question, client, f"/fi/l/advice/{sign(Link('advice', question.pk, 0))}/"


@pytest.mark.parametrize("way", ["account", "code", "link"])
def test_thread_is_read_written_and_closed_by_its_asker(now, way):
    question, client, here = way_in(way, now)
    counter = make_coordinator()
    actions.answer(question, "Näin se on.", by=counter, at=now)
    actions.note(question, "SISÄINEN", by=counter, at=now)

    page = client.get(here)
    text = page.content.decode()
    assert "Miten alkuun?" in text
    assert "Näin se on." in text
    assert "SISÄINEN" not in text
    assert page["Cache-Control"] == "no-store"

    token = str(uuid.uuid4())
    for _n in range(2):  # the same form twice
        answer = client.post(here, {"write": "1", "words": "Entä sitten?", "form_token": token})
        assert (answer.status_code, answer["Location"]) == (303, here)
    question.refresh_from_db()
    assert question.state == QuestionState.ASKED
    assert question.messages.count() == 3

    actions.answer(question, "Sitten näin.", by=counter, at=now)
    client.post(here, {"close": "1"})
    question.refresh_from_db()
    assert (question.state, question.closed_as) == (QuestionState.CLOSED, ClosedAs.HELPED)
    assert client.post(here, {"close": "1"}).status_code == 303  # once more does no harm


@pytest.mark.parametrize("words", ["", " ", "x" * 4001])
def test_thread_bad_message_gets_words(now, words):
    question, client, here = way_in("account", now)

    assert client.post(here, {"write": "1", "words": words}).status_code == 422
    assert question.messages.count() == 1


def test_thread_keeps_a_message_that_comes_without_its_button(now):
    _question, client, here = way_in("account", now)

    response = client.post(here, {"words": "x" * 4001})

    assert (response.status_code, response.context["form"]["words"].value()) == (422, "x" * 4001)


def test_thread_many_messages_within_an_hour_are_put_off(now):
    _question, client, here = way_in("link", now)

    codes = [client.post(here, {"write": "1", "words": "x"}).status_code for _n in range(21)]

    assert codes == [303] * 20 + [422]


def test_thread_of_somebody_else_is_not_found(now):
    question = make_question(now)

    for client in (signed_in(make_person()), signed_in(make_coordinator())):
        assert client.get(f"/fi/advice/{question.pk}/").status_code == 404
    assert Client().get(f"/fi/advice/{question.pk}/").status_code == 302


def test_thread_says_who_answers_when_it_has_been_handed_over(now):
    question, _contact = make_handed_over(now)
    client = signed_in(question.asked_by)

    page = client.get(f"/fi/advice/{question.pk}/").content.decode()

    assert question.hand_overs.get().to_name in page
    assert "Maijan" not in page
    assert client.post(f"/fi/advice/{question.pk}/", {"close": "1"}).status_code == 303
    question.refresh_from_db()
    assert question.state == QuestionState.HANDED_OVER


def test_mine_lists_one_s_own(now):
    question, client, _here = way_in("account", now)
    make_question(now)

    page = client.get("/fi/advice/mine/").content.decode()

    assert f"/fi/advice/{question.pk}/" in page
    assert page.count("/fi/advice/") - page.count("/fi/advice/mine/") < 8
    assert len([q for q in Question.objects.all() if f'/fi/advice/{q.pk}/"' in page]) == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_mine_asks_the_same_number_of_queries(now, rows, django_assert_num_queries):
    person = make_person()
    for _n in range(rows):
        make_question(now, by=person)
    client = signed_in(person)
    client.get("/fi/advice/mine/")

    with django_assert_num_queries(6):
        client.get("/fi/advice/mine/")


def test_code_wrong_ones_get_the_same_answer(client, now):
    make_question(now, code=CODE)
    make_question(now, email="a@example.test")

    pages = [opened(client, code) for code in ("K7WD-2QXN-HT9D", "x", "🌿", "\x00'--", "0" * 60)]

    assert {page.status_code for page in pages} == {422}
    texts = {
        error
        for page in pages
        for error in [page.content.decode().split('id="id_code_error">')[1].split("<")[0]]
    }
    assert len(texts) == 1


def test_code_many_tries_are_put_off_even_with_the_right_one(client, now):
    make_question(now, code=CODE)
    for _n in range(10):
        assert opened(client, "väärä").status_code == 422

    assert opened(client).status_code == 422
    assert opened(Client(REMOTE_ADDR="10.0.0.9")).status_code == 303


def test_code_tries_from_everywhere_together_are_put_off(now, monkeypatch):
    monkeypatch.setattr("luukku.web.public.threads.MOST_TRIES_FROM_ALL", 2)
    make_question(now, code=CODE)
    for n in range(2):
        opened(Client(REMOTE_ADDR=f"10.0.0.{n}"), "väärä")

    assert opened(Client(REMOTE_ADDR="10.0.0.9")).status_code == 422


def test_code_tries_of_one_put_off_nobody_else(now, monkeypatch):
    monkeypatch.setattr("luukku.web.public.threads.MOST_TRIES_FROM_ALL", 12)
    make_question(now, code=CODE)
    for _n in range(30):
        opened(Client(REMOTE_ADDR="10.0.0.1"), "väärä")

    assert opened(Client(REMOTE_ADDR="10.0.0.9")).status_code == 303


def test_code_opens_for_an_hour_and_is_forgotten_on_leaving(client, now, monkeypatch):
    make_question(now, code=CODE)
    here = opened(client)["Location"]
    assert client.get(here).status_code == 200

    client.post("/fi/advice/leave/")
    assert client.get(here)["Location"] == URL

    opened(client)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr("luukku.web.public.threads.timezone.now", lambda: later)
    assert client.get(here)["Location"] == URL


def test_link_of_an_answer_opens_the_thread_and_the_letter_leads_there(client, now):
    question = make_question(now, email="a@example.test")
    actions.answer(question, "Näin.", by=make_coordinator(), at=now)

    link = Letter.objects.get().link.removeprefix("http://testserver")

    assert "Näin." in client.get(link).content.decode()


@pytest.mark.parametrize("purpose", ["order", "advice"])
def test_link_forged_of_another_purpose_or_of_an_account_opens_nothing(client, now, purpose):
    question = make_question(now)  # with an account: signing in is the way
    token = sign(Link(purpose, question.pk, 0))

    assert client.get(f"/fi/l/advice/{token}/").status_code == 404
    assert client.get("/fi/l/advice/forged/").status_code == 404


def test_link_too_old_says_so(client, now, monkeypatch):
    _question, _client, here = way_in("link", now)
    monkeypatch.setattr("luukku.web.public.threads.MAX_AGE", timedelta(seconds=-1))

    assert client.get(here).status_code == 410
