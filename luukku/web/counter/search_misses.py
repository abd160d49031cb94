"""What people have looked for in vain: a need to answer, or an everyday word to add."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.text import clean
from luukku.search import actions
from luukku.search.queries import waiting_misses
from luukku.web.counter.frame import tabs
from luukku.web.counter.picking import THEMES
from luukku.web.kit.access import page
from luukku.web.kit.acts import status_of
from luukku.web.kit.listing import SORT, paged
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.ui.picks import PickForm

LAST = "last"  # what the list is ordered by, in its address; else by how often


def _theme_form(request: Request, *sent: Any, number: int = 0) -> PickForm:
    return PickForm(
        THEMES,
        THEMES.rows(request.user),
        *sent,
        name="theme",
        label=_("Leads to the theme"),
        key="code",
        auto_id=f"id_{number}_%s",
    )


@page("coordinator")
def misses(request: Request) -> HttpResponse:
    """Words that found nothing, the most looked for first unless asked otherwise."""
    return _page(request)


def _page(request: Request, of: tuple[str, str] | None = None) -> HttpResponse:
    """Show the list; ``of``: the words and the language whose theme is asked for once more."""
    is_latest_first = request.GET.get(SORT) == LAST
    misses = paged(request, waiting_misses(is_latest_first=is_latest_first))
    rows = []
    for number, miss in enumerate(misses):
        sent = [request.POST] if of == (miss["words"], miss["language"]) else []
        rows.append((miss, _theme_form(request, *sent, number=number)))
    context = {
        "misses": misses,
        "rows": rows,
        "form": _theme_form(request),  # whose scripts the page needs
        "is_latest_first": is_latest_first,
        "here": f"?{request.GET.urlencode()}",
        "tabs": tabs(request, "words"),
    }
    return render(request, "counter/search/misses.html", context, status=status_of(request))


def _back(request: Request) -> HttpResponse:
    query = request.GET.urlencode()
    return SeeOther(reverse("counter:misses") + (f"?{query}" if query else ""))


@page("coordinator", methods=("POST",))
def dismiss(request: Request) -> HttpResponse:
    """Take words off the list."""
    words, language = _words(request)
    if actions.dismiss(words, language=language, by=request.user, at=timezone.now()):
        messages.success(request, _("Off the list. The words come back if somebody looks again."))
    else:
        messages.info(request, _("Somebody has already seen to these words."))
    return _back(request)


@page("coordinator", methods=("POST",))
def synonym(request: Request) -> HttpResponse:
    """Make words lead to a theme; where the theme is not clear yet, it is asked on the list."""
    words, language = _words(request)
    form = _theme_form(request, request.POST)
    if not form.is_valid():
        return _page(request, (words, language))
    at = timezone.now()
    if actions.make_synonym(words, form.picked, language=language, by=request.user, at=at):
        messages.success(request, _("The words lead to the theme from now on."))
    else:
        messages.info(request, _("Somebody has already seen to these words."))
    return _back(request)


def _words(request: Request) -> tuple[str, str]:
    return clean(request.POST.get("words", "")), clean(request.POST.get("language", ""))
