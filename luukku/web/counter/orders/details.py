"""What a sent order asks for, changed at the counter once it has been agreed on the phone."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions as assignments
from luukku.assignments.states import AssignmentState
from luukku.orders.states import OPEN_STATES
from luukku.web.counter.frame import say_done, tabs
from luukku.web.counter.orders.frame import find_order, moved_on
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.parts.orders.forms import Details
from luukku.workflow.actions import WrongState


@page("coordinator", methods=("GET", "POST"))
def details(request: HttpRequest, pk: int) -> HttpResponse:
    """Change place, fee, people and texts of an order under way; who has said yes is named, with the phone."""
    found, now = find_order(pk), timezone.now()
    if found.state not in OPEN_STATES:
        moved_on(request)
        return see_other("counter:order", pk)
    agreed = found.assignments.filter(state=AssignmentState.AGREED).select_related("expert__user")
    tasks = list(agreed.order_by("pk"))
    form = Details(
        request.POST if request.method == "POST" else None, instance=found, is_agreed=bool(tasks)
    )
    if request.method == "POST" and form.is_valid():
        try:
            with assignments.undoable(found, by=request.user, at=now):
                assignments.change_details(found, by=request.user, at=now, **form.changes())
            say_done(request, _("Saved. Those whom it concerns are told by a letter."), at=now)
            return see_other("counter:order", pk)
        except assignments.FeeLowered:
            form.add_error(
                "fee_eur",
                _(
                    "An expert has said yes to this fee and these travel costs: they can be raised, not"
                    " lowered. Less needs a new order, to which the expert says yes or no."
                ),
            )
        except assignments.YesToOthers:
            messages.warning(
                request,
                _("An expert has just said yes, so themes, languages and recording stay."),
            )
            return see_other("counter:order-details", pk)
        except WrongState:
            moved_on(request)
            return see_other("counter:order", pk)
    context = {
        "form": form,
        "order": find_order(pk),
        "people": [task.expert.user for task in tasks],
        "asked": found.offers.proposed().count(),
        "tabs": tabs(request, "orders"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "counter/order_details.html", context, status=status)
