"""Wagtail's pages come into the index, change there and leave it by Wagtail's own signals."""

import pytest
from wagtail.models import Page

from luukku.content.queries import Searchable
from luukku.search import actions, tasks
from luukku.search.models import Document, DocumentName, DocumentWord, Miss
from luukku.search.queries import search

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def searchable(page):
    return [Searchable("fi", page.title, "Remontti", page.url_path, {"kind": ["story"]})]


@pytest.fixture
def _content(monkeypatch):
    monkeypatch.setattr(actions, "searchable", searchable)


@pytest.fixture
def story(_content):
    """A published page under the root."""
    made = Page.objects.get(depth=1).add_child(title="Tarina", slug="tarina-x", live=False)
    made.save_revision().publish()
    return Page.objects.get(pk=made.pk)


def urls():
    return [hit.url for hit in search("remontti", language="fi").hits]


def test_page_is_found_when_published(story):
    assert urls() == ["/tarina-x/"]


def test_page_is_not_found_when_unpublished(story):
    story.unpublish()

    assert urls() == []


def test_page_is_not_found_when_deleted(story):
    story.delete()

    assert urls() == []


def test_page_moved_takes_its_new_address_and_those_below_too(story):
    child = story.add_child(title="Lapsi", slug="lapsi-x", live=False)
    child.save_revision().publish()
    other = Page.objects.get(depth=1).add_child(title="Muu", slug="muu-x", live=False)

    Page.objects.get(pk=story.pk).move(other, pos="last-child")

    assert sorted(urls()) == ["/muu-x/tarina-x/", "/muu-x/tarina-x/lapsi-x/"]


def test_rebuild_takes_live_pages_in(story):
    Page.objects.get(depth=1).add_child(title="Luonnos", slug="luonnos-x", live=False)
    Document.objects.filter(kind="story").delete()

    actions.rebuild()

    found = set(Document.objects.values_list("url", flat=True))
    assert "/tarina-x/" in found
    assert "/luonnos-x/" not in found


def test_rows_say_what_they_are():
    assert str(Document(title="Otsikko")) == "Otsikko"
    assert str(DocumentWord(word="sana")) == "sana"
    assert str(DocumentName(label="nimi")) == "nimi"
    assert str(Miss(words="zumbla")) == "zumbla"


def test_task_forgets_old_misses(at):
    Miss.objects.create(words="zumbla", language="fi", day=at.date().replace(year=2020))

    assert tasks.forget_misses.func() == 1
    assert not Miss.objects.exists()


def test_rebuild_without_a_page_still_has_the_vocabulary():
    Page.objects.filter(depth__gt=1).update(live=False)

    actions.rebuild()

    assert not Document.objects.filter(object_id__startswith="page-").exists()
    assert Document.objects.filter(kind="theme").exists()
