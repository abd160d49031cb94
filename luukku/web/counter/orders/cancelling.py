"""The end of an order before it is done, for whoever called or for a reason of the counter's own."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.assignments.actions import cancel_order
from luukku.assignments.notices import when
from luukku.core.known import known
from luukku.orders.models import CancelledBy, Order
from luukku.orders.queries import going_on_beside, others_for
from luukku.orders.states import CANCEL, OrderState
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.orders.frame import (
    TAKE_BACK,
    agreed_of,
    find_order,
    undoable,
    without_calls,
)
from luukku.web.counter.queue import after
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import CounterReasonForm
from luukku.web.parts.orders.which import ask_which, cancel_which, is_of_all


class OrderCancelForm(CounterReasonForm):
    """Who cancels, and why."""

    whose = forms.ChoiceField(
        label=gettext_lazy("Who cancels?"),
        choices=[
            (CancelledBy.ORDERER.value, gettext_lazy("The orderer, who told us")),
            (CancelledBy.COUNTER.value, gettext_lazy("We at the counter")),
        ],
        widget=forms.RadioSelect,
    )
    field_order = ("whose", "reason")


@page("coordinator", methods=("GET", "POST"))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Cancel an order for the orderer who called, or for a reason of the counter's own."""
    order, form = find_order(request, pk), OrderCancelForm(data_of(request))
    if order.state == OrderState.DRAFT:
        return _throw_away(request, order)
    others = others_for(order, CANCEL, at=timezone.now())
    ask_which(form, order, others)
    return counter_act(
        request,
        undoable(order, _cancel, beside=others if is_of_all(request) else ()),
        order,
        form=form,
        page=lambda _status: _ask_cancel(request, order, form, others),
        done=_("Cancelled. Everybody is told."),
        to=see_other("counter:order", pk),
    )


def _throw_away(request: Request, order: Order) -> HttpResponse:
    """End a draft that was begun for a caller, once it has been said what stays."""
    contact, organisation = known(order.contact), known(order.organisation)
    return counter_act(
        request,
        partial(cancel_order, whose=CancelledBy.COUNTER, reason=""),
        order,
        page=lambda _status: ask_first(
            request,
            tabs(request, "orders"),
            title=_("Throw the draft away?"),
            lead=f"{order.title or _('Untitled')} · {contact.name}, {organisation.name}",
            follows=[
                _("The draft ends and leaves the queue. Nobody is told."),
                _(
                    "%(name)s and %(organisation)s stay. If they were made for this order only, close and end them"
                    " on their own pages."
                )
                % {"name": contact.name, "organisation": organisation.name},
            ],
            label=_("Throw the draft away"),
            back=reverse("counter:order", args=[order.pk]),
            keep=_("Keep the draft"),
        ),
        done=_("The draft has been deleted."),
        to=lambda _ended: after(request),
    )


def _cancel(order: Order, *, whose: str, by: User, at: datetime, **said: str) -> object:
    behalf = order.contact if whose == CancelledBy.ORDERER else None
    return cancel_which(order, whose=CancelledBy(whose), by=by, at=at, on_behalf_of=behalf, **said)


def _ask_cancel(
    request: Request, order: Order, form: OrderCancelForm, others: list[Order]
) -> HttpResponse:
    """Show what follows; ``others``: the dates of the series that may be cancelled with it."""
    agreed, beside = agreed_of(request, order), agreed_of(request, *others)
    who_else = "; ".join(
        f"{task.expert.user.name}, {when(task.starts_at, task.ends_at)}" for task in beside
    )
    asked = order.offers.proposed().count()
    going_on = ", ".join(str(one.pk) for one in going_on_beside(order))
    return ask_first(
        request,
        tabs(request, "orders"),
        title=_("Cancel the order?"),
        lead=f"{order.title} · {known(order.organisation).name}",
        follows=[
            *[
                _("%(name)s no longer comes: %(when)s.")
                % {"name": task.expert.user.name, "when": when(task.starts_at, task.ends_at)}
                for task in agreed
            ],
            ngettext(
                "%(n)s offer that waits for an answer is taken back.",
                "%(n)s offers that wait for an answer are taken back.",
                asked,
            )
            % {"n": asked}
            if asked
            else "",
            _("Everybody is told by a letter. The order cannot be opened again; it can be copied."),
            _("If you cancel only this time, these stay in force: %(numbers)s.")
            % {"numbers": going_on}
            if going_on
            else "",
            _("If you cancel all times, these are off as well: %(who)s.") % {"who": who_else}
            if who_else
            else "",
            TAKE_BACK,
        ],
        label=_("Cancel the order"),
        back=reverse("counter:order", args=[order.pk]),
        keep=_("Keep the order"),
        form=form,
        people=list(
            dict.fromkeys([order.contact, *(one.expert.user for one in [*agreed, *beside])])
        ),
        no_calls=without_calls([*agreed, *beside]),
    )
