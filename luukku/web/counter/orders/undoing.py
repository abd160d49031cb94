"""The moment after an act, in which it can be taken back."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponse
from django.utils.translation import gettext as _

from luukku.assignments import actions as assignments
from luukku.assignments.models import Undo
from luukku.web.counter.frame import counter_act
from luukku.web.counter.orders.frame import find_order
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page("coordinator", methods=("POST",))
def undo(request: Request, pk: int, undo: int) -> HttpResponse:
    """Take back what the person has just done to an order, or say that the moment is over."""
    order = find_order(request, pk)
    moment = Undo.objects.visible_to(request.user).filter(order=order, pk=undo).first()
    return counter_act(
        request,
        assignments.undo,
        moment,
        ready=partial(_require_there, moment),
        done=_("Taken back. All is as it was, and no letter has left."),
        to=see_other("counter:order", pk),
    )


def _require_there(moment: Undo | None) -> None:
    if moment is None:
        raise assignments.NotUndone
