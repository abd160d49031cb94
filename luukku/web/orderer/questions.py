"""Questions that the counter has handed over to the organisation: its contact person answers them."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.guidance import actions
from luukku.guidance.models import HandOver, Question
from luukku.guidance.queries import open_hand_over, thread_of
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
    """Read the thread and answer; who asks is shown only when they have said yes to it."""
    found = get_object_or_404(
        Question.objects.held_by(request.user).select_related("asked_by"), pk=pk
    )
    form = HandedAnswerForm(data_of(request))
    return form_act(
        request,
        actions.answer_for,
        found,
        form=form,
        page=lambda status: show(
            request,
            "orderer/questions/detail.html",
            "desk",
            status=status,
            question=found,
            given=open_hand_over(found),
            rows=[(row, not isinstance(row, HandOver)) for row in thread_of(found)],
            form=form,
        ),
        done=_("Thank you. Your answer has been sent to the asker."),
        to=see_other("orderer:desk"),
    )
