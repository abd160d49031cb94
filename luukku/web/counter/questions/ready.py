"""Ready answers: written, changed, published among the common questions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.content import actions as content
from luukku.core.ordering import in_finnish
from luukku.guidance import actions
from luukku.guidance.models import (
    CannedAnswer,
)
from luukku.guidance.queries import (
    faq_answers,
)
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import ModelForm


class CannedForm(ModelForm):
    """A ready answer."""

    class Meta:
        model = CannedAnswer
        fields = ("title", "words", "language", "may_be_faq", "is_active")
        help_texts = {
            "may_be_faq": gettext_lazy(
                "Tick only when the text holds nothing of anybody who has asked."
            )
        }


@page("coordinator")
def answers(request: Request) -> HttpResponse:
    """The ready answers."""
    rows = CannedAnswer.objects.order_by(
        "-is_active", "language", "-used_count", in_finnish("title"), "pk"
    )
    found = paged(request, rows)
    return render(
        request,
        "counter/questions/answers.html",
        {"page": found, "tabs": tabs(request, "questions")},
    )


@page("coordinator", methods=("GET", "POST"))
def answer_publish(request: Request, pk: int) -> HttpResponse:
    """Put a ready answer among the common questions of the site, once it has been read through."""
    found = get_object_or_404(faq_answers(), pk=pk)
    if request.method != "POST":
        return ask_first(
            request,
            tabs(request, "questions"),
            title=_("Publish this answer?"),
            lead=found.title,
            follows=[
                found.words,
                _("Everybody can read it at once on the page of common questions."),
                _("It can be changed or taken away among the pages."),
            ],
            label=_("Publish among the common questions"),
            back=reverse("counter:answers"),
            keep=_("Do not publish"),
            is_end=False,
        )
    try:
        shown = content.publish_answer(
            found.title, found.words, language=found.language, by=request.user, at=timezone.now()
        )
        messages.success(request, _("Published on the page “%(title)s”.") % {"title": shown.title})
    except content.NoSection:
        messages.error(request, _("There is no page of questions in this language. Make it first."))
    return see_other("counter:answers")


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def answer_new(request: Request) -> HttpResponse:
    """Write a ready answer."""
    return _answer(request, None)


@page("coordinator", methods=("GET", "POST"))
def answer_edit(request: Request, pk: int) -> HttpResponse:
    """Change a ready answer."""
    return _answer(request, get_object_or_404(CannedAnswer, pk=pk))


def _answer(request: Request, found: CannedAnswer | None) -> HttpResponse:
    form = CannedForm(data_of(request), instance=found)
    context = {"form": form, "canned": found, "tabs": tabs(request, "questions")}
    return counter_act(
        request,
        actions.keep_answer,
        found,
        form=form,
        page=lambda status: render(
            request, "counter/questions/answer.html", context, status=status
        ),
        done=_("Saved."),
        to=see_other("counter:answers"),
    )
