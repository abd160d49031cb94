"""The moment after an act, in which it can be taken back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions as assignments
from luukku.assignments.models import Undo
from luukku.web.counter.orders.frame import find_order
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other


@page("coordinator", methods=("POST",))
def undo(request: HttpRequest, pk: int, undo: int) -> HttpResponse:
    """Take back what the person has just done to an order, or say that the moment is over."""
    order = find_order(pk)
    found = Undo.objects.visible_to(request.user).filter(order=order, pk=undo).first()
    try:
        if found is None:
            raise assignments.NotUndone
        assignments.undo(found, by=request.user, at=timezone.now())
        messages.success(request, _("Taken back. All is as it was, and no letter has left."))
    except assignments.NotUndone:
        messages.warning(
            request,
            _(
                "This can no longer be taken back with one press: the letters are on their way, or"
                " somebody has acted on it already. If it was a mistake, put it right on this page: a wrong yes"
                " by cancelling the task, a wrong no by “Said yes after all” or “Ask again”. Then call those"
                " whom it concerns."
            ),
        )
    return see_other("counter:order", pk)
