"""Writing a page: a title is enough, what is wrong is said in the editor's language."""

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from luukku.content.models import NewsPage, StartPage
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.content import make_page, make_section
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
        ("training", "fi", {"extent": "", "applying": ""}),
        (
            "event",
            "events",
            {
                "starts_at": "2026-12-10 17:00",
                "ends_at": "2026-12-10 19:00",
                "place": "",
                "address_online": "",
            },
        ),
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
