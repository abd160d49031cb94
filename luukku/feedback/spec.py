"""What follows a task of a spec document: done, feedback, talks, what changed, closed."""

from __future__ import annotations

from datetime import timedelta

from luukku.accounts.models import User
from luukku.assignments.models import Assignment, Via
from luukku.assignments.states import AssignmentState
from luukku.core.document import (
    MOMENT,
    PARTS,
    TEXT,
    BadSpec,
    Row,
    World,
    many,
    moment,
    one_of,
    row,
    rows,
)
from luukku.core.known import known
from luukku.events.actions import guest_mark
from luukku.events.models import Event, SignUp
from luukku.feedback import actions
from luukku.feedback.models import SCALES, Side
from luukku.orders.actions import close
from luukku.orders.models import Order
from luukku.orders.states import OrderState

AFTER_THE_TASK = timedelta(hours=1)
SCALE = {"type": "integer", "minimum": 1, "maximum": 5}
# Reached by the counter's acts; every other state follows from offers and their answers.
BY_ACTS = {OrderState.DRAFT, OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING}

ORDERS = PARTS["orders"]
ORDERS.properties["offers"]["items"]["properties"].update(
    feedback=rows(
        {
            "side": one_of(Side.values),
            **dict.fromkeys(SCALES, SCALE),
            "words": TEXT,
            "at": MOMENT,
            "via": one_of(Via.values),
            "read_at": MOMENT | {"description": "when the counter read it; left out: it waits"},
        },
        "side",
    ),
    debriefs=many(
        {"anyOf": [one_of(Side.values), row({"side": one_of(Side.values), "at": MOMENT}, "side")]}
    ),
)
ORDERS.properties.update(
    what_changed=row(
        {
            "words": TEXT,
            "at": MOMENT,
            "asked_at": MOMENT | {"description": "when everybody whose turn had come was asked"},
        }
    )
    | {"description": "without words nobody has answered"}
)


EVENTS = PARTS["events"]
EVENTS.properties["sign_ups"]["items"]["properties"].update(
    feedback=row({**dict.fromkeys(SCALES, SCALE), "words": TEXT, "at": MOMENT})
)


def _sign_up(world: World, event: Event, row: Row) -> tuple[SignUp, User]:
    """Return the sign-up of who tells, and who acts for it: the machine for a guest."""
    if "guest" in row:
        mark = guest_mark(User.objects.lower(row["guest"]["email"]) or "")
        own, by = event.sign_ups.filter(guest_mark=mark).first(), User.objects.machine()
    else:
        by = world.named("people", row.get("person", ""))
        own = event.sign_ups.of(by).first()
    if own is None:
        raise BadSpec("only who had a place gives feedback.")
    return own, by


@EVENTS.step
def tell_of_event(world: World, row: Row) -> None:
    """Let those who were at an event tell what it was like."""
    for one in row.get("sign_ups", []):
        if "feedback" not in one:
            continue
        if "key" not in row:
            raise BadSpec("feedback on an event needs its key.")
        own, by = _sign_up(world, world.made["events"][row["key"]], one)
        given = one["feedback"]
        actions.tell_of_event(
            own, by=by, at=world.when(given, "at", known(own.event.ends_at) + AFTER_THE_TASK),
            words=given.get("words", ""), **{scale: given.get(scale, 4) for scale in SCALES},
        )  # fmt: skip


@ORDERS.step
def end(world: World, row: Row) -> None:
    """Bring the order from its answers to the end that the document says.

    Raises:
        BadSpec: its offers do not lead there.
    """
    order: Order = world.made["orders"][row["key"]]
    state = OrderState(row.get("state", "searching"))
    if state in {OrderState.DONE, OrderState.CLOSED}:
        _do(world, order)
    tasks = world.made["assignments"].get(row["key"], {})
    for one in row.get("offers", []):
        task = Assignment.objects.filter(pk=tasks.get(one["expert"])).first()
        for given in one.get("feedback", []):
            _feedback(world, given, task)
        for wish in one.get("debriefs", []):
            _debrief(world, wish if isinstance(wish, dict) else {"side": wish}, task)
    if "what_changed" in row:
        _what_changed(world, order, row["what_changed"])
    order.refresh_from_db()
    if state == OrderState.CLOSED and order.state == OrderState.DONE:
        order = close(order, by=world.coordinator, at=world.at)
    if state not in BY_ACTS and order.state != state:
        raise BadSpec(f"the order is {order.state}, not {state}: its offers do not lead there.")
    world.made["orders"][row["key"]] = order


def _do(world: World, order: Order) -> None:
    """Note each agreed task as done an hour after its end."""
    tasks = order.assignments.filter(state=AssignmentState.AGREED)
    for task in tasks.select_related("order__contact", "expert__user").order_by("pk"):
        if task.ends_at > world.at:
            raise BadSpec(f"a task that ends at {task.ends_at.isoformat()} is not done yet.")
        actions.close_task(task, by=world.coordinator, at=task.ends_at + AFTER_THE_TASK)


def _feedback(world: World, row: Row, task: Assignment | None) -> None:
    given_for = _needed(task, "feedback")
    person = _of(given_for, row["side"])
    given = actions.give(
        given_for, side=Side(row["side"]), **{scale: row.get(scale, 4) for scale in SCALES},
        words=row.get("words", ""), at=world.when(row, "at", given_for.ends_at + AFTER_THE_TASK),
        via=_via(row, person), **world.acting(person),
    )  # fmt: skip
    if "read_at" in row:
        actions.read(given, by=world.coordinator, at=moment(row["read_at"]))


def _debrief(world: World, row: Row, task: Assignment | None) -> None:
    asked = _needed(task, "a debrief")
    at = world.when(row, "at", asked.ends_at + AFTER_THE_TASK)
    actions.ask_debrief(asked, at=at, **world.acting(_of(asked, row["side"])))


def _via(row: Row, person: User) -> Via:
    return Via(row.get("via", Via.DESK if person.email else Via.COUNTER))


def _what_changed(world: World, order: Order, row: Row) -> None:
    """Ask the orderer what changed, and answer, as far as the document tells."""
    if "asked_at" in row:
        actions.ask_about(order, at=moment(row["asked_at"]))
    if "words" in row:
        contact = known(order.contact)
        actions.tell_what_changed(
            order, words=row["words"], at=world.when(row, "at", world.at),
            via=_via(row, contact), **world.acting(contact),
        )  # fmt: skip


def _needed(task: Assignment | None, what: str) -> Assignment:
    if task is None:
        raise BadSpec(f"only an accepted offer can have {what}.")
    return task


def _of(task: Assignment, side: str) -> User:
    return task.expert.user if side == Side.EXPERT else known(task.order.contact)
