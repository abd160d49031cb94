"""The queue, figures, and what is answered in one page each."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.audit.actions import note_reading
from luukku.core.text import clean
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import Debrief
from luukku.guidance import actions as guidance_actions
from luukku.guidance.models import Question
from luukku.notices.actions import deliver
from luukku.notices.models import Letter
from luukku.orders.models import Failure, Order, UnmetDemand
from luukku.orders.states import OrderState
from luukku.taxonomy.actions import switch as switch_word
from luukku.taxonomy.models import TaskType, Theme
from luukku.taxonomy.words import chosen_word
from luukku.web.counter.common import tabs
from luukku.web.counter.queries import KINDS
from luukku.web.counter.queries import queue as queue_rows
from luukku.web.http import page, see_other
from luukku.web.ui.forms import Form
from luukku.workflow.actions import WrongState

SMALLEST_CELL = 5  # smaller figures could point at a person


@page("coordinator")
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a person."""
    kind, now = request.GET.get("kind", ""), timezone.now()
    found = Paginator(queue_rows(kind=kind), 40).get_page(request.GET.get("page"))
    rows = [(duty, duty.is_late(now)) for duty in found]
    context = {
        "page": found,
        "rows": rows,
        "kinds": KINDS.items(),
        "kind": kind,
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/queue.html", context)


@page("coordinator", "steering", "admin")
def home(request: HttpRequest) -> HttpResponse:
    """Figures without people: orders by state, unmet need by reason; cells under five are hidden."""
    states = dict(Order.objects.values_list("state").annotate(n=Count("pk")).order_by("state"))
    unmet = dict(
        UnmetDemand.objects.values_list("failure").annotate(n=Sum("missing")).order_by("failure")
    )
    context = {
        "tabs": tabs(request, "home"),
        "states": [
            (state.label, _cell(states.get(state, 0)))
            for state in OrderState
            if state != OrderState.DRAFT
        ],
        "unmet": [(failure.label, _cell(unmet.get(failure, 0))) for failure in Failure],
    }
    return render(request, "counter/home.html", context)


def _cell(n: int) -> str:
    return str(n) if n == 0 or n >= SMALLEST_CELL else f"< {SMALLEST_CELL}"


class AnswerQuestionForm(Form):
    """The counter's answer."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"), max_length=4000, widget=forms.Textarea
    )


@page("coordinator", methods=("GET", "POST"))
def question(request: HttpRequest, pk: int) -> HttpResponse:
    """Read a question and answer it."""
    found = get_object_or_404(Question.objects.select_related("asked_by"), pk=pk)
    form = AnswerQuestionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            guidance_actions.answer(
                found, form.cleaned_data["words"], by=request.user, at=timezone.now()
            )
            messages.success(request, _("Answered."))
        except WrongState:
            messages.info(request, _("Somebody has already answered this question."))
        return see_other("counter:queue")
    if found.asked_by is not None:
        note_reading(
            reader=request.user,
            person=found.asked_by,
            what="question",
            why="guidance",
            at=timezone.now(),
        )
    context = {"form": form, "question": found, "tabs": tabs(request, "queue")}
    return render(
        request, "counter/question.html", context, status=422 if request.method == "POST" else 200
    )


@page("coordinator", methods=("GET", "POST"))
def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """A letter to read out by phone or to post."""
    found = get_object_or_404(Letter.objects.on_paper().select_related("reader"), pk=pk)
    if request.method == "POST":
        deliver(found, by=request.user, at=timezone.now())
        messages.success(request, _("Marked as told."))
        return see_other("counter:queue")
    return render(request, "counter/letter.html", {"letter": found, "tabs": tabs(request, "queue")})


@page("coordinator", methods=("GET", "POST"))
def debrief(request: HttpRequest, pk: int) -> HttpResponse:
    """A talk that somebody asked for."""
    found = get_object_or_404(
        Debrief.objects.select_related("asked_by", "assignment__order"), pk=pk
    )
    if request.method == "POST":
        act = feedback_actions.drop if "drop" in request.POST else feedback_actions.hold
        try:
            act(found, by=request.user, at=timezone.now())
            messages.success(request, _("Saved."))
        except WrongState:
            messages.info(request, _("Somebody has already taken care of this talk."))
        return see_other("counter:queue")
    return render(
        request, "counter/debrief.html", {"debrief": found, "tabs": tabs(request, "queue")}
    )


@page("coordinator")
def words(request: HttpRequest) -> HttpResponse:
    """Themes and task types, on or off."""
    context = {
        "tabs": tabs(request, "words"),
        "themes": Theme.objects.select_related("parent"),
        "task_types": TaskType.objects.all(),
        "word": chosen_word(),
    }
    return render(request, "counter/words.html", context)


@page("coordinator", methods=("POST",))
def switch(request: HttpRequest) -> HttpResponse:
    """Switch a theme or a task type on or off."""
    model = {"theme": Theme, "task_type": TaskType}.get(request.POST.get("of", ""))
    if model is None:
        raise Http404
    item = get_object_or_404(model, code=clean(request.POST.get("code", "")))
    switch_word(item, is_active=not item.is_active, by=request.user, at=timezone.now())
    messages.success(request, _("Saved."))
    return see_other("counter:words")
