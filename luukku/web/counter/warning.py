"""What is here already, shown while something new is being written: before it is made a second time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render

from luukku.web.counter.orders.caller import CallerForm
from luukku.web.counter.organisations.organisation_list import NewOrganisationForm
from luukku.web.counter.people import NewPersonForm
from luukku.web.counter.same import ANOTHER
from luukku.web.kit.access import home_at, page
from luukku.web.kit.request import Request
from luukku.web.parts.offering import asks_too_often

# By what the form is called: the form of what was sent, the field that asks about those found, and what shows them.
FORMS: dict[str, tuple[Callable[[Request], Any], str, str]] = {
    "caller": (
        lambda request: CallerForm(request.POST, viewer=request.user),
        "contact",
        "counter/orders/_known.html",
    ),
    "organisation": (
        lambda request: NewOrganisationForm(request.POST),
        ANOTHER,
        "counter/_same.html",
    ),
    "person": (lambda request: NewPersonForm(request.POST), ANOTHER, "counter/_same.html"),
}


@page("coordinator", methods=("POST",), home=home_at("counter:queue"))
def same(request: Request, kind: str) -> HttpResponse:
    """Show what may be the same as what is being written."""
    if kind not in FORMS:
        raise Http404
    if asks_too_often(request):
        return HttpResponse(status=429)
    form_of, asked, template = FORMS[kind]
    form = form_of(request)
    form.errors.pop(asked, None)  # nothing has been sent yet that lacks an answer
    return render(request, template, {"form": form})
