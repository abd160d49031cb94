"""Rules of pages and videos that hold whoever writes."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from wagtail.blocks import StructBlockValidationError
from wagtail.models import Page

from luukku.content.blocks import Button
from luukku.content.models import (
    AccessibilityPage,
    ArticlePage,
    ModelPage,
    NewsPage,
    PracticePage,
    PrivacyPage,
    SecondPairOfEyes,
    Shipped,
    StartPage,
    StoryPage,
    TaskTypePage,
    Video,
)
from luukku.content.schema import schema_of
from luukku.events.states import EventState
from luukku.taxonomy.models import Service, TaskType, Theme
from tests.factories.content import AT, make_embed, make_page, make_section, make_video
from tests.factories.events import make_event

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
    assert not PrivacyPage.can_create_at(start)
    assert not AccessibilityPage.can_create_at(start)


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


def test_news_come_newest_first_and_events_by_when_they_are(at):
    news, events = make_section("news"), make_section("events")
    old = make_page("news", "old", parent=news)
    new = make_page("news", "new", parent=news)
    Page.objects.filter(pk=new.pk).update(first_published_at=at)
    hour = timedelta(hours=1)
    _past, _off, later, sooner = (
        make_page(
            "event",
            slug,
            parent=events,
            event=make_event(at, starts_at=begins, hours=1, state=state),
        )
        for slug, begins, state in (
            ("past", at - 2 * hour, EventState.HELD),
            ("off", at + 2 * hour, EventState.CANCELLED),
            ("later", at + 9 * hour, EventState.CLOSED),
            ("sooner", at + hour, EventState.PUBLISHED),
        )
    )

    assert [page.pk for page in news.below(at=at)] == [new.pk, old.pk]
    assert [page.pk for page in events.below(at=at)] == [sooner.pk, later.pk]
    assert events.fresh_until(at=at) == sooner.event.ends_at


def test_names_are_what_an_editor_reads():
    page = make_page("event", "meeting", event=make_event(AT, address="Pori"))

    assert page.own_words() == "Infotilaisuus Pori"
    assert str(make_video(title="Työpari kertoo")) == "Työpari kertoo"
    assert str(Shipped(language="fi", name="tasks/talk")) == "fi/tasks/talk"
    assert "Somebody else" in SecondPairOfEyes.get_description()


def test_practice_is_about_its_task_types_services_and_themes():
    practice = make_page("practice", "one", parent=make_section("practices"), done="a", changed="b")
    kind, service, theme = (
        model.objects.order_by("pk").first() for model in (TaskType, Service, Theme)
    )
    practice.task_types, practice.services, practice.themes = [kind], [service], [theme]
    practice.save()

    assert PracticePage.objects.get(pk=practice.pk).about() == [kind, service, theme]


def test_below_other_sections_pages_stand_in_the_editors_order(at):
    model = make_section("own-section")
    first, second = (make_page("article", slug, parent=model) for slug in ("zz", "aa"))

    assert [page.pk for page in model.below(at=at)] == [first.pk, second.pk]


def test_schema_of_an_article_that_is_only_previewed_has_no_dates():
    context = {"heading": "Uutta", "crumbs": []}

    (told,) = schema_of(ArticlePage(title="Uutta"), context, base="", language="fi")

    assert told["headline"] == "Uutta"
    assert not {"datePublished", "dateModified"} & told.keys()
