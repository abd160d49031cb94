"""Keeping the index true; misses: who counts them, who sees to them."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.queries import history
from luukku.content.queries import Searchable
from luukku.search import actions
from luukku.search.models import Document, Miss
from luukku.search.queries import search, waiting_misses
from luukku.taxonomy.actions import add_synonym, load_reference, switch
from luukku.taxonomy.models import TaskType, Theme, ThemeSynonym
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
DAY = date(2026, 12, 1)


class FakePage:
    """What of a Wagtail page the index reads."""

    def __init__(self, pk, *, live=True):
        self.pk, self.live = pk, live


@pytest.fixture(autouse=True)
def _pages(monkeypatch):
    """Every page has an easy version and a translation."""

    def searchable(page):
        story = {"kind": ["story"]}
        yield Searchable("fi", "Remontti", "Tekstiä.", f"/fi/p{page.pk}/", story)
        yield Searchable("fi", "Remontti selkona", "Tekstiä.", f"/fi/p{page.pk}/easy/", story)
        yield Searchable("sv", "Renovering", "Text.", f"/sv/p{page.pk}/", story)

    monkeypatch.setattr(actions, "searchable", searchable)


def urls(question, language="fi"):
    return [hit.url for hit in search(question, language=language).hits]


def test_index_page_makes_each_version_findable_once():
    for _twice in range(2):
        actions.index_page(FakePage(7))

    assert sorted(urls("remontti")) == ["/fi/p7/", "/fi/p7/easy/"]
    assert urls("renovering", "sv") == ["/sv/p7/"]


def test_index_page_takes_out_what_is_not_live_and_nothing_else():
    for pk in (7, 77):
        actions.index_page(FakePage(pk))

    actions.index_page(FakePage(7, live=False))

    assert sorted(urls("remontti")) == ["/fi/p77/", "/fi/p77/easy/"]


def test_index_page_about_a_task_type_takes_the_place_of_the_plain_one(monkeypatch):
    panel = Searchable(
        "fi", "Paneelikeskustelu", "Enemmän.", "/fi/tasks/panel/", {"kind": ["task_type"]}
    )
    monkeypatch.setattr(actions, "searchable", lambda page: [panel])

    actions.index_page(FakePage(7))
    assert urls("paneelikeskustelu") == ["/fi/tasks/panel/"]
    actions.index_vocabulary()
    assert urls("paneelikeskustelu") == ["/fi/tasks/panel/"]


def test_index_vocabulary_follows_what_is_switched_off(at):
    switch([TaskType.objects.get(code="panel")], on=(), by=make_coordinator(), at=at)
    switch([Theme.objects.get(code="debt")], on=(), by=make_coordinator(), at=at)

    actions.index_vocabulary()

    assert not Document.objects.filter(object_id__in=["panel", "debt"]).exists()
    assert search("velkaantuminen", language="fi").stands.of("theme") != ["debt"]


def test_index_uses_the_words_of_the_region(settings):
    settings.LUUKKU_EXPERT_WORD = "kokemustoimija"
    actions.rebuild()

    assert "Kokemustoimija" in Document.objects.get(object_id="lecture", language="fi").body


def test_index_has_no_document_in_a_language_without_a_name():
    Document.objects.filter(kind="task_type", object_id__startswith="page-").delete()
    TaskType.objects.filter(code="panel").update(name_sv="")
    Theme.objects.filter(code="debt").update(name_en="")

    actions.index_vocabulary()

    found = Document.objects.filter(object_id__in=["panel", "debt"]).order_by(
        "object_id", "language"
    )
    assert list(found.values_list("object_id", "language")) == [
        ("debt", "fi"), ("debt", "sv"), ("panel", "en"), ("panel", "fi"),
    ]  # fmt: skip


# -- Misses --------------------------------------------------------------------------------------


def rows():
    return list(Miss.objects.order_by("pk").values_list("words", "language", "count"))


def test_note_miss_counts_plain_words_by_day():
    for question in ("Xylofonia", "xylofonia", "  xylofonia! "):
        assert actions.note_miss(question, language="fi", on=DAY)
    actions.note_miss("xylofoni", language="sv", on=DAY)

    assert [row[1:] for row in rows()] == [("fi", 3), ("sv", 1)]


def test_note_miss_keeps_no_numbers_no_addresses_and_five_words():
    question = "xylofoni 010203-123A maija@example.test http://x.example 0401234567 b2b aaaa bbbb cccc dddd eeee"

    actions.note_miss(question, language="sv", on=DAY)

    (words,) = [row[0] for row in rows()]
    assert words == "xylofoni aaaa bbbb cccc dddd"


@pytest.mark.parametrize("question", ["", "123", "a@b.example", "asunnottomuus"])
def test_note_miss_counts_nothing_that_is_empty_or_found(question):
    assert not actions.note_miss(question, language="fi", on=DAY)
    assert rows() == []


def test_note_miss_is_short():
    actions.note_miss("xylofoni" * 20, language="fi", on=DAY)

    assert len(rows()[0][0]) <= 60


def test_waiting_misses_come_most_missed_first():
    for question, times in (("xylofoni", 1), ("zumbla", 3)):
        for day in range(times):
            actions.note_miss(question, language="sv", on=date(2026, 12, 1 + day))

    assert [(row["words"], row["times"]) for row in waiting_misses()] == [
        ("zumbla", 3),
        ("xylofoni", 1),
    ]


def test_dismiss_takes_the_words_off_until_somebody_looks_again(at):
    counter = make_coordinator()
    actions.note_miss("xylofoni", language="sv", on=DAY)

    assert actions.dismiss("xylofoni", language="sv", by=counter, at=at) == 1
    assert actions.dismiss("xylofoni", language="sv", by=counter, at=at) == 0
    assert not waiting_misses()
    assert [event.act for event in history(Miss.objects.get())] == ["search.dismiss_miss"]
    actions.note_miss("xylofoni", language="sv", on=DAY)
    assert len(waiting_misses()) == 1


def test_make_synonym_leads_the_words_to_the_theme_for_good(at):
    theme, counter = Theme.objects.get(code="debt"), make_coordinator()
    actions.note_miss("zumblata", language="fi", on=DAY)
    words = Miss.objects.get().words

    actions.make_synonym(words, theme, language="fi", by=counter, at=at)

    assert search("zumblata", language="fi").hits[0].object_id == "debt"
    assert not waiting_misses()
    synonym = ThemeSynonym.objects.get(word=words)
    assert [event.act for event in history(synonym)] == ["taxonomy.add_synonym"]
    assert [event.act for event in history(Miss.objects.get())] == ["search.make_synonym"]
    load_reference(region="satakunta")
    assert ThemeSynonym.objects.filter(word=words, theme=theme).exists()


def test_make_synonym_of_words_that_nobody_missed_does_nothing(at):
    theme = Theme.objects.get(code="debt")

    assert not actions.make_synonym("viina", theme, language="fi", by=make_coordinator(), at=at)
    assert not ThemeSynonym.objects.filter(word="viina", theme=theme).exists()


@pytest.mark.parametrize("make", [make_person, make_admin, make_steering])
def test_misses_are_seen_to_by_the_counter_only(make, at):
    actions.note_miss("zumblata", language="fi", on=DAY)
    person, words = make(), Miss.objects.get().words
    theme = Theme.objects.get(code="debt")

    with pytest.raises(PermissionDenied):
        actions.dismiss(words, language="fi", by=person, at=at)
    with pytest.raises(PermissionDenied):
        actions.make_synonym(words, theme, language="fi", by=person, at=at)
    with pytest.raises(PermissionDenied):
        add_synonym(theme, words, language="fi", by=person, at=at)
    assert len(waiting_misses()) == 1


def test_add_synonym_twice_is_one(at):
    theme, counter = Theme.objects.get(code="debt"), make_coordinator()

    first, second = (
        add_synonym(theme, "zumbla", language="fi", by=counter, at=at) for _n in range(2)
    )

    assert first == second
    assert len(history(first)) == 1


def test_forget_misses_deletes_old_ones():
    actions.note_miss("zumblata", language="fi", on=date(2025, 1, 1))
    actions.note_miss("zumblata", language="fi", on=DAY)

    assert actions.forget_misses(before=date(2026, 1, 1)) == 1
    assert Miss.objects.get().day == DAY
