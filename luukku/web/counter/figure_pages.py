"""Figures of a year or a quarter, and the same in a file."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from luukku.coping.queries import meetings
from luukku.core.disclosure import closed_year, share_of_people
from luukku.core.times import helsinki
from luukku.web.counter.figures import Figures, periods, thoughts
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import home_at, page
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.kit.spreadsheets import KINDS, spreadsheet
from luukku.workbench.actions import export


def _figures(request: Request, *, at: datetime) -> Figures:
    """Return the figures of the period that the address asks for, if it is among those told; else of the latest."""
    offered = periods(exact=request.user.is_counter, at=at)
    asked = {period.key: period for period in offered}.get(request.GET.get("period", ""))
    return Figures(asked or offered[0], viewer=request.user, at=at)


@page("coordinator", "steering", "admin")
def home(request: Request) -> HttpResponse:
    """Figures without people: orders, tasks, experts, needs of the plan, feedback."""
    now = timezone.now()
    today, figures = helsinki(now).date(), _figures(request, at=now)
    period = figures.period
    year = period if period.has_ended(today) and not period.quarter else closed_year(today)
    context = {
        "tabs": tabs(request, "home"),
        "figures": figures,
        "periods": periods(exact=figures.is_exact, at=now),
        "towns": figures.towns,
        "tables": figures.tables(),
        "thoughts": thoughts(year),
        "year": year,
        "peers": _peers(figures, at=now),
        "is_told": request.user.is_counter or request.user.is_steering,
        "takes_along": request.user.has_perm("workbench.export"),
    }
    return render(request, "counter/figures/page.html", context)


def _peers(figures: Figures, *, at: datetime) -> Any:
    """Return how the promise of peer meetings stands; of people only as much as the reader may be told."""
    told = meetings(at=at)
    reached = (
        f"{told.reached}/{told.experts}"
        if figures.is_exact
        else share_of_people(told.reached, told.experts)
    )
    return {"held": told.held, "least": told.least, "most": told.most, "reached": reached}


@page("coordinator", methods=("POST",), home=home_at("counter:home"))
def export_figures(request: Request) -> HttpResponse:
    """Take along every figure of a period; who did it is written down."""
    figures, kind = _figures(request, at=timezone.now()), request.POST.get("kind", "")
    if kind not in KINDS:
        raise Http404
    key, rows = figures.period.key, list(figures.cells())
    act = partial(export, rows=len(rows), kind=kind, filters={"period": key})

    def file(_none: object) -> Any:  # a file, which is an answer of its own kind
        heads = [_("Table"), _("What"), _("Counted"), _("Number")]
        return spreadsheet(f"{slugify(_('Figures'))}-{key}", heads, rows, kind=kind)

    back = SeeOther(f"{reverse('counter:home')}?period={key}")
    return counter_act(request, act, "figures", to=file, back=back)
