"""What machines ask for: the map of the site, feeds, pictures to share, parts of films."""

import io
from xml.etree import ElementTree as Tree

import pytest
from PIL import Image
from wagtail.models import Page

from luukku.content.cards import card_key, draw_card
from luukku.web.public.robots_and_media import _font
from tests.factories.content import make_page, make_section, make_video

pytestmark = pytest.mark.django_db
NAMES = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}


def body(response):
    return b"".join(response.streaming_content)


def test_sitemap_names_each_page_once_with_its_translations_by_two_queries(
    client, django_assert_num_queries
):
    draft = make_page("article", "draft")
    draft.live = False
    draft.save()

    with django_assert_num_queries(2):
        tree = Tree.fromstring(client.get("/sitemap.xml").content)

    places = [one.text for one in tree.iterfind("s:url/s:loc", NAMES)]
    assert len(places) == len(set(places))
    assert {
        "http://testserver/fi/",
        "http://testserver/sv/privacy/",
        "http://testserver/en/calls/",
    } <= set(places)
    assert "http://testserver/fi/draft/" not in places
    assert "http://testserver/fi/become/easy/" in places
    assert not {p for p in places if p.endswith("/fi/news/easy/")}  # it has none
    privacy = next(u for u in tree if u.find("s:loc", NAMES).text.endswith("/fi/privacy/"))
    assert {link.get("hreflang") for link in privacy.iterfind("x:link", NAMES)} == {
        "fi",
        "sv",
        "en",
    }


def test_robots_leave_desks_alone_and_find_the_map(client):
    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /cms/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


@pytest.mark.parametrize(
    ("kind", "mark"), [("rss", b"<rss"), ("atom", b"http://www.w3.org/2005/Atom")]
)
def test_feed_has_the_news(client, kind, mark):
    make_page(
        "news", "fresh", parent=make_section("news"), title="Tuore", search_description="Lyhyesti"
    )

    response = client.get(f"/fi/news/{kind}/")

    assert mark in response.content
    assert "http://testserver/fi/news/fresh/" in response.content.decode()
    assert kind in response["Content-Type"]
    assert f'href="/fi/news/{kind}/"' in client.get("/fi/news/").content.decode()


@pytest.mark.parametrize("section", ["privacy", "practices", "no-such"])
def test_feed_is_only_of_news_and_events(client, section):
    assert client.get(f"/fi/{section}/rss/").status_code == 404


def test_card_is_a_picture_with_the_title_and_only_of_a_published_page(client):
    page = Page.objects.get(url_path="/sv/privacy/")
    address = f"/share/{page.pk}-{card_key(page.title)}.png"

    first, again = client.get(address), client.get(address)

    assert Image.open(io.BytesIO(first.content)).size == (1200, 630)
    assert first.content == again.content
    assert "immutable" in first["Cache-Control"]
    assert client.get(f"/share/{page.pk}-other.png").status_code == 404
    page.live = False
    page.save()
    assert client.get(address).status_code == 404


def test_card_holds_a_very_long_title():
    drawn = draw_card("Kokemusasiantuntijatoiminnan kehittämissuunnitelma " * 6, font_file=_font())

    assert Image.open(io.BytesIO(drawn)).size == (1200, 630)


@pytest.mark.parametrize(
    ("asked", "status", "part"),
    [
        ("", 200, b"0123456789"), ("bytes=0-3", 206, b"0123"), ("bytes=7-", 206, b"789"), ("bytes=-2", 206, b"89"),
        ("bytes=8-99", 206, b"89"), ("bytes=99-", 200, b"0123456789"), ("bytes=x-y", 200, b"0123456789"),
        ("bytes=0-1,3-4", 200, b"0123456789"), (f"bytes={'9' * 5000}-", 200, b"0123456789"),
        (f"bytes=0-{'9' * 5000}", 200, b"0123456789"),
    ],
)  # fmt: skip
def test_film_comes_whole_or_in_the_part_that_was_asked(client, asked, status, part):
    video = make_video()

    response = client.get(f"/media/{video.file.name}", headers={"range": asked} if asked else {})

    assert (response.status_code, body(response)) == (status, part)
    if status == 206:
        assert response["Content-Length"] == str(len(part))
        assert response["Content-Range"].endswith("/10")


def test_captions_come_as_text(client):
    response = client.get(f"/media/{make_video().captions.name}")

    assert response["Content-Type"].startswith("text/vtt")
    assert body(response).startswith(b"WEBVTT")


@pytest.mark.parametrize(
    "path", ["documents/x.pdf", "videos/none.mp4", "videos/../x", "secret.txt"]
)
def test_media_gives_only_pictures_and_films(client, path):
    assert client.get(f"/media/{path}").status_code == 404
