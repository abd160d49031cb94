"""Rules of pages and videos that hold whoever writes."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from wagtail.blocks import StructBlockValidationError

from luukku.content.blocks import Button
from luukku.content.models import (
    ArticlePage,
    ModelPage,
    NewsPage,
    PracticePage,
    StartPage,
    StoryPage,
    TaskTypePage,
    Video,
)
from tests.factories.content import make_embed, make_page, make_section, make_video

pytestmark = pytest.mark.django_db
GOOD = {
    "title": "x",
    "transcript": "x",
    "address": "https://youtu.be/abc",
    "has_captions_there": True,
}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"transcript": ""}, "transcript"),
        ({"has_captions_there": False}, "has_captions_there"),
        ({"address": ""}, "file"),
        ({"address": "https://evil.example/abc"}, "address"),
        ({"address": "https://www.youtube.com/watch?v=../x"}, "address"),
        ({"address": "", "file": ContentFile(b"x", name="a.mp4")}, "captions"),
        ({"file": ContentFile(b"x", name="a.mp4")}, "file"),
        ({"address": "", "file": ContentFile(b"x", name="a.exe")}, "file"),
        (
            {
                "address": "",
                "file": ContentFile(b"x", name="a.mp4"),
                "captions": ContentFile(b"nope", name="a.vtt"),
            },
            "captions",
        ),
    ],
)
def test_video_that_leaves_somebody_out_is_refused(changes, field):
    with pytest.raises(ValidationError) as caught:
        Video(**GOOD | changes).full_clean()

    assert field in caught.value.message_dict


def test_video_with_captions_and_transcript_is_fine():
    make_video().full_clean()
    make_embed().full_clean()


@pytest.mark.parametrize(
    ("address", "player"),
    [
        (
            "https://www.youtube.com/watch?v=abc_D-1",
            "https://www.youtube-nocookie.com/embed/abc_D-1",
        ),
        ("https://youtu.be/abc", "https://www.youtube-nocookie.com/embed/abc"),
        ("https://vimeo.com/12345", "https://player.vimeo.com/video/12345"),
    ],
)
def test_video_elsewhere_is_played_without_cookies_where_the_host_offers_that(address, player):
    assert Video(address=address).player == player


@pytest.mark.parametrize(
    "changes",
    [{"captions": ""}, {"transcript": ""}, {"file": ""}, {"address": "https://youtu.be/abc"}],
)
def test_database_refuses_a_video_without_captions_or_words(changes):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_video(**changes)


def test_pages_belong_to_their_sections():
    start, news, practices = (
        StartPage.objects.get(slug="fi"),
        make_section("news"),
        make_section("practices"),
    )

    assert NewsPage.can_create_at(news)
    assert not NewsPage.can_create_at(practices)
    assert PracticePage.can_create_at(practices)
    assert not PracticePage.can_create_at(start)
    assert ArticlePage.can_create_at(start)
    assert not ModelPage.can_create_at(news)
    assert not TaskTypePage.can_create_at(make_section("tasks"))
    assert not StartPage.can_create_at(start.get_parent())


def test_story_needs_its_tellers_yes():
    with pytest.raises(ValidationError, match="yes of the person"):
        StoryPage(title="x", slug="x").clean()


@pytest.mark.parametrize(
    ("fields", "field"),
    [({"search_description": "x" * 156}, "search_description"), ({"slug": "easy"}, "slug")],
)
def test_page_refuses_a_long_description_and_the_address_of_easy_finnish(fields, field):
    with pytest.raises(ValidationError) as caught:
        ArticlePage(**{"title": "x", "slug": "x"} | fields).clean()

    assert field in caught.value.message_dict


@pytest.mark.parametrize(
    ("address", "is_fine"),
    [
        ("/fi/order/", True), ("https://kela.fi/", True), ("tel:+358401234567", True),
        ("", False), ("javascript:alert(1)", False), ("http://plain.example/", False), ("//evil.example", False),
    ],
)  # fmt: skip
def test_button_leads_only_where_a_browser_may_go(address, is_fine):
    block = Button()
    value = block.to_python({"label": "x", "page": None, "address": address})

    if is_fine:
        assert block.clean(value).href == address
    else:
        with pytest.raises(StructBlockValidationError):
            block.clean(value)


def test_button_leads_to_a_page_or_an_address_not_both():
    page = make_page("article", "there")
    value = Button().to_python({"label": "x", "page": page.pk, "address": "/fi/"})

    with pytest.raises(StructBlockValidationError):
        Button().clean(value)
    assert Button().to_python({"label": "x", "page": page.pk, "address": ""}).href == "/fi/there/"
