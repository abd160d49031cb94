"""Reading the shared vocabulary."""

import pytest

from luukku.taxonomy import queries
from luukku.taxonomy.models import Municipality, Theme, ThemeGroup

pytestmark = pytest.mark.django_db


def codes(words):
    return [theme.code for theme in queries.find_themes(words)]


def test_themes_tree_holds_every_active_theme_once_in_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        tree = queries.themes_tree()

    listed = [
        theme.code
        for _, branches in tree
        for branch in branches
        for theme in (branch.theme, *branch.narrower)
    ]
    assert sorted(listed) == sorted(Theme.objects.values_list("code", flat=True))
    assert [group for group, _ in tree] == list(ThemeGroup)


def test_themes_tree_puts_narrower_themes_below_their_own():
    health = dict(queries.themes_tree())[ThemeGroup.HEALTH]

    narrower = {branch.theme.code: [theme.code for theme in branch.narrower] for branch in health}

    assert narrower["neuropsychiatric"] == ["adhd", "autism", "tourette"]
    assert narrower["sleep"] == []


def test_themes_tree_leaves_out_what_is_switched_off():
    Theme.objects.filter(code__in=["adhd", "sleep"]).update(is_active=False)

    health = dict(queries.themes_tree())[ThemeGroup.HEALTH]

    shown = {theme.code for branch in health for theme in (branch.theme, *branch.narrower)}
    assert {"adhd", "sleep"} & shown == set()
    assert "autism" in shown


@pytest.mark.parametrize(
    "words, code",
    [
        ("koditon", "homelessness"),
        ("ulkona asuminen", "homelessness"),
        ("vailla asuntoa", "homelessness"),
        ("hemlös", "homelessness"),
        ("rough sleeping", "homelessness"),
        ("velkaantua", "debt"),
        ("Velkaantunut", "debt"),
        ("NEPSY", "neuropsychiatric"),
        ("pelle", None),
        ("sokea", "vision"),
        ("köyhyys", "economic-hardship"),
        ("koyhyys", "economic-hardship"),
        ("jälkihuolto", "child-protection-aftercare"),
        ("  burnout ", "depression"),
        ("Syöpä", "cancer"),
        ("toiminimi", "sole-entrepreneur"),
    ],
)
def test_find_themes_understands_everyday_words(words, code):
    assert codes(words)[:1] == ([code] if code else [])


def test_find_themes_puts_the_whole_word_before_its_beginning_and_that_before_a_part():
    found = codes("velka")

    assert found[0] == "debt"
    assert found[-1] == "financial-advice"  # talous- ja velkaneuvonta
    assert codes("koti")[0] == "home-care"  # kotihoito begins with it; sijaiskoti holds it


@pytest.mark.parametrize("words", ["", "   "])
def test_find_themes_finds_nothing_for_nothing(words):
    assert codes(words) == []


def test_find_themes_leaves_out_what_is_switched_off():
    Theme.objects.filter(code="homelessness").update(is_active=False)

    assert codes("koditon") == []


def test_find_themes_asks_the_same_number_of_queries_for_one_and_for_many(
    django_assert_num_queries,
):
    for words in ("koditon", "sairaus"):
        with django_assert_num_queries(2):
            queries.find_themes(words)


def test_municipalities_within_come_nearest_first():
    pori = Municipality.objects.get(name_fi="Pori")

    names = [place.name_fi for place in queries.municipalities_within(pori, 30)]

    assert names[:3] == ["Pori", "Ulvila", "Nakkila"]
    assert "Rauma" not in names


def test_municipalities_within_leaves_out_merged_ones():
    home = Municipality.objects.get(name_fi="Mäntyharju")

    names = [place.name_fi for place in queries.municipalities_within(home, 60)]

    assert "Hirvensalmi" in names
    assert "Pertunmaa" not in names


def test_region_is_the_one_of_the_settings():
    region = queries.region()

    assert (region.code, region.county.code, str(region)) == ("satakunta", "SA", "Satakunta")


@pytest.mark.parametrize(
    "text, code",
    [
        ("Pori", "609"),
        (" pori ", "609"),
        ("Björneborg", "609"),
        ("Lavia", "413"),
        ("Atlantis", None),
        ("", None),
        (" ", None),
    ],
)
def test_municipality_named_reads_finnish_and_swedish(text, code):
    found = queries.municipality_named(text)

    assert (found and found.code) == code


def test_municipality_named_prefers_the_one_that_exists():
    Municipality.objects.create(code="001", name_fi="Pori", valid_to="2000-12-31")

    assert queries.municipality_named("Pori").code == "609"
