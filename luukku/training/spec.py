"""Programmes of training of a spec document, brought to their state."""

from __future__ import annotations

from luukku.core.document import (
    COUNT,
    KEY,
    Part,
    Row,
    World,
    all_coded,
    coded,
    many,
    of_field,
    one_of,
    rows,
)
from luukku.taxonomy.models import Language, TaskType, Topic
from luukku.training import actions
from luukku.training.models import Programme
from luukku.training.states import ProgrammeState

PLAIN = sorted(actions.EDITABLE)

PROGRAMMES = Part(
    "programmes",
    rows(
        {
            **{name: of_field(Programme, name) for name in PLAIN},
            "key": KEY,
            "state": one_of(ProgrammeState.values),
            "producers": many(KEY),
            "languages": many(KEY),
            "task_types": many(KEY),
            "topics": rows({"topic": KEY, "contact_minutes": COUNT, "own_minutes": COUNT}, "topic"),
        },
        "key",
        "kind",
        "title_fi",
    ),
    needs=("people", "organisations"),
)


@PROGRAMMES.step
def programme(world: World, row: Row) -> None:
    """Write a programme and bring it to its state."""
    by, at = world.coordinator, world.at
    minutes = {
        coded(Topic, one["topic"]): (one.get("contact_minutes", 0), one.get("own_minutes", 0))
        for one in row.get("topics", [])
    }
    made = actions.start(
        by=by,
        at=at,
        minutes=minutes,
        producers=[world.named("organisations", key) for key in row.get("producers", [])],
        languages=all_coded(Language, row.get("languages", ["fi"])),
        task_types=all_coded(TaskType, row.get("task_types", [])),
        **{name: row[name] for name in PLAIN if name in row},
    )
    state = ProgrammeState(row.get("state", ProgrammeState.AGREED))
    for move, reached in (
        (actions.share, set(ProgrammeState) - {ProgrammeState.DRAFT}),
        (actions.agree, {ProgrammeState.AGREED, ProgrammeState.RETIRED}),
        (actions.retire, {ProgrammeState.RETIRED}),
    ):
        if state in reached:
            made = move(made, by=by, at=at)
    world.made["programmes"][row["key"]] = made


@PROGRAMMES.after.append
def told(world: World) -> None:
    """Tell the keys of all."""
    world.told["programmes"] = {key: one.pk for key, one in world.made["programmes"].items()}
