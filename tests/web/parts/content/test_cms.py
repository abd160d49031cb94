"""The editor's rooms: who comes in, what they may do there, and that the rules stay strict elsewhere."""

from datetime import timedelta

import pytest
from django.template import engines
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from luukku.accounts.actions import set_roles
from luukku.accounts.models import Role
from luukku.audit.models import AuditEvent
from luukku.config.schedule import SCHEDULE
from luukku.content import tasks
from luukku.content.models import ArticlePage, StartPage
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.content import make_document, make_image, make_page, make_section
from tests.factories.experts import make_expert
from tests.web.public.test_robots_and_media import body

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    """Wagtail's own templates leave many names unknown."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


@pytest.fixture
def editor():
    return signed_in(make_coordinator())


def form(page, **changes):
    """What the browser sends of a plain page."""
    empty = {f"{name}-count": "0" for name in ("body", "easy_body")}
    return empty | {
        "title": page.title, "slug": page.slug, "intro": page.intro, "easy_title": "", "easy_intro": "",
        "sources": "", "seo_title": "", "search_description": "", "go_live_at": "", "expire_at": "",
    } | changes  # fmt: skip


# Who


@pytest.mark.parametrize("make", [make_coordinator, make_admin])
def test_counter_comes_in(make):
    response = signed_in(make()).get("/cms/")

    assert response.status_code == 200
    assert '<html lang="fi"' in response.content.decode()


@pytest.mark.parametrize("make", [make_person, make_steering, lambda: make_expert().user])
def test_others_are_refused_kindly(make):
    client = signed_in(make())

    for address in ("/cms/", "/cms/pages/", "/cms/images/"):
        response = client.get(address)
        assert response.status_code == 403
        assert "kokemusluukku" in response.content.decode().lower()


def test_who_is_not_signed_in_is_sent_to_sign_in(client):
    response = client.get("/cms/")

    assert response.status_code == 302
    assert response["Location"].startswith("/fi/account/login/?next=/cms/")


def test_role_taken_away_closes_the_door(at):
    person = make_coordinator()
    client = signed_in(person)
    assert client.get("/cms/").status_code == 200

    set_roles(person, set(), by=make_admin(), at=at)

    assert client.get("/cms/").status_code == 403


@pytest.mark.parametrize(
    "path", ["/cms/users/", "/cms/groups/", "/cms/sites/", "/cms/workflows/list/"]
)
def test_editor_reaches_no_settings_of_the_house(editor, path):
    assert editor.get(path).status_code in {302, 403, 404}


# Writing


def test_editor_writes_previews_and_publishes(editor):
    page = make_page("article", "own", title="Vanha")
    edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])

    assert editor.get(edit).status_code == 200
    sent = editor.post(preview, form(page, title="Uusi"))
    seen = editor.get(preview)
    editor.post(edit, form(page, title="Uusi") | {"action-publish": "yes"})

    assert sent.json()["is_valid"]
    assert "<h1>Uusi</h1>" in seen.content.decode()
    assert "wagtail-userbar" in seen.content.decode()  # holds the accessibility checks
    assert ArticlePage.objects.get(pk=page.pk).title == "Uusi"
    assert "<h1>Uusi</h1>" in Client().get("/fi/own/").content.decode()


def test_editor_adds_a_page_below_a_section(editor):
    start = StartPage.objects.get(slug="fi")
    address = reverse("wagtailadmin_pages:add", args=["content", "articlepage", start.pk])
    page = ArticlePage(title="Aivan uusi", slug="brand-new")

    assert editor.get(address).status_code == 200
    editor.post(address, form(page) | {"action-publish": "yes"})

    assert Client().get("/fi/brand-new/").status_code == 200


def test_scheduled_page_is_published_by_the_worker(editor):
    page = make_page("article", "later", title="Vanha")
    page.title, page.go_live_at = "Ajastettu", timezone.now() - timedelta(minutes=1)
    revision = page.save_revision(user=make_coordinator())
    type(revision).objects.filter(pk=revision.pk).update(approved_go_live_at=page.go_live_at)

    tasks.publish_scheduled.func()

    assert ArticlePage.objects.get(pk=page.pk).title == "Ajastettu"
    assert SCHEDULE["publish_scheduled"][0] <= timedelta(minutes=15)


def test_expired_page_is_taken_away_by_the_worker():
    page = make_page("article", "until", expire_at=timezone.now() - timedelta(minutes=1))

    tasks.publish_scheduled.func()

    assert not Page.objects.get(pk=page.pk).live


@pytest.mark.parametrize("path", ["/fi/", "/fi/privacy/", "/sv/tasks/"])
@pytest.mark.parametrize("act", ["delete", "unpublish"])
def test_core_page_cannot_be_taken_away(editor, path, act):
    page = Page.objects.get(url_path=path)

    editor.post(reverse(f"wagtailadmin_pages:{act}", args=[page.pk]))

    assert Page.objects.get(pk=page.pk).live


def test_other_page_can_be_taken_away(editor):
    page = make_page("article", "spare")

    editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert not Page.objects.get(pk=page.pk).live


def test_page_that_moved_leaves_a_way_to_it(editor):
    target = make_page("article", "target")
    Redirect.objects.create(old_path="/fi/old", redirect_page=target)

    assert Client().get("/fi/old/")["Location"].endswith("/fi/target/")


def test_address_given_back_leads_nowhere_and_no_browser_keeps_the_way(
    editor, django_capture_on_commit_callbacks
):
    page = make_page("article", "first")
    for slug in ("second", "first"):
        page.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            page.save_revision().publish()

    here, old = (Client().get(f"/fi/{slug}/") for slug in ("first", "second"))

    assert (here.status_code, old.status_code) == (200, 301)
    assert old["Location"].endswith("/fi/first/")
    assert old["Cache-Control"] == "no-cache"
    assert list(Redirect.objects.values_list("old_path", flat=True)) == ["/fi/second"]
    gone = AuditEvent.objects.get(act="content.forget_ways")
    assert (gone.object_id, gone.data) == (str(page.pk), {"ways": 1})
    page.unpublish()
    assert Client().get("/fi/first/").status_code == 404


def test_page_below_an_address_given_back_has_no_way_from_it(
    editor, django_capture_on_commit_callbacks
):
    section = make_section("news")
    make_page("news", "one", parent=section)
    was = section.slug
    for slug in ("muuta", was):
        section.slug = slug
        with django_capture_on_commit_callbacks(execute=True):
            section.save_revision().publish()

    assert Client().get("/fi/muuta/one/").status_code == 301
    assert not [path for path in Redirect.objects.values_list("old_path", flat=True) if was in path]


def test_way_to_the_very_same_address_is_not_gone(editor):
    page = make_page("article", "own")
    page.unpublish()
    Redirect.objects.create(old_path="/fi/own", redirect_page=page)

    assert Client().get("/fi/own/").status_code == 404


# What must be said of pictures


@pytest.mark.parametrize(
    ("said", "is_published"),
    [({}, False), ({"alt_text": "Kaksi ihmistä"}, True), ({"decorative": "on"}, True)],
)
def test_picture_without_words_is_not_published(editor, said, is_published):
    page, image = make_page("article", "own"), make_image()
    picture = {"image-image": str(image.pk), "image-alt_text": "", "caption": ""}
    picture |= {f"image-{name}": words for name, words in said.items()}
    body = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-id": ""}
    body |= {"body-0-type": "picture"} | {f"body-0-value-{n}": v for n, v in picture.items()}

    sent = form(page, title="Kuvan kera") | body | {"action-publish": "yes"}
    editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), sent)

    assert (ArticlePage.objects.get(pk=page.pk).title == "Kuvan kera") == is_published


# Files


def test_documents_are_handed_out_one_by_one_and_listed_nowhere(client, settings, tmp_path):
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.MEDIA_ROOT, settings.STORAGES = tmp_path, settings.STORAGES | {"default": disk}
    document = make_document()

    given = client.get(document.url)

    assert body(given) == b"%PDF-1.4"
    for close in given._resource_closers:  # given.close() would end the test's connection
        close()
    assert given["Content-Disposition"].endswith(f'filename="{document.filename}"')
    assert given["Content-Security-Policy"] == "default-src 'none'"
    assert not given.has_header("Content-Encoding")
    assert client.get("/documents/", follow=True).status_code == 404
    assert client.get(f"/documents/{document.pk + 1}/list.pdf").status_code == 404


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_documents_and_pictures_are_put_in_by_editors_only(make):
    for name in ("wagtaildocs:add", "wagtailimages:add", "wagtaildocs:index"):
        assert signed_in(make()).get(reverse(name)).status_code == 403


# Rules for scripts


def test_policy_is_looser_only_in_the_editors_rooms(editor):
    page = make_page("article", "own")
    inside, outside = editor.get("/cms/"), editor.get("/fi/own/")
    preview = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    editor.post(preview, form(page))
    shown = editor.get(preview)

    for response in (inside, shown):
        assert "frame-ancestors 'self'" in response["Content-Security-Policy"]
        assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert "unsafe-inline" in inside["Content-Security-Policy"]
    assert "unsafe" not in outside["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in outside["Content-Security-Policy"]
    assert outside["X-Frame-Options"] == "DENY"
    for response in (inside, shown, outside):
        assert "http" not in response["Content-Security-Policy"]


def test_refusal_keeps_the_strict_policy():
    response = signed_in(make_person()).get("/fi/counter/")

    assert "unsafe" not in response["Content-Security-Policy"]
    assert Role.COORDINATOR not in make_person().roles
