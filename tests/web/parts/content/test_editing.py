"""Writing a page: a title is enough, what is wrong is said in the editor's language."""

import re
from datetime import date, datetime, time

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import trans_real
from wagtail.admin.menu import admin_menu
from wagtail.models import GroupPagePermission, Page

from luukku.content.models import (
    PAGE_TYPES,
    ArticlePage,
    EventPage,
    FaqPage,
    MaterialsPage,
    NewsPage,
    SectionPage,
    StartPage,
    StoryPage,
)
from luukku.core.times import helsinki, instant, when
from luukku.events.models import Audience
from luukku.events.states import EventState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.content import make_page, make_section
from tests.factories.events import make_event
from tests.markup import flat
from tests.web.parts.content.test_cms import form, signed_in

pytestmark = pytest.mark.django_db
PUBLISH = {"action-publish": "action-publish"}


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    """Wagtail's own templates leave many names unknown."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


@pytest.fixture
def editor():
    return signed_in(make_coordinator())


def written(kind, title, **fields):
    """What the browser sends of a new page that has only its title and what its kind asks for."""
    empty = type("Empty", (), {"title": title, "slug": "", "intro": ""})
    return form(empty) | fields


def value(html, name):
    return re.search(rf'name="{name}"[^>]* value="([^"]*)"', flat(html))[1]


def add(client, kind, section, fields):
    address = reverse("wagtailadmin_pages:add", args=["content", f"{kind}page", section.pk])
    return client.post(address, fields)


# The address


@pytest.mark.parametrize(
    ("kind", "section", "fields"),
    [
        ("news", "news", {}),
        ("story", "stories", {"consent_given": "on"}),
        ("practice", "practices", {"done": "Tehtiin.", "changed": "Muuttui.", "contact": ""}),
        ("training", "fi", {"extent": "", "applying": "", "event": ""}),
    ],
)
def test_page_is_published_with_its_title(editor, kind, section, fields):
    section = StartPage.objects.get(slug="fi") if section == "fi" else make_section(section)

    add(editor, kind, section, written(kind, "Äiti yöllä", **fields) | PUBLISH)

    page = Page.objects.child_of(section).get(title="Äiti yöllä")
    assert (page.slug, page.live) == ("aiti-yolla", True)
    assert Client().get(page.url_path).status_code == 200


def test_draft_is_kept_with_its_title(editor):
    news = make_section("news")

    add(editor, "news", news, written("news", "Kesken"))

    page = NewsPage.objects.get(title="Kesken")
    assert (page.slug, page.live) == ("kesken", False)


def test_second_page_of_a_title_gets_a_number(editor):
    news = make_section("news")

    for slug in ("", "tervetuloa"):  # the browser fills it in from the title
        add(editor, "news", news, written("news", "Tervetuloa", slug=slug) | PUBLISH)

    assert set(NewsPage.objects.values_list("slug", flat=True)) >= {"tervetuloa", "tervetuloa-2"}


def test_draft_follows_its_title_and_a_published_page_keeps_its_address(editor):
    page = make_page("news", "vanha", parent=make_section("news"), title="Vanha")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])

    editor.post(edit, form(page, title="Uusi", slug="") | PUBLISH)

    page.refresh_from_db()
    assert (page.title, page.slug) == ("Uusi", "vanha")


@pytest.mark.parametrize("slug", ["order", "easy", "counter"])
def test_programs_own_address_is_refused_in_the_editors_language(editor, slug):
    start = StartPage.objects.get(slug="fi")

    response = add(editor, "article", start, written("article", "Oma", slug=slug) | PUBLISH)

    assert "Palvelu tarvitsee tämän osoitteen itse. Valitse toinen." in response.content.decode()
    assert not Page.objects.filter(title="Oma").exists()


def test_who_has_no_role_adds_no_page():
    news = make_section("news")

    response = add(signed_in(make_person()), "news", news, written("news", "Vieras") | PUBLISH)

    assert response.status_code == 403
    assert not Page.objects.filter(title="Vieras").exists()


# Days and times


@pytest.mark.parametrize(
    "typed",
    ["10.12.2096 17.00", "10.12.2096 klo 17.00", "10.12.2096 17:00", "10.12.2096 kl. 17",
     "2096-12-10 17:00", "2096-12-10T17:00"],
)  # fmt: skip
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_time_is_taken_as_people_write_it(typed, language):
    news, person = make_section("news"), make_coordinator(language=language)
    times = {"go_live_at": typed, "expire_at": "11.12.2096"}

    add(signed_in(person), "news", news, written("news", "Ilta", **times))

    page = NewsPage.objects.get(title="Ilta").get_latest_revision_as_object()
    assert helsinki(page.go_live_at).replace(tzinfo=None) == datetime(2096, 12, 10, 17)
    assert helsinki(page.expire_at).replace(tzinfo=None) == datetime(2096, 12, 11)


def test_time_is_shown_as_it_is_written_in_finland(editor):
    at = instant(date(2026, 12, 10), time(17))
    page = make_page("news", "ilta", parent=make_section("news"), expire_at=at)

    seen = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()

    assert value(seen, "expire_at") == "10.12.2026 17.00"
    assert "Kirjoita näin: 10.12.2026 klo 17.00" in seen
    assert seen.count('"validateOnBlur": false') == 4  # two fields, each said twice


def test_time_that_cannot_be_read_is_kept_and_said_at_its_field(editor):
    news = make_section("news")
    times = {"go_live_at": "ylihuomenna", "expire_at": ""}

    response = add(editor, "news", news, written("news", "Ilta", **times) | PUBLISH)

    assert value(response.content.decode(), "go_live_at") == "ylihuomenna"
    assert response.context["form"].errors["go_live_at"] == [
        "Kirjoita päivä ja kellonaika näin: 10.12.2026 klo 17.00"
    ]


# The event that a page is about


def test_page_about_an_event_is_published_with_it(editor, now):
    event = make_event(now)

    add(editor, "event", make_section("events"), written("event", "Ilta", event=event.pk) | PUBLISH)

    page = EventPage.objects.get(title="Ilta")
    assert (page.event, page.live) == (event, True)
    assert Client().get(page.url_path).status_code == 200


def test_page_about_an_event_is_not_published_without_it_and_keeps_what_was_typed(editor):
    events = make_section("events")

    response = add(editor, "event", events, written("event", "Ilta", event="") | PUBLISH)

    assert response.context["form"].errors["event"]
    assert value(response.content.decode(), "title") == "Ilta"
    assert not EventPage.objects.filter(title="Ilta").exists()


def test_draft_of_a_page_waits_for_its_event(editor):
    add(editor, "event", make_section("events"), written("event", "Ilta", event=""))

    assert EventPage.objects.get(title="Ilta").event is None


def test_events_to_choose_are_those_that_people_can_read_of_and_the_one_that_stands(editor, now):
    coming, over = make_event(now), make_event(now, state=EventState.HELD)
    make_event(now, state=EventState.DRAFT)
    make_event(now, audience=Audience.INVITED)
    page = make_page("event", "ilta", parent=make_section("events"), event=over)

    form = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context["form"]

    assert set(form.fields["event"].queryset) == {coming, over}
    assert f"Infotilaisuus – {when(coming.starts_at, coming.ends_at)}" in str(form["event"])


# What is offered


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_pages_open_at_the_editors_own_language(language):
    home = StartPage.objects.get(slug=language)

    response = signed_in(make_coordinator(language=language)).get("/cms/pages/")

    assert response["Location"] == reverse("wagtailadmin_explore", args=[home.pk])


def test_who_has_no_role_opens_no_pages():
    assert signed_in(make_person()).get("/cms/pages/").status_code == 403


def test_menus_are_those_that_the_counter_has_work_in(editor):
    request = editor.get("/cms/").wsgi_request

    with translation.override("fi"):
        names = [str(item.label) for item in admin_menu.menu_items_for_request(request)]

    assert sorted(names) == ["Auttavat puhelimet", "Dokumentit", "Kuvat", "Sivut", "Videot"]


@pytest.mark.parametrize(
    ("section", "kinds"),
    [("news", {NewsPage}), ("events", {EventPage}), ("stories", {StoryPage}), ("tasks", set())],
)
def test_section_offers_its_own_kind_alone(section, kinds):
    section = make_section(section)

    assert {kind for kind in PAGE_TYPES.values() if kind.can_create_at(section)} == kinds


def test_other_sections_offer_plain_pages():
    section = make_page("section", "own")

    offered = {kind for kind in PAGE_TYPES.values() if kind.can_create_at(section)}

    assert offered == {SectionPage, ArticlePage, FaqPage, MaterialsPage}


# What comes next


def buttons(client, page):
    context = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).context
    return context["action_menu"].default_item.name


def test_publishing_is_the_button_that_is_seen(editor):
    assert buttons(editor, make_page("article", "own")) == "action-publish"


def test_who_may_not_publish_is_offered_to_ask_for_it():
    page, person = make_page("article", "own"), make_coordinator()
    GroupPagePermission.objects.filter(permission__codename="publish_page").delete()

    assert buttons(signed_in(person), page) == "action-submit"


def test_page_that_waits_is_approved_by_its_reader_and_not_published_past_them(editor):
    page, writer = make_page("article", "own"), make_coordinator("Kirjoittaja")
    page.save_revision(user=writer)
    page.get_workflow().start(page, writer)

    assert buttons(editor, page) == "approve"
    assert buttons(signed_in(writer), page) == "action-save-draft"


@pytest.mark.parametrize(
    ("language", "said"),
    [("fi", "Kirjoitat suomenkielistä sivua."), ("sv", "Kirjoitat ruotsinkielistä sivua.")],
)
def test_editor_says_which_language_is_written(editor, language, said):
    page = make_page("article", "own", parent=StartPage.objects.get(slug=language))

    assert said in editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()


# In the editor's language


ROOMS = (
    "/cms/",
    "/cms/pages/{news}/",
    "/cms/pages/{news}/edit/",
    "/cms/pages/{news}/history/",
    "/cms/pages/{news}/copy/",
    "/cms/pages/{news}/move/",
    "/cms/pages/{news}/delete/",
    "/cms/pages/{news}/unpublish/",
    "/cms/pages/add/content/newspage/{news}/",
    "/cms/choose-page/",
    "/cms/images/",
    "/cms/images/add/",
    "/cms/images/chooser/",
    "/cms/documents/",
    "/cms/documents/chooser/",
    "/cms/snippets/content/video/",
    "/cms/snippets/guidance/helpline/",
    "/cms/snippets/guidance/helpline/add/",
    "/cms/account/",
    "/cms/redirects/",
)


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_editor_has_no_words_without_a_translation(language, monkeypatch):
    client, news = signed_in(make_coordinator(language=language)), make_section("news")
    said: set[str] = set()
    gettext = translation._trans.gettext

    def listening(message):
        if translation.get_language() == language and str(message).strip():
            said.add(str(message).replace("\r\n", "\n"))
        return gettext(message)

    translation.gettext("")  # binds the function that is listened to
    monkeypatch.setattr(translation._trans, "gettext", listening)
    for room in ROOMS:
        assert client.get(room.format(news=news.pk)).status_code == 200
    known = trans_real.translation(language)._catalog

    assert [words for words in sorted(said) if known.get(words) is None] == []


def test_scripts_of_the_editor_speak_the_editors_language(editor):
    said = editor.get(reverse("wagtailadmin_javascript_catalog")).content.decode()

    assert "Muutokset on tallennettu." in said


def test_errors_are_said_in_finnish_and_what_was_typed_stays(editor):
    page = make_page("news", "vanha", parent=make_section("news"), title="Vanha")
    fields = form(page, title="Uusi", search_description="x" * 156)

    response = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), fields | PUBLISH)

    assert "Sivua ei voitu tallentaa. Tarkista alta merkityt kohdat." in response.content.decode()
    assert value(response.content.decode(), "title") == "Uusi"


def test_translation_is_said_to_be_a_draft_in_its_language(editor):
    page = make_page("news", "own", parent=make_section("news"), title="Uusi")
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])
    swedish = StartPage.objects.get(slug="sv").locale_id

    seen = editor.post(address, {"locales": [swedish]}, follow=True).content.decode()

    assert "Sivusta ”Uusi” on tehty luonnos: ruotsi. Käännä tekstit ja julkaise sivu." in seen
    assert "Kirjoitat ruotsinkielistä sivua." in seen


def test_typed_address_is_folded_as_a_title_is(editor):
    page = make_page("article", "vanha")

    editor.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form(page, slug="Ääkköset täällä!") | PUBLISH,
    )

    page.refresh_from_db()
    assert page.slug == "aakkoset-taalla"
    shown = editor.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "blur-&gt;w-slug#urlify" in shown or "blur->w-slug#urlify" in shown
