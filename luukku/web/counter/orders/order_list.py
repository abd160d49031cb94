"""The list of orders at the counter."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Case, QuerySet, When
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.queries import Waits, waits
from luukku.core.ordering import by_label, in_finnish
from luukku.core.times import helsinki
from luukku.orders.finding import from_day, holding, places_ordered_to, until_day
from luukku.orders.models import Mode, Order
from luukku.orders.states import LED_STATES, OrderState
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import TaskType
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.request import Request
from luukku.web.ui import tags
from luukku.web.ui.filters import (
    ChoiceFilter,
    DayFilter,
    Filters,
    ModelChoiceFilter,
    StateFilter,
    TextFilter,
)
from luukku.workbench.queries import deadlines, due_day

REMOTE_LAST = Case(When(mode=Mode.REMOTE, then=1), default=0)  # it has no place that is read
OPEN = "open"  # everything that somebody still has something to do with


def _rows(request: Request) -> QuerySet[Order]:
    """Return every order that has got as far as having an orderer."""
    rows = Order.objects.visible_to(request.user).exclude(organisation=None).with_place_in_series()
    rows = rows.select_related("task_type", "organisation", "municipality")
    return rows.annotate(waits=waits(at=timezone.now()))


def _dressed(orders: list[Any]) -> list[Any]:
    """Return ``orders`` with the day by which the counter moves each on."""
    due = deadlines(orders, at=timezone.now())
    for order in orders:
        order.due_on = helsinki(due[order.pk]).date() if order.pk in due else None
    return orders


class OrderFilters(Filters):
    """By what the counter looks for an order."""

    folded = ("since", "until", "municipality", "task_type")

    state = StateFilter(
        OrderState,
        groups={OPEN: (gettext_lazy("Open ones"), {OrderState.DRAFT, *LED_STATES})},
        initial=OPEN,
    )
    organisation = django_filters.ModelChoiceFilter(
        queryset=lambda request: Organisation.objects.visible_to(request.user),
        label=gettext_lazy("Organisation"),
        widget=forms.HiddenInput,
    )
    q = TextFilter(
        holding,
        help_text=gettext_lazy("Number, title, organisation, contact person, town, theme or day."),
    )
    waits = ChoiceFilter(
        label=gettext_lazy("Waits for"), choices=[one for one in Waits.choices if one[0]]
    )
    since = DayFilter(from_day, label=gettext_lazy("Event from"))
    until = DayFilter(until_day, label=gettext_lazy("Event until"))
    municipality = ModelChoiceFilter(
        label=gettext_lazy("Municipality"),
        queryset=lambda _request: places_ordered_to(),
    )
    task_type = ModelChoiceFilter(
        label=gettext_lazy("Kind of task"), queryset=lambda _request: TaskType.objects.all()
    )


def _title(order: Any) -> str:
    title = order.title or _("Untitled")
    return f"{title} ({order.nth}/{order.dates})" if order.dates else title


def _place(order: Order) -> str:
    if order.mode == Mode.REMOTE or order.municipality is None:
        return str(Mode.REMOTE.label) if order.mode == Mode.REMOTE else ""
    return order.municipality.name


ORDERS = Listing(
    name="orders",
    title=gettext_lazy("Orders"),
    rows=_rows,
    filters=OrderFilters,
    dress=_dressed,
    columns=(
        Column("number", gettext_lazy("No."), lambda order: order.pk, order="pk"),
        Column(
            "begins",
            gettext_lazy("Time of the event"),
            lambda order: order.begins_at,
            order="begins_at",
            shows=tags.when,
        ),
        Column(
            "title",
            gettext_lazy("Order"),
            _title,
            order=in_finnish("title"),
            names_row=True,
        ),
        Column(
            "organisation",
            gettext_lazy("Organisation"),
            lambda order: order.organisation.name,
            order=in_finnish("organisation__name"),
            is_plain=True,
        ),
        Column(
            "task_type",
            gettext_lazy("Kind of task"),
            lambda order: order.task_type and order.task_type.name,
            order=in_finnish("task_type__name_fi"),
            is_plain=True,
        ),
        Column(
            "place",
            gettext_lazy("Place"),
            _place,
            order=(REMOTE_LAST, in_finnish("municipality__name_fi")),
            is_plain=True,
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda order: order.state_label,
            order=lambda: by_label("state", OrderState),
            shows=tags.state,
            is_plain=True,
        ),
        Column(
            "waits",
            gettext_lazy("Waits for"),
            lambda order: Waits(order.waits).label,
            order="waits",
        ),
        Column(
            "due_on",
            gettext_lazy("Deadline"),
            lambda order: order.due_on,
            order=lambda: due_day(at=timezone.now()),
        ),
    ),
    order="begins",
    url=lambda order: reverse("counter:order", args=[order.pk]),
)


@page("coordinator")
def orders(request: Request) -> HttpResponse:
    """All orders; the open ones unless asked otherwise, whose event comes first at the head."""
    return show_list(
        request,
        ORDERS,
        empty=_("No orders here."),
        acts=[(reverse("counter:order-new"), _("Order on behalf of somebody"))],
        on_chosen=[
            (reverse("counter:orders-remind"), _("Remind those who owe an answer")),
            (reverse("counter:orders-ask"), _("Ask the candidates")),
        ],
    )
