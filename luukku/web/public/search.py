"""One search over everything open; for who orders for a checked organisation also over expert cards.

What people type stays between them and us: the site's ``Referrer-Policy`` keeps it from other sites' logs
(a stricter one would have browsers send forms without their origin, and every form of the page refused),
search engines are told that the page without words is the one to keep, and only words that find nothing
are counted, when the visitor's page says so by a form.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.core.distress import signs_of
from luukku.core.text import clean
from luukku.core.times import helsinki
from luukku.experts.queries import cards
from luukku.search import queries
from luukku.search.actions import ask_wider, note_miss, show_cards
from luukku.search.keys import LONGEST_QUERY
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import data_of, status_of
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request, is_signed_in
from luukku.web.ui.forms import Form

MOST_MISSES_AN_HOUR = 30
FILTERS = ("kind", "group", "service", "place")
PARAMS = ("q", "page", *FILTERS)


@page(EVERYONE)
def search(request: HttpRequest) -> HttpResponse:
    """Results for what was typed; without words, the box alone."""
    question = clean(request.GET.get("q", "")).strip()[:LONGEST_QUERY]
    context: dict[str, object] = {"question": question, "found": None}
    now = timezone.now()
    signs = signs_of(question)
    finding = _find(request, question, at=now) if question else None
    if finding:
        context |= _shown(request, finding, at=now) | {"tells_miss": finding.is_miss}
    if signs:
        # Such words are kept nowhere, nor told to the counter.
        context |= {"signs": signs, "tells_miss": False}
    response = render(request, "public/search/list.html", context)
    if signs or (finding and finding.is_miss):
        response["X-Robots-Tag"] = "noindex"
    if signs:
        response["Cache-Control"] = "no-store"
    return response


def _find(request: HttpRequest, question: str, *, at: datetime) -> queries.Finding:
    chosen = {name: clean(request.GET.get(name, ""))[:60] for name in FILTERS}
    number = request.GET.get("page", "")
    return queries.find(
        question,
        language=get_language(),
        viewer=request.user,
        at=at,
        filters=queries.Filters(**chosen),
        number=min(int(number), 500) if number.isdecimal() and len(number) < 6 else 1,
    )


def _shown(request: HttpRequest, finding: queries.Finding, *, at: datetime) -> dict[str, object]:
    """Return what the page shows: the cards that the reader may be shown now, addresses of each choice."""
    people = list(finding.experts) if finding.shows_experts and finding.experts else []
    ids: list[int] = []
    if people and is_signed_in(request):
        ids = show_cards([expert.pk for expert in people], to=request.user, at=at)
    by_id = cards(ids, on=helsinki(at).date(), theme_ids=finding.theme_ids) if people else {}
    return {
        "found": finding,
        "experts": [by_id[pk] for pk in ids],
        "hidden_cards": len(people) - len(ids),
        "kinds": _with_urls(request, finding.kinds),
        "facets": [(title, _with_urls(request, choices)) for title, choices in finding.facets],
        "wider_url": f"{reverse('public:search-wider')}?{request.GET.urlencode()}",
        "cards_a_day": settings.LUUKKU_CARDS_A_DAY,
    }


def _with_urls(
    request: HttpRequest, choices: Sequence[queries.Choice]
) -> list[tuple[queries.Choice, str]]:
    """Return each choice with the address of the page that it leads to."""
    ways = []
    for choice in choices:
        query = request.GET.copy()
        query.pop("page", None)
        if choice.value:
            query[choice.name] = choice.value
        else:
            query.pop(choice.name, None)
        ways.append((choice, f"?{query.urlencode()}"))
    return ways


@page(EVERYONE, methods=("POST",))
def miss(request: HttpRequest) -> HttpResponse:
    """Tell the counter what found nothing: plain words and a count, nothing of who asked."""
    if not is_too_often(f"miss:{who(request)}", most=MOST_MISSES_AN_HOUR):
        note_miss(
            clean(request.POST.get("q", ""))[:LONGEST_QUERY],
            language=get_language(),
            on=helsinki(timezone.now()).date(),
        )
    if "quiet" not in request.POST:
        messages.success(request, _("Thank you. The counter sees what people look for in vain."))
    return see_other("public:search")


class WiderForm(Form):
    """Why more cards are needed today."""

    reason = forms.CharField(
        label=gettext_lazy("What do you need them for?"),
        min_length=10,
        max_length=1000,
        error_messages={"min_length": gettext_lazy("Tell in a few words what you need them for.")},
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "For example: we look for five experts for a series of lectures. Write no names."
        ),
    )


@page("orderer", methods=("GET", "POST"))
def wider(request: Request) -> HttpResponse:
    """Say why one needs to see more cards today, and go on where the search was."""
    if not request.user.has_perm("search.ask_wider"):
        raise PermissionDenied("search.ask_wider")
    form = WiderForm(data_of(request))
    query = {
        name: clean(request.GET[name])[:LONGEST_QUERY] for name in PARAMS if name in request.GET
    }
    back = f"{reverse('public:search')}?{urlencode(query)}"
    if request.method == "POST" and form.is_valid():
        if ask_wider(form.cleaned_data["reason"], by=request.user, at=timezone.now()):
            words = _("Thank you. You can go on looking; the counter reads your reason.")
        else:
            words = _("You can see more today without telling why.")
        messages.success(request, words)
        return SeeOther(back)
    context = {"form": form, "back": back, "cards_a_day": settings.LUUKKU_CARDS_A_DAY}
    status = status_of(request)
    return render(request, "public/search/wider.html", context, status=status)
