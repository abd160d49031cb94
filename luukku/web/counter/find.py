"""One search box above every page of the counter.

What is searched is somebody's name, number or illness: it is sent in the form's body and kept, encrypted, in the
session, so that no address, and so neither a log, a bookmark nor the next page, ever holds it.
"""

from __future__ import annotations

from itertools import combinations
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.asked import asking_once
from luukku.core.encrypted import cipher
from luukku.core.reading import unseen
from luukku.core.text import clean
from luukku.guidance.models import Question
from luukku.guidance.queries import opening
from luukku.search.finnish import every_base_of
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import home_at, page
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.workbench import queries

SEARCHES = "searches"  # in the session: the last ones, each with its number
MOST_SEARCHES = 10
MOST_SIGNS = 100
MOST_TRIED = 6  # words that are tried alone when nothing is found by all of them


@page("coordinator", methods=("POST",), home=home_at("counter:queue"))
def find(request: Request) -> HttpResponse:
    """Go to the order or question whose number was typed; else to what the words found."""
    words = " ".join(clean(request.POST.get("words", "")).split())[:MOST_SIGNS]
    if not words:
        messages.info(request, _("Write a number, a name, a phone number or a day."))
        return see_other("counter:queue")
    target = queries.jump(words, viewer=request.user)
    if target is not None:
        is_question = isinstance(target, Question)
        return see_other("counter:question" if is_question else "counter:order", target.pk)
    searches = request.session.get(SEARCHES, [])
    number = searches[-1][0] + 1 if searches else 1
    hidden = cipher().encrypt(words.encode()).decode()
    request.session[SEARCHES] = [*searches, [number, hidden]][-MOST_SEARCHES:]
    return see_other("counter:found", number)


@page("coordinator")
def results(request: Request, number: int) -> HttpResponse:
    """What a search has found; one that is not kept any more begins anew."""
    hidden = dict(request.session.get(SEARCHES, [])).get(number)
    if hidden is None:
        return render(request, "counter/results/gone.html", {"tabs": tabs(request, "")}, status=410)
    words = cipher().decrypt(hidden.encode()).decode()
    with asking_once({}):  # which municipalities and themes a word is part of
        meant, hits = _meant(words, viewer=request.user)
    context = {
        "found_words": words,
        "meant_words": meant,
        "sections": [
            (section, [_shown(section.kind, row) for row in section.rows])
            for section in hits.sections
        ],
        "tabs": [
            *tabs(request, ""),
            {"label": _("Search"), "url": request.path, "is_current": True},
        ],
    }
    return render(request, "counter/results/list.html", context)


def _meant(words: str, *, viewer: User) -> tuple[str, queries.Hits]:
    """Return what was found, and by which words.

    As typed; else as they may be meant; else without those that nothing holds: what somebody remembers of a call is
    seldom right in every word.
    """
    hits = _by(words, viewer=viewer)
    if hits.sections:
        return words, hits
    meant = queries.nearest(words, viewer=viewer) or words
    with unseen():  # these only try; what they found is not shown
        fewer = _fewer(meant, viewer=viewer)
    return (fewer, _by(fewer, viewer=viewer)) if fewer else (words, hits)


def _by(words: str, *, viewer: User) -> queries.Hits:
    """Return what was found by the words as they stand; where that is nothing, by their dictionary forms as well."""
    hits = queries.find(words, viewer=viewer)
    if hits.sections:
        return hits
    forms = {
        part: [base for base in every_base_of(part.lower()) if base != part.lower()]
        for part in words.split()
    }
    return queries.find(words, viewer=viewer, forms=forms) if any(forms.values()) else hits


def _fewer(words: str, *, viewer: User) -> str:
    """Return the most of the words by which something is found: all, those found alone, or all of these but one."""
    parts = words.split()[:MOST_TRIED]
    if _by(words, viewer=viewer).sections:
        return words
    known = [part for part in parts if _by(part, viewer=viewer).sections]
    for left in (known, *combinations(known, max(len(known) - 1, 0))):
        if left and len(left) < len(parts) and _by(" ".join(left), viewer=viewer).sections:
            return " ".join(left)
    return ""


def _shown(kind: str, row: Any) -> dict[str, object]:
    """Return a row as it is shown: of an expert the themes that were meant, of a question its first words."""
    return {
        "row": row,
        "themes": list(dict.fromkeys(one.theme.name for one in row.meant))
        if kind == "expert"
        else [],
        "opening": opening(row) if kind == "question" else "",
    }
