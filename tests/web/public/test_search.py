"""The search page: for everybody; keeps what was typed to itself; shows people only to who may see them."""

import re
import uuid

import pytest
from django.core.cache import cache
from django.urls import reverse

from luukku.organisations.states import OrganisationState
from luukku.search.actions import Found, put
from luukku.search.models import Miss
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer, make_vetted_organisation
from tests.markup import flat, said
from tests.web.axe import Eye

pytestmark = pytest.mark.django_db
URL, MISS = "/fi/search/", "/fi/search/miss/"
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


def text(response):
    return said(response)


def sign_in(client, user):
    client.force_login(user, backend=BACKEND)
    return user


def news(number, title, body="", **facets):
    put("news", f"page-{number}", Found("fi", title, body, f"/fi/news/{number}/", facets))


def test_search_empty_page_has_the_box_only(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = text(client.get(URL))

    assert 'name="q"' in page
    assert "Kerro luukulle" not in page


def test_search_box_stands_on_every_page_and_asks_nothing(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = flat(client.get("/sv/advice/"))

    assert re.search(r'<form class="find" method="get" action="/sv/search/" role="search"', page)


def test_search_keeps_what_was_typed_to_itself(client):
    response = client.get(URL, {"q": "masennus"})

    assert response["Referrer-Policy"] == "same-origin"
    assert 'rel="canonical" href="http://testserver/fi/search/"' in text(response)
    links = re.findall(r'href="([^"]*)"', text(response))
    assert [link for link in links if "masennus" in link.lower() and not link.startswith("?")] == []
    assert [link for link in links if "depression" in link] == []


def test_search_that_found_nothing_is_not_for_search_engines(client):
    in_vain = client.get(URL, {"q": "zzyzx"})
    found = client.get(URL, {"q": "masennus"})

    assert in_vain["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in found
    assert "noindex" not in text(found)


def test_search_shows_the_word_that_led_to_the_theme(client):
    page = text(client.get(URL, {"q": "kodittomille"}))

    assert "Sanasi ”kodittomille” johti teemaan ”Asunnottomuus”" in page
    assert "<mark>koditon</mark>" in page


def test_search_escapes_question_and_pages(client):
    news(1, "<script>alert(1)</script> remontti")

    page = text(client.get(URL, {"q": 'remontti "><script>alert(2)</script>'}))

    assert "<script>alert" not in page
    assert "&lt;<mark>script</mark>&gt;<mark>alert</mark>(1)" in page
    assert "<mark>remontti</mark>" in page


def test_search_links_narrow_and_keep_the_question(client):
    news(1, "Remontti", services=["sote"])
    put("story", "page-2", Found("fi", "Remontti", "", "/fi/stories/2/"))

    page = text(client.get(URL, {"q": "remontti"}))
    assert 'href="?q=remontti&amp;kind=news"' in page
    assert 'href="?q=remontti&amp;service=sote"' in page
    narrowed = text(client.get(URL, {"q": "remontti", "kind": "news"}))

    assert "/fi/news/1/" in narrowed
    assert "/fi/stories/2/" not in narrowed
    assert 'href="?q=remontti"' in narrowed


@pytest.mark.parametrize("junk", ["-1", "0", "x", "99999999999", "٣"])
def test_search_takes_any_page_number(client, junk):
    news(1, "Remontti")

    assert "/fi/news/1/" in text(client.get(URL, {"q": "remontti", "page": junk}))


def test_search_takes_control_characters_and_other_facets(client):
    query = {"q": "re\x00montti", "kind": "\x00", "place": "999", "service": "x", "group": "'"}

    assert client.get(URL, query).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_search_asks_the_same_number_of_queries(client, rows, django_assert_num_queries):
    for number in range(rows):
        news(number, "Remontti", services=["sote"], places=["609"])

    with django_assert_num_queries(7):
        client.get(URL, {"q": "remontti"})


@pytest.mark.parametrize("rows", [1, 3])
def test_search_for_an_orderer_asks_the_same_number_of_queries(
    client, now, rows, django_assert_num_queries
):
    sign_in(client, make_orderer())
    for _n in range(rows):
        make_expert(at=now, themes=("homelessness",))

    with django_assert_num_queries(27):
        client.get(URL, {"q": "koditon"})


# -- Who sees whom -------------------------------------------------------------------------------


@pytest.fixture
def experts(now):
    return [make_expert(at=now, themes=("homelessness",)) for _n in range(3)]


def test_search_shows_cards_to_who_orders_for_a_checked_organisation(client, experts):
    sign_in(client, make_orderer())

    page = text(client.get(URL, {"q": "koditon"}))

    for expert in experts:
        assert expert.code_name in page
        assert expert.user.name not in page


@pytest.mark.parametrize("who", ["anonymous", "person", "expert", "unvetted"])
def test_search_tells_nobody_else_that_there_are_experts(client, experts, who):
    if who == "unvetted":
        sign_in(client, make_orderer(make_vetted_organisation(state=OrganisationState.WAITING)))
    elif who != "anonymous":
        sign_in(client, {"person": make_person, "expert": lambda: make_expert().user}[who]())

    for query in ({"q": "koditon"}, {"q": "koditon", "kind": "experts"}):
        page = text(client.get(URL, query)).split("<main", 1)[1]
        assert not any(expert.code_name in page for expert in experts)
        assert "alle 5" not in page
        assert "found-experts" not in page


def test_search_counts_for_the_counter(client, experts):
    sign_in(client, make_coordinator())

    assert "(3)" in text(client.get(URL, {"q": "koditon"}))


def test_search_all_experts_are_paged(client, now):
    for _n in range(6):
        make_expert(at=now, themes=("homelessness",))
    sign_in(client, make_orderer())

    assert text(client.get(URL, {"q": "koditon"})).count('class="card person"') == 4
    assert (
        text(client.get(URL, {"q": "koditon", "kind": "experts"})).count('class="card person"') == 6
    )


def test_search_calls_say_nothing_of_their_theme(client, now):
    from luukku.taxonomy.models import TaskType

    make_search(now, task_type=TaskType.objects.get(code="lecture"))

    page = text(client.get(URL, {"q": "luento velka"}))

    assert "found-calls" in page
    assert "ei kerro teemaansa" in page
    assert "found-calls" not in text(client.get(URL, {"q": "velka"}))


# -- Nothing found -------------------------------------------------------------------------------


def test_miss_page_offers_advice_and_a_form_that_tells(client):
    page = text(client.get(URL, {"q": "xylofoniremppa"}))

    assert "ei löytynyt mitään" in page
    assert reverse("public:advice").replace("/en/", "/fi/") in page
    assert re.search(rf'<form method="post" action="{MISS}" data-tell>', page)
    assert not Miss.objects.exists()


def test_miss_page_suggests_words(client):
    assert 'href="?q=asunnottomuus"' in text(client.get(URL, {"q": "asunotomuus"}))


def test_miss_is_told_by_the_button(client):
    response = client.post(MISS, {"q": "xylofoni"})

    assert (response.status_code, response["Location"]) == (303, URL)
    assert "mihin hakuihin ei löydy vastausta" in text(client.get(response["Location"]))
    assert Miss.objects.get().count == 1


def test_miss_told_by_the_script_says_nothing(client):
    response = client.post(MISS, {"q": "xylofoni", "quiet": "1"})

    assert "ei löydy vastausta" not in text(client.get(response["Location"]))
    assert Miss.objects.get().count == 1


def test_miss_same_form_five_times_counts_once(client):
    token = str(uuid.uuid4())

    for _n in range(5):
        client.post(MISS, {"q": "xylofoni", "form_token": token})

    assert Miss.objects.get().count == 1


def test_miss_many_within_an_hour_are_not_counted(client):
    for _n in range(32):
        client.post(MISS, {"q": "xylofoni"})

    assert Miss.objects.get().count == 30


def test_miss_is_not_told_by_get(client):
    assert client.get(MISS).status_code == 303


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_miss_is_told_by_the_page_itself(live_server, browser_page):
    browser_page.goto(f"{live_server.url}/fi/search/?q=xylofoniremppa")
    browser_page.wait_for_selector("form[data-tell] button", state="hidden")

    assert Miss.objects.get().count == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_search_axe_finds_nothing_when_empty_filled_and_in_vain(live_server, browser_page, lang):
    eye = Eye(browser_page, live_server.url)
    for query in ("", "?q=adhd", "?q=pori", "?q=xylofoniremppa"):
        eye.look_at(f"/{lang}/search/{query}")

    assert eye.bad == []
