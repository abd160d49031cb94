"""What follows an order of a spec document: the search, offers and their answers, cancelling."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Origin, Via
from luukku.assignments.states import OfferState
from luukku.core.document import (
    COUNT,
    KEY,
    MOMENT,
    PARTS,
    REASONS,
    TEXT,
    BadSpec,
    Row,
    World,
    coded,
    day,
    many,
    moment,
    one_of,
    periods,
    place,
    row,
    rows,
)  # fmt: skip
from luukku.core.known import known
from luukku.experts.models import Expert
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy, Failure, Order, Series
from luukku.orders.states import OrderState
from luukku.organisations.queries import unit_called
from luukku.taxonomy.models import Language, TaskType, Theme
from luukku.taxonomy.queries import municipality_called

ANSWER_TIME = timedelta(days=7)
BEFORE_A_SEARCH = {OrderState.DRAFT, OrderState.SENT, OrderState.ACCEPTED, OrderState.DECLINED}
CANCELLATION = row({"whose": one_of(CancelledBy.values), "reason": TEXT, "at": MOMENT}, "whose")

ORDERS = PARTS["orders"]
EDITED = sorted((orders.DETAILS - {"wished_expert"}) | {"themes", "languages"})
ORDERS.properties.update(
    offers=rows(
        {
            "expert": KEY,
            "origin": one_of(Origin.values),
            "at": MOMENT,
            "answer": one_of(OfferState.values),
            "answer_by": MOMENT,
            "answered_at": MOMENT,
            "words": TEXT | {"description": "why the counter asks once more"},
            "time": COUNT | {"description": "which of the order's times, counted from 0"},
            "dates": many(COUNT)
            | {
                "description": "of an order that repeats: to which of its dates a yes or a sign-up is, counted from 0; "
                "none: all"
            },
            "suits": many(COUNT)
            | {
                "description": "of a sign-up: which of the order's times suit, counted from 0; none: all"
            },
            "via": one_of(Via.values),
            "cancelled": CANCELLATION,
        },
        "expert",
    ),
    edits=rows(
        {
            **{name: ORDERS.properties[name] for name in EDITED},
            "times": ORDERS.properties["times"]
            | {"description": "the whole new list; of what has been agreed the new time"},
            "contact": KEY | {"description": "who leads it from then on"},
            "meeting_url": ORDERS.properties["meeting_url"],
            "at": MOMENT,
            "date": COUNT
            | {"description": "of an order that repeats: which of its dates, counted from 0"},
        }
    )
    | {
        "description": "what the counter changed after sending, once whoever had said yes agreed on the phone"
    },
    cancelled=CANCELLATION,
    failure=one_of(Failure.values),
    given_up_at=MOMENT | {"description": "when the search ended without a find; left out: at once"},
)
ORGANISATIONS = PARTS["organisations"]
ORGANISATIONS.properties["members"]["items"]["properties"].update(
    left_at=MOMENT | {"description": "when they left, after all orders"}
)

PARTS["experts"].properties["trainings"]["items"]["properties"]["revoked"] = row(
    {"why": TEXT, "at": MOMENT}, "why"
) | {"description": "withdrawn by the counter, after all orders; needs is_verified"}

Times = list[tuple[datetime, datetime]]


@ORGANISATIONS.step
def leave(world: World, row: Row) -> None:
    """Have the members who have left end their roles when everything is made."""
    for member in row.get("members", []):
        if "left_at" in member:
            world.at_end.append(partial(_leave, world, row["key"], member))


def _leave(world: World, key: str, row: Row) -> None:
    roles = world.named("organisations", key).memberships.filter(
        user=world.named("people", row["person"]), role=row["role"]
    )
    for membership in roles:
        actions.remove_member(membership, by=world.coordinator, at=moment(row["left_at"]))


@PARTS["experts"].step
def revoke(world: World, row: Row) -> None:
    """Withdraw the trainings that count no more when everything is made."""
    for training in row.get("trainings", []):
        if "revoked" in training:
            world.at_end.append(partial(_revoke, world, row["key"], training))


def _revoke(world: World, key: str, row: Row) -> None:
    described = {name: row[name] for name in ("kind", "name", "completed_on")}
    training = world.named("experts", key).trainings.get(**described)
    how = row["revoked"]
    at = world.when(how, "at", world.at)
    actions.revoke_training(training, how["why"], by=world.coordinator, at=at)


@ORDERS.step
def search(world: World, row: Row) -> None:
    """Open the search, make offers and answer them, and end the order where it ends without a task done."""
    order: Order = world.made["orders"][row["key"]]
    state, by, at = OrderState(row.get("state", "searching")), world.coordinator, order.made_at
    at = world.when(row, "decided_at", at)
    if order.series is not None:
        search_series(world, order.series, row, state, at=at)
        return
    if state not in BEFORE_A_SEARCH:
        order = actions.open_search(order, by=by, at=at)
    agreed = []
    for n, one in enumerate(row.get("offers", [])):
        with place(f"offers/{n}"):
            agreed.append((one, _offer(world, order, one, row, at=at)))
    _edit(world, [order], row, at=at)
    for one, task in agreed:
        if "cancelled" in one:
            if task is None:
                raise BadSpec("only an accepted offer can be cancelled.")
            how = _cancelled(one["cancelled"], at=at)
            is_own = how["whose"] == CancelledBy.EXPERT  # the counter writes down what they say
            actions.cancel(task, by=by, on_behalf_of=task.expert.user if is_own else None, **how)
    order.refresh_from_db()
    if state == OrderState.CANCELLED:
        order = actions.cancel_order(order, **_called_off(world, row, at=at))
    elif state == OrderState.NOT_FOUND:
        failure = Failure(row.get("failure", Failure.NO_YES))
        order = actions.give_up(
            order, failure=failure, by=by, at=world.when(row, "given_up_at", at)
        )
    world.made["orders"][row["key"]] = order


def search_series(
    world: World, series: Series, row: Row, state: OrderState, *, at: datetime
) -> None:
    """Do the same for an order that repeats: the search, offers and the end are of all its dates."""
    by = world.coordinator
    if state not in BEFORE_A_SEARCH:
        actions.open_search_series(series, by=by, at=at)
    for n, one in enumerate(row.get("offers", [])):
        with place(f"offers/{n}"):
            _offer_dates(world, series, one, row["key"], at=at)
    _edit(world, list(series.orders.order_by("pk")), row, at=at)
    if state == OrderState.CANCELLED:
        actions.cancel_series(series, **_called_off(world, row, at=at))
    elif state == OrderState.NOT_FOUND:
        failure = Failure(row.get("failure", Failure.NO_YES))
        actions.give_up_series(
            series, failure=failure, by=by, at=world.when(row, "given_up_at", at)
        )
    made, now = world.made["orders"], series.orders.in_bulk()
    made |= {key: now[order.pk] for key, order in made.items() if order.pk in now}


def _edit(world: World, dates: list[Order], row: Row, *, at: datetime) -> None:
    """Change what the document says was changed after sending, of an order or of one of its dates."""
    for n, one in enumerate(row.get("edits", [])):
        with place(f"edits/{n}"):
            if one.get("date", 0) >= len(dates):
                raise BadSpec(f"the order has no date number {one['date']}.")
            _change(world, dates[one.get("date", 0)], one, at=world.when(one, "at", at))


def _change(world: World, order: Order, row: Row, *, at: datetime) -> None:
    """Change one order: first its details, then its times, its meeting's link and who leads it."""
    by = world.coordinator
    if given := {name: _value(order, name, row[name]) for name in EDITED if name in row}:
        called = set(order.assignments.values_list("pk", flat=True))
        actions.change_details(order, by=by, at=at, called=called, **given)
    if times := periods(row.get("times", [])):
        if order.times.filter(is_settled=True).exists():
            starts_at, ends_at = times[0]
            actions.change_time(order, starts_at=starts_at, ends_at=ends_at, by=by, at=at)
        else:
            actions.set_times(order, times, by=by, at=at)
    if "meeting_url" in row:
        actions.change_link(order, row["meeting_url"], by=by, at=at)
    if "contact" in row:
        actions.change_contact(order, world.named("people", row["contact"]), by=by, at=at)


def _value(order: Order, name: str, value: Any) -> Any:
    """Return what the order's action takes for what a document says of the field ``name``."""
    turned: dict[str, Callable[[Any], object]] = {
        "task_type": lambda code: coded(TaskType, code),
        "municipality": municipality_called,
        "unit": lambda called: unit_called(known(order.organisation), called),
        "sign_up_by": day,
        "fee_eur": lambda amount: Decimal(str(amount)),
        "themes": lambda rows: [(coded(Theme, t["theme"]), t.get("perspective", "")) for t in rows],
        "languages": lambda codes: [coded(Language, code) for code in codes],
    }
    return turned[name](value) if name in turned else value


def _offer_dates(world: World, series: Series, row: Row, key: str, *, at: datetime) -> None:
    """Offer every date to an expert and answer as the document says; what is no yes is a no to all.

    Whoever signs up does it to ``dates``, which wait for the counter.
    """
    expert, at = world.named("experts", row["expert"]), world.when(row, "at", at)
    if row.get("origin") == Origin.SIGNED_UP:
        _sign_up_dates(world, series, expert, row, key, at=at)
        return
    offers = actions.propose_series(
        series,
        expert,
        by=world.coordinator,
        at=at,
        answer_by=world.when(row, "answer_by", at + ANSWER_TIME),
        reasons=_reasons(known(series.orders.order_by("pk").first()), expert, at=at),
        words=row.get("words", ""),
    )
    world.made["offers"].setdefault(key, {})[row["expert"]] = offers[0].pk
    state = OfferState(row.get("answer", "proposed"))
    if state == OfferState.PROPOSED:
        return
    if state not in {OfferState.ACCEPTED, OfferState.DECLINED}:
        raise BadSpec("dates of an order that repeats wait, or are answered with yes or no.")
    chosen = _dates(row, len(offers)) if state == OfferState.ACCEPTED else ()
    yes = {offers[n].pk: offers[n].order.times.first() for n in chosen}
    answered = actions.answer_series(
        offers[0],
        yes=yes,
        no=[offer.pk for offer in offers if offer.pk not in yes],
        at=world.when(row, "answered_at", at),
        **_answering(world, expert, row),
    )
    if answered.agreed:
        world.made["assignments"].setdefault(key, {})[row["expert"]] = answered.agreed[0].pk


def _sign_up_dates(
    world: World, series: Series, expert: Expert, row: Row, key: str, *, at: datetime
) -> None:
    if row.get("answer", "proposed") != OfferState.PROPOSED:
        raise BadSpec("sign-ups to dates of an order that repeats wait for the counter.")
    orders = list(series.orders.order_by("pk"))
    times = [time for n in _dates(row, len(orders)) for time in orders[n].times.all()]
    by = world.acting(expert.user)["by"]
    made = actions.sign_up_dates(orders[0], expert, times=times, by=by, at=at)
    world.made["offers"].setdefault(key, {})[row["expert"]] = made[0].pk


def _dates(row: Row, count: int) -> Collection[int]:
    """Return to which of ``count`` dates the row is, counted from 0; none named: to all."""
    chosen: Collection[int] = row.get("dates", range(count))
    if any(n >= count for n in chosen):
        raise BadSpec(f"the order has no date number {max(chosen)}.")
    return chosen


@ORDERS.after.append
def told(world: World) -> None:
    """Tell the keys of offers and tasks by order and expert, also where there are none."""
    for part in ("offers", "assignments"):
        world.told[part] = {
            key: dict(world.made[part].get(key, {})) for key in world.made["orders"]
        }


def _offer(world: World, order: Order, row: Row, whole: Row, *, at: datetime) -> Assignment | None:
    """Offer the order to an expert, or sign them up, and answer as the document says."""
    expert, times = world.named("experts", row["expert"]), periods(whole.get("times", []))
    at = world.when(row, "at", at)
    answer_by = world.when(row, "answer_by", at + ANSWER_TIME)
    offer = _made_offer(world, order, expert, row, times, at=at, answer_by=answer_by)
    world.made["offers"].setdefault(whole["key"], {})[row["expert"]] = offer.pk
    answered_at = world.when(row, "answered_at", at)
    state = OfferState(row.get("answer", "proposed"))
    is_sign_up = offer.origin == Origin.SIGNED_UP
    if state == OfferState.ACCEPTED:
        made = _yes(world, offer, row, times, at=answered_at)
        world.made["assignments"].setdefault(whole["key"], {})[row["expert"]] = made.pk
        return made
    if state == OfferState.DECLINED:
        who = {"by": world.coordinator} if is_sign_up else world.acting(expert.user)
        actions.decline(offer, at=answered_at, **who)
    elif state == OfferState.WITHDRAWN:
        who = world.acting(expert.user) if is_sign_up else {"by": world.coordinator}
        actions.withdraw(offer, at=answered_at, **who)
    elif state == OfferState.EXPIRED:
        actions.expire(offer, at=offer.expires_at)
    return None


def _made_offer(
    world: World,
    order: Order,
    expert: Expert,
    row: Row,
    times: Times,
    *,
    at: datetime,
    answer_by: datetime,
) -> Offer:
    origin = Origin(row.get("origin", Origin.SUGGESTED))
    if origin == Origin.SIGNED_UP:
        by = world.acting(expert.user)["by"]
        numbers = row.get("suits", [])
        if any(number >= len(times) for number in numbers):
            raise BadSpec(f"the order has no time number {max(numbers)}.")
        told = order.times.filter(starts_at__in=[times[number][0] for number in numbers])
        return actions.sign_up(order, expert, times=told, by=by, at=at)
    wished = Offer.objects.proposed().filter(order=order, expert=expert, origin=Origin.NAMED)
    if origin == Origin.NAMED and (offer := wished.first()):
        return offer  # made when the search was opened
    return actions.propose(
        order,
        expert,
        by=world.coordinator,
        at=at,
        answer_by=answer_by,
        origin=origin,
        reasons=_reasons(order, expert, at=at),
        words=row.get("words", ""),
    )


def _yes(world: World, offer: Offer, row: Row, times: Times, *, at: datetime) -> Assignment:
    if row.get("time", 0) >= len(times):
        raise BadSpec(f"the order has no time number {row.get('time', 0)}.")
    wished = offer.order.times.filter(starts_at=times[row.get("time", 0)][0]).first()
    settled = offer.order.times.filter(is_settled=True).first()
    time = wished if "time" in row else settled or wished
    answering = _answering(world, offer.expert, row)
    if offer.origin == Origin.SIGNED_UP:
        answering = {"by": world.coordinator, "via": Via(row.get("via", Via.DESK))}
    return actions.accept(offer, at=at, time=time, **answering)


def _reasons(order: Order, expert: Expert, *, at: datetime) -> list[str]:
    return [reason for why in REASONS for reason in why(order, expert, at)]


def _answering(world: World, expert: Expert, row: Row) -> Row:
    """Return who answers for an expert and how: who has no e-mail does it through the counter."""
    via = Via(row.get("via", Via.DESK if expert.user.email else Via.COUNTER))
    return world.acting(expert.user, by_counter=via == Via.COUNTER) | {"via": via}


def _called_off(world: World, row: Row, *, at: datetime) -> Row:
    """Return who calls off an order, why and when: its orderer where they wrote it, or else the counter."""
    how = _cancelled(row.get("cancelled", {"whose": CancelledBy.ORDERER}), at=at)
    is_own = how["whose"] == CancelledBy.ORDERER
    return how | {"by": world.author(row) if is_own else world.coordinator}


def _cancelled(row: Row, *, at: datetime) -> dict[str, Any]:
    return {
        "whose": CancelledBy(row["whose"]),
        "reason": row.get("reason", ""),
        "at": moment(row["at"]) if "at" in row else at,
    }
