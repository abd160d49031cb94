"""Orders of a spec document: written, sent, decided on. ``assignments`` and ``feedback`` add what follows."""

from __future__ import annotations

from datetime import datetime, timedelta

from luukku.core.document import (
    DAY,
    FLAG,
    KEY,
    MOMENT,
    TEXT,
    BadSpec,
    Part,
    Row,
    World,
    all_coded,
    coded,
    day,
    many,
    of_field,
    one_of,
    periods,
    place,
    row,
    rows,
)  # fmt: skip
from luukku.core.known import known
from luukku.experts.models import Perspective
from luukku.orders import actions
from luukku.orders.models import Every, Order, Payment
from luukku.orders.states import OrderState
from luukku.organisations.queries import unit_called
from luukku.taxonomy.models import Language, TaskType, Theme
from luukku.taxonomy.queries import municipality_called

BEFORE_A_PAST_TASK = timedelta(days=30)
# What ``_draft`` makes of a document by itself; every other field that people may change is taken as it is.
MADE = {
    "organisation", "contact", "unit", "task_type", "municipality", "wished_expert", "title", "goal",
    "expert_does", "audience", "length_minutes", "sign_up_by", "payment",
}  # fmt: skip
PLAIN = sorted(actions.EDITABLE - MADE)

ORDERS = Part(
    "orders",
    rows(
        {
            **{name: of_field(Order, name) for name in PLAIN},
            "key": KEY,
            "at": MOMENT | {"description": "when it was made and sent"},
            "by": KEY
            | {"description": "who writes and sends it; left out: the counter for the contact"},
            "decided_at": MOMENT
            | {"description": "when the counter said yes or no; left out: at once"},
            "organisation": KEY,
            "unit": TEXT,
            "contact": KEY,
            "state": one_of(OrderState.values),
            "title": TEXT,
            "goal": TEXT,
            "expert_does": TEXT,
            "audience": TEXT,
            "task_type": KEY,
            "themes": rows(
                {"theme": KEY, "perspective": one_of(["", *Perspective.values])}, "theme"
            ),
            "languages": many(KEY),
            "municipality": TEXT,
            "meeting_url": {"type": "string", "pattern": "^(https://.*)?$"},
            "length_minutes": {"type": "integer"},
            "payment": one_of(Payment.values),
            "is_payment_agreed": FLAG,
            "sign_up_by": DAY,
            "wished_expert": KEY,
            "times": rows({"starts_at": MOMENT, "ends_at": MOMENT}, "starts_at", "ends_at"),
            "repeats": row(
                {
                    "days": many(DAY) | {"minItems": 1, "maxItems": actions.MOST_REPEATS},
                    "every": one_of(Every.values),
                    "is_one_expert": FLAG,
                },
                "days",
            )
            | {
                "description": "further days of the same: orders of their own, called key/2, key/3 and so on; "
                "state and offers are of all of them"
            },
            "decline_reason": TEXT,
            "change_requests": rows(
                {
                    "words": TEXT,
                    "by": KEY,
                    "at": MOMENT,
                    "answer": TEXT,
                    "answered_at": MOMENT,
                    "changes": row({n: of_field(Order, n) for n in PLAIN if n in actions.DETAILS})
                    | {"description": "what the counter changes with its answer"},
                },
                "words",
            ),
            "time_question": row(
                {
                    "times": rows({"starts_at": MOMENT, "ends_at": MOMENT}, "starts_at", "ends_at"),
                    "words": TEXT,
                    "at": MOMENT,
                    "answer": rows({"starts_at": MOMENT, "ends_at": MOMENT}, "starts_at", "ends_at")
                    | {"description": "the times that the orderer gave; empty: the old one stays"},
                    "answered_at": MOMENT,
                }
            )
            | {"description": "whether another time would suit, asked after sending; left open"},
        },
        "key",
        "organisation",
        "contact",
        "task_type",
    ),
    needs=("people", "organisations", "experts"),
)


@ORDERS.step
def order(world: World, row: Row) -> None:
    """Write an order, send it, and decide on it as its state says."""
    times = periods(row.get("times", []))
    at, by = _made_at(world, row, times), world.coordinator
    decided_at = world.when(row, "decided_at", at)
    made = _draft(world, row, times, at=at)
    state = OrderState(row.get("state", "searching"))
    if "repeats" in row:
        _repeat(world, made, row, state, at=at)
        return
    if state != OrderState.DRAFT:
        made = actions.send(made, at=at, **_sender(world, row, made))
        _changes(world, made, row, at=at)
    if state == OrderState.DECLINED:
        made = actions.decline(made, reason=row.get("decline_reason", ""), by=by, at=decided_at)
    elif state not in {OrderState.DRAFT, OrderState.SENT}:
        made = actions.accept(made, by=by, at=decided_at)
    world.made["orders"][row["key"]] = made


def _sender(world: World, row: Row, order: Order) -> Row:
    return {"by": world.author(row), "on_behalf_of": None if "by" in row else order.contact}


def _repeat(world: World, order: Order, row: Row, state: OrderState, *, at: datetime) -> None:
    """Send the order and its further days as one, and decide on all of them as its state says."""
    by, how = world.coordinator, row["repeats"]
    if state == OrderState.DRAFT:
        raise BadSpec("only an order that is sent repeats.")
    made = actions.send_series(
        order,
        days=[day(one) for one in how["days"]],
        every=how.get("every", ""),
        is_one_expert=how.get("is_one_expert", False),
        at=at,
        **_sender(world, row, order),
    )
    decided_at = world.when(row, "decided_at", at)
    series = known(made[0].series)
    if state == OrderState.DECLINED:
        actions.decline_series(series, reason=row.get("decline_reason", ""), by=by, at=decided_at)
    elif state != OrderState.SENT:
        actions.accept_series(series, by=by, at=decided_at)
    for n, one in enumerate(series.orders.order_by("pk"), 1):
        world.made["orders"][row["key"] if n == 1 else f"{row['key']}/{n}"] = one


@ORDERS.after.append
def told(world: World) -> None:
    """Tell the keys of all."""
    world.told["orders"] = {key: one.pk for key, one in world.made["orders"].items()}


def _made_at(world: World, row: Row, times: list[tuple[datetime, datetime]]) -> datetime:
    first = min((starts for starts, _ends in times), default=world.at)
    is_sent = row.get("state", "searching") != OrderState.DRAFT
    is_past = is_sent and first < world.at
    return world.when(row, "at", first - BEFORE_A_PAST_TASK if is_past else world.at)


def _draft(
    world: World, row: Row, times: list[tuple[datetime, datetime]], *, at: datetime
) -> Order:
    contact = world.named("people", row["contact"])
    organisation = world.named("organisations", row["organisation"])
    by = world.author(row)
    order = actions.start(by=by, at=at, organisation=organisation, contact=contact)
    minutes = int((times[0][1] - times[0][0]).total_seconds() // 60) if times else None
    agreed = Payment.AGREED if row.get("is_payment_agreed", True) else Payment.OPEN
    return actions.save_draft(
        order, by=by, at=at, **{name: row[name] for name in PLAIN if name in row},
        unit=unit_called(organisation, row.get("unit")),
        title=row.get("title", row["key"]), goal=row.get("goal", "–"), expert_does=row.get("expert_does", "–"),
        audience=row.get("audience", "–"), task_type=coded(TaskType, row["task_type"]),
        municipality=municipality_called(row.get("municipality")), payment=row.get("payment", agreed),
        length_minutes=row.get("length_minutes", minutes),
        sign_up_by=day(row["sign_up_by"]) if "sign_up_by" in row else None,
        wished_expert=world.named("experts", row["wished_expert"]) if "wished_expert" in row else None,
        languages=all_coded(Language, row.get("languages", ["fi"])), times=times,
        themes=[(coded(Theme, t["theme"]), t.get("perspective", "")) for t in row.get("themes", [])],
    )  # fmt: skip


def _changes(world: World, order: Order, row: Row, *, at: datetime) -> None:
    """Ask for the changes that the document tells of, and answer where it says what."""
    for n, one in enumerate(row.get("change_requests", [])):
        with place(f"change_requests/{n}"):
            by = world.named("people", one["by"]) if "by" in one else known(order.contact)
            asked_at = world.when(one, "at", at)
            asked = actions.ask_change(order, one["words"], by=by, at=asked_at)
            if "answer" in one:
                answered_at = world.when(one, "answered_at", asked_at)
                if "changes" in one:
                    changes = one["changes"]
                    actions.change_details(order, by=world.coordinator, at=answered_at, **changes)
                actions.answer_change(asked, one["answer"], by=world.coordinator, at=answered_at)
    if "time_question" in row:
        with place("time_question"):
            _time_question(world, order, row["time_question"], at=at)


def _time_question(world: World, order: Order, row: Row, *, at: datetime) -> None:
    """Ask whether another time would suit, and answer for the contact person where the document says what."""
    asked = actions.ask_time(
        order,
        periods(row.get("times", [])),
        words=row.get("words", ""),
        by=world.coordinator,
        at=world.when(row, "at", at),
    )
    if "answer" in row:
        answered_at = world.when(row, "answered_at", asked.asked_at)
        by = known(order.contact)
        actions.answer_time(asked, periods(row["answer"]), by=by, at=answered_at)
