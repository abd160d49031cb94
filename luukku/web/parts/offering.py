"""What may be meant is offered while one writes: each surface asks for it at an address of its own."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.request import Request
from luukku.web.ui.picks import RowSource, Source, offered

MOST_ASKED = 1500  # times in an hour: a coordinator who writes all day stays below


def asks_too_often(request: Request) -> bool:
    """Count one more question that is asked while somebody writes; return whether they are more than a hand writes."""
    return is_too_often(f"pick-{who(request)}", most=MOST_ASKED)


def offer(request: Request, source: Source | RowSource) -> HttpResponse:
    """Offer what the written words may mean, among what the reader may choose of ``source``."""
    if asks_too_often(request):
        return HttpResponse(status=429)
    field = request.htmx.trigger_name or "words"
    offers, has_more = offered(
        lambda words: source.offers(request.user, words), request.POST.get(field, "")
    )
    context = {"offers": offers, "has_more": has_more, "field": field}
    return render(request, "ui/_offers.html", context)
