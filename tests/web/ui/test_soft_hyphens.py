"""Long words of Finnish pages may be parted where Finnish parts them, and nothing but what is read is touched."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from luukku.core.text import clean
from luukku.search.finnish import hyphenated, hyphens
from luukku.web.ui.soft_hyphens import hyphenate
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_order
from tests.web.cut_words import CUT

BACKEND = "django.contrib.auth.backends.ModelBackend"
pytestmark = pytest.mark.hyphens
WORD = "sairaanhoitajaopiskelijoille"


def seen(page):
    return hyphenate(page).replace("\xad", "~")


@pytest.mark.parametrize(
    ("word", "parted"),
    [
        ("kokemusasiantuntijat", "ko~ke~mus~asian~tun~ti~jat"),
        ("asiantuntijaa", "asian~tun~ti~jaa"),
        ("vastuuhenkilö", "vas~tuu~hen~ki~lö"),
        ("asunnottomuus", "asun~not~to~muus"),
        ("riippuvuudet", "riip~pu~vuu~det"),
        (WORD, "sai~raan~hoi~ta~ja~opis~ke~li~joil~le"),
    ],
)
def test_word_is_parted_as_finnish_parts_it(word, parted):
    assert hyphenated(word).replace("\xad", "~") == parted


def test_word_that_is_no_compound_or_not_known_is_parted_by_syllables():
    assert hyphenated("epäjärjestelmällisyydellänsäkään", is_narrow=False).count("\xad") > 4
    assert hyphenated("brömsökvistukaalialaviestissa", is_narrow=False).count("\xad") > 4


def test_without_voikko_words_stay_whole(monkeypatch):
    monkeypatch.setattr(hyphens, "has_voikko", lambda: False)

    assert hyphens.hyphenated.__wrapped__(WORD) == WORD


@pytest.mark.parametrize("name", ["h1", "h2", "th", "td", "dt", "legend", "button", "summary"])
def test_long_words_are_parted_in_narrow_places(name):
    assert seen(f"<{name}>Haku: asunnottomuus, asunto</{name}>") == (
        f"<{name}>Haku: asun~not~to~muus, asunto</{name}>"
    )


def test_tags_and_tiles_are_narrow_with_all_that_is_in_them():
    page = '<li class="card stat"><b>3</b><ul><li>asunto</li></ul><span>asunnottomuus</span></li><p>asunnottomuus</p>'

    assert seen(page) == page.replace("<span>asunnottomuus", "<span>asun~not~to~muus")
    assert seen('<span class="ds-tag">asunnottomuus</span>').count("~") == 3
    assert seen("<th><br/>asunnottomuus</th>").count("~") == 3


def test_elsewhere_only_the_longest_words_are_parted_and_compounds_between_their_words():
    assert seen(f"<p>vastuuhenkilö, {WORD}</p>") == (
        "<p>vastuuhenkilö, sairaan~hoitaja~opiskelijoille</p>"
    )


@pytest.mark.parametrize(
    "page",
    [
        f"<title>{WORD}</title>",
        f'<h1 title=\'{WORD} > {WORD}\'><input value="{WORD}" aria-label="{WORD}"></h1>',
        f"<td><textarea>{WORD}</textarea><select><option>{WORD}</option></select></td>",
        f"<th><script>{WORD}</script><style>{WORD}</style><code>{WORD}</code><!-- {WORD} --></th>",
        f"<td>{WORD}@esimerkki.example, {WORD}.fi, https://x.example/{WORD}/, {WORD}_1</td>",
    ],
)
def test_what_is_no_running_text_stays_as_it_is(page):
    assert seen(page) == page


def test_who_copies_a_word_from_a_page_finds_by_it():
    assert clean(hyphenated(WORD)) == WORD


@pytest.fixture
def counter(client):
    client.force_login(make_coordinator(), backend=BACKEND)
    return client


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "is_parted"), [("fi", True), ("sv", False), ("en", False)])
def test_pages_in_finnish_have_them_and_others_not(counter, now, language, is_parted):
    order = make_order(now, title=f"Luento {WORD}")
    with translation.override(language):
        url = reverse("counter:order", args=[order.pk])

    page = counter.get(url).content.decode()

    assert (f"<h1>Luento {hyphenated(WORD)}</h1>" in page) is is_parted
    assert f"<title>Luento {WORD}" in " ".join(page.split()).replace("> ", ">")


@pytest.mark.django_db
def test_copied_title_finds_its_order_in_the_list(counter, now):
    order = make_order(now, title=f"Luento {WORD}")

    page = counter.get(reverse("counter:orders"), {"q": hyphenated(WORD)})

    assert [row.of for row in page.context["list"].rows] == [order]


@pytest.mark.django_db
def test_files_have_none(counter, now):
    make_order(now, title=f"Luento {WORD}")
    with translation.override("fi"):
        url = reverse("counter:list-export", args=["orders"])

    file = counter.post(url, {"kind": "csv"})

    assert WORD in b"".join(file.streaming_content).decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [320, 1280])
def test_no_word_is_cut_without_a_hyphen(live_server, browser_page, now, width):
    order = make_order(now, title=f"Luento {WORD} ja {WORD}")
    client = Client()
    client.force_login(make_coordinator(), backend=BACKEND)
    cookie = {
        "name": "sessionid",
        "value": client.cookies["sessionid"].value,
        "url": live_server.url,
    }
    browser_page.context.add_cookies([cookie])
    browser_page.set_viewport_size({"width": width, "height": 900})
    paths = ["", "tasks/", "counter/", "counter/orders/", f"counter/orders/{order.pk}/", "counter/home/",
             "counter/experts/", "counter/organisations/", "counter/words/"]  # fmt: skip

    cut = {}
    for path in paths:
        browser_page.goto(f"{live_server.url}/fi/{path}")
        cut[path] = browser_page.evaluate(CUT)

    assert {path: words for path, words in cut.items() if words} == {}
