"""What waits for the counter of orders, before and beside the search for an expert."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.core.duty import MOST_ROWS, Duty, DutyKind
from luukku.orders.models import ChangeRequest, Order
from luukku.orders.queries import promised_by, read_by, with_orderer
from luukku.orders.states import LED_STATES, OrderState
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.states import OrganisationState

PAGE = "counter:order"
READ = DutyKind("order", _("Read an order"), page=PAGE)
SEARCH = DutyKind("search", _("Open the search"), page=PAGE, within=timedelta(days=2))
CHANGE = DutyKind("order_change", _("Answer a request for a change"), page="counter:order-change")
PAYMENT = DutyKind("payment", _("Look into the payment"), page=PAGE, within=timedelta(days=3))
DRAFT = DutyKind(
    "draft", _("Finish an order begun for somebody"), page=PAGE, within=timedelta(days=7)
)
HAND_ON = DutyKind(
    "hand_on",
    _("The contact person has left: name another"),
    page=PAGE,
    within=timedelta(days=2),
    tells_wait=False,
)


def _in_state(state: OrderState) -> QuerySet[Order]:
    rows = Order.objects.in_state(state).select_related("organisation")
    return rows.order_by("state_changed_at", "pk")[:MOST_ROWS]


@READ.finds
def unread(at: datetime) -> Iterator[Duty]:
    """Orders that nobody at the counter has decided on."""
    for order in _in_state(OrderState.SENT):
        yield READ.duty(order.pk, with_orderer(order), since=order.sent_at, due=read_by(order))


@SEARCH.finds
def accepted(at: datetime) -> Iterator[Duty]:
    """Orders that are accepted and whose search nobody has opened."""
    for order in _in_state(OrderState.ACCEPTED):
        yield SEARCH.duty(order.pk, with_orderer(order), since=order.state_changed_at)


@CHANGE.finds
def change_requests(at: datetime) -> Iterator[Duty]:
    """Requests for a change that wait for an answer."""
    rows = ChangeRequest.objects.waiting().select_related("order__organisation")
    for row in rows.defer("words", "answer")[:MOST_ROWS]:
        yield CHANGE.duty(
            row.pk, with_orderer(row.order), since=row.asked_at, due=promised_by(row.asked_at)
        )


@PAYMENT.finds
def without_money(at: datetime) -> Iterator[Duty]:
    """Orders whose payment is open."""
    rows = Order.objects.without_money().select_related("organisation").order_by("sent_at", "pk")
    for order in rows[:MOST_ROWS]:
        yield PAYMENT.duty(order.pk, with_orderer(order), since=order.sent_at)


@DRAFT.finds
def begun_for_somebody(at: datetime) -> Iterator[Duty]:
    """Drafts that somebody at the counter began on the phone and has not sent."""
    rows = (
        Order.objects.in_state(OrderState.DRAFT)
        .exclude(organisation=None)
        .exclude(contact=F("made_by"))
        .select_related("organisation", "made_by")
        .order_by("made_at", "pk")[:MOST_ROWS]
    )
    for order in rows:
        if order.made_by and order.made_by.is_counter:
            yield DRAFT.duty(order.pk, with_orderer(order), since=order.made_at)


@HAND_ON.finds
def left_behind(at: datetime) -> Iterator[Duty]:
    """Orders not closed yet whose contact person does not order for the organisation any more."""
    standing = Membership.objects.standing(MemberRole.ORDERER).filter(
        organisation=OuterRef("organisation"), user=OuterRef("contact")
    )
    rows = (
        Order.objects.in_state(*LED_STATES)
        .filter(~Exists(standing))
        .exclude(organisation__state=OrganisationState.ENDED)
        .select_related("organisation")
        .order_by("state_changed_at", "pk")[:MOST_ROWS]
    )
    for order in rows:
        yield HAND_ON.duty(order.pk, with_orderer(order), since=order.state_changed_at)
