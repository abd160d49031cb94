"""Finding documents, what words stand for, and who finds calls and experts by what."""

import io
import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from luukku.experts.actions import pause, save
from luukku.orders.models import Mode
from luukku.search import actions, queries
from luukku.search.actions import Found, put
from luukku.search.models import NameOf
from luukku.search.queries import Filters, documents, search
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db
EVIL = '<img src=x onerror="alert(1)">'


@pytest.fixture
def put_page():
    """Write a page into the index: ``put_page(number, title, text, **facets)``."""

    def write(number, title, text="", *, language="fi", kind="news", **facets):
        url = f"/{language}/news/{number}/"
        put(kind, f"page-{number}", Found(language, title, text, url, facets))
        return url

    return write


def urls(results):
    return [hit.url for hit in results.hits]


def found(question, language="fi", **filters):
    return search(question, language=language, filters=Filters(**filters))


# -- Documents -----------------------------------------------------------------------------------


def test_search_title_comes_before_body_and_whole_word_before_part(put_page):
    part = put_page(1, "Rajakonttori", "Täällä on ikkunaremontti.")
    body = put_page(2, "Toinen", "Uusi remontti alkoi.")
    in_title = put_page(3, "Remontit")
    part_in_title = put_page(4, "Ikkunaremontit")

    assert urls(found("remonttia")) == [in_title, part_in_title, body, part]


@pytest.mark.parametrize("question", ["koditon", "kodittomuus", "kodittomille", "yömajassa"])
def test_search_everyday_words_lead_to_the_theme_in_any_form(put_page, question):
    url = put_page(1, "Katu", "Kerron asunnottomuudesta.")

    results = found(question)

    assert results.hits[0].object_id == "homelessness"
    (hit,) = (hit for hit in results.hits if hit.url == url)
    assert hit.via == f"{question} → Asunnottomuus"


def test_search_for_a_theme_finds_also_its_lack_but_a_word_does_not_find_its_own(put_page):
    sober = put_page(1, "Arki", "Elämme päihteettömästi.")
    homeless = put_page(2, "Katu", "Hän oli koditon.")

    assert sober in urls(found("päihteet"))
    assert homeless not in urls(found("koti"))


def test_search_marks_the_word_as_it_stands(put_page):
    put_page(1, "Katu", "Puhun sinusta ja ikkunaremonteista nyt.")

    (hit,) = found("remontti").hits

    assert hit.snippet == "Puhun sinusta ja <mark>ikkunaremonteista</mark> nyt."
    assert hit.matched == ("ikkunaremonteista",)


@pytest.mark.parametrize("place", ["title", "text"])
def test_search_escapes_what_pages_say(put_page, place):
    words = {"title": "Otsikko", "text": "teksti"} | {place: f"{EVIL} remontti {EVIL}"}
    put_page(1, words["title"], words["text"])

    (hit,) = found("remontti").hits

    shown = f"{hit.marked_title}{hit.snippet}"
    assert "<img" not in shown
    assert "&lt;img" in shown
    assert "<mark>remontti</mark>" in shown


def test_search_snippet_of_a_long_page_is_around_the_word(put_page):
    put_page(1, "Pitkä", "alku " * 200 + "remontti " + "loppu " * 200)

    (hit,) = found("remontti").hits

    assert hit.snippet.startswith("… alku")
    assert hit.snippet.endswith("loppu …")
    assert "<mark>remontti</mark>" in hit.snippet


def test_search_all_words_must_fit_else_some_do_and_it_is_said(put_page):
    both = put_page(1, "Remontti laivassa")
    put_page(2, "Remontti")

    assert (urls(found("remontti laiva")), found("remontti laiva").is_any_word) == ([both], False)
    some = found("remontti avaruusasema")
    assert (len(some.hits), some.is_any_word) == (2, True)


def test_search_little_words_do_not_count(put_page):
    url = put_page(1, "Remontti laivassa")

    assert urls(found("miten remontti ja laiva")) == [url]


def test_search_unknown_words_are_found_by_their_beginning(put_page):
    url = put_page(1, "Zumbla", "Meidän zumblakerhomme.")

    assert urls(found("zumbl")) == [url]
    assert urls(found("zum")) == []


def test_search_languages_are_apart(put_page):
    fi, sv = put_page(1, "Remontti"), put_page(2, "Renoveringar i båten", language="sv")
    en = put_page(3, "Renovated boats", language="en")

    assert (urls(found("remontti")), urls(found("remontti", "sv"))) == ([fi], [])
    assert urls(found("renovering båtar", "sv")) == [sv]
    assert urls(found("batar", "sv")) == [sv]
    assert urls(found("boat renovation", "en")) == [en]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({"kind": "story"}, [1]),
        ({"group": "health"}, [2]),
        ({"service": "sote"}, [1, 3]),
        ({"place": "609"}, [3]),
        ({"kind": "news", "service": "sote"}, [3]),
        ({"kind": "no-such"}, []),
    ],
)
def test_search_narrows_by_each_facet(put_page, filters, wanted):
    addresses = {
        1: put_page(1, "Remontti", kind="story", services=["sote"], themes=["debt"]),
        2: put_page(2, "Remontti", kind="news", themes=["depression"]),
        3: put_page(3, "Remontti", kind="news", services=["sote"], places=["609"]),
    }

    assert urls(found("remontti", **filters)) == [addresses[number] for number in wanted]


def test_search_counts_each_facet(put_page):
    put_page(1, "Remontti", kind="story", services=["sote"], themes=["debt"])
    put_page(2, "Remontti", kind="news", themes=["depression", "debt"], places=["609"])

    assert found("remontti").facets == {
        "kind": {"news": 1, "story": 1},
        "group": {"health": 1, "life": 2},
        "service": {"sote": 1},
        "place": {"609": 1},
    }


def test_search_counts_up_to_a_limit_and_says_so(put_page, monkeypatch):
    monkeypatch.setattr(documents, "MOST_COUNTED", 2)
    for number in range(4):
        put_page(number, "Remontti")

    results = found("remontti")

    assert (results.total, results.is_more) == (2, True)


@pytest.mark.parametrize("few", [100, 3])
def test_search_pages_follow_each_other(put_page, monkeypatch, few):
    monkeypatch.setattr(documents, "FEW", few)
    monkeypatch.setattr(documents, "A_PAGE", 2)
    wanted = [put_page(1, "Remontti"), put_page(2, "Ikkunaremontti"), put_page(3, "A", "remontti")]
    wanted += [put_page(4, "B", "kattoremontti"), put_page(5, "C", "remontit")][::-1]

    pages = [urls(search("remontti", language="fi", number=number)) for number in (1, 2, 3, 9)]

    assert pages == [wanted[:2], wanted[2:4], wanted[4:], wanted[4:]]


@pytest.mark.parametrize("question", ["", "  ", "?!", "a", "%", "'", "\\", "x" * 500, "ja " * 300])
def test_search_takes_whatever_is_typed(question):
    assert found(question).total >= 0


@pytest.mark.parametrize("rows", [1, 3])
def test_search_asks_the_same_number_of_queries(put_page, rows, django_assert_num_queries):
    for number in range(rows):
        put_page(number, "Remontti")

    with django_assert_num_queries(5):
        found("remontti")


def test_suggestions_are_words_that_look_alike(put_page):
    put_page(1, "Kalliokiipeily")

    assert "kalliokiipeily" in queries.suggestions("kaliokipeily", language="fi")
    assert queries.suggestions("qqqq", language="fi") == []


def test_suggestions_need_a_word():
    assert queries.suggestions("??", language="fi") == []


def test_search_snippet_leaves_unmarked_what_is_cut_off(put_page):
    put_page(1, "Pitkä", "remontti " + "väli " * 100 + "remontti")

    (hit,) = found("remontti").hits

    assert hit.snippet.count("<mark>") == 1


# -- What words stand for ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "what", "code"),
    [
        ("asunnottomuudesta", NameOf.THEME, "homelessness"),
        ("burnoutista", NameOf.THEME, "depression"),
        ("luennolla", NameOf.TASK_TYPE, "lecture"),
        ("oppitunti", NameOf.TASK_TYPE, "lecture"),
        ("Porissa", NameOf.MUNICIPALITY, "609"),
        ("huittisiin", NameOf.MUNICIPALITY, "102"),
        ("ruotsin", NameOf.LANGUAGE, "sv"),
        ("etänä", NameOf.REMOTE, "remote"),
    ],
)
def test_words_stand_for_things(question, what, code):
    assert code in found(question).stands.of(what)


def test_words_a_longer_name_leaves_out_the_shorter():
    stands = found("psyykkinen sairaus").stands

    assert stands.of(NameOf.THEME) == ["mental-health"]


def test_words_parts_of_names_stand_for_nothing():
    assert found("ongelma").stands.of(NameOf.THEME) == []


# -- Calls ---------------------------------------------------------------------------------------


def call_ids(question, viewer, at):
    calls = queries.calls(found(question), viewer=viewer, at=at)
    return None if calls is None else sorted(calls.orders.values_list("pk", flat=True))


@pytest.fixture
def lecture(at):
    """An open call for a lecture in Pori about debt."""
    from luukku.taxonomy.models import Municipality, TaskType

    return make_search(
        at,
        task_type=TaskType.objects.get(code="lecture"),
        municipality=Municipality.objects.get(code="609"),
        mode=Mode.PLACE,
        themes=["debt"],
    )


@pytest.mark.parametrize("question", ["luento", "luentoja Porissa", "pori"])
def test_calls_are_found_by_kind_and_place_by_anybody(lecture, at, question):
    assert call_ids(question, AnonymousUser(), at) == [lecture.pk]


@pytest.mark.parametrize("question", ["luento Raumalla", "paneelikeskustelu", "etänä"])
def test_calls_of_another_kind_or_place_are_not_found(lecture, at, question):
    assert call_ids(question, AnonymousUser(), at) == []


@pytest.mark.parametrize("who", ["anonymous", "orderer", "expert"])
def test_calls_are_not_found_by_theme(lecture, at, who):
    viewer = {
        "anonymous": AnonymousUser, "orderer": make_orderer, "expert": lambda: make_expert(at=at).user,
    }[who]()  # fmt: skip

    assert call_ids("velka", viewer, at) is None
    assert call_ids("luento velka", viewer, at) == call_ids("luento masennus", viewer, at)


def test_calls_are_found_by_theme_at_the_counter(lecture, at):
    counter = make_coordinator()

    assert call_ids("velka", counter, at) == [lecture.pk]
    assert call_ids("luento masennus", counter, at) == []


def test_calls_whose_times_are_past_are_not_found(lecture, at):
    assert call_ids("luento", AnonymousUser(), at + timedelta(days=400)) == []


# -- Experts -------------------------------------------------------------------------------------


def code_names(question, viewer, at):
    experts = queries.experts(found(question), viewer=viewer, at=at)
    return None if experts is None else [expert.code_name for expert in experts.experts]


@pytest.fixture
def expert(at):
    return make_expert(
        at=at,
        themes=("homelessness",),
        task_types=("lecture",),
        languages=("fi", "sv"),
        is_remote_ok=True,
    )


@pytest.mark.parametrize(
    "question",
    [
        "asunnottomuus", "koditon", "luento", "Porissa", "ruotsi", "etänä",
        "kokemusasiantuntija asunnottomuudesta Porissa ruotsiksi etänä", "koditon luento",
    ],
)  # fmt: skip
def test_experts_are_found_by_each_thing(expert, at, question):
    make_expert(
        at=at,
        themes=("debt",),
        municipality="684",
        task_types=("panel",),
    )

    assert code_names(question, make_orderer(), at) == [expert.code_name]


@pytest.mark.parametrize(
    "question",
    ["masennus", "asunnottomuus Raumalla", "koditon paneelikeskustelu", "koditon avaruus"],
)
def test_experts_who_lack_something_are_not_found(expert, at, question):
    assert not code_names(question, make_orderer(), at)


def test_experts_are_for_vetted_orderers_and_the_counter_only(expert, at):
    from luukku.organisations.states import OrganisationState

    unvetted = make_orderer(make_vetted_organisation(state=OrganisationState.WAITING))
    strangers = [AnonymousUser(), make_person(), unvetted, expert.user]

    assert [code_names("koditon", viewer, at) for viewer in strangers] == [None] * 4
    assert code_names("koditon", make_orderer(), at) == [expert.code_name]
    assert code_names("koditon", make_coordinator(), at) == [expert.code_name]


def test_experts_who_hide_their_place_are_not_found_by_it(expert, at):
    save(expert, by=expert.user, at=at, shows_municipality=False)

    assert code_names("Porissa", make_orderer(), at) == []
    assert code_names("koditon", make_orderer(), at) == [expert.code_name]


def test_experts_on_a_break_are_not_found(expert, at):
    pause(expert, by=expert.user, at=at)

    assert code_names("koditon", make_orderer(), at) == []


def test_experts_are_not_found_by_what_they_do_not_show(at):
    from luukku.experts.actions import set_experiences
    from luukku.experts.models import Perspective
    from luukku.taxonomy.models import Theme

    expert = make_expert(at=at, themes=("debt",))
    rows = [
        (Theme.objects.get(code="debt"), Perspective.OWN, True),
        (Theme.objects.get(code="homelessness"), Perspective.OWN, False),
    ]
    set_experiences(expert, rows, by=expert.user, at=at)

    assert code_names("koditon", make_orderer(), at) == []
    assert code_names("velka", make_orderer(), at) == [expert.code_name]


# -- Commands ------------------------------------------------------------------------------------


def run(name, *args, **options):
    out = io.StringIO()
    call_command(name, *args, stdout=out, **options)
    return json.loads(out.getvalue())


def test_command_search_prints_what_a_visitor_finds():
    answer = run("search", "kodittomille")

    assert answer["hits"][0]["title"] == "Asunnottomuus"
    assert answer["via"] == ["kodittomille → Asunnottomuus"]
    assert "experts" not in answer


def test_command_search_as_orderer_shows_cards(now):
    expert = make_expert(at=now, themes=("homelessness",))
    make_orderer()

    answer = run("search", "kodittomille", as_orderer=True)

    assert [card["code_name"] for card in answer["experts"]] == [expert.code_name]
    assert expert.user.name not in json.dumps(answer)


def test_command_search_as_orderer_needs_one():
    with pytest.raises(CommandError, match="Nobody orders"):
        run("search", "koditon", as_orderer=True)


@pytest.mark.slow
def test_command_rebuild_search_changes_nothing_that_was_true():
    before = run("search", "kodittomille")

    counts = run("rebuild_search")

    assert run("search", "kodittomille") == before
    assert counts["documents"] > 200
    assert actions.rebuild() == counts
