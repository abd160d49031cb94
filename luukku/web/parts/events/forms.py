"""The form with which somebody signs up for an event: its own questions, and of a guest how to be reached."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.events.actions import field_of
from luukku.events.models import Answer, AnswerKind, Event, Group, Mode, Question
from luukku.web.ui.forms import Form

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
LONGEST = 2000


def _field(question: Question) -> forms.Field:
    told = _("Only the organiser reads it. It is deleted 30 days after the event.")
    common: dict[str, Any] = {
        "label": question.words,
        "required": question.is_required,
        "help_text": told if question.is_sensitive else "",
    }
    if question.kind == AnswerKind.YES_NO:
        return forms.ChoiceField(choices=YES_NO, widget=forms.RadioSelect, **common)
    return forms.CharField(max_length=LONGEST, widget=forms.Textarea, **common)


def said(answer: Answer) -> str:
    """Return in words what was answered."""
    if answer.question.kind == AnswerKind.YES_NO:
        return str(dict(YES_NO).get(answer.words, answer.words))
    return answer.words


def sign_up_form(event: Event, base: type[Form] = Form) -> type[Form]:
    """Return the form of ``event``: what ``base`` asks, as whom one comes, and the event's questions."""
    fields: dict[str, forms.Field] = {}
    if event.has_quotas:
        fields["group"] = forms.ChoiceField(
            label=_("I come as"), choices=Group.choices, widget=forms.RadioSelect
        )
    questions = list(event.questions.all())
    fields |= {field_of(question): _field(question) for question in questions}

    def arguments(self: Form) -> dict[str, Any]:
        told = dict(self.cleaned_data)
        answers = {question.pk: told.pop(field_of(question)) for question in questions}
        return {"group": told.pop("group", ""), "answers": answers} | told

    return type("EventForm", (base,), {**fields, "arguments": arguments})


def ask_where(form: forms.BaseForm) -> None:
    """Let the address and the link say when they are needed, instead of that they are optional."""
    address: Any = form.fields["address"]
    address.is_needed_at_times = True  # read by the template of a field
    address.help_text = _("Needed, unless one takes part remotely only.")
    link: Any = form.fields["meeting_url"]
    link.is_needed_at_times = True
    link.help_text = _(
        "Needed before the event is published. Shown only to those who have a place."
    )


def require_where(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """Ask at the address where one comes to, unless one takes part remotely only.

    The link is hidden where one takes part on site only: what was written there before is dropped, right or wrong.
    """
    if cleaned.get("mode") == Mode.PLACE:
        form.errors.pop("meeting_url", None)
        cleaned["meeting_url"] = ""
    if cleaned.get("mode") in {Mode.PLACE, Mode.BOTH} and not cleaned.get("address"):
        form.add_error("address", _("Write where one comes to."))


class GuestForm(Form):
    """How to reach who comes without an account."""

    name = forms.CharField(
        label=_("Name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We send a link there. You are signed up when you have confirmed by it."),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
