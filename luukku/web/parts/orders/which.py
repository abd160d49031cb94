"""Whether an act is of one date of a series or of all that it can be done to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.assignments.actions import cancel_order, cancel_series
from luukku.core.known import known
from luukku.orders.models import Order
from luukku.orders.queries import times_told
from luukku.web.ui.forms import Form

ALL, ONE = "all", "one"


def ask_which(form: Form, order: Order, others: list[Order]) -> None:
    """Let ``form`` ask whether the act is of ``order`` or of ``others`` as well, where there are any."""
    if not others:
        return
    n = len(others) + 1
    every = ngettext("All %(n)s time", "All %(n)s times", n) % {"n": n}
    one = _("Only this time: %(when)s") % {"when": times_told(order)}
    form.fields["which"] = forms.ChoiceField(
        label=_("What is this about?"),
        choices=[(ALL, every), (ONE, one)],
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose whether it is about all times or only this one.")
        },
    )
    form.order_fields(["which"])


def is_of_all(request: HttpRequest) -> bool:
    """Return whether what was sent is about the whole series."""
    return request.POST.get("which") == ALL


def by_which(one: Callable[..., object], every: Callable[..., object]) -> Callable[..., object]:
    """Return the act that is ``one`` of the order or, where ``which`` says so, ``every`` of its series."""

    def act(order: Order, *, which: str = ONE, **given: Any) -> object:
        if which == ALL:
            return every(known(order.series), **given)
        return one(order, **given)

    return act


cancel_which = by_which(cancel_order, cancel_series)


def on_series(every: Callable[..., object]) -> Callable[..., object]:
    """Return ``every``, an act on a series, as one on an order of it."""

    def act(order: Order, *given: Any, **data: Any) -> object:
        return every(known(order.series), *given, **data)

    return act
