"""Offers that have ended: asked once more, or answered with a late yes by phone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments import actions as assignments
from luukku.assignments.models import Offer, Origin, Via
from luukku.assignments.queries import times_to_choose
from luukku.core.refused import Refused
from luukku.web.counter.frame import counter_act, form_page
from luukku.web.counter.orders.frame import find_order, undoable
from luukku.web.counter.orders.offers import agreed_words, answer_page
from luukku.web.counter.orders.reading import AnswerByForm
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import OfferAnswerForm
from luukku.web.parts.orders.which import on_series


class AgainForm(AnswerByForm):
    """Why the expert is asked once more, and by when they answer."""

    words = forms.CharField(
        label=gettext_lazy("Why do you ask once more?"),
        max_length=500,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "A sentence to the expert, for example what has changed. No health information, please."
        ),
    )
    field_order = ("words", "answer_by")


def _offer(request: Request, pk: int) -> Offer:
    offers = Offer.objects.select_related(
        "expert__user", "order__contact", "order__organisation", "order__task_type"
    )
    return fetch(offers, pk, for_=request.user)


@page("coordinator", methods=("GET", "POST"))
def ask(request: Request, pk: int) -> HttpResponse:
    """Ask an expert who has said no, or nothing, once more."""
    offer = _offer(request, pk)
    form = AgainForm(data_of(request), order=offer.order)
    series, beside = offer.order.series, []
    propose: Callable[..., object] = partial(
        assignments.propose,
        origin=Origin.NAMED if offer.origin == Origin.NAMED else Origin.SUGGESTED,
        reasons=offer.reasons,
    )
    if series is not None and series.is_one_expert:  # a yes is to all the dates
        propose = on_series(partial(assignments.propose_series, reasons=offer.reasons))
        beside = list(series.orders.all())
    return counter_act(
        request,
        undoable(offer.order, propose, beside=beside),
        offer.order,
        offer.expert,
        form=form,
        page=lambda status: form_page(
            request,
            find_order(request, offer.order_id),
            form,
            title=_("Ask %(name)s again") % {"name": offer.expert.code_name},
            label=_("Ask again"),
            status=status,
        ),
        done=_("Asked. You see the answers here as they come."),
        to=see_other("counter:order", offer.order_id),
    )


@page("coordinator", methods=("GET", "POST"))
def late_yes(request: Request, pk: int) -> HttpResponse:
    """Write down that an expert says yes after all, by phone or on paper."""
    offer, now = _offer(request, pk), timezone.now()
    form = OfferAnswerForm(
        times_to_choose(offer.order, at=now),
        data_of(request),
        terms_of=offer.order.terms_changed_at,
    )
    say_yes = partial(assignments.accept_after_all, via=Via.COUNTER, on_behalf_of=offer.expert.user)
    return counter_act(
        request,
        undoable(offer.order, say_yes),
        offer,
        form=form,
        page=lambda status: answer_page(request, offer, form, at=now, is_late=True, status=status),
        ready=partial(_require_no_task, offer),
        done=agreed_words,
        to=see_other("counter:order", offer.order_id),
    )


def _require_no_task(offer: Offer) -> None:
    if offer.order.assignments.live().filter(expert=offer.expert_id).exists():
        name = {"name": offer.expert.code_name}
        raise Refused(_("%(name)s has said yes to this task already.") % name)
