"""How background organisations keep what they have promised: to the counter with numbers, to others without few."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.coping import actions
from luukku.coping.models import Reminder, YearlyTalk
from luukku.coping.queries import (
    Kept,
    PromiseKind,
    backgrounds,
    promises_of,
    rule_of_promise,
    to_talk,
)
from luukku.core.disclosure import FEWEST_PEOPLE, told
from luukku.core.ordering import in_finnish
from luukku.experts.models import Expert
from luukku.organisations.finding import holding
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.queries import contact_of, has_anybody
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.counter.queue import after
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing, paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.coping.removing import removal_of
from luukku.web.parts.coping.talk_form import TalkForm
from luukku.web.ui.filters import ChoiceFilter, Filters, TextFilter

MOST = 100  # names on the page of one organisation


class BackgroundFilters(Filters):
    """By what the counter looks for a background organisation."""

    open = ChoiceFilter(
        label=gettext_lazy("Promises"),
        choices=[("yes", gettext_lazy("Something is open")), ("no", gettext_lazy("All in order"))],
        method=lambda rows, _name, value: rows.filter(is_open=value == "yes"),
    )
    q = TextFilter(holding)


def _rows(request: Request) -> QuerySet[Any]:
    seen = Organisation.objects.visible_to(request.user)
    return backgrounds(at=timezone.now()).filter(pk__in=seen.values("pk"))


BACKGROUNDS = Listing(
    name="backgrounds",
    tab="organisations",
    title=gettext_lazy("Background organisations"),
    rows=_rows,
    filters=BackgroundFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Organisation"),
            lambda row: row.name,
            order=in_finnish("name"),
            names_row=True,
        ),
        Column(
            "experts",
            gettext_lazy("Experts in the bank"),
            lambda row: row.experts_number,
            order="experts_number",
        ),
        Column(
            "contact",
            gettext_lazy("Contact person named"),
            lambda row: row.has_contact,
            order="has_contact",
        ),
        Column(
            "without_person",
            gettext_lazy("Without a responsible person"),
            lambda row: row.without_person,
            order="without_person",
        ),
        Column(
            "without_talk",
            gettext_lazy("Time for the yearly talk"),
            lambda row: row.without_talk,
            order="without_talk",
        ),
        Column(
            "offered",
            gettext_lazy("Further training offered"),
            lambda row: row.offered_at and row.offered_at.date(),
            order="offered_at",
        ),
    ),
    order="name",
    url=lambda row: reverse("counter:background", args=[row.pk]),
)


@page("coordinator")
def backgrounds_list(request: Request) -> HttpResponse:
    """Every background organisation and how its promises stand."""
    return show_list(
        request,
        BACKGROUNDS,
        empty=_("No background organisations here."),
        lead=_(
            "What each sees to by the region’s agreement. It is counted from what is here; nobody types it in."
        ),
        back=(reverse("counter:organisations"), _("Organisations")),
    )


@page("coordinator", methods=("GET", "POST"))
def background(request: Request, pk: int) -> HttpResponse:
    """One background organisation: what is open, of whom, whom to call; "we have talked"."""
    now = timezone.now()
    rows = backgrounds(at=now).filter(
        pk__in=Organisation.objects.visible_to(request.user).values("pk")
    )
    found = get_object_or_404(rows, pk=pk)
    return counter_act(
        request,
        actions.note_call,
        found,
        page=lambda status: _background_page(request, found, at=now, status=status),
        done=_("Written down that you have talked with the organisation."),
        to=lambda _none: after(request),
        back=see_other("counter:background", pk),
    )


def _background_page(request: Request, found: Any, *, at: datetime, status: int) -> HttpResponse:
    experts = Expert.objects.visible_to(request.user).active().filter(background_organisation=found)
    experts = experts.select_related("user").order_by(in_finnish("user__name"), "pk")
    context = {
        "organisation": found,
        "contact": contact_of(found, MemberRole.BACKGROUND),
        "is_reached": has_anybody(found, MemberRole.BACKGROUND),
        "promises": [(one, rule_of_promise(one.kind)) for one in promises_of(found, at=at)],
        "without_person": experts.without_responsible()[:MOST],
        "to_talk": to_talk(experts, at=at)[:MOST],
        "reminder": Reminder.objects.filter(organisation=found).first(),
        "tabs": tabs(request, "organisations"),
    }
    return render(request, "counter/coping/background.html", context, status=status)


@page("coordinator", methods=("GET", "POST"))
def talk(request: Request, pk: int) -> HttpResponse:
    """Write down a yearly talk that the organisation has told of by phone."""
    experts = Expert.objects.filter(background_organisation__isnull=False).select_related(
        "user", "background_organisation"
    )
    expert = fetch(experts, pk, for_=request.user)
    form = TalkForm(expert, data_of(request), by=request.user)
    talks = YearlyTalk.objects.visible_to(request.user).filter(expert=expert)
    context = {
        "expert": expert,
        "form": form,
        "talks": talks.select_related("held_by", "expert").order_by("-held_on", "-pk"),
        "tabs": tabs(request, "experts"),
    }
    return counter_act(
        request,
        actions.note_talk,
        expert,
        form=form,
        page=lambda status: render(request, "counter/coping/talk.html", context, status=status),
        done=_("Written down. Only the day and who talked is kept."),
        to=see_other("counter:expert", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def talk_remove(request: Request, pk: int) -> HttpResponse:
    """Take back a talk that was written down by mistake; asked first, for it is not kept anywhere."""
    talk = fetch(YearlyTalk.objects.select_related("expert__user"), pk, for_=request.user)
    return counter_act(
        request,
        actions.remove_talk,
        talk,
        page=lambda _status: ask_first(
            request,
            tabs(request, "experts"),
            **removal_of(talk, back=reverse("counter:talk", args=[talk.expert_id])),
        ),
        done=_("Taken back."),
        to=see_other("counter:talk", talk.expert_id),
    )


@page("coordinator", "steering", "admin")
def promises(request: Request) -> HttpResponse:
    """By organisation whether each promise is kept, for the steering group: counts in tens, no names."""
    now = timezone.now()
    every = list(backgrounds(at=now).order_by(in_finnish("name"), "pk"))
    kept = {row.pk: _to_others(row, at=now) for row in every}
    rows = paged(request, every)
    context = {
        "shown": rows,
        "lines": [(row, told(row.experts_number), kept[row.pk]) for row in rows],
        "sums": [_sum(kind, kept.values()) for kind in PromiseKind],
        "fewest": FEWEST_PEOPLE,
        "is_counter": request.user.is_counter,
        "tabs": tabs(request, "home"),
    }
    return render(request, "counter/coping/promises.html", context)


def _to_others(row: Any, *, at: datetime) -> list[Kept]:
    """Return the promises that the steering group may see: with few experts, none that tells about each of them.

    Where there is one expert, "a talk is open" would be that person.
    """
    kept = promises_of(row, at=at)
    if row.experts_number >= FEWEST_PEOPLE:
        return kept
    return [one for one in kept if one.kind == PromiseKind.CONTACT]


def _sum(kind: PromiseKind, promises: Iterable[list[Kept]]) -> tuple[str, int, int]:
    """Return a promise, how many organisations keep it, and of how many it is told."""
    of_kind = [one for those in promises for one in those if one.kind == kind]
    return str(kind.label), sum(one.is_kept for one in of_kind), len(of_kind)
