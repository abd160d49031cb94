"""How experts are in a spec document: heavy tasks, signs of load, yearly talks and reminders of what was promised."""

from __future__ import annotations

from datetime import timedelta

from luukku.coping.actions import act, ask_talk, dismiss, invite, look, note_talk, remind
from luukku.coping.models import Flag, FlagKind
from luukku.coping.queries import days
from luukku.coping.states import FlagState
from luukku.core.document import (
    DAY,
    KEY,
    MOMENT,
    TEXT,
    BadSpec,
    Part,
    Row,
    World,
    coded,
    day,
    many,
    one_of,
    rows,
)
from luukku.taxonomy.actions import mark_heavy
from luukku.taxonomy.models import TaskType

HEAVY = Part("heavy_task_types", rows({"task_type": KEY}, "task_type"), needs=("people",))
SIGNS = Part(
    "signs_of_load",
    rows(
        {
            "expert": KEY,
            "kind": one_of(FlagKind.values),
            "raised_at": MOMENT
            | {
                "description": "when the night found it; left out: long enough ago for the counter to see it"
            },
            "talk_asked_at": MOMENT,
            "state": one_of(FlagState.values) | {"description": "left out: raised"},
            "by": KEY
            | {"description": "who talked about it or put it aside; left out: the counter"},
            "reason": TEXT | {"description": "why the counter put it aside"},
        },
        "expert",
        "kind",
    ),
    needs=("experts", "orders", "heavy_task_types"),
)

TALKS = Part(
    "yearly_talks",
    rows(
        {
            "expert": KEY,
            "held_on": DAY,
            "held_by": KEY | {"description": "who stands behind the expert"},
            "next_by": DAY | {"description": "left out: a year later"},
        },
        "expert",
        "held_on",
        "held_by",
    ),
    needs=("experts",),
)
REMINDERS = Part(
    "promise_reminders",
    rows(
        {"at": MOMENT | {"description": "when the night looked for what is open"}},
        "at",
    ),
    needs=("experts", "yearly_talks", "events"),
)

INVITATIONS = Part(
    "peer_invitations",
    rows(
        {"event": KEY, "experts": many(KEY), "at": MOMENT | {"description": "left out: now"}},
        "event",
        "experts",
    ),
    needs=("experts", "events"),
)


@HEAVY.step
def heavy(world: World, row: Row) -> None:
    """Count a type of task as heavy."""
    code = row["task_type"]
    mark_heavy([coded(TaskType, code)], heavy={code}, by=world.coordinator, at=world.at)


@SIGNS.step
def sign(world: World, row: Row) -> None:
    """Look for signs when this one was found; others that stand then are found with it.

    Raises:
        BadSpec: the document's tasks, feedback and offers do not raise it.
    """
    long_ago = world.at - days("counter_after_days") - timedelta(days=1)
    look(at=world.when(row, "raised_at", long_ago))
    flag = _flag(world, row)
    if "talk_asked_at" in row:
        ask_talk(flag, by=flag.expert.user, at=world.when(row, "talk_asked_at", world.at))
    world.at_end.append(lambda: _settle(world, row, flag))


def _settle(world: World, row: Row, flag: Flag) -> None:
    """Bring the sign to its state, once the night of the document itself has looked.

    Raises:
        BadSpec: the sign is over although it should not be, or the other way round.
    """
    look(at=world.at)
    flag.refresh_from_db()
    state, by = row.get("state", FlagState.RAISED), world.author(row)
    if state == FlagState.ACTED:
        flag = act(flag, by=by, at=world.at)
    elif state == FlagState.DISMISSED:
        flag = dismiss(flag, reason=row.get("reason", ""), by=by, at=world.at)
    if flag.state != state:
        raise BadSpec(f"the sign of load of {row['expert']} is {flag.state}, not {state}.")


def _flag(world: World, row: Row) -> Flag:
    expert = world.named("experts", row["expert"])
    flag = Flag.objects.live().filter(expert=expert, kind=row["kind"]).first()
    if flag is None:
        raise BadSpec(f"nothing in the document raises {row['kind']} of {row['expert']}.")
    return flag


@TALKS.step
def talk(world: World, row: Row) -> None:
    """Write down that a talk was held."""
    held_on, by = day(row["held_on"]), world.named("people", row["held_by"])
    next_by = day(row["next_by"]) if "next_by" in row else held_on + days("talk_days")
    expert = world.named("experts", row["expert"])
    note_talk(expert, held_on=held_on, held_by=by, next_by=next_by, by=by, at=world.at)


@REMINDERS.step
def reminders(world: World, row: Row) -> None:
    """Remind background organisations of what is open."""
    remind(at=world.when(row, "at", world.at))


@INVITATIONS.step
def invitation(world: World, row: Row) -> None:
    """Invite experts to a peer meeting as the counter does."""
    experts = [world.named("experts", key).pk for key in row["experts"]]
    event, at = world.named("events", row["event"]), world.when(row, "at", world.at)
    invite(event, experts=experts, by=world.coordinator, at=at)
