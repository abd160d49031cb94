"""The one queue: everything that waits for a person, oldest duty first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.assignments.models import Offer
from luukku.experts.models import Expert
from luukku.feedback.queries import open_debriefs
from luukku.guidance.models import Question
from luukku.guidance.states import QuestionState
from luukku.notices.queries import paper_queue
from luukku.orders.models import Order
from luukku.orders.queries import first_time
from luukku.orders.states import OrderState
from luukku.organisations.models import Organisation

# How soon each duty should be done; shown as its deadline.
PROMISE = {
    "organisation": timedelta(days=3),
    "order": timedelta(days=2),
    "search": timedelta(days=2),
    "sign_up": timedelta(days=3),
    "expert": timedelta(days=7),
    "debrief": timedelta(days=3),
    "question": timedelta(days=3),
    "letter": timedelta(days=1),
    "staffing": timedelta(days=7),
    "responsible": timedelta(days=30),
}
KINDS: dict[str, str | Promise] = {
    "organisation": _("Check an organisation"),
    "order": _("Read an order"),
    "search": _("Open the search"),
    "staffing": _("Find an expert"),
    "sign_up": _("Answer a sign-up"),
    "expert": _("Meet an expert"),
    "debrief": _("Arrange a talk"),
    "question": _("Answer a question"),
    "letter": _("Tell by phone or post"),
    "responsible": _("Name a responsible person"),
}
MOST_ROWS = 200


@dataclass(frozen=True)
class Duty:
    """One thing that waits for a person at the counter."""

    kind: str
    title: str
    url: str
    since: datetime
    due: datetime

    @property
    def label(self) -> str | Promise:
        """What is to be done."""
        return KINDS[self.kind]

    def is_late(self, at: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.due <= at


def queue(*, kind: str = "") -> list[Duty]:
    """Return what waits, the most urgent deadline first; one query for each kind of duty."""
    makers = {
        "organisation": _organisations,
        "order": _sent,
        "search": _accepted,
        "staffing": _searching,
        "sign_up": _sign_ups,
        "expert": _experts,
        "debrief": _debriefs,
        "question": _questions,
        "letter": _letters,
        "responsible": _without_responsible,
    }
    chosen = {kind: makers[kind]} if kind in makers else makers
    duties = [duty for make in chosen.values() for duty in make()]
    return sorted(duties, key=lambda duty: (duty.due, duty.since))


def _duty(
    kind: str, title: str, name: str, pk: int, since: datetime, due: datetime | None = None
) -> Duty:
    return Duty(
        kind, title, reverse(f"counter:{name}", args=[pk]), since, due or since + PROMISE[kind]
    )


def _organisations() -> list[Duty]:
    rows = Organisation.objects.waiting()[:MOST_ROWS]
    return [_duty("organisation", o.name, "organisation", o.pk, o.made_at) for o in rows]


def _orders(state: OrderState) -> list[Order]:
    rows = (
        Order.objects.in_state(state)
        .select_related("organisation")
        .order_by("state_changed_at", "pk")
    )
    return list(rows[:MOST_ROWS])


def _order_title(order: Order) -> str:
    return f"{order.title} · {order.organisation.name}"


def _sent() -> list[Duty]:
    return [
        _duty("order", _order_title(o), "order", o.pk, o.sent_at) for o in _orders(OrderState.SENT)
    ]


def _accepted() -> list[Duty]:
    return [
        _duty("search", _order_title(o), "order", o.pk, o.state_changed_at)
        for o in _orders(OrderState.ACCEPTED)
    ]


def _searching() -> list[Duty]:
    """An order that looks for an expert is due in a week, or three days before the task if that is sooner."""
    rows = (
        Order.objects.in_state(OrderState.SEARCHING)
        .select_related("organisation")
        .prefetch_related("times")
        .order_by("state_changed_at", "pk")[:MOST_ROWS]
    )
    duties = []
    for order in rows:
        time = first_time(order)
        due = order.state_changed_at + PROMISE["staffing"]
        if time is not None:
            due = min(due, time.starts_at - timedelta(days=3))
        duties.append(
            _duty("staffing", _order_title(order), "order", order.pk, order.state_changed_at, due)
        )
    return duties


def _sign_ups() -> list[Duty]:
    rows = (
        Offer.objects.waiting_for_counter()
        .select_related("order", "expert")
        .order_by("made_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty("sign_up", f"{o.expert.code_name} · {o.order.title}", "order", o.order_id, o.made_at)
        for o in rows
    ]


def _experts() -> list[Duty]:
    rows = Expert.objects.waiting().select_related("user")[:MOST_ROWS]
    return [_duty("expert", e.user.name, "expert", e.pk, e.state_changed_at) for e in rows]


def _debriefs() -> list[Duty]:
    rows = open_debriefs()[:MOST_ROWS]
    return [_duty("debrief", d.asked_by.name, "debrief", d.pk, d.asked_at) for d in rows]


def _questions() -> list[Duty]:
    rows = Question.objects.filter(state=QuestionState.ASKED).order_by("asked_at", "pk")[:MOST_ROWS]
    return [
        _duty("question", str(q.get_topic_display()), "question", q.pk, q.asked_at) for q in rows
    ]


def _letters() -> list[Duty]:
    rows = paper_queue()[:MOST_ROWS]
    return [
        _duty(
            "letter",
            letter.reader.name if letter.reader else letter.subject,
            "letter",
            letter.pk,
            letter.made_at,
        )
        for letter in rows
    ]


def _without_responsible() -> list[Duty]:
    rows = (
        Expert.objects.active()
        .without_responsible()
        .select_related("background_organisation")
        .order_by("state_changed_at", "pk")[:MOST_ROWS]
    )
    return [
        _duty(
            "responsible",
            f"{e.code_name} · {e.background_organisation.name}",
            "expert",
            e.pk,
            e.state_changed_at,
        )
        for e in rows
    ]
