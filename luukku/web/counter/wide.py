"""Who reads many expert cards, and why they say they need to."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.core.ordering import by_surname
from luukku.core.times import helsinki
from luukku.search import actions
from luukku.search.models import WideReading
from luukku.search.queries import WIDE_DAYS, readers_of_cards
from luukku.web.counter.frame import tabs
from luukku.web.counter.lists import show_list
from luukku.web.counter.people_list import SAID, organisations_of, with_organisations
from luukku.web.kit.access import page
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.filters import Filters


class ReaderFilters(Filters):
    """By what the counter looks for a reader."""

    q = SAID


def _rows(request: Request) -> QuerySet[User]:
    people = with_organisations(User.objects.visible_to(request.user), for_=request.user)
    return readers_of_cards(people, on=helsinki(timezone.now()).date())


READERS = Listing(
    name="wide-readers",
    tab="people",
    title=gettext_lazy("Who reads many cards"),
    rows=_rows,
    filters=ReaderFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda row: row.name,
            order=by_surname("name"),
            names_row=True,
        ),
        Column("organisations", gettext_lazy("Organisations"), organisations_of, is_plain=True),
        Column("cards", gettext_lazy("Different experts"), lambda row: row.cards, order="cards"),
        Column("days", gettext_lazy("On how many days"), lambda row: row.days, order="days"),
        Column("most", gettext_lazy("At most in a day"), lambda row: row.most, order="most"),
    ),
    order="-cards",
    url=lambda row: reverse("counter:person", args=[row.pk]),
)


@page("coordinator")
def readers(request: Request) -> HttpResponse:
    """Who has been shown cards of late, the most different ones first."""
    lead = ngettext(
        "How many different experts the search has shown to each orderer in the last %(days)s day.",
        "How many different experts the search has shown to each orderer in the last %(days)s days.",
        WIDE_DAYS,
    )
    return show_list(
        request,
        READERS,
        back=(reverse("counter:people"), _("People")),
        lead=lead % {"days": WIDE_DAYS},
        empty=_("Nobody has looked at cards in the search."),
    )


@page("coordinator", methods=("GET", "POST"))
def reason(request: Request, pk: int) -> HttpResponse:
    """Why somebody wants to see more cards in a day; once seen it waits no more."""
    reading = get_object_or_404(
        WideReading.objects.visible_to(request.user).select_related("user"), pk=pk
    )
    if request.method == "POST":
        actions.see_wide_reading(reading, by=request.user, at=timezone.now())
        seen = _("%(name)s: marked as seen.") % {"name": reading.user.name}
        messages.success(request, seen)
        return see_other("counter:queue")
    people = User.objects.visible_to(request.user).filter(pk=reading.user_id)
    context = {
        "asked": reading,
        "person": with_organisations(people, for_=request.user).get(),
        "reads": readers_of_cards(people, on=helsinki(timezone.now()).date()).first(),
        "days": WIDE_DAYS,
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/privacy/wide_reading.html", context)
