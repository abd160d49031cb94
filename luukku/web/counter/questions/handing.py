"""Letting another organisation answer, and looking after it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.times import helsinki, working_day
from luukku.guidance import actions
from luukku.guidance.models import Question
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.picking import RECEIVERS
from luukku.web.counter.questions.thread import (
    FollowForm,
    back_to,
    find_question,
    form_errors,
    not_past,
)
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.request import Request
from luukku.web.ui.forms import DateInput, Form
from luukku.web.ui.picks import PickField


class HandOverForm(Form):
    """To whom, what was agreed, and when to look again."""

    organisation = PickField(
        RECEIVERS,
        label=gettext_lazy("Organisation in the register"),
        required=False,
        help_text=gettext_lazy(
            "Write a part of its name and choose. Its contact person sees the thread on their desk and answers"
            " there. Leave empty if you name an outside one below."
        ),
    )
    outside_name = forms.CharField(
        label=gettext_lazy("Outside organisation"), max_length=150, required=False
    )
    agreed = forms.CharField(
        label=gettext_lazy("What was agreed"),
        max_length=2000,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "With whom, and by when. Only the counter sees this, and whoever it tells of, if they ask for their own"
            " data."
        ),
    )
    shows_contact = forms.BooleanField(
        label=gettext_lazy("The asker has said yes: their name and contact details may be given"),
        required=False,
        help_text=gettext_lazy(
            "Without this, the organisation sees the messages but not who asks."
        ),
    )
    follow_on = forms.DateField(label=gettext_lazy("Look again on"), widget=DateInput)

    def __init__(self, viewer: User, *args: Any, is_anonymous: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = RECEIVERS.rows(viewer)
        if is_anonymous:
            del self.fields["shows_contact"]

    def clean_follow_on(self) -> object:
        """Refuse days that have been."""
        return not_past(self.cleaned_data["follow_on"])

    def arguments(self) -> dict[str, object]:
        """Return the receiver and the terms."""
        data = self.cleaned_data
        return {
            "to": data["organisation"] or data["outside_name"],
            "agreed": data["agreed"],
            "shows_contact": data.get("shows_contact", False),
            "follow_on": data["follow_on"],
        }

    def clean(self) -> dict[str, object]:
        """Ask for exactly one organisation."""
        cleaned = super().clean()
        is_found = "organisation" not in self.errors
        if is_found and bool(cleaned.get("organisation")) == bool(cleaned.get("outside_name")):
            self.add_error(
                "organisation", _("Choose one from the register or name an outside one, not both.")
            )
        return cleaned


@page("coordinator", methods=("GET", "POST"))
def hand_over(request: Request, pk: int) -> HttpResponse:
    """Let another organisation answer."""
    question = find_question(request, pk)
    day = working_day(helsinki(timezone.now()).date(), settings.LUUKKU_REPLY_DAYS)
    form = HandOverForm(
        request.user,
        data_of(request),
        is_anonymous=question.is_anonymous,
        initial={"follow_on": day},
    )
    context = {"form": form, "question": question, "tabs": tabs(request, "questions")}
    return counter_act(
        request,
        actions.hand_over,
        question,
        form=form,
        page=lambda status: render(
            request, "counter/questions/hand_over.html", context, status=status
        ),
        done=_told(question),
        to=back_to(pk),
    )


def _told(question: Question) -> str:
    """Say how the asker hears who answers."""
    if question.is_called:
        return _("Handed over. The asker has no e-mail: call and tell who answers.")
    if question.is_anonymous:
        return _("Handed over. The asker sees with the code who answers.")
    return _("Handed over. The asker is told who answers.")


@page("coordinator", methods=("POST",))
def follow(request: Request, pk: int) -> HttpResponse:
    """Note that the answer came, take the question back, or look again later."""
    question, to = find_question(request, pk), back_to(pk)
    if "answered" in request.POST:
        done = _("Noted: the asker has got an answer.")
        return counter_act(request, actions.follow, question, done=done, to=to)
    if "back" in request.POST:
        done = _("The question is the counter’s again.")
        return counter_act(request, actions.take_back, question, done=done, to=to)
    form = FollowForm(data_of(request))
    return counter_act(
        request,
        actions.postpone,
        question,
        form=form,
        page=lambda _status: form_errors(request, question, "follow_form", form),
        done=_("Saved."),
        to=to,
    )
