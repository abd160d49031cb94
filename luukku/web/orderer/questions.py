"""Questions that the counter has handed over to the organisation: its contact person answers them."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.known import known
from luukku.guidance import actions
from luukku.guidance.models import HandOver, Question
from luukku.guidance.queries import open_hand_over, thread_of
from luukku.guidance.states import ANSWER_FOR
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import ORGANISATION, show
from luukku.web.ui.forms import Form


class HandedAnswerForm(Form):
    """The organisation's answer."""

    words = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=8000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "It reaches the asker through the counter, in your organisation’s name."
        ),
    )


@page(*ORGANISATION, methods=("GET", "POST"))
def question(request: Request, pk: int) -> HttpResponse:
    """Read the thread and answer; who asks is shown only when they have said yes to it. Answered: only read it."""
    held = Question.objects.held_by(request.user).select_related("asked_by").filter(pk=pk).first()
    shown = held or get_object_or_404(Question.objects.answered_for(request.user), pk=pk)
    if held is None:
        if request.method == "POST":
            messages.warning(request, str(ANSWER_FOR.late))
        return _answered(request, shown)
    form = HandedAnswerForm(data_of(request))
    return form_act(
        request,
        actions.answer_for,
        shown,
        form=form,
        page=lambda status: show(
            request,
            "orderer/questions/detail.html",
            "desk",
            status=status,
            question=shown,
            given=open_hand_over(shown),
            rows=[(row, not isinstance(row, HandOver)) for row in thread_of(shown)],
            form=form,
        ),
        done=_thanks(shown),
        to=see_other("orderer:question", pk),
    )


def _thanks(question: Question) -> str:
    """Say how the answer reaches the asker."""
    if question.is_called:
        return _("Thank you. The counter calls the asker and tells your answer.")
    if question.is_anonymous:
        return _("Thank you. The asker reads your answer here with a code.")
    return _("Thank you. Your answer has been sent to the asker.")


def _answered(request: Request, question: Question) -> HttpResponse:
    """Show what the organisation answered, and what it could read then; nothing that was written later."""
    own = question.hand_overs.filter(organisation__memberships__user=request.user).order_by(
        "ended_at"
    )
    until = known(known(own.last()).ended_at)
    return show(
        request,
        "orderer/questions/answered.html",
        "desk",
        question=question,
        rows=[
            (row, not isinstance(row, HandOver)) for row in thread_of(question) if row.at <= until
        ],
    )
