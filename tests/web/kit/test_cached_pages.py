"""Pages that are kept for everybody: never stale, never somebody's own."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.core.cache import caches
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.config.urls import urlpatterns
from luukku.content.models import StartPage
from luukku.core.changes import Topic
from luukku.orders.models import Failure
from luukku.taxonomy.models import TaskType
from luukku.web.kit.cached_pages import NONCE_HERE, TOKEN_HERE, cached_for_visitors
from luukku.web.public import advice
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_search
from tests.factories.content import make_page, make_section
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders
from tests.markup import flat

committing = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.slow
BACKEND = "django.contrib.auth.backends.ModelBackend"
OPEN = ["/fi/", "/fi/tasks/talk/", "/fi/calls/", "/fi/privacy/"]
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
NONCE = re.compile(r'nonce="([^"]+)"')


def read(url, client=None):
    response = (client or Client()).get(url)
    assert response.status_code == 200
    return response.content.decode()


def rows(page):
    return flat(page).count('<li><div class="grow"><strong>')


def test_topic_that_no_trigger_notes_is_refused():
    with pytest.raises(ValueError, match="weather"):
        cached_for_visitors("weather")


# -- It is kept ----------------------------------------------------------------------------------


@committing
@pytest.mark.parametrize("url", OPEN)
def test_page_is_made_once_and_then_costs_one_query(url, django_assert_num_queries):
    first = read(url)

    with django_assert_num_queries(1):
        again = Client().get(url)

    hidden = TOKEN.sub("", NONCE.sub("", again.content.decode()))
    assert hidden == TOKEN.sub("", NONCE.sub("", first))
    assert again.headers["Content-Type"] == "text/html; charset=utf-8"
    assert again.headers["Content-Language"] == "fi"


@committing
def test_each_address_and_language_has_a_page_of_its_own():
    make_search(timezone.now(), is_open_call=True)

    assert '<html lang="fi">' in read("/fi/calls/")
    assert '<html lang="sv">' in read("/sv/calls/")
    assert 'value="/fi/calls/?page=1"' in read("/fi/calls/?page=1")
    assert 'value="/fi/calls/"' in read("/fi/calls/")


@committing
def test_parameter_that_a_page_does_not_know_keeps_nothing():
    read("/fi/calls/?utm=1")

    assert not caches["pages"]._cache


# -- It is never stale ---------------------------------------------------------------------------


@committing
def test_call_is_there_at_once_and_gone_at_once_when_it_is_filled():
    now = timezone.now()
    assert rows(read("/fi/calls/")) == 0
    order = make_search(now, is_open_call=True, experts_wanted=1)
    expert = make_expert(at=now)
    assert rows(read("/fi/calls/")) == 1
    offer = assignments.sign_up(order, expert, by=expert.user, at=now)
    assert rows(read("/fi/calls/")) == 1

    time = order.times.first()
    assignments.accept(offer, by=coordinator_of_orders(), at=now, via=Via.DESK, time=time)

    assert rows(read("/fi/calls/")) == 0


@committing
def test_call_is_gone_at_once_when_it_is_given_up():
    now = timezone.now()
    order = make_search(now, is_open_call=True)
    assert rows(read("/fi/calls/")) == 1

    assignments.give_up(order, failure=Failure.THEME, by=coordinator_of_orders(), at=now)

    assert rows(read("/fi/calls/")) == 0


@committing
def test_call_is_gone_when_its_time_begins_or_its_last_day_ends(monkeypatch):
    now = timezone.now()
    call = make_search(now, is_open_call=True)
    begins = max(time.starts_at for time in call.times.all())
    assert rows(read("/fi/calls/")) == 1

    # Within the time for which any page is kept: only the call itself may end it.
    monkeypatch.setattr("luukku.web.kit.cached_pages.AT_MOST", timedelta(days=400))
    caches["pages"].clear()
    assert rows(read("/fi/calls/")) == 1
    monkeypatch.setattr(timezone, "now", lambda: begins)
    assert rows(read("/fi/calls/")) == 0


@committing
def test_word_of_the_vocabulary_changes_every_page_that_shows_it():
    kind = TaskType.objects.get(code="talk")
    url = "/fi/tasks/talk/"
    assert kind.name_fi in read(url)
    try:
        TaskType.objects.filter(pk=kind.pk).update(name_fi="Uusi sana")
        assert "Uusi sana" in read(url)
    finally:
        TaskType.objects.filter(pk=kind.pk).update(name_fi=kind.name_fi)
    assert "Uusi sana" not in read(url)


@committing
def test_written_page_and_news_change_at_once_and_a_page_taken_back_is_gone():
    coordinator = make_coordinator()
    start = StartPage.objects.get(slug="fi")
    title = start.title
    section = make_section("news")
    read("/fi/")
    try:
        start.title = "Toinen otsikko"
        start.save_revision(user=coordinator).publish(user=coordinator)
        assert "Toinen otsikko" in read("/fi/")
        news = make_page("news", "uusin", parent=section, title="Uusin uutinen")
        assert "Uusin uutinen" in read("/fi/")
        assert "Uusin uutinen" in read("/fi/news/uusin/")
        news.unpublish(user=coordinator)
        assert "Uusin uutinen" not in read("/fi/")
        assert Client().get("/fi/news/uusin/").status_code == 404
    finally:
        start.title = title
        start.save_revision().publish()  # what was added goes with the flush; what ships must be as it was


@pytest.mark.django_db
def test_what_is_not_committed_is_not_kept():
    make_search(timezone.now(), is_open_call=True)

    assert rows(read("/fi/calls/")) == 1
    assert not caches["pages"]._cache


# -- It is never somebody's own -------------------------------------------------------------------


@committing
@pytest.mark.parametrize("url", OPEN)
@pytest.mark.parametrize("signed_in_first", [True, False])
def test_nothing_of_a_person_reaches_others_nor_theirs_is_lost(url, signed_in_first):
    person, stranger = Client(), Client()
    person.force_login(make_person(name="Salla Salainen"), backend=BACKEND)
    order = [person, stranger] if signed_in_first else [stranger, person]

    pages = {client: read(url, client) for client in [*order, *order]}

    assert "Salla Salainen" in pages[person]
    assert reverse("account_logout") in pages[person]
    assert "Salla" not in pages[stranger]
    assert reverse("account_login") in pages[stranger]


@committing
def test_counters_link_to_the_editor_is_not_kept():
    editor = Client()
    editor.force_login(make_coordinator(), backend=BACKEND)

    assert "/cms/pages/" in read("/fi/privacy/", editor)
    assert "/cms/pages/" not in read("/fi/privacy/")
    assert "/cms/pages/" in read("/fi/privacy/", editor)


@committing
@pytest.mark.parametrize("url", OPEN)
def test_each_reader_gets_a_form_token_of_their_own_that_works(url):
    readers = [Client(enforce_csrf_checks=True) for _n in range(3)]
    tokens = [set(TOKEN.findall(read(url, reader))) for reader in readers]

    assert all(len(token) == 1 for token in tokens)
    assert len(set.union(*tokens)) == 3
    assert len({reader.cookies["csrftoken"].value for reader in readers}) == 3
    for reader, (token,) in zip(readers, tokens, strict=True):
        form = {"csrfmiddlewaretoken": token, "language": "sv", "next": "/fi/"}
        assert reader.post(reverse("set_language"), form).status_code == 302
    stolen = {"csrfmiddlewaretoken": tokens[0].pop(), "language": "sv"}
    assert readers[1].post(reverse("set_language"), stolen).status_code == 403


@committing
def test_each_answer_has_a_nonce_of_its_own():
    answers = [Client().get("/fi/") for _n in range(3)]
    nonces = [set(NONCE.findall(answer.content.decode())) for answer in answers]

    assert all(len(nonce) == 1 for nonce in nonces)
    assert len(set.union(*nonces)) == 3
    for answer, (nonce,) in zip(answers, nonces, strict=True):
        assert f"'nonce-{nonce}'" in answer["Content-Security-Policy"]
        assert "Cookie" in answer["Vary"]


@committing
@pytest.mark.parametrize("url", OPEN)
def test_no_hole_is_ever_shown_and_no_real_token_is_kept(url):
    pages = [read(url) for _n in range(2)]

    assert not any(word in page for page in pages for word in (TOKEN_HERE, NONCE_HERE))
    kept = [str(caches["pages"]._cache[name]) for name in caches["pages"]._cache]
    assert len(kept) == 1
    assert not any(token in kept[0] for page in pages for token in TOKEN.findall(page))
    assert not any(nonce in kept[0] for page in pages for nonce in NONCE.findall(page))


class Cached:
    """The site with one page more: the form of advice, which is sent once, kept by mistake."""

    urlpatterns = [
        path("form/", cached_for_visitors(Topic.CALLS)(advice.ask)),
        *urlpatterns,
    ]


@committing
def test_form_that_is_sent_once_is_not_shared(settings):
    settings.ROOT_URLCONF = Cached
    url = "/form/"
    once = re.compile(r'name="form_token" value="([^"]+)"')
    tokens = [once.search(read(url))[1] for _n in range(3)]

    assert len(set(tokens)) == 3
    assert not caches["pages"]._cache


@committing
def test_message_is_shown_to_whom_it_is_said_and_to_nobody_else():
    reader = Client()
    read("/fi/calls/")
    answer = reader.post("/fi/search/miss/", {"q": "puuttuva"})
    assert [str(message) for message in get_messages(answer.wsgi_request)]

    assert 'role="status"' in read("/fi/calls/", reader)
    assert 'role="status"' not in read("/fi/calls/")
    assert 'role="status"' not in read("/fi/calls/", reader)


@committing
def test_video_that_one_reader_asked_for_changes_nobody_elses_policy():
    before = Client().get("/fi/")["Content-Security-Policy"]
    Client().get("/fi/?video=1")

    assert "frame-src" not in before
    assert "frame-src" not in Client().get("/fi/")["Content-Security-Policy"]
