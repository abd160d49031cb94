"""What is answered in one page each."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luukku.feedback import actions as feedback_actions
from luukku.feedback.models import SCALES, Debrief, Feedback, Side, scale_words
from luukku.guidance.queries import questions_told_by
from luukku.notices.actions import deliver
from luukku.notices.models import Channel, Letter
from luukku.notices.queries import paper_beside
from luukku.orders.notices import order_of
from luukku.search.actions import index_vocabulary
from luukku.taxonomy.actions import mark_heavy
from luukku.taxonomy.actions import switch as switch_words
from luukku.taxonomy.models import TaskType, Theme, ThemeGroup
from luukku.taxonomy.words import chosen_word
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.letters import letter_told
from luukku.web.counter.queue import after
from luukku.web.kit.access import page
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request


@page("coordinator", methods=("GET", "POST"))
def letter(request: Request, pk: int) -> HttpResponse:
    """A letter; one to read out by phone or to post comes with all that waits for the same person."""
    letter = fetch(Letter.objects.select_related("reader"), pk, for_=request.user)
    if not (letter.channel == Channel.PAPER and letter.sent_at is None):
        return letter_told(request, letter)
    if request.method == "POST":
        deliver(letter, by=request.user, at=timezone.now())
        whom = letter.reader.name if letter.reader else letter.subject
        messages.success(request, _("%(name)s: marked as told.") % {"name": whom})
        rest = [one for one in paper_beside(letter, at=timezone.now()) if one != letter]
        return see_other("counter:letter", rest[0].pk) if rest else after(request)
    letters = paper_beside(letter, at=timezone.now())
    questions = questions_told_by(letters)
    context = {
        "letter": letter,
        "rows": [(one, questions.get(one.pk), order_of(one.about)) for one in letters],
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/people/letter.html", context)


@page("coordinator", methods=("GET", "POST"))
def debrief(request: Request, pk: int) -> HttpResponse:
    """A talk that somebody asked for."""
    talks = Debrief.objects.select_related("asked_by", "assignment__order")
    debrief = fetch(talks, pk, for_=request.user)
    act = feedback_actions.drop if "drop" in request.POST else feedback_actions.hold
    context = {"debrief": debrief, "tabs": tabs(request, "queue")}
    return counter_act(
        request,
        act,
        debrief,
        page=lambda status: render(
            request, "counter/feedback/debrief.html", context, status=status
        ),
        done=_("%(name)s: written down.") % {"name": debrief.asked_by.name},
        to=lambda _talk: after(request),
    )


@page("coordinator", methods=("GET", "POST"))
def feedback(request: Request, pk: int) -> HttpResponse:
    """What one side said of a task; the reading is noted, and once read it waits no more."""
    given = Feedback.objects.select_related("given_by", "assignment__order", "assignment__expert")
    feedback = fetch(given, pk, for_=request.user)
    if request.method == "POST":
        feedback_actions.read(feedback, by=request.user, at=timezone.now())
        title = feedback.assignment.order.title
        messages.success(request, _("Feedback on “%(title)s”: marked as read.") % {"title": title})
        return after(request)
    context = {
        "feedback": feedback,
        "is_experts": feedback.side == Side.EXPERT,
        "scales": [
            (scale_words(scale, Side(feedback.side)), getattr(feedback, scale)) for scale in SCALES
        ],
        "tabs": tabs(request, "queue"),
    }
    return render(request, "counter/feedback/detail.html", context)


def _word_groups() -> list[tuple[str, Promise | str, list[Theme] | list[TaskType]]]:
    """Return what can be switched on and off: each group's key, its name and what is in it."""
    themes = list(Theme.objects.order_by("position", "pk"))
    return [
        *(
            (group.value, group.label, [one for one in themes if one.group == group])
            for group in ThemeGroup
        ),
        (TASK_TYPES, _("Kinds of tasks"), list(TaskType.objects.all())),
    ]


TASK_TYPES = "task_types"


@page("coordinator")
def words(request: Request) -> HttpResponse:
    """Themes and task types, on or off."""
    context = {
        "tabs": tabs(request, "words"),
        "groups": [
            (key, label, rows, sum(not one.is_active for one in rows))
            for key, label, rows in _word_groups()
        ],
        "word": chosen_word(),
        "task_types": TaskType.objects.all(),
    }
    return render(request, "counter/taxonomy/words.html", context)


@page("coordinator", methods=("POST",))
def switch(request: Request) -> HttpResponse:
    """Switch on and off what was ticked or no longer is; what somebody else has switched meanwhile stays."""
    groups = {key: rows for key, _label, rows in _word_groups()}
    rows = groups.get(str(request.POST.get("group", "")))
    if rows is None:
        raise Http404
    on, was = set(request.POST.getlist("on")), set(request.POST.get("was", "").split())
    turned = [one for one in rows if (one.code in on) != (one.code in was)]
    if turned:
        switch_words(turned, on=on, by=request.user, at=timezone.now())
        index_vocabulary()
    messages.success(request, _("Saved."))
    return see_other("counter:words")


@page("coordinator", methods=("POST",))
def heavy(request: Request) -> HttpResponse:
    """Mark the kinds of tasks that are heavy; what somebody else has marked meanwhile stays."""
    ticked, was = set(request.POST.getlist("heavy")), set(request.POST.get("was", "").split())
    turned = [one for one in TaskType.objects.all() if (one.code in ticked) != (one.code in was)]
    if turned:
        mark_heavy(turned, heavy=ticked, by=request.user, at=timezone.now())
    messages.success(request, _("Saved."))
    return see_other("counter:words")
