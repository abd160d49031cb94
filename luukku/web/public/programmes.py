"""What trainings there are, how long they take and what they give: those that the producers have agreed on."""

from __future__ import annotations

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luukku.core.ordering import in_finnish
from luukku.training.models import Programme, ProgrammeTopic, Run
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.listing import paged


@page(EVERYONE)
def programmes(request: HttpRequest) -> HttpResponse:
    """The programmes that have been agreed on, basic training first."""
    topics = Prefetch("topics", queryset=ProgrammeTopic.objects.select_related("topic"))
    rows = (
        Programme.objects.open_to_all()
        .with_minutes()
        .order_by("kind", "further_kind", in_finnish("title_fi"), "pk")
    )
    taking = Run.objects.open_to_all().taking(timezone.now()).select_related("event__municipality")
    runs = Prefetch("runs", queryset=taking, to_attr="open_runs")
    rows = rows.prefetch_related(topics, runs, "producers", "languages", "task_types")
    return render(request, "public/programmes/list.html", {"programmes": paged(request, rows, 20)})
