"""What waits for the counter while an expert is looked for."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from luukku.assignments.models import Assignment, Offer
from luukku.assignments.states import AssignmentState
from luukku.core.duty import END_OF_DAY, MOST_ROWS, Duty, DutyKind
from luukku.core.times import helsinki, instant, is_working_day, working_day
from luukku.orders.models import CancelledBy, Order
from luukku.orders.queries import first_time, with_orderer
from luukku.orders.states import OrderState
from luukku.privacy.models import Consent, Purpose

PAGE = "counter:order"
REPLACE = DutyKind("replacement", _("The expert cancelled: find another"), page=PAGE)
STAFF = DutyKind("staffing", _("Find an expert"), page=PAGE, within=timedelta(days=7))
SIGN_UP = DutyKind("sign_up", _("Answer a sign-up"), page=PAGE, within=timedelta(days=3))
SILENT = DutyKind("silent", _("Call: no answer to an offer"), page=PAGE)
NEAR = timedelta(days=2)  # an offer that ends so soon without an answer: call
REPLACE_DAYS = 2  # working days in which an expert who cancelled is replaced


def _searches() -> QuerySet[Any]:
    """Orders that look for an expert, ``cancelled_at`` the time when one cancelled and nobody has come since."""
    its = Assignment.objects.filter(order=OuterRef("pk"))
    cancelled = its.filter(
        state=AssignmentState.CANCELLED,
        cancelled_by=CancelledBy.EXPERT,
        state_changed_at__gte=OuterRef("state_changed_at"),
    )
    came_since = its.filter(
        state=AssignmentState.AGREED, counter_agreed_at__gt=OuterRef("last_cancelled_at")
    )
    last = cancelled.order_by("-state_changed_at").values("state_changed_at")[:1]
    return (
        Order.objects.in_state(OrderState.SEARCHING)
        .annotate(last_cancelled_at=Subquery(last))
        .annotate(cancelled_at=Case(When(~Exists(came_since), then=F("last_cancelled_at"))))
        .select_related("organisation")
        .prefetch_related("times")
        .order_by("state_changed_at", "pk")
    )


@REPLACE.finds
def cancelled(at: datetime) -> Iterator[Duty]:
    """Another expert is due in two working days, sooner where the task is near: at once if that has passed."""
    for order in _searches().exclude(cancelled_at=None)[:MOST_ROWS]:
        since = order.cancelled_at
        soon = instant(working_day(helsinki(since).date(), REPLACE_DAYS), END_OF_DAY)
        near = helsinki(_last_chance(order, since)).date()
        day = near if is_working_day(near) else working_day(near, -1)
        due = max(since, min(soon, instant(day, END_OF_DAY)))
        yield REPLACE.duty(order.pk, with_orderer(order), since=since, due=due)


@STAFF.finds
def searching(at: datetime) -> Iterator[Duty]:
    """An order that looks for an expert is due in a week, or three days before the task if that is sooner."""
    for order in _searches().filter(cancelled_at=None)[:MOST_ROWS]:
        since = order.state_changed_at
        due = min(since + STAFF.within, _last_chance(order, since))
        yield STAFF.duty(order.pk, with_orderer(order), since=since, due=due)


def _last_chance(order: Order, since: datetime) -> datetime:
    """Three days before the task; a week from ``since`` where no time is known."""
    time = first_time(order)
    return time.starts_at - timedelta(days=3) if time else since + STAFF.within


@SIGN_UP.finds
def sign_ups(at: datetime) -> Iterator[Duty]:
    """Experts who have signed up and wait for the counter's yes."""
    rows = (
        Offer.objects.waiting_for_counter()
        .select_related("order", "expert")
        .order_by("made_at", "pk")[:MOST_ROWS]
    )
    return (SIGN_UP.duty(o.order_id, _title(o), since=o.made_at) for o in rows)


@SILENT.finds
def silent(at: datetime) -> Iterator[Duty]:
    """Offers near their end without an answer, of experts who may be called, or have no e-mail to write to."""
    may_call = Consent.objects.valid().filter(
        person=OuterRef("expert__user"), purpose=Purpose.PHONE
    )
    rows = (
        Offer.objects.waiting_for_expert()
        .filter(expires_at__lte=at + NEAR)
        .filter(Exists(may_call) | Q(expert__user__email=None))
        .select_related("order", "expert")
        .order_by("expires_at", "pk")[:MOST_ROWS]
    )
    return (SILENT.duty(o.order_id, _title(o), since=o.made_at, due=o.expires_at) for o in rows)


def _title(offer: Offer) -> str:
    return f"{offer.expert.code_name} · {offer.order.title}"
