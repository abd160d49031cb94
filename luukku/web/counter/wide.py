"""Who reads many expert cards, and why they say they need to."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.times import helsinki
from luukku.search import actions
from luukku.search.models import WideReading
from luukku.search.queries import WIDE_DAYS, who_reads_most
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page("coordinator")
def readers(request: Request) -> HttpResponse:
    """Who has been shown the most different cards of late."""
    reads = who_reads_most(on=helsinki(timezone.now()).date())
    people = _people(request, (row.user_id for row in reads))
    context = {
        "rows": [(row, people[row.user_id]) for row in reads],
        "days": WIDE_DAYS,
        "tabs": tabs(request, "people"),
    }
    return render(request, "counter/privacy/wide_readers.html", context)


@page("coordinator", methods=("GET", "POST"))
def reason(request: Request, pk: int) -> HttpResponse:
    """Why somebody wants to see more cards in a day; once seen it waits no more."""
    found = get_object_or_404(
        WideReading.objects.visible_to(request.user).select_related("user"), pk=pk
    )
    if request.method == "POST":
        actions.see_wide_reading(found, by=request.user, at=timezone.now())
        messages.success(request, _("Marked as seen."))
        return see_other("counter:queue")
    reads = who_reads_most(on=helsinki(timezone.now()).date(), user_id=found.user_id)
    context = {
        "asked": found,
        "person": _people(request, [found.user_id])[found.user_id],
        "reads": reads[0] if reads else None,
        "days": WIDE_DAYS,
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/privacy/wide_reading.html", context)


def _people(request: Request, ids: Iterable[int]) -> dict[int, User]:
    rows = User.objects.visible_to(request.user).filter(pk__in=list(ids)).order_by("pk")
    return {person.pk: person for person in rows.prefetch_related("memberships__organisation")}
