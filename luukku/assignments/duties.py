"""What waits for the counter while an expert is looked for."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Case, Exists, OuterRef, QuerySet, Subquery, When
from django.utils.translation import gettext_lazy as _

from luukku.accounts.queries import may_be_called
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.states import AssignmentState
from luukku.core.compiled import Instant, objects_once, once, with_keys
from luukku.core.duty import END_OF_DAY, Called, DutyKind, Waiting
from luukku.core.times import helsinki, instant, working_day
from luukku.experts.models import Expert
from luukku.orders.called import called, called_together
from luukku.orders.models import CancelledBy, Order
from luukku.orders.queries import first_start, with_times
from luukku.orders.states import OrderState

PAGE = "counter:order"
LEAD = timedelta(days=3)  # so long before the task an expert should have been found
NEAR = timedelta(days=2)  # an offer that ends so soon without an answer: call
REPLACE_DAYS = 2  # working days in which an expert who cancelled is replaced


def replaced_by(cancelled_at: datetime) -> datetime:
    """Return by when another expert should have been found."""
    return instant(working_day(helsinki(cancelled_at).date(), REPLACE_DAYS), END_OF_DAY)


REPLACE = DutyKind(
    "replacement",
    _("The expert cancelled: find another"),
    page=PAGE,
    within=replaced_by,
    lead=LEAD,
)
STAFF = DutyKind("staffing", _("Find an expert"), page=PAGE, within=timedelta(days=7), lead=LEAD)
SIGN_UP = DutyKind("sign_up", _("Answer a sign-up"), page=PAGE, within=timedelta(days=3), lead=LEAD)
UNTRAINED = DutyKind(
    "untrained",
    _("Decide on a task: the expert’s training counts no more"),
    page=PAGE,
    within=timedelta(days=2),
    lead=LEAD,
)
SILENT = DutyKind("silent", _("Call: no answer to an offer"), page=PAGE)


def _cancelled() -> QuerySet[Assignment]:
    """What an expert cancelled of an order since it is looked for, and nobody has come after."""
    came_since = Assignment.objects.filter(
        order=OuterRef("order"),
        state=AssignmentState.AGREED,
        counter_agreed_at__gt=OuterRef("state_changed_at"),
    )
    return Assignment.objects.filter(
        ~Exists(came_since),
        order=OuterRef("pk"),
        state=AssignmentState.CANCELLED,
        cancelled_by=CancelledBy.EXPERT,
        state_changed_at__gte=OuterRef("state_changed_at"),
    )


@REPLACE.finds
def cancelled(at: Instant) -> Waiting:
    """Orders whose expert cancelled and that have had no other since."""
    searching = Order.objects.in_state(OrderState.SEARCHING)
    last = _cancelled().order_by("-state_changed_at").values("state_changed_at")[:1]
    rows = searching.filter(Exists(_cancelled())).annotate(cancelled_at=Subquery(last))
    return Waiting(rows, since="cancelled_at", starts_at=first_start(at=at))


@STAFF.finds
def searching(at: Instant) -> Waiting:
    """Orders that look for an expert and whose experts have not cancelled."""
    rows = Order.objects.in_state(OrderState.SEARCHING).filter(~Exists(_cancelled()))
    return Waiting(rows.one_a_series(), since="state_changed_at", starts_at=first_start(at=at))


REPLACE.calls(called)
STAFF.calls(called_together)


@SIGN_UP.finds
def sign_ups(at: Instant) -> Waiting:
    """Experts who have signed up and wait for the counter's yes."""
    rows = Offer.objects.waiting_for_counter()
    starts_at = first_start("order", at=at)
    return Waiting(rows, since="made_at", pk="order_id", starts_at=starts_at)


@SIGN_UP.calls
def who_signed_up(keys: Collection[int]) -> dict[int, Called]:
    """The expert's code name and the order."""
    return _of_code_name(_offered(keys=list(keys)))


@once
def _offered() -> QuerySet[Any, Any]:
    return Offer.objects.filter(with_keys()).values_list("pk", "expert__code_name", "order__title")


def _of_code_name(rows: Iterable[tuple[Any, ...]]) -> dict[int, Called]:
    return {pk: Called(f"{code_name} · {title}") for pk, code_name, title in rows}


@UNTRAINED.finds
def untrained(at: Instant) -> Waiting:
    """Agreed tasks whose expert has lost the training that the order asks for."""
    rows = Assignment.objects.untrained(at)
    return Waiting(rows, since="untrained_at", pk="order_id", starts_at="starts_at")


@UNTRAINED.calls
def who_is_untrained(keys: Collection[int]) -> dict[int, Called]:
    """The expert's code name and the order."""
    return _of_code_name(_agreed(keys=list(keys)))


@once
def _agreed() -> QuerySet[Any, Any]:
    rows = Assignment.objects.filter(with_keys())
    return rows.values_list("pk", "expert__code_name", "order__title")


@SILENT.finds
def silent(at: Instant) -> Waiting:
    """Offers near their end without an answer, of experts who may be called, or have no e-mail to write to."""
    # Asked of the expert of each row. Joined, the database would ask it of all experts first, and plan it for long.
    callable_ = Case(When(may_be_called("user"), then=True), default=False)
    expert = Expert.objects.filter(pk=OuterRef("expert")).values(callable=callable_)
    rows = (
        Offer.objects.waiting_for_expert()
        .filter(Subquery(expert), expires_at__lte=at + NEAR)
        .one_a_series()  # one call is about all the dates
    )
    starts_at = first_start("order", at=at)
    return Waiting(rows, since="made_at", pk="order_id", due="expires_at", starts_at=starts_at)


@SILENT.calls
def whom_to_call(keys: Collection[int]) -> dict[int, Called]:
    """The expert, their number, and the order they were asked to."""
    return {
        offer.pk: Called(
            with_times(f"{offer.expert.code_name} · {offer.order.title}", offer.dates or 1),
            offer.expert.user.name,
            offer.expert.user.phone,
        )
        for offer in _asked(keys=list(keys))
    }


@objects_once
def _asked() -> QuerySet[Any]:
    rows = Offer.objects.filter(with_keys())
    named = ("order__title", "expert__code_name", "expert__user__name", "expert__user__phone")
    return rows.with_dates().select_related("order", "expert__user").only(*named)
