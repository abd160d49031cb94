"""Figures, and what is answered in one page each."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.disclosure import closed_year
from luukku.core.fields import field_of
from luukku.core.text import clean
from luukku.core.times import helsinki
from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import SCALES, Debrief, Feedback, Side
from luukku.guidance.queries import questions_told_by
from luukku.notices.actions import deliver
from luukku.notices.models import Channel, Letter
from luukku.notices.queries import paper_beside
from luukku.orders.notices import order_of
from luukku.search.actions import index_vocabulary
from luukku.taxonomy.actions import switch as switch_word
from luukku.taxonomy.models import TaskType, Theme, ThemeGroup
from luukku.taxonomy.words import chosen_word
from luukku.web.counter import figures
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.letters import letter_told
from luukku.web.counter.queue import after
from luukku.web.kit.access import page
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page("coordinator", "steering", "admin")
def home(request: Request) -> HttpResponse:
    """Figures without people: experts, orders, needs of the plan, feedback; small figures are hidden."""
    now = timezone.now()
    year = closed_year(helsinki(now).date())
    context = {
        "tabs": tabs(request, "home"),
        "head": figures.head(at=now),
        "states": figures.orders_by_state(for_=request.user),
        "payments": figures.orders_by_payment(),
        "unmet": figures.unmet_by_reason(),
        "needs": figures.plan_needs(),
        "thoughts": figures.thoughts(year),
        "year": year,
    }
    return render(request, "counter/queue/home.html", context)


@page("coordinator", methods=("GET", "POST"))
def letter(request: Request, pk: int) -> HttpResponse:
    """A letter; one to read out by phone or to post comes with all that waits for the same person."""
    found = fetch(Letter.objects.select_related("reader"), pk, for_=request.user)
    if not (found.channel == Channel.PAPER and found.sent_at is None):
        return letter_told(request, found)
    if request.method == "POST":
        deliver(found, by=request.user, at=timezone.now())
        messages.success(request, _("Marked as told."))
        rest = [one for one in paper_beside(found) if one != found]
        return see_other("counter:letter", rest[0].pk) if rest else after(request)
    letters = paper_beside(found)
    questions = questions_told_by(letters)
    context = {
        "letter": found,
        "rows": [(one, questions.get(one.pk), order_of(one.about)) for one in letters],
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/people/letter.html", context)


@page("coordinator", methods=("GET", "POST"))
def debrief(request: Request, pk: int) -> HttpResponse:
    """A talk that somebody asked for."""
    talks = Debrief.objects.select_related("asked_by", "assignment__order")
    found = fetch(talks, pk, for_=request.user)
    act = feedback_actions.drop if "drop" in request.POST else feedback_actions.hold
    context = {"debrief": found, "tabs": tabs(request, "queue")}
    return counter_act(
        request,
        act,
        found,
        page=lambda status: render(
            request, "counter/feedback/debrief.html", context, status=status
        ),
        done=_("Saved."),
        to=lambda _talk: after(request),
    )


@page("coordinator", methods=("GET", "POST"))
def feedback(request: Request, pk: int) -> HttpResponse:
    """What one side said of a task; the reading is noted, and once read it waits no more."""
    given = Feedback.objects.select_related("given_by", "assignment__order", "assignment__expert")
    found = fetch(given, pk, for_=request.user)
    if request.method == "POST":
        feedback_actions.read(found, by=request.user, at=timezone.now())
        messages.success(request, _("Marked as read."))
        return after(request)
    context = {
        "feedback": found,
        "is_experts": found.side == Side.EXPERT,
        "scales": [
            (field_of(Feedback, scale).verbose_name, getattr(found, scale)) for scale in SCALES
        ],
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/feedback/detail.html", context)


@page("coordinator")
def words(request: Request) -> HttpResponse:
    """Themes and task types, on or off."""
    themes = list(Theme.objects.order_by("position", "pk"))
    context = {
        "tabs": tabs(request, "words"),
        "themes": [
            (group.label, [theme for theme in themes if theme.group == group])
            for group in ThemeGroup
        ],
        "task_types": TaskType.objects.all(),
        "word": chosen_word(),
    }
    return render(request, "counter/taxonomy/words.html", context)


@page("coordinator", methods=("POST",))
def switch(request: Request) -> HttpResponse:
    """Switch a theme or a task type on or off."""
    kind, code = request.POST.get("of", ""), clean(str(request.POST.get("code", "")))
    item: Theme | TaskType
    if kind == "theme":
        item = get_object_or_404(Theme, code=code)
    elif kind == "task_type":
        item = get_object_or_404(TaskType, code=code)
    else:
        raise Http404

    switch_word(item, is_active=not item.is_active, by=request.user, at=timezone.now())
    index_vocabulary()
    messages.success(request, _("Saved."))
    return see_other("counter:words")
