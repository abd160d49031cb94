"""Offers and agreed tasks, made by the real actions. ``at`` is when all of it happened; default: now.

make_search(at)                       # an order whose search is open, with a seat per expert wanted
make_offer(at)                        # proposed to an expert;  order=, expert= to choose them
make_sign_up(at)                      # an expert's own sign-up that waits for the counter
make_agreed(at)                       # an expert has said yes: the task is a fortnight after ``at``
make_series_offers(at)                # three dates of a series offered to one expert;  make_series_search(at)
make_done(at)                         # the same after its end, both sides asked for feedback
"""

from datetime import datetime, timedelta

from django.utils import timezone

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer, Via
from luukku.experts.models import Expert
from luukku.feedback.actions import close_task
from luukku.orders.actions import accept_series
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_order, make_series

ANSWER_TIME = timedelta(days=5)


def make_search(at: datetime | None = None, **changes) -> Order:
    """An order for which experts are looked for; ``changes`` as ``make_order`` takes them."""
    at = at or timezone.now()
    order = make_order(at, state=OrderState.ACCEPTED, **changes)
    return actions.open_search(order, by=coordinator_of_orders(), at=at)


def make_offer(
    at: datetime | None = None,
    *,
    order: Order | None = None,
    expert: Expert | None = None,
    answer_by: datetime | None = None,
    **changes,
) -> Offer:
    """An order proposed to an expert who has five days to answer."""
    at = at or timezone.now()
    order = order or make_search(at, **changes)
    expert = expert or make_expert(at=at)
    return actions.propose(
        order, expert, by=coordinator_of_orders(), at=at, answer_by=answer_by or at + ANSWER_TIME
    )


def make_sign_up(
    at: datetime | None = None,
    *,
    order: Order | None = None,
    expert: Expert | None = None,
    **changes,
) -> Offer:
    """An expert's own sign-up."""
    at = at or timezone.now()
    expert = expert or make_expert(at=at)
    return actions.sign_up(order or make_search(at, **changes), expert, by=expert.user, at=at)


def make_agreed(
    at: datetime | None = None,
    *,
    order: Order | None = None,
    expert: Expert | None = None,
    **changes,
) -> Assignment:
    """An agreed task."""
    at = at or timezone.now()
    offer = make_offer(at, order=order, expert=expert, **changes)
    return actions.accept(offer, by=offer.expert.user, at=at, via=Via.DESK)


def make_done(
    at: datetime | None = None,
    *,
    order: Order | None = None,
    expert: Expert | None = None,
    **changes,
) -> Assignment:
    """A task that was agreed at ``at`` and closed by its expert when it ended, 14 days later."""
    task = make_agreed(at, order=order, expert=expert, **changes)
    return close_task(task, by=task.expert.user, at=task.ends_at)


def make_series_search(at: datetime | None = None, **changes) -> list[Order]:
    """The orders of a series whose search is open; ``changes`` as ``make_series`` takes them."""
    at = at or timezone.now()
    series = make_series(at, **changes)[0].series
    accept_series(series, by=coordinator_of_orders(), at=at)
    return actions.open_search_series(series, by=coordinator_of_orders(), at=at)


def make_series_offers(
    at: datetime | None = None, *, expert: Expert | None = None, **changes
) -> list[Offer]:
    """The dates of a series offered to an expert who has five days to answer."""
    at = at or timezone.now()
    found = make_series_search(at, **changes)
    return actions.propose_series(
        found[0].series,
        expert or make_expert(at=at),
        by=coordinator_of_orders(),
        at=at,
        answer_by=at + ANSWER_TIME,
    )
