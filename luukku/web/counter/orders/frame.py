"""What every page about orders at the counter needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from typing import Any

from django.contrib import messages
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.accounts.queries import who_may_be_called
from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.times import instant
from luukku.matching.queries import for_matching
from luukku.orders.models import Order
from luukku.organisations.models import Organisation
from luukku.web.kit.fetch import fetch
from luukku.web.kit.request import Request

TAKE_BACK = gettext_lazy("You can still take it back for ten seconds after the press.")


def find_order(request: Request, pk: int) -> Order:
    """Return an order; a guest's draft is nobody else's before it has been confirmed."""
    orders = for_matching().select_related("municipality", "organisation", "contact", "unit")
    return fetch(orders.exclude(organisation=None), pk, for_=request.user)


def home_of_task(request: Request, pk: int, **_others: Any) -> str:
    """Return the address of the order whose task ``pk`` is."""
    return reverse("counter:order", args=[fetch(Assignment, pk, for_=request.user).order_id])


def agreed_of(request: Request, *orders: Order) -> list[Assignment]:
    """Return the tasks of ``orders`` that are agreed and have not been done, by time."""
    seen = Assignment.objects.visible_to(request.user)
    tasks = seen.filter(order__in=orders, state=AssignmentState.AGREED)
    return list(tasks.select_related("expert__user").order_by("starts_at", "pk"))


def without_calls(tasks: Iterable[Assignment]) -> set[int]:
    """Return those experts of ``tasks``, by the keys of their accounts, who have not said yes to calls."""
    experts = {task.expert.user_id for task in tasks}
    return experts - who_may_be_called(experts)


def end_of(day: date) -> datetime:
    """Return the last minute of ``day`` in Helsinki: by then one answers."""
    return instant(day, time(23, 59))


def undoable(
    order: Order,
    act: Callable[..., object],
    *,
    beside: Iterable[Order] = (),
    organisation: Organisation | None = None,
) -> Callable[..., object]:
    """Return ``act`` as one that whoever does it can take back for a moment, with what it does to those ``beside``.

    Args:
        organisation: as ``assignments.actions.undoable`` takes it.
    """

    def done(*given: Any, by: User, at: datetime, **data: Any) -> object:
        with assignments.undoable(order, *beside, by=by, at=at, organisation=organisation):
            return act(*given, by=by, at=at, **data)

    return done


def moved_on(request: Request) -> None:
    """Say that the order stands elsewhere than the page thought."""
    messages.warning(request, _("Somebody was faster: the order has already moved on."))
