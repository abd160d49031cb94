"""Remote readiness in a spec document: experts' own tests, tried connections, and equipment that is lent."""

from __future__ import annotations

from datetime import time, timedelta

from luukku.core.document import (
    DAY,
    FLAG,
    KEY,
    MOMENT,
    TEXT,
    Part,
    Row,
    World,
    day,
    many,
    of_field,
    one_of,
    rows,
)
from luukku.core.times import instant
from luukku.readiness.actions import (
    add_device,
    ask_help,
    ask_loan,
    ask_longer,
    cancel_loan,
    grant_loan,
    hand_out_loan,
    lose_loan,
    note_practice,
    receive_loan,
    refuse_loan,
    retire_device,
    tell_tried,
    try_out,
)
from luukku.readiness.models import Device, EquipmentKind, Item
from luukku.readiness.states import LoanState

TESTS = Part(
    "remote_tests",
    rows(
        {
            "expert": KEY,
            "only_help": FLAG | {"description": "whether help is asked for without answering"},
            "works": many(one_of(Item.values)),
            "helps": many(one_of(Item.values)) | {"description": "with what help is wished for"},
            "kinds": many(one_of(EquipmentKind.values)),
            "at": MOMENT | {"description": "left out: now"},
            "is_practised": FLAG | {"description": "whether the counter has given the help"},
        },
        "expert",
    ),
    needs=("experts",),
)
CONNECTIONS = Part(
    "tried_connections",
    rows({"order": KEY, "by": KEY | {"description": "left out: the contact person"}}, "order"),
    needs=("orders",),
)
DEVICES = Part(
    "devices",
    rows(
        {
            "key": KEY,
            "organisation": KEY | {"description": "who lends it"},
            "kind": one_of(EquipmentKind.values),
            "label": of_field(Device, "label"),
            "note": of_field(Device, "note"),
            "is_retired": FLAG,
        },
        "key",
        "organisation",
        "kind",
        "label",
    ),
    needs=("organisations",),
)
LOANS = Part(
    "loans",
    rows(
        {
            "expert": KEY,
            "device": KEY
            | {"description": "the one that is wished for, and given where it is given"},
            "from_on": DAY,
            "until_on": DAY,
            "asked_at": MOMENT
            | {"description": "left out: now, or three days before the first day"},
            "why": TEXT,
            "state": one_of(LoanState.values) | {"description": "left out: asked"},
            "fetch": TEXT | {"description": "where and when it is fetched"},
            "reason": TEXT | {"description": "why it could not be lent"},
            "wished_until": DAY | {"description": "a later end that waits for an answer"},
        },
        "expert",
        "device",
        "from_on",
        "until_on",
    ),
    needs=("experts", "devices"),
)
S = LoanState


@TESTS.step
def test(world: World, row: Row) -> None:
    """Let an expert try, and the counter help."""
    expert = world.named("experts", row["expert"])
    if row.get("only_help"):
        ask_help(expert, by=expert.user, at=world.when(row, "at", world.at))
        return
    said = {name: row.get(name, []) for name in ("works", "helps", "kinds")}
    made = try_out(expert, **said, by=expert.user, at=world.when(row, "at", world.at))
    if row.get("is_practised"):
        note_practice(made, by=world.coordinator, at=world.at)


@CONNECTIONS.step
def connection(world: World, row: Row) -> None:
    """Let an orderer tell that the connection has been tried."""
    order = world.named("orders", row["order"])
    by = world.named("people", row["by"]) if "by" in row else order.contact
    tell_tried(order, by=by, at=world.at)


@DEVICES.step
def device(world: World, row: Row) -> None:
    """Let an organisation lend a device."""
    organisation = world.named("organisations", row["organisation"])
    told = {name: row[name] for name in ("kind", "label", "note") if name in row}
    made = add_device(organisation, **told, by=world.coordinator, at=world.at)
    if row.get("is_retired"):
        made = retire_device(made, by=world.coordinator, at=world.at)
    world.made["devices"][row["key"]] = made


@LOANS.step
def loan(world: World, row: Row) -> None:
    """Let an expert ask for a device, and bring the loan to its state by the acts that lead there."""
    expert, device = world.named("experts", row["expert"]), world.named("devices", row["device"])
    first, last = day(row["from_on"]), day(row["until_on"])
    asked_at = world.when(
        row, "asked_at", min(world.at, instant(first, time(9)) - timedelta(days=3))
    )
    made = ask_loan(
        expert, lender=device.organisation, kind=device.kind, from_on=first, until_on=last,
        why=row.get("why", ""), by=expert.user, at=asked_at,
    )  # fmt: skip
    state, by = row.get("state", S.ASKED), world.coordinator
    if state == S.REFUSED:
        refuse_loan(made, reason=row.get("reason", ""), by=by, at=asked_at)
    elif state == S.CANCELLED:
        cancel_loan(made, by=expert.user, at=asked_at)
    elif state != S.ASKED:
        made = grant_loan(made, device=device, fetch=row.get("fetch", ""), by=by, at=asked_at)
    if state in {S.OUT, S.BACK, S.LOST}:
        made = hand_out_loan(made, by=by, at=min(world.at, instant(first, time(12))))
    if "wished_until" in row:
        made = ask_longer(made, until_on=day(row["wished_until"]), by=expert.user, at=world.at)
    if state in {S.BACK, S.LOST}:
        end = receive_loan if state == S.BACK else lose_loan
        end(made, by=by, at=min(world.at, instant(last, time(14))))
