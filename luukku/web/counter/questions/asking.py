"""A question of somebody who has called or come."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.core.fields import field_of
from luukku.core.text import key_in
from luukku.guidance import actions
from luukku.guidance.codes import new_code
from luukku.guidance.models import Kind, Question, Topic
from luukku.web.counter.frame import tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.codes import keep_code, take_code
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import SeeOther, see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form


class NewQuestionForm(Form):
    """A question that came by phone or in person."""

    kind = forms.ChoiceField(label=gettext_lazy("What it is about"), choices=Kind.choices)
    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"),
        choices=Topic.choices,
        initial=Topic.OTHER,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("The question, as it was said"), max_length=4000, widget=forms.Textarea
    )
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120, required=False)
    phone = forms.CharField(label=gettext_lazy("Phone"), max_length=30, required=False)
    email = forms.EmailField(label=gettext_lazy("E-mail"), required=False)
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the answer"),
        choices=field_of(User, "language").choices or (),
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("The asker wants no name written down"),
        required=False,
        help_text=gettext_lazy(
            "You get a code to read out. With it the asker reads the answer here."
        ),
    )

    def __init__(self, *args: Any, person: User | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person, self.code = person, ""
        if person is not None:
            for name in ("name", "phone", "email", "language", "is_anonymous"):
                del self.fields[name]

    def clean(self) -> dict[str, object]:
        """Ask for a way to answer."""
        cleaned = super().clean()
        if self.person is not None:
            return cleaned
        if cleaned.get("is_anonymous"):
            return cleaned | {"name": "", "phone": "", "email": ""}
        if not cleaned.get("phone") and not cleaned.get("email") and "email" not in self.errors:
            raise ValidationError(_("Write down a phone number or an e-mail, or give a code."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return what is asked, by whom, and the code of one who stays unknown."""
        data = dict(self.cleaned_data)
        self.code = new_code() if data.pop("is_anonymous", False) else ""
        return data | {"code": self.code}


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def new(request: Request) -> HttpResponse:
    """Write down a question for somebody, with or without an account."""
    number = str(request.GET.get("person", ""))
    person = None
    if number:
        person = fetch(User.objects.filter(is_active=True), key_in(number), for_=request.user)
    form = NewQuestionForm(data_of(request), person=person)
    context = {"form": form, "person": person, "tabs": tabs(request, "questions")}
    return form_act(
        request,
        partial(actions.ask_for, person=person),
        form=form,
        page=lambda status: render(request, "counter/questions/new.html", context, status=status),
        done=_("The question has been written down."),
        to=lambda made: _shown(made, form.code),
    )


def _shown(made: Question, code: str) -> HttpResponse:
    """Go to the question; first to its code, which is shown once."""
    if not code:
        return see_other("counter:question", made.pk)
    return SeeOther(f"{reverse('counter:question-code')}?{keep_code(code)}={made.pk}")


@page("coordinator")
def new_code_shown(request: Request) -> HttpResponse:
    """The code to read out, once."""
    ticket, number = next(iter(request.GET.items()), ("", ""))
    context = {
        "code": take_code(ticket),
        "number": key_in(str(number)),
        "tabs": tabs(request, "questions"),
    }
    return render(request, "counter/questions/code.html", context)
