"""Written pages as readers get them: what is shown, in which language, by how many queries."""

import json
import re

import pytest
from django.test import Client
from django.utils import translation
from wagtail.models import Page

from luukku.content.actions import after_publishing
from luukku.content.models import StartPage
from luukku.events.actions import cancel, close
from luukku.events.models import Audience, Event, Kind
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.content import AT, make_embed, make_image, make_page, make_section, make_video
from tests.factories.events import make_event
from tests.markup import flat, said

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
HEADINGS = "<h2>Yksi</h2><p>a</p><h2>Kaksi</h2><p>b</p><h2>Yksi</h2><p>c</p>"


def text_of(response):
    return said(response)


def described(response):
    found = re.search(
        r'<script type="application/ld\+json" nonce="([^"]+)">(.*?)</script>',
        text_of(response),
        re.S,
    )
    return found[1], json.loads(found[2])


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize(
    "path", ["", "become/", "privacy/", "accessibility/", "tasks/", "tasks/pair_work/"]
)
def test_core_page_is_there_in_each_language(client, lang, path):
    response = client.get(f"/{lang}/{path}")

    assert response.status_code == 200
    assert f'<html lang="{lang}">' in text_of(response)


def test_page_shows_contents_sources_day_and_where_one_is(client):
    section = make_section("news")
    make_page(
        "news",
        "one",
        parent=section,
        body=[("text", HEADINGS)],
        sources="Lähde A, 2026\nLähde B",
        intro="Alku",
    )

    page = text_of(client.get("/fi/news/one/"))

    assert page.count("<h1>") == 1
    assert '<a href="#yksi">Yksi</a>' in page
    assert '<h2 id="yksi-2">' in page
    assert "<li>Lähde B</li>" in page
    assert f'href="{section.address}"' in page
    assert "2.11.2026" in page


def test_page_query_count_does_not_grow_with_its_pieces(client, django_assert_num_queries):
    other = make_page("article", "other")
    link = f'<p><a linktype="page" id="{other.pk}">x</a></p>'
    for n, number in ((1, 7), (3, 7)):
        body = [("text", link)] * n
        body += [("picture", {"image": make_image(), "caption": ""}) for _ in range(n)]
        make_page("article", f"page{n}", body=body)

        with django_assert_num_queries(number):
            response = client.get(f"/fi/page{n}/")

        assert response.status_code == 200
        assert text_of(response).count('href="/fi/other/"') == n


@pytest.mark.parametrize(("path", "number"), [("", 4), ("tasks/pair_work/", 6), ("privacy/", 4)])
def test_core_page_query_count(client, django_assert_num_queries, path, number):
    make_person()  # what is not committed is not kept: the page is made anew
    client.get(f"/sv/{path}")  # content types are remembered

    with django_assert_num_queries(number):
        client.get(f"/sv/{path}")


@pytest.mark.parametrize("rows", [1, 3])
def test_section_query_count(client, django_assert_num_queries, rows):
    section = make_section("stories", "en")
    for n in range(rows):
        make_page("story", f"s{n}", parent=section, consent_given=True)

    client.get("/en/stories/")  # content types are remembered

    with django_assert_num_queries(7):
        page = text_of(client.get("/en/stories/"))

    assert page.count("/en/stories/s") == rows


def test_easy_finnish_is_a_switch_that_shows_where_one_is(client):
    make_page(
        "article", "both", body=[("text", "<p>Yleinen</p>")], easy_body=[("text", "<p>Helppo</p>")]
    )

    plain, easy = client.get("/fi/both/"), client.get("/fi/both/easy/")

    assert '<a href="/fi/both/easy/">Selkokieli</a>' in flat(plain)
    assert '<a href="/fi/both/easy/" aria-current="page">Selkokieli</a>' in flat(easy)
    assert "Helppo" in text_of(easy)
    assert "Yleinen" not in text_of(easy)


def test_easy_finnish_that_is_not_written_is_not_there(client):
    make_page("article", "plain")

    assert client.get("/fi/plain/easy/").status_code == 404
    assert "Selkokieli" not in text_of(client.get("/fi/plain/"))


def test_page_that_is_missing_in_a_language_says_so_and_where_it_is(client):
    make_page("article", "only-fi")

    response = client.get("/sv/only-fi/")

    assert response.status_code == 404
    assert "inte på det här språket ännu" in text_of(response)
    assert 'href="/fi/only-fi/" hreflang="fi" lang="fi"' in text_of(response)


def test_language_switch_leads_to_the_translation(client):
    response = client.post("/i18n/setlang/", {"language": "sv", "next": "/fi/privacy/"})

    assert response["Location"] == "/sv/privacy/"


def test_draft_is_nobodys_to_read(client):
    page = make_page("article", "secret")
    page.live = False
    page.save()

    assert client.get("/fi/secret/").status_code == 404
    assert client.get("/fi/secret/easy/").status_code == 404


def test_link_inside_a_text_follows_the_reader_into_the_language(client):
    finnish = Page.objects.get(url_path="/fi/privacy/")
    gone = make_page("article", "gone")
    gone.live = False
    gone.save()
    make_page(
        "article", "links", parent=StartPage.objects.get(slug="sv"),
        body=[("text", f'<p><a linktype="page" id="{finnish.pk}">a</a><a linktype="page" id="{gone.pk}">b</a></p>')],
    )  # fmt: skip

    page = text_of(client.get("/sv/links/"))

    assert '<a href="/sv/privacy/">a</a><a>b</a>' in page


def test_words_of_the_region_stand_in_texts_and_not_in_addresses(client, settings):
    settings.LUUKKU_EXPERT_WORD = "kokemustoimija"
    make_page(
        "article", "word", title="Kokemusasiantuntija kertoo", intro="Kokemusasiantuntijan työ",
        body=[("text", '<p><a href="https://x.example/kokemusasiantuntija">kokemusasiantuntijalle</a></p>')],
    )  # fmt: skip

    page = text_of(client.get("/fi/word/"))

    assert "<h1>Kokemustoimija kertoo</h1>" in page
    assert "Kokemustoimijan työ" in page
    assert 'href="https://x.example/kokemusasiantuntija">kokemustoimijalle<' in page


def test_picture_has_its_words_and_the_sizes_made_at_publishing(client):
    image = {
        "image": {"image": make_image().pk, "alt_text": "Kaksi ihmistä", "decorative": False},
        "caption": "Kuva",
    }
    page = make_page("article", "pic")
    page.body = page.body.stream_block.to_python([{"type": "picture", "value": image}])
    page.save()

    assert "srcset" not in text_of(client.get("/fi/pic/"))
    after_publishing(page, at=AT)
    shown = text_of(client.get("/fi/pic/"))

    assert 'alt="Kaksi ihmistä"' in shown
    assert shown.count("w,") == 2
    assert "1600w" in shown


def test_video_elsewhere_loads_nothing_before_the_readers_yes(client):
    video, other = make_embed(), make_embed(title="Toinen")
    make_page("article", "film", body=[("video", video)])

    before = client.get("/fi/film/")
    after = client.get(f"/fi/film/?video={video.pk}")
    wrong = client.get(f"/fi/film/?video={other.pk}")

    assert "<iframe" not in text_of(before)
    assert "youtube-nocookie" not in text_of(before) + before["Content-Security-Policy"]
    assert 'src="https://www.youtube-nocookie.com/embed/abc_DEF-123"' in text_of(after)
    assert "frame-src https://www.youtube-nocookie.com" in after["Content-Security-Policy"]
    assert "<iframe" not in text_of(wrong)
    assert "frame-src" not in wrong["Content-Security-Policy"]
    assert "Kolme ihmistä" in text_of(before)


def test_video_of_ours_has_captions_and_words(client):
    make_page("article", "film", body=[("video", make_video())])

    page = flat(client.get("/fi/film/"))

    assert '<track kind="captions"' in page
    assert 'preload="none"' in page
    assert "Ohjaamme ryhmää yhdessä." in page


def test_start_page_has_five_doors_news_and_ways_in(client):
    make_page("news", "fresh", parent=make_section("news"), title="Tuore uutinen")

    page = text_of(client.get("/fi/"))

    assert page.count('class="card door') == 5
    assert 'href="/fi/what-is/"' in page
    assert 'href="/fi/news/fresh/"' in page


def test_task_type_shows_its_practices_and_no_fee_before_there_is_one(client):
    practices = make_section("practices")
    page = make_page("practice", "pair", parent=practices, title="Pari", done="d", changed="c")
    kind = Page.objects.get(url_path="/fi/tasks/pair_work/").specific
    page.task_types = [kind.task_type]
    page.save()

    before = text_of(client.get("/fi/tasks/pair_work/"))
    kind.fee_range = "40–60 euroa"
    kind.save()
    after = text_of(client.get("/fi/tasks/pair_work/"))

    assert 'href="/fi/practices/pair/"' in before
    assert "euroa" not in before
    assert "40–60 euroa" in after
    assert "Tilaa tällainen" in after or "/fi/order/" in after


def test_task_type_without_a_page_is_still_told(client):
    Page.objects.get(url_path="/fi/tasks/talk/").delete()

    response = client.get("/fi/tasks/talk/")

    assert response.status_code == 200
    assert "Kokemuspuheenvuoro" in text_of(response)


def test_path_marks_what_the_reader_has_done(client, django_assert_num_queries):
    step = {
        "title": "Tunnus",
        "text": "t",
        "who": "w",
        "duration": "d",
        "cost": "c",
        "gets": "g",
        "done": "has_account",
    }
    make_page("model", "join", parent=make_section("model"), steps=[("step", step)])

    assert "Olet tehnyt tämän" not in text_of(client.get("/fi/model/join/"))
    client.force_login(make_person(), backend=BACKEND)
    assert "Olet tehnyt tämän" in text_of(client.get("/fi/model/join/"))


def test_questions_are_opened_by_links_of_their_own(client):
    make_page(
        "faq",
        "ask",
        entries=[("entry", {"question": "Maksaako se?", "answer": "<p>Ei <b>mitään</b>.</p>"})],
    )

    response = client.get("/fi/ask/")

    assert '<details class="more" id="maksaako-se">' in text_of(response)
    _nonce, (about, *_rest) = described(response)
    assert about["@type"] == "FAQPage"
    assert about["mainEntity"][0]["acceptedAnswer"]["text"] == "Ei mitään."


def test_event_says_when_and_where(client, now):
    event = make_event(now, address="Pori, kirjasto")
    make_page("event", "info", parent=make_section("events"), title="Ilta", event=event)

    response = client.get("/fi/events/info/")

    _nonce, (about, *_rest) = described(response)
    assert (about["@type"], about["name"]) == ("Event", "Ilta")
    assert about["startDate"] == event.starts_at.isoformat()
    assert about["location"][0]["name"] == "Pori, kirjasto"
    assert "Paikat ja ilmoittautuminen" in text_of(response)
    assert f'href="/fi/events/{event.pk}/"' in text_of(response)
    assert "/fi/events/info/" in text_of(client.get("/fi/events/"))


def test_page_about_an_event_says_what_the_event_says_now(client, now):
    event = make_event(now, address="Pori, kirjasto")
    make_page("event", "info", parent=make_section("events"), event=event)
    client.get("/fi/events/info/")  # kept for visitors from now on

    close(event, by=event.made_by, at=now)
    closed = text_of(client.get("/fi/events/info/"))
    cancel(event, by=event.made_by, at=now)
    cancelled = text_of(client.get("/fi/events/info/"))

    assert "Ilmoittautuminen tähän tapahtumaan on päättynyt." in closed
    assert "Tapahtuma on peruttu." in cancelled
    assert "/fi/events/info/" not in text_of(client.get("/fi/events/"))


def test_page_about_a_training_shows_when_it_is_and_one_without_an_event_does_not(client, now):
    event = make_event(now, kind=Kind.BASIC)
    make_page("training", "basic", event=event)
    make_page("training", "any")

    assert f'href="/fi/events/{event.pk}/"' in text_of(client.get("/fi/basic/"))
    assert "/fi/events/" not in text_of(client.get("/fi/any/")).split("<main")[1].split("</main")[0]


def test_page_says_nothing_of_an_event_that_people_are_invited_to(client, now):
    event = make_event(now, address="Pori, kirjasto")
    make_page("event", "info", parent=make_section("events"), event=event)
    Event.objects.filter(pk=event.pk).update(audience=Audience.INVITED)

    assert "Pori, kirjasto" not in text_of(client.get("/fi/events/info/"))


def test_head_has_translations_card_and_descriptions_with_our_nonce(client):
    response = client.get("/fi/privacy/")
    page = flat(response)
    nonce, descriptions = described(response)

    assert '<link rel="alternate" hreflang="sv" href="http://testserver/sv/privacy/">' in page
    assert '<link rel="canonical" href="http://testserver/fi/privacy/">' in page
    card = re.search(r'<meta property="og:image" content="http://testserver([^"]+)">', page)[1]
    assert client.get(card)["Content-Type"] == "image/png"
    assert f"'nonce-{nonce}'" in response["Content-Security-Policy"]
    assert [one["@type"] for one in descriptions] == ["Article", "BreadcrumbList"]


def test_description_cannot_end_its_script(client):
    make_page("article", "evil", title="</script><script>alert(1)</script>")

    assert "<script>alert(1)" not in text_of(client.get("/fi/evil/"))


@pytest.mark.parametrize("lang", ["fi", "sv"])
def test_edit_link_is_for_the_counter_only(lang):
    for who, number in ((make_coordinator(), 1), (make_person(), 0)):
        client = Client()
        client.force_login(who, backend=BACKEND)
        assert text_of(client.get(f"/{lang}/privacy/")).count("/cms/pages/") == number


def test_long_list_has_pages(client):
    news = make_section("news")
    for n in range(21):
        make_page("news", f"n{n}", parent=news)

    assert text_of(client.get("/fi/news/")).count("card door") == 20
    with translation.override("fi"):
        assert text_of(client.get("/fi/news/?page=2")).count("card door") >= 1
