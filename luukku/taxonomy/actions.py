"""Loading and switching the shared vocabulary."""

import csv
import tomllib
from collections.abc import Container, Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, models, transaction

from luukku.accounts.models import User
from luukku.audit.actions import record, record_all
from luukku.core.distance import EARTH_RADIUS_KM, ROAD_FACTOR
from luukku.taxonomy.models import (
    County,
    Distance,
    Language,
    Municipality,
    Region,
    Service,
    TaskType,
    Theme,
    ThemeSynonym,
    Topic,
)
from luukku.taxonomy.words import DATA

FARTHEST_KM = 400  # nobody's reach is longer (experts.models.MAX_REACH_KM)


class NoSuchRegion(Exception):
    """There is no file for the region."""


def load_reference(*, region: str) -> dict[str, int]:
    """Make the vocabulary equal to the files; rows gone from the files are switched off, not deleted.

    Themes and task types that a person has switched off stay off, task types marked as heavy stay so. Safe to repeat.

    Raises:
        NoSuchRegion: there is no ``data/regions/<region>.toml``.
    """
    region_file = DATA / "regions" / f"{region}.toml"
    if not region_file.is_file():
        raise NoSuchRegion(region)
    with transaction.atomic():
        counts = {
            "counties": _load_plain(County, _rows("counties.csv"), "code"),
            "municipalities": _load_municipalities(),
            "services": _load_plain(Service, _numbered(_rows("services.csv")), "code"),
            "topics": _load_plain(Topic, _numbered(_rows("topics.csv")), "code"),
            "languages": _load_plain(Language, _numbered(_rows("languages.csv")), "code"),
            "themes": _load_themes(),
            "task_types": _load_task_types(),
            "distances": _fill_distances(),
        }
        chosen = tomllib.loads(region_file.read_text(encoding="utf-8"))
        code = chosen.pop("code")
        chosen["county_id"] = chosen.pop("county")
        Region.objects.update_or_create(code=code, defaults=chosen)
    return counts | {"synonyms": ThemeSynonym.objects.count()}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file, delimiter=";")
    return [dict(zip(header, row, strict=True)) for row in rows]


def _several(cell: str) -> list[str]:
    return cell.split("|") if cell else []


def _numbered(rows: list[dict[str, str]]) -> list[dict[str, str | int]]:
    return [row | {"position": position} for position, row in enumerate(rows)]


def _load_plain(
    model: type[models.Model],
    rows: Sequence[Mapping[str, str | int]],
    key: str,
    *,
    chosen: Container[str] = (),
) -> int:
    """Write rows whose columns are fields; empty cells become NULL or False where the field wants it.

    Args:
        chosen: columns that only begin a new row: afterwards a person decides.
    """
    fields = {field.name: field for field in model._meta.concrete_fields}
    objects = []
    for row in rows:
        values: dict[str, object] = {}
        for name, cell in row.items():
            field = fields[name]
            value: object = cell
            if cell == "" and (field.null or field.get_internal_type() == "BooleanField"):
                value = None if field.null else False
            values[field.attname] = field.to_python(value) if not field.is_relation else value
        objects.append(model(**values))
    model._default_manager.bulk_create(
        objects,
        update_conflicts=True,
        unique_fields=[key],
        update_fields=[name for name in rows[0] if name != key and name not in chosen],
    )
    return len(objects)


def _load_municipalities() -> int:
    rows = _rows("municipalities.csv")
    successors = {row["code"]: row.pop("merged_into") for row in rows}
    count = _load_plain(Municipality, rows, "code")
    for code, successor in successors.items():
        if successor:
            Municipality.objects.filter(code=code).update(merged_into_id=successor)
    return count


def _load_themes() -> int:
    rows = _rows("themes.csv")
    themes: dict[str, Theme] = {}
    for position, row in enumerate(rows):
        parent = themes[row["parent"]] if row["parent"] else None
        if parent is not None and (parent.parent_id or parent.group != row["group"]):
            raise ValueError(f"{row['code']}: themes have two levels within one group")
        themes[row["code"]], _made = Theme.objects.update_or_create(
            code=row["code"],
            defaults={
                "parent": parent,
                "group": row["group"],
                "name_fi": row["name_fi"],
                "name_sv": row["name_sv"],
                "name_en": row["name_en"],
                "plan_needs": _several(row["plan_needs"]),
                "position": position,
            },
        )
    Theme.objects.exclude(code__in=themes).update(is_active=False)
    words = [
        ThemeSynonym(theme=themes[row["code"]], language=language, word=word)
        for row in rows
        for language in ("fi", "sv", "en")
        for word in _several(row[f"words_{language}"])
    ]
    ThemeSynonym.objects.filter(is_added=False).delete()
    ThemeSynonym.objects.bulk_create(words, ignore_conflicts=True)
    return len(themes)


def _load_task_types() -> int:
    rows = _numbered(_rows("task_types.csv"))
    texts = {
        language: {row["code"]: row for row in _rows(f"task_types_{language}.csv")}
        for language in ("fi", "sv", "en")
    }
    for row in rows:
        for language, by_code in texts.items():
            text = by_code[str(row["code"])]
            for field in ("name", "summary", "is", "is_not", "orderer_prepares", "expert_needs"):
                row[f"{field}_{language}"] = text[field]
    count = _load_plain(TaskType, rows, "code", chosen={"is_heavy"})
    TaskType.objects.exclude(code__in=[row["code"] for row in rows]).update(is_active=False)
    return count


def _fill_distances() -> int:
    """Write great circle × 1.3 for every pair of municipalities up to FARTHEST_KM, as estimates.

    Merged ones whose place is known keep theirs: an expert who still has one as home must be found.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH pairs AS (
              SELECT a.code AS origin, b.code AS destination,
                round(%(road)s * 2 * %(radius)s * asin(sqrt(
                  sin(radians(b.latitude - a.latitude) / 2) ^ 2
                  + cos(radians(a.latitude)) * cos(radians(b.latitude))
                  * sin(radians(b.longitude - a.longitude) / 2) ^ 2))) AS km
              FROM taxonomy_municipality a, taxonomy_municipality b
              WHERE a.latitude IS NOT NULL AND b.latitude IS NOT NULL
            )
            INSERT INTO taxonomy_distance (origin_id, destination_id, km, is_estimate)
            SELECT origin, destination, km, true FROM pairs WHERE km <= %(farthest)s
            ON CONFLICT (origin_id, destination_id) DO UPDATE SET km = excluded.km
              WHERE taxonomy_distance.is_estimate AND taxonomy_distance.km <> excluded.km
            """,
            {"road": ROAD_FACTOR, "radius": EARTH_RADIUS_KM, "farthest": FARTHEST_KM},
        )
    return Distance.objects.count()


def switch(
    items: Sequence[Theme | TaskType], *, on: Container[str], by: User, at: datetime
) -> None:
    """Switch on those of ``items`` whose codes are in ``on``, and the others off; who has them keeps them.

    Raises:
        PermissionDenied: ``by`` is not at the counter; nothing has changed.
    """
    if not all(by.has_perm("taxonomy.switch", item) for item in items):
        raise PermissionDenied("taxonomy.switch")
    with transaction.atomic():
        for item in items:
            item.is_active = item.code in on
        for model in (Theme, TaskType):  # in one statement: matching is made anew once
            of_it = [item for item in items if isinstance(item, model)]
            model._default_manager.bulk_update(of_it, ["is_active"])  # type: ignore[arg-type]  # its own rows
        said = [(item, {"is_active": item.is_active}) for item in items]
        record_all("taxonomy.switch", by=by, about=said, at=at)


def add_synonym(theme: Theme, word: str, *, language: str, by: User, at: datetime) -> ThemeSynonym:
    """Make ``word`` an everyday word of ``theme``; one that is there already stays.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("taxonomy.add_synonym", theme):
        raise PermissionDenied("taxonomy.add_synonym")
    with transaction.atomic():
        synonym, made = ThemeSynonym.objects.get_or_create(
            theme=theme, language=language, word=word, defaults={"is_added": True}
        )
        if made:
            record("taxonomy.add_synonym", by=by, about=synonym, at=at, data={"theme": theme.pk})
    return synonym


def mark_heavy(items: Sequence[TaskType], *, heavy: Container[str], by: User, at: datetime) -> None:
    """Mark those of ``items`` whose codes are in ``heavy`` as tasks that ask for a talk afterwards, the others not.

    Raises:
        PermissionDenied: ``by`` is not at the counter; nothing has changed.
    """
    if not all(by.has_perm("taxonomy.mark_heavy", item) for item in items):
        raise PermissionDenied("taxonomy.mark_heavy")
    with transaction.atomic():
        for item in items:
            item.is_heavy = item.code in heavy
        TaskType.objects.bulk_update(items, ["is_heavy"])
        said = [(item, {"is_heavy": item.is_heavy}) for item in items]
        record_all("taxonomy.mark_heavy", by=by, about=said, at=at)
