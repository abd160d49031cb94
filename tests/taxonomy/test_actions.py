"""Loading the reference data, and switching themes and task types."""

import io
import json
import shutil

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command

from luukku.accounts.models import Role, User
from luukku.audit.queries import history
from luukku.taxonomy import actions
from luukku.taxonomy.models import (
    Distance,
    Municipality,
    Region,
    Service,
    TaskType,
    Theme,
    ThemeSynonym,
)
from tests.factories.accounts import make_coordinator, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
COUNTS = {
    "counties": 23,
    "municipalities": 314,
    "services": 7,
    "topics": 14,
    "languages": 23,
    "themes": 68,
    "task_types": 24,
}


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A copy of the files that a test may change: ``edit(name, old, new)``."""
    shutil.copytree(actions.DATA, tmp_path / "data")
    monkeypatch.setattr(actions, "DATA", tmp_path / "data")

    def edit(name, old, new):
        file = tmp_path / "data" / name
        text = file.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {name}"
        file.write_text(text.replace(old, new), encoding="utf-8")

    return edit


def line(name, start):
    """The whole line of file ``name`` that begins with ``start``."""
    lines = (actions.DATA / name).read_text(encoding="utf-8").splitlines(keepends=True)
    return next(row for row in lines if row.startswith(start))


def everything():
    """All rows but those whose keys are new each time."""
    return {
        model: list(model.objects.order_by("pk").values())
        for model in (Municipality, Theme, TaskType, Service, Region, Distance)
    } | {"words": sorted(ThemeSynonym.objects.values_list("theme", "language", "word"))}


def person(*roles):
    return User.objects.create_user("somebody@example.test", name="Joku", roles=list(roles))


# -- load_reference ------------------------------------------------------------------------------


def test_load_reference_counts_what_it_loaded():
    counts = actions.load_reference(region="satakunta")

    assert counts == COUNTS | {
        "distances": Distance.objects.count(),
        "synonyms": ThemeSynonym.objects.count(),
    }


def test_load_reference_again_changes_nothing():
    before = everything()

    actions.load_reference(region="satakunta")

    assert everything() == before


def test_load_reference_refuses_an_unknown_region():
    with pytest.raises(actions.NoSuchRegion):
        actions.load_reference(region="atlantis")


def test_load_reference_writes_corrections_over_what_was(files):
    files("services.csv", "sote;Sosiaali- ja terveyspalvelut", "sote;Sote-palvelut")
    files(
        "municipalities.csv",
        "886;Ulvila;Ulvsby;SA;61.4284;21.871",
        "886;Ulvila;Ulvsby;SA;61.2;21.871",
    )
    files("task_types_fi.csv", "talk;Kokemuspuheenvuoro", "talk;Puheenvuoro")
    near = Distance.objects.get(origin_id="609", destination_id="886").km

    actions.load_reference(region="satakunta")

    assert Service.objects.get(code="sote").name_fi == "Sote-palvelut"
    assert TaskType.objects.get(code="talk").name_fi == "Puheenvuoro"
    assert Distance.objects.get(origin_id="609", destination_id="886").km > near


def test_load_reference_leaves_a_known_road_distance():
    Distance.objects.filter(origin_id="609", destination_id="684").update(km=50, is_estimate=False)

    actions.load_reference(region="satakunta")

    assert Distance.objects.get(origin_id="609", destination_id="684").km == 50


def test_load_reference_switches_off_what_is_gone_and_deletes_nothing(files):
    files("themes.csv", line("themes.csv", "tourette;"), "")
    files("task_types.csv", line("task_types.csv", "tester;"), "")

    actions.load_reference(region="satakunta")

    assert list(Theme.objects.filter(is_active=False).values_list("code", flat=True)) == [
        "tourette"
    ]
    assert list(TaskType.objects.filter(is_active=False).values_list("code", flat=True)) == [
        "tester"
    ]


def test_load_reference_keeps_what_a_person_has_switched_off():
    Theme.objects.filter(code="sleep").update(is_active=False)
    TaskType.objects.filter(code="media").update(is_active=False)

    actions.load_reference(region="satakunta")

    assert not Theme.objects.get(code="sleep").is_active
    assert not TaskType.objects.get(code="media").is_active


def test_load_reference_adds_a_new_theme_switched_on(files):
    files(
        "themes.csv",
        line("themes.csv", "tourette;"),
        line("themes.csv", "tourette;")
        + "long-covid;;health;Pitkä korona;Långtidscovid;Long covid;;korona;covid;covid\n",
    )

    actions.load_reference(region="satakunta")

    assert Theme.objects.get(code="long-covid").is_active
    assert list(
        ThemeSynonym.objects.filter(theme__code="long-covid", language="fi").values_list(
            "word", flat=True
        )
    ) == ["korona"]


def test_load_reference_keeps_distances_of_a_municipality_that_merges(files):
    """An expert whose home it still is must be found."""
    ulvila = line("municipalities.csv", "886;")
    files("municipalities.csv", ulvila, ulvila.rstrip("\n;") + ";2026-12-31;609\n")

    actions.load_reference(region="satakunta")

    assert Municipality.objects.get(code="886").merged_into_id == "609"
    assert Distance.objects.filter(origin_id="886", destination_id="609").exists()


@pytest.mark.parametrize(
    "wrong",
    [
        "third;adhd;health;Kolmas;Tredje;Third;;;;\n",
        "mixed;neuropsychiatric;life;Seka;Blandad;Mixed;;;;\n",
    ],
    ids=["three levels", "two groups"],
)
def test_load_reference_changes_nothing_when_themes_break_their_two_levels(files, wrong):
    last = line("themes.csv", "education;")
    files("themes.csv", last, last + wrong)
    files("services.csv", "sote;Sosiaali- ja terveyspalvelut", "sote;Muuttunut")

    with pytest.raises(ValueError, match="two levels within one group"):
        actions.load_reference(region="satakunta")

    assert Service.objects.get(code="sote").name_fi == "Sosiaali- ja terveyspalvelut"


def test_load_reference_refuses_a_row_with_a_cell_too_many(files):
    """An unquoted semicolon would cut a text short without a word."""
    files("services.csv", "sote;Sosiaali- ja terveyspalvelut", "sote;Sosiaali;terveyspalvelut")

    with pytest.raises(ValueError, match="longer than"):
        actions.load_reference(region="satakunta")


def test_another_county_is_a_region_as_soon_as_it_has_a_file(files):
    (actions.DATA / "regions" / "keski-suomi.toml").write_text(
        'code = "keski-suomi"\ncounty = "KS"\nname_fi = "Keski-Suomi"\nname_sv = ""\nname_en = ""\n'
        'expert_word = "kokemustoimija"\n',
        encoding="utf-8",
    )

    actions.load_reference(region="keski-suomi")

    region = Region.objects.get(code="keski-suomi")
    assert (region.county.name_fi, region.expert_word) == ("Keski-Suomi", "kokemustoimija")


def test_the_command_prints_one_json_document():
    out = io.StringIO()

    call_command("load_reference", region="satakunta", stdout=out)

    assert json.loads(out.getvalue())["region"] == "satakunta"
    assert json.loads(out.getvalue()).items() >= COUNTS.items()


def test_the_command_refuses_an_unknown_region():
    with pytest.raises(CommandError, match="no region called atlantis"):
        call_command("load_reference", region="atlantis")


# -- switch ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("model, code", [(Theme, "sleep"), (TaskType, "media")])
def test_switch_turns_off_and_on_and_is_remembered(at, model, code):
    item, coordinator = model.objects.get(code=code), person(Role.COORDINATOR)

    actions.switch([item], on=(), by=coordinator, at=at)
    was_active = model.objects.get(code=code).is_active
    actions.switch([item], on={item.code}, by=coordinator, at=at)

    assert (was_active, model.objects.get(code=code).is_active) == (False, True)
    assert [(event.act, event.actor_id, event.at, event.data) for event in history(item)] == [
        ("taxonomy.switch", coordinator.pk, at, {"is_active": False}),
        ("taxonomy.switch", coordinator.pk, at, {"is_active": True}),
    ]


@pytest.mark.parametrize(
    "roles", [[], [Role.STEERING], [Role.ADMIN]], ids=["nobody", "steering", "admin"]
)
def test_switch_is_for_the_counter_alone(at, roles):
    item = Theme.objects.get(code="sleep")

    with pytest.raises(PermissionDenied):
        actions.switch([item], on=(), by=person(*roles), at=at)

    assert Theme.objects.get(code="sleep").is_active
    assert not history(item).exists()


def test_mark_heavy_is_kept_when_the_files_are_loaded_again(at):
    talk = TaskType.objects.get(code="talk")

    actions.mark_heavy([talk], heavy={"talk"}, by=make_coordinator(), at=at)
    actions.load_reference(region="satakunta")

    assert TaskType.objects.get(code="talk").is_heavy


def test_mark_heavy_is_refused_to_others(at):
    talk = TaskType.objects.get(code="talk")

    with pytest.raises(PermissionDenied):
        actions.mark_heavy([talk], heavy={"talk"}, by=make_person(), at=at)
