"""What waits for the counter of orders, before and beside the search for an expert."""

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import Instant, once, with_keys
from luukku.core.duty import Called, DutyKind, Waiting
from luukku.orders.called import called, called_together
from luukku.orders.models import ChangeRequest, Order, TimeQuestion
from luukku.orders.queries import first_start, promised_by
from luukku.orders.states import OrderState

PAGE = "counter:order"
OF_ORDER = ("order__title", "order__organisation__name")
TO_SEARCH = timedelta(days=7)  # so long before the task the search should have begun
READ = DutyKind("order", _("Read an order"), page=PAGE, within=promised_by, lead=TO_SEARCH)
SEARCH = DutyKind(
    "search", _("Open the search"), page=PAGE, within=timedelta(days=2), lead=TO_SEARCH
)
CHANGE = DutyKind(
    "order_change",
    _("Answer a request for a change"),
    page="counter:order-change",
    within=promised_by,
    lead=timedelta(days=3),
)
TIME_ASKED = DutyKind(
    "time_asked",
    _("Call: no answer about another time"),
    page=PAGE,
    within=timedelta(days=3),
    lead=TO_SEARCH,
)
TIME_ANSWERED = DutyKind(
    "time_answered",
    _("The orderer answered about another time"),
    page=PAGE,
    within=promised_by,
    lead=TO_SEARCH,
)
PAYMENT = DutyKind("payment", _("Look into the payment"), page=PAGE, within=timedelta(days=3))
DRAFT = DutyKind(
    "draft",
    _("Finish an order begun for somebody, or throw it away"),
    page=PAGE,
    within=timedelta(days=7),
)
HAND_ON = DutyKind(
    "hand_on",
    _("The contact person has left: name another"),
    page=PAGE,
    within=timedelta(days=2),
    tells_wait=False,
)


def _orders(rows: QuerySet[Order], at: Instant, *, since: str = "state_changed_at") -> Waiting:
    return Waiting(rows, since=since, starts_at=first_start(at=at))


@READ.finds
def unread(at: Instant) -> Waiting:
    """Orders that nobody at the counter has decided on."""
    return _orders(Order.objects.in_state(OrderState.SENT).one_a_series(), at, since="sent_at")


@SEARCH.finds
def accepted(at: Instant) -> Waiting:
    """Orders that are accepted and whose search nobody has opened."""
    return _orders(Order.objects.in_state(OrderState.ACCEPTED).one_a_series(), at)


@CHANGE.finds
def change_requests(at: Instant) -> Waiting:
    """Requests for a change that wait for an answer."""
    rows = ChangeRequest.objects.waiting()
    return Waiting(rows, since="asked_at", starts_at=first_start("order", at=at))


@CHANGE.calls
def which_order(keys: Collection[int]) -> dict[int, Called]:
    """The order that is to be changed."""
    return _named(_of_change(keys=list(keys)))


@once
def _of_change() -> QuerySet[Any, Any]:
    return ChangeRequest.objects.filter(with_keys()).values_list("pk", *OF_ORDER)


@TIME_ASKED.finds
def unanswered_times(at: Instant) -> Waiting:
    """Questions about another time that the orderer has not answered."""
    return _questions(TimeQuestion.objects.waiting_for_orderer(), at, since="asked_at")


@TIME_ANSWERED.finds
def answered_times(at: Instant) -> Waiting:
    """Answers about another time that the counter has not acted on."""
    return _questions(TimeQuestion.objects.waiting_for_counter(), at, since="answered_at")


def _questions(rows: QuerySet[TimeQuestion], at: Instant, *, since: str) -> Waiting:
    return Waiting(rows, since=since, pk="order_id", starts_at=first_start("order", at=at))


@TIME_ASKED.calls
@TIME_ANSWERED.calls
def which_order_asked(keys: Collection[int]) -> dict[int, Called]:
    """The order whose time the question is about."""
    return _named(_of_question(keys=list(keys)))


@once
def _of_question() -> QuerySet[Any, Any]:
    return TimeQuestion.objects.filter(with_keys()).values_list("pk", *OF_ORDER)


def _named(rows: Iterable[tuple[Any, ...]]) -> dict[int, Called]:
    return {pk: Called(f"{title} · {organisation}") for pk, title, organisation in rows}


@PAYMENT.finds
def without_money(at: Instant) -> Waiting:
    """Orders whose payment is open."""
    return _orders(Order.objects.without_money().one_a_series(), at, since="sent_at")


@DRAFT.finds
def begun_for_somebody(at: Instant) -> Waiting:
    """Drafts that somebody at the counter began on the phone and has not sent."""
    return _orders(Order.objects.begun_for_somebody(), at, since="made_at")


@HAND_ON.finds
def left_behind(at: Instant) -> Waiting:
    """Orders not closed yet whose contact person does not order for the organisation any more."""
    return _orders(Order.objects.left_behind(), at)


for kind in (DRAFT, HAND_ON):
    kind.calls(called)
for kind in (READ, SEARCH, PAYMENT):
    kind.calls(called_together)
