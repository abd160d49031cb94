"""One search over everything open; for who orders for a checked organisation also over expert cards.

What people type stays between them and us: the site's ``Referrer-Policy`` keeps it from other sites' logs
(a stricter one would have browsers send forms without their origin, and every form of the page refused),
search engines are told that the page without words is the one to keep, and only words that find nothing
are counted, when the visitor's page says so by a form.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.distress import signs_of
from luukku.core.text import clean
from luukku.core.times import helsinki
from luukku.experts.queries import cards
from luukku.search import queries
from luukku.search.actions import ask_wider, note_miss, show_cards
from luukku.search.keys import LONGEST_QUERY
from luukku.taxonomy.models import Municipality, Service, ThemeGroup
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.ui.forms import Form

FEW_CALLS, FEW_EXPERTS, A_PAGE = 5, 4, 20
MOST_MISSES_AN_HOUR = 30
CALLS, EXPERTS = "calls", "experts"
KINDS: dict[str, str | Promise] = {
    "theme": gettext_lazy("Themes of experience"),
    "task_type": gettext_lazy("Kinds of tasks"),
    "model": gettext_lazy("How to go about it"),
    "practice": gettext_lazy("Good practices"),
    "training": gettext_lazy("Trainings"),
    "story": gettext_lazy("Stories"),
    "news": gettext_lazy("News"),
    "event": gettext_lazy("Events"),
    "faq": gettext_lazy("Questions and answers"),
    "materials": gettext_lazy("Materials"),
    "page": gettext_lazy("Pages"),
    CALLS: gettext_lazy("Open calls"),
    EXPERTS: gettext_lazy("Experts"),
}
FACETS = ("group", "service", "place")
PARAMS = ("q", "kind", "page", *FACETS)


@dataclass(frozen=True)
class Choice:
    """One way to narrow the results, or to widen them again."""

    label: str
    url: str
    count: str
    is_on: bool


@page(EVERYONE)
def search(request: HttpRequest) -> HttpResponse:
    """Results for what was typed; without words, the box alone."""
    question = clean(request.GET.get("q", "")).strip()[:LONGEST_QUERY]
    chosen = {name: clean(request.GET.get(name, ""))[:60] for name in ("kind", *FACETS)}
    if chosen["kind"] not in KINDS:
        chosen["kind"] = ""
    context: dict[str, object] = {"question": question, "results": None}
    now = timezone.now()
    signs = signs_of(question)
    if question:
        context |= _found(request, question, chosen, at=now)
    if signs:
        # Such words are kept nowhere, nor told to the counter.
        context |= {"signs": signs, "tells_miss": False}
    response = render(request, "public/search.html", context)
    if context.get("is_miss") or signs:
        response["X-Robots-Tag"] = "noindex"
    if signs:
        response["Cache-Control"] = "no-store"
    return response


def _found(
    request: HttpRequest, question: str, chosen: dict[str, str], *, at: datetime
) -> dict[str, object]:
    language, kind = get_language(), chosen["kind"]
    filters = queries.Filters(**(chosen | ({"kind": ""} if kind in {CALLS, EXPERTS} else {})))
    results = queries.search(question, language=language, filters=filters, number=_number(request))
    calls = queries.calls(results, viewer=request.user, at=at)
    experts = queries.experts(results, viewer=request.user, at=at)
    narrowed = any(chosen.values())
    call_page = _part(calls.orders, request, FEW_CALLS, whole=kind == CALLS) if calls else None
    expert_page = (
        _part(experts.experts, request, FEW_EXPERTS, whole=kind == EXPERTS) if experts else None
    )
    counts = {
        CALLS: str(call_page.paginator.count) if call_page else "",
        EXPERTS: str(expert_page.paginator.count) if expert_page else "",
    }
    shown = {"experts": [], "hidden_cards": 0}
    if expert_page and kind in {"", EXPERTS} and not _narrows(chosen):
        shown = _shown(expert_page, experts.theme_ids, to=request.user, at=at)
    is_empty = not results.total and not call_page and not expert_page
    shows = {CALLS: bool(call_page), EXPERTS: bool(expert_page)}
    has_none = not (shows[kind] and not _narrows(chosen) if kind in shows else results.total)
    return {
        "results": results,
        "shows_documents": kind not in {CALLS, EXPERTS},
        "page": _document_page(results),
        "calls": call_page if kind in {"", CALLS} and not _narrows(chosen) else None,
        "calls_without_themes": calls is not None and calls.leaves_themes_out,
        **shown,
        "expert_page": expert_page,
        "expert_count": counts[EXPERTS],
        "kinds": _kinds(request, results, counts, kind),
        "facets": _facets(request, results, chosen),
        "narrowed": narrowed,
        "is_miss": is_empty and not narrowed,
        "has_none_so": narrowed and has_none,
        "tells_miss": is_empty and not narrowed,
        "suggestions": queries.suggestions(question, language=language) if is_empty else [],
        "via": results.stands.via(results.words),
        "all_url": _url(request, kind="", **dict.fromkeys(FACETS, "")),
        "calls_url": _url(request, kind=CALLS),
        "experts_url": _url(request, kind=EXPERTS),
        "wider_url": f"{reverse('public:search-wider')}?{request.GET.urlencode()}",
        "cards_a_day": settings.LUUKKU_CARDS_A_DAY,
        "whole_kind": kind,
    }


def _number(request: HttpRequest) -> int:
    text = request.GET.get("page", "")
    return min(int(text), 500) if text.isdecimal() and len(text) < 6 else 1


def _narrows(chosen: dict[str, str]) -> bool:
    return any(chosen[name] for name in FACETS)


def _part(rows: Iterable[object], request: HttpRequest, few: int, *, whole: bool) -> Page:
    """Return a page of ``rows`` when nothing else is shown, else the first few."""
    return Paginator(rows, A_PAGE if whole else few).get_page(_number(request) if whole else 1)


def _document_page(results: queries.Results) -> Page:
    """Return what the template's pager reads."""
    return Paginator(range(results.total), queries.A_PAGE).get_page(results.number)


def _shown(found: Page, theme_ids: tuple[int, ...], *, to: User, at: datetime) -> dict[str, object]:
    """Return the cards of the page that ``to`` may be shown now, and how many may not."""
    wanted = [expert.pk for expert in found]
    ids = show_cards(wanted, to=to, at=at)
    by_id = cards(ids, on=helsinki(at).date(), theme_ids=theme_ids)
    return {"experts": [by_id[pk] for pk in ids], "hidden_cards": len(wanted) - len(ids)}


def _url(request: HttpRequest, **changes: str) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return f"?{query.urlencode()}"


def _kinds(
    request: HttpRequest, results: queries.Results, counts: dict[str, str], chosen: str
) -> list[Choice]:
    found = {
        code: "" if results.is_more else str(count)
        for code, count in results.facets.get("kind", {}).items()
    }
    found |= {code: count for code, count in counts.items() if count and count != "0"}
    if chosen and chosen not in found:
        found[chosen] = "0"
    order = list(KINDS)
    return [
        Choice(
            str(KINDS[code]),
            _url(request, kind="" if code == chosen else code),
            count,
            code == chosen,
        )
        for code, count in sorted(
            found.items(), key=lambda item: order.index(item[0]) if item[0] in order else len(order)
        )
    ]


def _facets(
    request: HttpRequest, results: queries.Results, chosen: dict[str, str]
) -> list[tuple[str, list[Choice]]]:
    titles = {"group": _("Theme"), "service": _("Service"), "place": _("Place")}
    facets = []
    for name in FACETS:
        found = dict(results.facets.get(name, {}))
        if chosen[name]:
            found.setdefault(chosen[name], 0)
        labels = _labels(name, found) if found else {}
        choices = [
            Choice(
                labels[code],
                _url(request, **{name: "" if code == chosen[name] else code}),
                "" if results.is_more else str(count),
                code == chosen[name],
            )
            for code, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
            if code in labels
        ]
        if choices:
            facets.append((titles[name], choices))
    return facets


def _labels(name: str, codes: Iterable[str]) -> dict[str, str]:
    if name == "group":
        return {group.value: str(group.label) for group in ThemeGroup}
    model = Service if name == "service" else Municipality
    return {
        item.code: item.name for item in model.objects.filter(pk__in=list(codes)).order_by("pk")
    }


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
def wider(request: HttpRequest) -> HttpResponse:
    """Say why one needs to see more cards today, and go on where the search was."""
    if not request.user.has_perm("search.ask_wider"):
        raise PermissionDenied("search.ask_wider")
    form = WiderForm(request.POST if request.method == "POST" else None)
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
    status = 422 if request.method == "POST" else 200
    return render(request, "public/search_wider.html", context, status=status)
