"""Borrowing equipment: the expert asks, sees where it stands, lets go of it or asks for more time."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.experts.models import Expert
from luukku.readiness import actions
from luukku.readiness.models import Loan
from luukku.readiness.queries import can_borrow
from luukku.readiness.states import ASK_LONGER, CANCEL
from luukku.web.expert.frame import own_expert, show, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.readiness import lending_acts as parts
from luukku.web.parts.readiness.lending_forms import LoanForm
from luukku.workflow.actions import require


def loans_of(request: Request, expert: Expert) -> dict[str, Any]:
    """Return what the page of the self-test tells of borrowing."""
    rows = Loan.objects.visible_to(request.user).of(request.user)
    return {
        "loans": paged(request, rows.select_related("lender", "device")),
        "can_borrow": can_borrow(expert),
    }


@page("expert", methods=("GET", "POST"), makes_one=True)
def loan_ask(request: Request) -> HttpResponse:
    """Ask to borrow equipment; where nobody lends, the page says what works instead."""
    expert, now = own_expert(request), timezone.now()
    if not can_borrow(expert):
        return show(request, "expert/readiness/loan_ask.html", "desk", form=None)
    form = LoanForm(data_of(request), expert=expert, at=now)
    return form_act(
        request,
        actions.ask_loan,
        expert,
        form=form,
        page=lambda status: show(
            request, "expert/readiness/loan_ask.html", "desk", status=status, form=form
        ),
        done=_("The lender has your request. You get a letter when they have answered."),
        to=lambda made: see_other("expert:loan", made.pk),
        back=see_other("expert:readiness"),
    )


def _own(request: Request, pk: int) -> Loan:
    return fetch(Loan.objects.of(request.user).whole(), pk, for_=request.user)


@page("expert")
def loan(request: Request, pk: int) -> HttpResponse:
    """One loan of one's own."""
    found = _own(request, pk)
    return show(request, "expert/readiness/loan.html", "desk", **parts.seen(found))


@page("expert", methods=("GET", "POST"))
def loan_cancel(request: Request, pk: int) -> HttpResponse:
    """Let go of what was asked for or promised."""
    found, home = _own(request, pk), see_other("expert:loan", pk)
    return form_act(
        request,
        actions.cancel_loan,
        found,
        ready=lambda: require(found, CANCEL),
        page=lambda _status: ask_first(
            request,
            tabs("desk"),
            title=_("Cancel the loan?"),
            lead=parts.lead_of(found),
            follows=[
                _("The lender is told. Nobody asks why."),
                _("There is no way back, but you can ask again."),
            ],
            label=_("Cancel the loan"),
            back=home.url,
            keep=_("Back to the loan"),
        ),
        done=_("The loan has been cancelled, and the lender is told."),
        to=home,
    )


@page("expert", methods=("GET", "POST"))
def loan_longer(request: Request, pk: int) -> HttpResponse:
    """Ask to keep a device longer."""
    found, home = _own(request, pk), see_other("expert:loan", pk)
    form = parts.longer_form(request)
    return form_act(
        request,
        actions.ask_longer,
        found,
        form=form,
        ready=lambda: require(found, ASK_LONGER),
        page=lambda status: show(
            request,
            "expert/readiness/loan_longer.html",
            "desk",
            status=status,
            form=form,
            **parts.seen(found),
        ),
        done=_("The lender has your wish. Keep the device until they have answered."),
        to=home,
    )
