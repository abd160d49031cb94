"""Asking the orderer for another time: proposed, read as the letter that leaves, and sent."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from luukku.matching.queries import times_if
from luukku.orders import actions
from luukku.orders.actions.asking import kept
from luukku.orders.models import Order, TimeQuestion
from luukku.orders.notices import TimeAsked
from luukku.orders.told import to_orderer
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.orders.frame import TAKE_BACK, find_order, undoable
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.refill import emptied
from luukku.web.kit.request import Request
from luukku.web.parts.orders.forms import AskTimeForm, typed


@page("coordinator", methods=("GET", "POST"))
def ask_time(request: Request, pk: int) -> HttpResponse:
    """Propose other times, or only ask; the letter is shown before it leaves."""
    order, now = find_order(request, pk), timezone.now()
    proposed = times_if(order, request.GET.get("if", ""), at=now)[:3]
    form = AskTimeForm(data_of(request), initial=typed(proposed))
    context = {"form": form, "order": order, "tabs": tabs(request, "orders")}
    is_read, after = "sure" in request.POST, see_other("counter:order", pk)
    asked = _("Asked. The orderer answers by the link in the letter; the queue tells when.")
    return counter_act(
        request,
        undoable(order, actions.ask_time) if is_read else partial(_letter, request, form, context),
        order,
        form=form,
        page=lambda status: render(request, "counter/orders/ask_time.html", context, status=status),
        ready=partial(actions.require_no_question, order),
        done=asked if is_read else "",
        to=after if is_read else lambda letter: letter,
        back=after,
    )


def _letter(
    request: Request, form: AskTimeForm, context: dict[str, object], order: Order, **_said: object
) -> HttpResponse:
    """Show the letter as its reader gets it, with all that was typed carried along."""
    asked = TimeQuestion(order=order, proposed=kept(form.chosen))
    letters = []
    for reader in to_orderer(order):
        with translation.override(reader.language):
            notice = TimeAsked(asked, reader)
            letters.append((reader, notice.subject(), [str(line) for line in notice.lines()]))
    words = form.cleaned_data["words"]
    form.hide()
    more = {"letters": letters, "words": words, "take_back": TAKE_BACK}
    more["empty"] = emptied(reverse("counter:order-ask-time", args=[order.pk]))
    return render(request, "counter/orders/ask_time_letter.html", context | more)


@page("coordinator", methods=("POST",))
def close_time(request: Request, pk: int) -> HttpResponse:
    """Let the question rest: the times stay."""
    order = find_order(request, pk)
    return counter_act(
        request,
        undoable(order, actions.close_time),
        order,
        done=_("The question is closed. The times stay as they are."),
        to=see_other("counter:order", pk),
    )
