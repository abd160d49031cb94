"""Equipment that is lent, at the counter: every device and loan, and what is told by phone."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.experts.models import Expert
from luukku.organisations.models import Organisation
from luukku.readiness import actions
from luukku.readiness.models import Device, DeviceQuerySet, Loan, LoanQuerySet
from luukku.readiness.queries import can_borrow
from luukku.readiness.states import ASK_LONGER, CANCEL
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.readiness import lending_acts as parts
from luukku.web.parts.readiness import lending_lists as lists
from luukku.web.parts.readiness.lending_forms import DeviceForm, LoanForm
from luukku.workflow.actions import require

TAB = "experts"


def _devices(request: Request) -> DeviceQuerySet:
    return Device.objects.visible_to(request.user).select_related("organisation")


def _loans(request: Request) -> LoanQuerySet:
    return Loan.objects.visible_to(request.user).select_related("expert__user", "lender", "device")


DEVICES = Listing(
    name="devices",
    title=gettext_lazy("Equipment that is lent"),
    rows=_devices,
    filters=lists.DeviceFilters,
    columns=(lists.DEVICE, lists.KIND, lists.OWNER, lists.NOTE, lists.USE),
    order="owner",
    url=lambda row: reverse("counter:device", args=[row.pk]),
    tab=TAB,
)
LOANS = Listing(
    name="loans",
    title=gettext_lazy("Loans of equipment"),
    rows=_loans,
    filters=lists.LoanFilters,
    columns=(lists.WHAT, lists.BORROWER, lists.LENDER, lists.FROM, lists.UNTIL, lists.STATE),
    order="from",
    url=lambda row: reverse("counter:loan", args=[row.pk]),
    tab=TAB,
)


@page("coordinator")
def devices(request: Request) -> HttpResponse:
    """Every device that somebody lends."""
    return show_list(
        request,
        DEVICES,
        empty=_("No equipment here."),
        lead=_("A device is added on the page of the organisation that lends it."),
        back=(reverse("counter:loans"), _("Loans of equipment")),
    )


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def device_new(request: Request, pk: int) -> HttpResponse:
    """Write down a device that an organisation lends."""
    lender = fetch(Organisation.objects.vetted(), pk, for_=request.user)
    form = DeviceForm(data_of(request))
    context = {"form": form, "organisation": lender, "tabs": tabs(request, "organisations")}
    return counter_act(
        request,
        actions.add_device,
        lender,
        form=form,
        page=lambda status: render(
            request, "counter/readiness/device_new.html", context, status=status
        ),
        done=_("The device can be borrowed now."),
        to=see_other("counter:devices"),
    )


@page("coordinator", methods=("GET", "POST"))
def device(request: Request, pk: int) -> HttpResponse:
    """One device: what it is called, and whether it is lent."""
    found = fetch(Device.objects.select_related("organisation"), pk, for_=request.user)
    form = DeviceForm(data_of(request), about=found)
    context = {"form": form, "device": found, "desk": "counter", "tabs": tabs(request, TAB)}
    return counter_act(
        request,
        actions.change_device,
        found,
        form=form,
        page=lambda status: render(request, "parts/readiness/device.html", context, status=status),
        done=_("Saved."),
        to=see_other("counter:devices"),
    )


@page("coordinator", methods=("POST",))
def device_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Take a device out of use, or into use again."""
    found = fetch(Device, pk, for_=request.user)
    side = parts.Side(counter_act, tabs(request, TAB), see_other("counter:device", pk))
    return parts.move_device(request, found, move, side)


@page("coordinator")
def loans(request: Request) -> HttpResponse:
    """Every request and loan, the soonest first."""
    return show_list(
        request,
        LOANS,
        empty=_("No loans here."),
        lead=_("Background organisations and the counter lend equipment for remote tasks."),
        back=(reverse("counter:experts"), _("Experts")),
        acts=[(reverse("counter:devices"), _("Equipment that is lent"))],
    )


def _loan(request: Request, pk: int) -> Loan:
    return fetch(Loan.objects.whole(), pk, for_=request.user)


@page("coordinator")
def loan(request: Request, pk: int) -> HttpResponse:
    """One loan: who asks, of whom, for when and why, and what is done next."""
    found = _loan(request, pk)
    context = parts.page_of(found, "counter") | {"tabs": tabs(request, TAB)}
    return render(request, "parts/readiness/loan.html", context)


@page("coordinator", methods=("GET", "POST"))
def loan_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Do what the lender does, or what the borrower tells by phone."""
    found, home = _loan(request, pk), see_other("counter:loan", pk)
    if act == "cancel":
        return _cancel(request, found)
    if act == "ask-longer":
        return _ask_longer(request, found)
    side = parts.Side(counter_act, tabs(request, TAB), home)
    return parts.act_on_loan(request, found, act, side)


def _cancel(request: Request, found: Loan) -> HttpResponse:
    home = see_other("counter:loan", found.pk)
    return counter_act(
        request,
        actions.cancel_loan,
        found,
        ready=lambda: require(found, CANCEL),
        page=lambda _status: ask_first(
            request,
            tabs(request, TAB),
            title=_("Cancel the loan for the expert?"),
            lead=parts.lead_of(found),
            follows=[_("The lender is told."), _("The expert can ask again.")],
            label=_("Cancel the loan"),
            back=home.url,
            keep=_("Back to the loan"),
        ),
        done=_("The loan has been cancelled, and the lender is told."),
        to=home,
    )


def _ask_longer(request: Request, found: Loan) -> HttpResponse:
    home, form = see_other("counter:loan", found.pk), parts.longer_form(request)
    context = parts.seen(found) | {"form": form, "tabs": tabs(request, TAB)}
    return counter_act(
        request,
        actions.ask_longer,
        found,
        form=form,
        ready=lambda: require(found, ASK_LONGER),
        page=lambda status: render(
            request, "counter/readiness/loan_longer.html", context, status=status
        ),
        done=_("The lender has the wish."),
        to=home,
    )


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def loan_ask(request: Request, pk: int) -> HttpResponse:
    """Ask to borrow equipment for an expert who calls."""
    expert = fetch(
        Expert.objects.select_related("user", "background_organisation"), pk, for_=request.user
    )
    now = timezone.now()
    form = LoanForm(data_of(request), expert=expert, at=now) if can_borrow(expert) else None
    context = {
        "form": form,
        "expert": expert,
        "behalf_of": expert.user.name,
        "tabs": tabs(request, TAB),
    }
    if form is None:
        return render(request, "counter/readiness/loan_ask.html", context)
    return counter_act(
        request,
        actions.ask_loan,
        expert,
        form=form,
        page=lambda status: render(
            request, "counter/readiness/loan_ask.html", context, status=status
        ),
        done=_("The lender has the request."),
        to=lambda made: see_other("counter:loan", made.pk),
    )
