"""One's own record of trainings: to read, to print, and as files to take along."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language

from luukku.core.queue import is_coming
from luukku.core.times import helsinki
from luukku.training import actions
from luukku.training.queries import record_of, record_paper, shown_rows
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page(SIGNED_IN)
def record(request: Request) -> HttpResponse:
    """The record as it stands; a PDF that has been asked for is ready some seconds later."""
    rows = _rows(request)
    paper = record_paper(request.user, _language(), rows)
    context = {
        "rows": shown_rows(rows),
        "paper": paper,
        "is_coming": paper is None and is_coming(actions.RECORD, request.user.pk, _language()),
    }
    return render(request, "public/training/record.html", context)


@page(SIGNED_IN)
def as_json(request: Request) -> HttpResponse:
    """The record for a machine; docs/reference/record.md tells its shape."""
    content = {
        "name": request.user.name,
        "written_on": helsinki(timezone.now()).date().isoformat(),
        "trainings": _rows(request),
    }
    return _own_file(JsonResponse(content, json_dumps_params={"ensure_ascii": False}), "json")


@page(SIGNED_IN, methods=("GET", "POST"))
def as_pdf(request: Request) -> HttpResponse:
    """The PDF that the worker has written; sending the form asks for it."""
    rows = _rows(request)
    paper = record_paper(request.user, _language(), rows)
    if request.method == "POST":
        return form_act(
            request,
            actions.ask_record,
            request.user,
            _language(),
            to=see_other("public:record"),
        )
    if paper is None or paper.pdf is None:
        return see_other("public:record")
    return _own_file(HttpResponse(bytes(paper.pdf), content_type="application/pdf"), "pdf")


def _rows(request: Request) -> list[dict[str, object]]:
    return record_of(request.user, on=helsinki(timezone.now()).date())


def _language() -> str:
    return (get_language() or "fi")[:2]


def _own_file(response: HttpResponse, ending: str) -> HttpResponse:
    response["Content-Disposition"] = f'attachment; filename="kokemusluukku-trainings.{ending}"'
    return response
