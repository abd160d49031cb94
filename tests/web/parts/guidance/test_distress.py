"""Who writes of distress is shown whom to call, before anything else; the words are kept nowhere."""

from datetime import timedelta

import pytest
from django.core import signing
from django.core.cache import cache, caches
from django.template import engines
from django.urls import reverse
from django.utils import timezone

from luukku.core.duty import call, queue
from luukku.core.times import helsinki
from luukku.guidance.actions import load_help_lines
from luukku.guidance.clock import due_on
from luukku.guidance.models import HelpLine, Question
from luukku.search.actions import Found, note_miss, put
from luukku.search.models import Miss
from tests.factories.accounts import make_coordinator, make_person

pytestmark = pytest.mark.django_db
SEARCH, ADVICE = "/fi/search/", "/fi/advice/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _lines():
    cache.clear()
    caches["pages"].clear()
    load_help_lines()


def text(response):
    return response.content.decode()


def ask(client, words, **changes):
    shown = signing.dumps((timezone.now() - timedelta(seconds=30)).timestamp(), salt="luukku.ask")
    data = {"topic": "other", "words": words, "email": "a@example.test", "shown": shown} | changes
    return client.post(ADVICE, data, follow=True)


@pytest.mark.parametrize(
    ("prefix", "words", "phone"),
    [
        ("fi", "haluan kuolla", "09 2525 0111"),
        ("fi", "lähisuhdeväkivalta", "080 005 005"),
        ("sv", "min man slår mig", "080 005 005"),
        ("en", "I want to die", "09 2525 0116"),
        ("en", "itsemurha", "09 2525 0116"),
    ],
)
def test_search_meets_distress_before_any_result(client, prefix, words, phone):
    put("news", "page-1", Found("fi", "Itsemurha puhuttaa", "", "/fi/news/1/", {}))

    page = text(client.get(f"/{prefix}/search/", {"q": words}))

    assert 'id="help-now"' in page
    assert page.index('id="help-now"') < page.index("tel:112") < page.index(phone)
    assert "/fi/news/1/" not in page[: page.index("tel:112")]


def test_search_for_ordinary_words_shows_no_box(client):
    page = text(client.get(SEARCH, {"q": "luento asunnottomuudesta"}))

    assert 'id="help-now"' not in page


def test_search_keeps_no_page_of_distress(client):
    first = client.get(SEARCH, {"q": "en jaksa enää elää"})
    HelpLine.objects.filter(code="112").update(name_fi="Toinen nimi")

    second = client.get(SEARCH, {"q": "en jaksa enää elää"})

    assert first["Cache-Control"] == "no-store"
    assert first["X-Robots-Tag"] == "noindex"
    assert "Toinen nimi" in text(second)


def test_search_counts_no_distress_as_a_miss(client):
    page = text(client.get(SEARCH, {"q": "tapan itseni qwzx"}))

    assert reverse("public:search-miss") not in page
    assert note_miss("tapan itseni qwzx", language="fi", on=timezone.now().date()) is False
    client.post("/fi/search/miss/", {"q": "itsemurhaqwzx"})
    assert Miss.objects.count() == 0


def test_search_box_costs_one_query(client, django_assert_max_num_queries):
    client.get(SEARCH, {"q": "itsemurha"})
    with django_assert_max_num_queries(1) as asked:
        list(HelpLine.objects.for_signs(["suicide"], language="fi"))
    assert len(asked) == 1


def test_advice_meets_distress_on_the_next_page_and_keeps_the_question(client):
    page = text(ask(client, "En jaksa enää. Mies lyö minua."))

    assert page.index('id="help-now"') < page.index("tel:112") < page.index("<h1")
    assert Question.objects.count() == 1


def test_advice_meets_distress_of_who_asks_without_a_name(client):
    page = text(ask(client, "haluan kuolla", email="", is_anonymous="on"))

    assert 'id="help-now"' in page
    assert 'id="code"' in page


@pytest.mark.parametrize("wrong", [{"email": "no address"}, {"topic": "no topic"}, {"shown": "x"}])
def test_advice_meets_distress_where_the_form_is_refused(client, wrong):
    page = text(ask(client, "En jaksa enää elää", **wrong))

    assert Question.objects.count() == 0
    assert page.count('id="help-now"') == 1
    assert page.index('id="help-now"') < page.index("tel:112") < page.index("<h1")
    assert 'id="help-now"' not in text(client.get(ADVICE))


def test_advice_meets_distress_of_who_has_written_too_often(client, monkeypatch):
    monkeypatch.setattr("luukku.web.public.advice.is_too_often", lambda *_who, **_most: True)

    page = text(ask(client, "haluan kuolla"))

    assert Question.objects.count() == 0
    assert 'id="help-now"' in page


def test_thread_meets_distress_of_who_has_written_too_often(client, monkeypatch):
    client.force_login(make_person(), backend=BACKEND)
    ask(client, "Kysyn koulutuksesta")
    monkeypatch.setattr("luukku.web.public.threads.is_too_often", lambda *_who, **_most: True)

    page = client.post(
        f"/fi/advice/{Question.objects.get().pk}/", {"write": "1", "words": "haluan kuolla"}
    )

    assert 'id="help-now"' in text(page)


def test_advice_without_distress_shows_no_box(client):
    assert 'id="help-now"' not in text(ask(client, "Miten tilaan luennon?"))


def test_advice_meets_distress_in_a_later_message(client):
    person = make_person()
    client.force_login(person, backend=BACKEND)
    ask(client, "Kysyn koulutuksesta")
    question = Question.objects.get()

    page = client.post(
        f"/fi/advice/{question.pk}/",
        {"write": "1", "words": "en halua enää elää"},
        follow=True,
    )

    assert 'id="help-now"' in text(page)


def test_question_with_distress_is_read_first_and_promised_as_any_other(client):
    now = timezone.now()

    ask(client, "En jaksa enää elää")

    question = Question.objects.get()
    assert question.hurry_on == helsinki(now).date()
    assert question.due_on == due_on(question.kind, at=now)


def test_where_do_i_start_tells_whom_to_call(client):
    page = text(client.get("/fi/where/acute/"))

    assert page.count('href="tel:112"') >= 1
    assert {line.number in page for line in HelpLine.objects.filter(language__in=["", "fi"])} == {
        True
    }


def test_lines_that_nobody_has_checked_wait_in_the_queue():
    HelpLine.objects.exclude(code="riku").update(checked_on=helsinki(timezone.now()).date())

    ((duty, called),) = call(queue(at=timezone.now(), kind="help_line"))

    riku = HelpLine.objects.get(code="riku")
    assert called.title == str(riku)
    assert duty.url == f"/cms/snippets/guidance/helpline/edit/{riku.pk}/"


def test_counter_edits_a_line_and_others_do_not(client, monkeypatch):
    monkeypatch.setattr(
        engines["django"].engine, "string_if_invalid", ""
    )  # Wagtail's own templates
    riku = HelpLine.objects.get(code="riku")
    url = f"/cms/snippets/guidance/helpline/edit/{riku.pk}/"
    client.force_login(make_coordinator(), backend=BACKEND)
    data = {
        "name_fi": "RIKU", "number": "116 006", "says_fi": "Arkisin.", "signs": ["violence"], "source": "riku.fi",
        "checked_on": "2026-12-01", "position": "50", "is_active": "on", "language": "",
    }  # fmt: skip

    assert client.get(url).status_code == 200
    client.post(url, data)

    riku.refresh_from_db()
    assert (riku.name_fi, str(riku.checked_on), riku.signs) == ("RIKU", "2026-12-01", ["violence"])
    client.force_login(make_person(), backend=BACKEND)
    assert client.get(url).status_code == 403


def test_footer_tells_how_to_reach_the_counter(client, settings):
    settings.LUUKKU_COUNTER_PHONE = "040 000 0000"
    settings.LUUKKU_COUNTER_EMAIL = "luukku@esimerkki.example"

    page = text(client.get("/fi/privacy/"))

    footer = page[page.index("<footer") :]
    assert 'href="tel:0400000000"' in footer
    assert 'href="mailto:luukku@esimerkki.example"' in footer
