"""The advice page: asks for a way to answer, keeps what was typed, refuses robots without a puzzle."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.utils import timezone

from luukku.accounts.models import User
from luukku.audit.models import AccessLog, AuditEvent
from luukku.guidance.models import Kind, Message, Question
from luukku.guidance.queries import behind_code
from luukku.notices.models import Letter
from tests.factories.accounts import make_person
from tests.markup import flat
from tests.web.kit.forms.found import forms_in

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
    assert Message.objects.get().words == "Miten tilaan?"
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
        ({"words": ""}, "Kysymyksesi: Täytä tämä kohta"),
        ({"words": "x" * 1_000_000}, "4000"),
        ({"email": "ei osoite"}, "sähköpostiosoite"),
        ({"topic": "no-such"}, "Valitse jokin muu"),
        ({"website": "http://spam.example"}, "nopeasti"),
        ({"shown": "forged"}, "auki liian kauan"),
        ({"shown": ""}, "auki liian kauan"),
    ],
)
def test_advice_bad_input_gets_words_and_keeps_what_was_typed(client, changes, words):
    response = client.post(URL, form(**changes))

    page = flat(response)
    assert response.status_code == 422
    assert words in page
    assert not Question.objects.exists()
    if "words" not in changes:
        assert "Miten tilaan?" in page


def test_advice_too_quick_is_refused(client):
    assert client.post(URL, form(shown=shown(0))).status_code == 422


def test_advice_pasted_quickly_is_taken_when_it_is_sent_once_more(client):
    sent = form(shown=shown(0), words="Liitin tämän leikepöydältä.")
    html = client.post(URL, sent).content.decode()
    page = next(f for f in forms_in(html, URL) if f.token("shown"))
    assert page.data()["words"] == [sent["words"]]

    answer = client.post(URL, sent | {"shown": page.token("shown")})

    assert answer.status_code == 303
    assert Question.objects.get().messages.get().words == sent["words"]


def test_advice_that_took_a_person_two_seconds_is_taken_at_once(client):
    assert client.post(URL, form(shown=shown(1.5))).status_code == 303


def test_advice_emoji_and_right_to_left_text_are_kept_without_direction_marks(client):
    client.post(URL, form(words="Hei 🌿 مرحبا \u202eevil"))

    assert Message.objects.get().words == "Hei 🌿 مرحبا evil"


def test_advice_same_form_five_times_is_one_question(client):
    token = str(uuid.uuid4())

    answers = {client.post(URL, form(form_token=token))["Location"] for _n in range(5)}

    assert answers == {"/fi/advice/thanks/"}
    assert Question.objects.count() == 1


def test_advice_many_within_an_hour_are_put_off(client):
    codes = [client.post(URL, form()).status_code for _n in range(9)]

    assert codes == [303] * 8 + [422]


def test_advice_without_a_name_shows_the_code_once_and_keeps_no_contact(client):
    answer = client.post(URL, form(is_anonymous="on", name="Aino", phone="040", email="ei osoite"))

    page = client.get(answer["Location"])
    code = re.search(r'id="code"[^>]*>([^<]+)<', page.content.decode())[1]
    question = Question.objects.get()
    assert (question.name, question.email, question.phone) == ("", "", "")
    assert behind_code(code) == question
    assert page["Cache-Control"] == "no-store"
    again = client.get(answer["Location"]).content.decode()
    assert code not in again
    assert "jo näytetty" in again


def test_advice_without_a_name_is_not_tied_to_the_account_that_is_signed_in():
    asker = make_person("Paavo Ylitalo", email="paavo@example.test")
    client = Client()
    client.force_login(asker, backend=BACKEND)
    client.get(URL + "?topic=other&anonymous=1")

    answer = client.post(URL, form(is_anonymous="on"), follow=True)

    question = Question.objects.get()
    code = re.search(r'id="code"[^>]*>([^<]+)<', answer.content.decode())[1]
    assert (question.asked_by, question.code_mark is None) == (None, False)
    assert AuditEvent.objects.get(act="guidance.ask").actor_id == User.objects.machine().pk
    assert not Letter.objects.exists()

    page = client.post(
        "/fi/advice/code/", {"code": code, "form_token": str(uuid.uuid4())}, follow=True
    )

    assert form()["words"] in page.content.decode()
    assert not AccessLog.objects.filter(reader_id=asker.pk).exists()


def test_advice_code_stands_in_no_table_in_plain(client):
    answer = client.post(URL, form(is_anonymous="on"))
    page = client.get(answer["Location"]).content.decode()
    code = re.search(r'id="code"[^>]*>([^<]+)<', page)[1]

    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(q)::text FROM guidance_question q")
        rows = str(cursor.fetchall())
        cursor.execute("SELECT to_jsonb(s)::text FROM workflow_submission s")
        rows += str(cursor.fetchall()) + answer["Location"]

    assert code not in rows
    assert code.replace("-", "") not in rows


@pytest.mark.parametrize("ticket", ["", "?x", "?" + "å" * 20, "?" + "a" * 5000, "?%00=1"])
def test_advice_code_page_takes_any_ticket(client, ticket):
    assert client.get(f"/fi/advice/your-code/{ticket}").status_code == 200


@pytest.mark.parametrize(
    ("url", "kind", "days"),
    [
        (URL, Kind.ADVICE, "Vastaamme 3 arkipäivässä"),
        (f"{URL}accessibility/", Kind.ACCESSIBILITY, "Vastaamme 14 päivässä"),
        (f"{URL}feedback/", Kind.FEEDBACK, "Vastaamme 3 arkipäivässä"),
    ],
)
def test_advice_each_door_has_its_kind_and_its_promise(client, url, kind, days):
    assert days in client.get(url).content.decode()

    assert client.post(url, form()).status_code == 303

    question = Question.objects.get()
    assert question.kind == kind
    assert not Letter.objects.exists()


def test_advice_promise_is_the_region_s(client, settings):
    settings.LUUKKU_REPLY_DAYS, settings.LUUKKU_COUNTER_PHONE = 1, "02 123 4567"

    page = client.get(URL).content.decode()

    assert "Vastaamme 1 arkipäivässä" in page
    assert 'href="tel:021234567"' in page


def test_accessibility_statement_leads_to_its_own_door(client):
    assert f'href="{URL}accessibility/"' in client.get("/fi/accessibility/").content.decode()


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/fi/tasks/", "/fi/tasks/"),
        ("/fi/tasks/talk/", "/fi/tasks/talk/"),
        ("/fi/where/peer/", "/fi/where/peer/"),
        ("/fi/orderer/orders/12/", "/fi/orderer/"),
        ("/fi/l/feedback/expert/secret-token/", "/fi/l/"),
        ("/fi/calendar/secret.ics", "/fi/calendar/"),
        ("/fi/order/12/what/", "/fi/order/"),
        ("//evil.example/", ""),
        ("https://evil.example/fi/tasks/", ""),
        ("javascript:alert(1)", ""),
        ("/fi/tasks/\x00", "/fi/tasks/"),
        ("x" * 3000, ""),
    ],
)
def test_advice_keeps_the_page_that_one_came_from_without_what_tells_of_a_person(
    client, path, kept
):
    page = client.get(URL, {"from": path}).content.decode()
    assert re.search(r'name="came_from"(?: value="([^"]*)")?', page)[1] in {kept, None}

    client.post(URL, form(came_from=path))

    assert Question.objects.get().came_from == kept


def test_advice_link_of_a_page_names_the_page(client):
    assert 'href="/fi/advice/?from=%2Ffi%2Ftasks%2F"' in client.get("/fi/tasks/").content.decode()
    assert 'href="/fi/advice/"' in client.get(URL).content.decode()
    bad = client.get("/fi/l/order/secret-token/").content.decode()
    assert "secret-token" not in re.findall(r'href="/fi/advice/[^"]*"', bad)[0]


def test_advice_from_everywhere_together_is_put_off(client, monkeypatch):
    monkeypatch.setattr("luukku.web.public.advice.MOST_AN_HOUR_FROM_ALL", 2)

    codes = [client.post(URL, form(), REMOTE_ADDR=f"10.0.0.{n}").status_code for n in range(4)]

    assert codes == [303, 303, 422, 422]


def test_thanks_leads_to_one_s_own_question_only():
    client, person = Client(), make_person()
    client.force_login(person, backend=BACKEND)
    other = Client()
    other.force_login(make_person(), backend=BACKEND)

    where = client.post(URL, {"topic": "other", "words": "Kysyn", "shown": shown()})["Location"]

    link = f"/fi/advice/{Question.objects.get().pk}/"
    assert link in client.get(where).content.decode()
    assert link not in other.get(where).content.decode()
    for bad in ("x", "9" * 40, "-1", "²"):
        assert client.get("/fi/advice/thanks/", {"question": bad}).status_code == 200
