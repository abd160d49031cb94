"""Equipment that an organisation lends to experts: its devices, the requests and the loans."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.readiness import actions
from luukku.readiness.models import Device, DeviceQuerySet, Loan, LoanQuerySet, lent_for
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show, tabs
from luukku.web.parts.readiness import lending_acts as parts
from luukku.web.parts.readiness import lending_lists as lists
from luukku.web.parts.readiness.lending_forms import DeviceForm

TAB = "experts"


def _devices(request: Request) -> DeviceQuerySet:
    return Device.objects.visible_to(request.user).filter(organisation=organisation_of(request))


def _loans(request: Request) -> LoanQuerySet:
    rows = Loan.objects.visible_to(request.user).filter(lender=organisation_of(request))
    return rows.select_related("expert__user", "device")


DEVICES = Listing(
    name="our-devices",
    title=gettext_lazy("Equipment that we lend"),
    rows=_devices,
    filters=lists.DeviceFilters,
    columns=(lists.DEVICE, lists.KIND, lists.NOTE, lists.USE),
    order="kind",
    url=lambda row: reverse("orderer:device", args=[row.pk]),
    tab=TAB,
)
LOANS = Listing(
    name="our-loans",
    title=gettext_lazy("Loans of equipment"),
    rows=_loans,
    filters=lists.LoanFilters,
    columns=(lists.WHAT, lists.BORROWER, lists.FROM, lists.UNTIL, lists.STATE),
    order="from",
    url=lambda row: reverse("orderer:loan", args=[row.pk]),
    tab=TAB,
)


@page("background")
def devices(request: Request) -> HttpResponse:
    """The devices that the organisation lends."""
    return show(request, "orderer/readiness/devices.html", TAB, list=DEVICES.read(request))


@page("background", methods=("GET", "POST"), makes_one=True)
def device_new(request: Request) -> HttpResponse:
    """Lend one more device."""
    form = DeviceForm(data_of(request))
    return form_act(
        request,
        actions.add_device,
        organisation_of(request),
        form=form,
        page=lambda status: show(
            request, "orderer/readiness/device_new.html", TAB, status=status, form=form
        ),
        done=_("Experts behind whom you stand can ask for it now."),
        to=see_other("orderer:devices"),
    )


def _device(request: Request, pk: int) -> Device:
    return fetch(
        Device.objects.filter(organisation__in=lent_for(request.user)), pk, for_=request.user
    )


@page("background", methods=("GET", "POST"))
def device(request: Request, pk: int) -> HttpResponse:
    """One device: what it is called, and whether it is lent."""
    found = _device(request, pk)
    form = DeviceForm(data_of(request), about=found)
    return form_act(
        request,
        actions.change_device,
        found,
        form=form,
        page=lambda status: show(
            request,
            "parts/readiness/device.html",
            TAB,
            status=status,
            form=form,
            device=found,
            desk="orderer",
        ),
        done=_("Saved."),
        to=see_other("orderer:devices"),
    )


@page("background", methods=("POST",))
def device_move(request: Request, pk: int, move: str) -> HttpResponse:
    """Take a device out of use, or into use again."""
    side = parts.Side(form_act, tabs(request, TAB), see_other("orderer:device", pk))
    return parts.move_device(request, _device(request, pk), move, side)


@page("background")
def loans(request: Request) -> HttpResponse:
    """The requests and the loans, the soonest first."""
    return show(request, "orderer/readiness/loans.html", TAB, list=LOANS.read(request))


def _loan(request: Request, pk: int) -> Loan:
    """Return a loan of any organisation in whose name the person lends: a letter leads here from every desk."""
    ours = Loan.objects.filter(lender__in=lent_for(request.user)).whole()
    return fetch(ours, pk, for_=request.user)


@page("background")
def loan(request: Request, pk: int) -> HttpResponse:
    """One loan: who asks, for when and why, and what is done next."""
    found = parts.page_of(_loan(request, pk), "orderer")
    return show(request, "parts/readiness/loan.html", TAB, **found)


@page("background", methods=("GET", "POST"))
def loan_act(request: Request, pk: int, act: str) -> HttpResponse:
    """Promise a device, hand it out, take it back, or say why not."""
    side = parts.Side(form_act, tabs(request, TAB), see_other("orderer:loan", pk))
    return parts.act_on_loan(request, _loan(request, pk), act, side)
