"""The files that ship pages, and what loading them does and leaves alone."""

import io
import json

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.urls import reverse
from wagtail.models import Page

from luukku.content.actions import load_pages
from luukku.content.models import (
    ArticlePage,
    FaqPage,
    PracticePage,
    Shipped,
    StartPage,
    TaskTypePage,
)
from luukku.content.shipping import DATA, BadPage, blocks, page_files
from luukku.taxonomy.models import TaskType
from tests.factories.accounts import make_coordinator
from tests.factories.content import page_file, write

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def no_page(name):
    raise AssertionError(name)


def page(path):
    return Page.objects.get(url_path=path).specific


# Reading


def test_blocks_are_made_of_text_boxes_buttons_and_steps():
    text = """Alku **tärkeä**.

::: note
Rauhassa.
:::

::: button url:public:order-start
Aloita tilaus
:::

::: steps
1. **Kerro.** Ensin.
2. Odota.
:::

Loppu [sivulle](page:become) ja [neuvoon](url:public:advice?topic=training).
"""

    made = blocks(text, "fi", {"become": 7}.__getitem__)

    assert made == [
        ("text", "<p>Alku <strong>tärkeä</strong>.</p>"),
        ("note", {"text": "<p>Rauhassa.</p>"}),
        ("button", {"label": "Aloita tilaus", "page": None, "address": "/fi/order/"}),
        ("steps", {"steps": ["<p><strong>Kerro.</strong> Ensin.</p>", "<p>Odota.</p>"]}),
        (
            "text",
            '<p>Loppu <a linktype="page" id="7">sivulle</a> ja'
            ' <a href="/fi/advice/?topic=training">neuvoon</a>.</p>',
        ),
    ]


def test_blocks_know_quotes_and_plain_addresses():
    made = blocks(
        "::: quote\nSain voimaa.\n:::\n\n::: button https://example.org/\nLue\n:::\n", "fi", no_page
    )

    assert made == [
        ("quote", {"words": "Sain voimaa.", "who": ""}),
        ("button", {"label": "Lue", "page": None, "address": "https://example.org/"}),
    ]


def test_blocks_leave_no_html_of_a_file_alive():
    (made,) = blocks("<script>alert(1)</script>", "fi", no_page)

    assert made == ("text", "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>")


@pytest.mark.parametrize(
    "text", ["[x](url:public:no-such)", "::: box\nx\n:::\n", "::: button url:nope\nx\n:::\n"]
)
def test_blocks_refuse_what_leads_nowhere(text):
    with pytest.raises(BadPage):
        blocks(text, "fi", no_page)


@pytest.mark.parametrize("text", ["no head", "+++\ntitle = \n+++\n", '+++\ntitle = "x"\n+++\n'])
def test_page_files_refuse_a_file_that_is_no_page(tmp_path, text):
    (tmp_path / "fi").mkdir()
    (tmp_path / "fi" / "x.md").write_text(text)

    with pytest.raises(BadPage):
        list(page_files(tmp_path))


def test_shipped_files_are_all_pages_with_a_short_description():
    files = list(page_files())

    assert [f.name for f in files if len(str(f.head.get("description", ""))) > 155] == []
    assert {f.language for f in files} == {"fi", "sv", "en"}
    assert {"start", "become", "privacy", "accessibility", "tasks"} <= {
        f.name for f in files if f.language == "sv"
    }


# Loading


@pytest.fixture
def files(tmp_path):
    return write(
        tmp_path,
        {
            "fi/sample.md": page_file(
                "Näyte", body="Lue [etusivu](page:start).", intro="Johdanto", sources=["A", "B"]
            ),
            "fi/sample.easy.md": '+++\ntitle = "Selko"\nintro = "Lyhyt."\n+++\nYksi asia.',
            "sv/sample.md": page_file("Prov"),
            "fi/questions.md": page_file(
                "Kysymyksiä", "faq", "Ennen.\n\n## Mikä?\n\nSe.\n\n## Miksi?\n\nSiksi.\n"
            ),
            "fi/model.md": page_file("Malli", "section"),
            "fi/model/sample.md": '+++\ntitle = "Tilaan"\ntype = "model"\n[[steps]]\ntitle = "Kerro"\nwho = "Minä"\n'
            'duration = "Hetki"\ncost = "Ei mitään"\ngets = "Luonnos"\ntext = "Näin."\naction_label = "Aloita"\n'
            'action = "url:public:order-start"\ndone = "order_drafted"\n+++\n',
            "fi/practices.md": page_file("Käytännöt", "section"),
            "fi/practices/one.md": page_file(
                "Yksi",
                "practice",
                done="Tehtiin.",
                changed="Muuttui.",
                task_types=["pair_work"],
                themes=["cancer"],
            ),
        },
    )


def test_load_makes_pages_with_what_the_files_say(files, at):
    load_pages(at=at, root=files)

    found = page("/fi/sample/")
    assert (found.title, found.intro, found.sources) == ("Näyte", "Johdanto", "A\nB")
    assert (found.easy_title, found.easy_intro, found.has_easy) == ("Selko", "Lyhyt.", True)
    assert found.live
    assert found.last_published_at == at
    assert f'id="{StartPage.objects.get(slug="fi").pk}"' in found.body[0].value.source
    questions = FaqPage.objects.get(slug="questions")
    assert [entry.value["question"] for entry in questions.entries] == ["Mikä?", "Miksi?"]
    (step,) = page("/fi/model/sample/").steps
    assert (step.value["done"], step.value.href) == ("order_drafted", "/fi/order/")
    practice = PracticePage.objects.get(slug="one", locale__language_code="fi")
    assert [kind.code for kind in practice.task_types.all()] == ["pair_work"]
    assert [theme.code for theme in practice.themes.all()] == ["cancer"]


def test_load_links_translations(files, at):
    load_pages(at=at, root=files)

    assert page("/fi/sample/").translation_key == page("/sv/sample/").translation_key


def test_load_twice_changes_nothing(files, at):
    load_pages(at=at, root=files)
    before = list(Page.objects.order_by("pk").values())

    again = load_pages(at=at, root=files)

    assert (again["pages_written"], again["task_type_pages"]) == (0, 0)
    assert list(Page.objects.order_by("pk").values()) == before


def test_load_brings_an_untouched_page_up_to_date(files, at):
    load_pages(at=at, root=files)
    write(files, {"fi/sample.md": page_file("Uusi otsikko")})

    load_pages(at=at, root=files)

    assert page("/fi/sample/").title == "Uusi otsikko"


def test_load_leaves_an_edited_page_as_it_is(files, at):
    load_pages(at=at, root=files)
    found = page("/fi/sample/")
    found.title = "Toimittajan oma"
    found.save_revision(user=make_coordinator()).publish()
    write(files, {"fi/sample.md": page_file("Uusi otsikko")})

    load_pages(at=at, root=files)

    assert page("/fi/sample/").title == "Toimittajan oma"


def test_load_does_not_bring_back_a_page_that_an_editor_deleted(files, at):
    load_pages(at=at, root=files)
    page("/fi/sample/").delete()

    load_pages(at=at, root=files)

    assert not Page.objects.filter(url_path="/fi/sample/").exists()
    assert Shipped.objects.get(language="fi", name="sample").page is None


@pytest.mark.parametrize(
    "bad",
    [
        {"fi/bad.md": page_file("x", "no-such-type")},
        {"fi/bad.md": page_file("x", body="[x](page:no-such)")},
        {"fi/nowhere/bad.md": page_file("x")},
        {
            "fi/practices/bad.md": page_file(
                "x", "practice", done="a", changed="b", themes=["no-such"]
            )
        },
    ],
)
def test_load_refuses_a_bad_file_and_changes_nothing(files, at, bad):
    write(files, bad)
    before = Page.objects.count()

    with pytest.raises(BadPage):
        load_pages(at=at, root=files)

    assert Page.objects.count() == before


def test_load_reference_says_which_file_is_bad(files, monkeypatch):
    write(files, {"fi/bad.md": page_file("x", body="[x](page:no-such)")})
    monkeypatch.setattr(
        "luukku.content.actions.shipping.page_files", lambda root: page_files(files)
    )

    with pytest.raises(CommandError, match="fi/bad"):
        call_command("load_reference", stdout=io.StringIO())


def test_load_reference_counts_the_pages():
    out = io.StringIO()

    call_command("load_reference", stdout=out)

    assert json.loads(out.getvalue())["pages"] == len(list(page_files(DATA)))


def test_each_task_type_has_a_page_in_each_language():
    kinds = TaskType.objects.filter(is_active=True).count()

    assert TaskTypePage.objects.filter(live=True).count() == 3 * kinds
    assert reverse("public:task-type", args=["talk"]) == page("/en/tasks/talk/").address


def test_one_kind_of_page_stands_in_three_languages():
    keys = ArticlePage.objects.filter(slug="become").values_list("translation_key", flat=True)

    assert len(set(keys)) == 1
