"""Experts of a spec document, with their profile, trainings and consents."""

from __future__ import annotations

from luukku.accounts.models import User
from luukku.core.document import (
    CLOCK,
    DAY,
    FLAG,
    KEY,
    MOMENT,
    TEXT,
    Part,
    Row,
    World,
    all_coded,
    clock,
    day,
    many,
    one_of,
    rows,
)  # fmt: skip
from luukku.experts import actions
from luukku.experts.models import Expert, FurtherKind, Perspective, TrainingKind
from luukku.experts.states import ExpertState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import Language, TaskType, Theme
from luukku.taxonomy.queries import municipality_called

PROFILE = (
    "reach_km", "is_remote_ok", "equipment", "monthly_limit", "own_words", "support_needs", "shows_own_words",
    "shows_municipality", "shows_organisation",
)  # fmt: skip

EXPERTS = Part(
    "experts",
    rows(
        {
            "key": KEY,
            "person": KEY,
            "state": one_of(ExpertState.values),
            "code_name": TEXT | {"description": "left out: one is drawn"},
            "municipality": TEXT,
            "reach_km": {"type": "integer"},
            "is_remote_ok": FLAG,
            "equipment": TEXT,
            "monthly_limit": {"type": ["integer", "null"]},
            "own_words": TEXT,
            "support_needs": TEXT,
            "shows_own_words": FLAG,
            "shows_municipality": FLAG,
            "shows_organisation": FLAG,
            "background_organisation": KEY,
            "responsible_person": KEY,
            "task_types": many(KEY),
            "languages": many(KEY),
            "experiences": rows(
                {"theme": KEY, "perspective": one_of(Perspective.values), "is_shown": FLAG}, "theme"
            ),
            "slots": rows(
                {
                    "weekday": {"type": "integer", "minimum": 0, "maximum": 6},
                    "starts": CLOCK,
                    "ends": CLOCK,
                },
                "weekday",
                "starts",
                "ends",
            ),
            "exceptions": rows(
                {"starts_on": DAY, "ends_on": DAY, "is_available": FLAG}, "starts_on", "ends_on"
            ),
            "trainings": rows(
                {
                    "kind": one_of(TrainingKind.values),
                    "further_kind": one_of(["", *FurtherKind.values]),
                    "name": TEXT,
                    "producer": TEXT,
                    "hours": {"type": ["integer", "null"]},
                    "completed_on": DAY,
                    "valid_until": DAY,
                    "is_verified": FLAG,
                },
                "kind",
                "name",
                "completed_on",
            ),
            "consents": many(one_of(Purpose.values))
            | {
                "description": "left out: all but coping, which shows signs of load to another organisation"
            },
            "is_paused": FLAG,
            "paused_until": DAY,
            "since": MOMENT
            | {"description": "when they began and came to the bank; left out: now"},
        },
        "key",
        "person",
    ),
    needs=("people", "organisations"),
)


@EXPERTS.step
def expert(world: World, row: Row) -> None:
    """Make an expert's profile and bring it to its state."""
    person = world.named("people", row["person"])
    by = person if person.email else world.coordinator
    at = world.when(row, "since", world.at)
    made = actions.start(person, by=by, at=at, code_name=row.get("code_name", ""))
    fields = {name: row[name] for name in PROFILE if name in row}
    fields["municipality"] = municipality_called(row.get("municipality"))
    for name, part in (
        ("background_organisation", "organisations"),
        ("responsible_person", "people"),
    ):
        if name in row:
            fields[name] = world.named(part, row[name])
    fields["task_types"] = all_coded(TaskType, row.get("task_types", []))
    fields["languages"] = all_coded(Language, row.get("languages", ["fi"]))
    experiences = row.get("experiences", [])
    themes = all_coded(Theme, [one["theme"] for one in experiences])
    actions.save(made, by=by, at=at, **fields)
    actions.set_experiences(
        made,
        [
            (theme, Perspective(e.get("perspective", "own")), e.get("is_shown", True))
            for theme, e in zip(themes, experiences, strict=True)
        ],
        by=by, at=at,
    )  # fmt: skip
    actions.set_availability(
        made,
        slots=[(s["weekday"], clock(s["starts"]), clock(s["ends"])) for s in row.get("slots", [])],
        exceptions=[
            (day(e["starts_on"]), day(e["ends_on"]), e.get("is_available", False))
            for e in row.get("exceptions", [])
        ],
        by=by, at=at,
    )  # fmt: skip
    for training in row.get("trainings", []):
        _training(world, made, training, by=by)
    yes = row.get("consents", [one for one in Purpose.values if one != Purpose.COPING])
    set_consents(person, {Purpose(one) for one in yes}, by=by, at=at)
    world.made["experts"][row["key"]] = _bring(world, made, row, by=by)


@EXPERTS.after.append
def told(world: World) -> None:
    """Tell the keys of all."""
    world.told["experts"] = {key: one.pk for key, one in world.made["experts"].items()}


def _training(world: World, expert: Expert, row: Row, *, by: User) -> None:
    training = actions.add_training(
        expert, kind=TrainingKind(row["kind"]), further_kind=row.get("further_kind", ""), name=row["name"],
        producer=row.get("producer", ""),
        hours=row.get("hours"), completed_on=day(row["completed_on"]),
        valid_until=day(row["valid_until"]) if row.get("valid_until") else None, by=by, at=world.at,
    )  # fmt: skip
    if row.get("is_verified") and training.verified_at is None:
        actions.verify_training(training, by=world.coordinator, at=world.at)


def _bring(world: World, expert: Expert, row: Row, *, by: User) -> Expert:
    state, at = row.get("state", "active"), world.when(row, "since", world.at)
    if state != ExpertState.DRAFT:
        expert = actions.submit(expert, by=by, at=at)
    if state in {ExpertState.ACTIVE, ExpertState.LEFT}:
        expert = actions.welcome(expert, by=world.coordinator, at=at)
    if row.get("is_paused"):
        until = day(row["paused_until"]) if "paused_until" in row else None
        expert = actions.pause(expert, until=until, by=by, at=at)
    if state == ExpertState.LEFT:  # nobody has been asked yet, so there is nothing to take back
        expert = actions.leave(expert, by=by, at=at)
    return expert
