"""Asking the counter, with or without an account or a name. Spam is refused without a puzzle."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.core.counter import counter
from luukku.core.text import clean, key_in
from luukku.guidance import actions
from luukku.guidance.clock import ACCESSIBILITY_DAYS
from luukku.guidance.codes import new_code
from luukku.guidance.models import Kind, Question, Topic
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.acts import status_of
from luukku.web.kit.codes import keep_code, take_code
from luukku.web.kit.limits import is_too_often, who
from luukku.web.kit.paths import known_path
from luukku.web.kit.redirects import SeeOther
from luukku.web.parts.guidance.distress import meet_distress
from luukku.web.ui.forms import Form

QUICKEST_SECONDS = 1  # no person fills the form faster, not even by pasting
MOST_AN_HOUR = 8
MOST_AN_HOUR_FROM_ALL = 300
SALT = "luukku.ask"
URLS = {
    Kind.ADVICE: "public:advice",
    Kind.ACCESSIBILITY: "public:advice-accessibility",
    Kind.FEEDBACK: "public:advice-feedback",
}


class AskForm(Form):
    """A question; of people without an account a way to answer is needed, or their wish for a code."""

    topic = forms.ChoiceField(
        label=gettext_lazy("What is it about?"), choices=Topic.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=gettext_lazy("Your question"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=gettext_lazy("You need not tell about your health or your life here."),
    )
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("E-mail"),
        required=False,
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
        help_text=gettext_lazy("If you would rather be called, leave your number."),
    )
    is_anonymous = forms.BooleanField(
        label=gettext_lazy("I ask without my name"),
        required=False,
        help_text=gettext_lazy(
            "You get a code. With it you come back here to read the answer and to write again. "
            "We keep no name, e-mail or phone number."
        ),
    )
    came_from = forms.CharField(widget=forms.HiddenInput, required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people leave it empty

    def __init__(self, *args: Any, kind: Kind, has_account: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind, self.has_account = kind, has_account
        self.fields["shown"].initial = signing.dumps(timezone.now().timestamp(), salt=SALT)
        if kind != Kind.ADVICE:
            del self.fields["topic"]
        if kind == Kind.ACCESSIBILITY:
            words = self.fields["words"]
            words.label = _("What did not work?")
            words.help_text = _(
                "Tell on which page you were and what you tried to do. If you use a screen reader or "
                "another aid, tell which."
            )
        elif kind == Kind.FEEDBACK:
            words = self.fields["words"]
            words.label = _("Your feedback")
            words.help_text = _("What worked well? What should be better?")
        if has_account:
            for name in ("name", "email", "phone"):
                del self.fields[name]
            self.fields["is_anonymous"].help_text = _(
                "You are signed in: without this the counter sees who asks. With it the question is not tied "
                "to your account; you get a code, with which you come back here to read the answer."
            )

    def clean_came_from(self) -> str:
        """Keep an address of ours only, and nothing in it that tells of a person."""
        return known_path(self.cleaned_data["came_from"])

    def clean(self) -> dict[str, object]:
        """Ask for a way to answer; refuse what no person sends."""
        cleaned = super().clean()
        if cleaned.get("is_anonymous"):
            cleaned |= {"name": "", "email": "", "phone": ""}
            for name in ("email", "phone"):
                self.errors.pop(name, None)  # what we do not keep need not be right
        elif (
            not self.has_account
            and not cleaned.get("email")
            and not cleaned.get("phone")
            and "email" not in self.errors
        ):
            self.add_error(
                "email",
                _(
                    "Give your e-mail or your phone number so that we can answer, or ask without your name."
                ),
            )
        try:
            shown = signing.loads(cleaned.get("shown", ""), salt=SALT, max_age=24 * 3600)
        except signing.BadSignature as error:
            raise ValidationError(
                _("This page has been open for too long. Send the form once more.")
            ) from error
        if cleaned.get("website") or timezone.now().timestamp() - shown < QUICKEST_SECONDS:
            raise ValidationError(_("That was very quick. Send the form once more."))
        return cleaned


def reply_promise(kind: Kind) -> str:
    """Return in how many days an answer comes, in words."""
    if kind == Kind.ACCESSIBILITY:
        return _("We answer within %(days)d days") % {"days": ACCESSIBILITY_DAYS}
    days = settings.LUUKKU_REPLY_DAYS
    return ngettext(
        "We answer within %(days)d working day", "We answer within %(days)d working days", days
    ) % {"days": days}


def _ask(request: HttpRequest, kind: Kind) -> HttpResponse:
    user = request.user if request.user.is_authenticated else None
    topic = request.GET.get("topic")
    initial = {
        "topic": topic if topic in Topic.values else None,
        "is_anonymous": request.GET.get("anonymous") == "1",
        "came_from": known_path(clean(request.GET.get("from", ""))),
    }
    form = AskForm(request.POST or None, kind=kind, has_account=user is not None, initial=initial)
    meet_distress(request, request.POST.get("words", ""))
    if request.method == "POST" and form.is_valid():
        if is_too_often(f"ask:{who(request)}", most=MOST_AN_HOUR):
            form.add_error(
                None, _("Many questions have come from here within an hour. Try again later.")
            )
        elif user is None and is_too_often("ask:all", most=MOST_AN_HOUR_FROM_ALL):
            form.add_error(
                None, _("Very many questions are coming in just now. Try again in an hour.")
            )
        else:
            return _asked(request, form.cleaned_data, kind=kind)
    if (
        request.method == "POST"
    ):  # sent once more, it has been looked at: however quickly, it is taken
        form.data = form.data.copy()
        form.data["shown"] = signing.dumps(timezone.now().timestamp() - QUICKEST_SECONDS, salt=SALT)
    context = {
        "form": form,
        "kind": kind.value,
        "promise": reply_promise(kind),
        "counter": counter(),
        "action": reverse(URLS[kind]),
    }
    return render(request, "public/advice/ask.html", context, status=status_of(request))


def _asked(request: HttpRequest, data: dict[str, Any], *, kind: Kind) -> HttpResponse:
    code = new_code() if data.get("is_anonymous") else ""
    question = actions.ask(
        data["words"],
        kind=kind,
        topic=data.get("topic") or Topic.OTHER,
        by=request.user if request.user.is_authenticated and not code else None,
        at=timezone.now(),
        name=data.get("name", ""),
        email=data.get("email", ""),
        phone=data.get("phone", ""),
        code=code,
        language=request.LANGUAGE_CODE,
        came_from=data["came_from"],
    )
    if code:
        return SeeOther(f"{reverse('public:advice-code-shown')}?{keep_code(code)}")
    if question.asked_by_id is not None:
        return SeeOther(f"{reverse('public:advice-thanks')}?question={question.pk}")
    return SeeOther(reverse("public:advice-thanks"))


@page(EVERYONE, methods=("GET", "POST"), makes_one=True)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a question."""
    return _ask(request, Kind.ADVICE)


@page(EVERYONE, methods=("GET", "POST"), makes_one=True)
def accessibility(request: HttpRequest) -> HttpResponse:
    """Tell that something does not work for everybody; the law gives 14 days to answer."""
    return _ask(request, Kind.ACCESSIBILITY)


@page(EVERYONE, methods=("GET", "POST"), makes_one=True)
def feedback(request: HttpRequest) -> HttpResponse:
    """Tell what the service should do better."""
    return _ask(request, Kind.FEEDBACK)


@page(EVERYONE)
def thanks(request: HttpRequest) -> HttpResponse:
    """The question is with the counter."""
    key = key_in(str(request.GET.get("question", "")))
    mine = None
    if request.user.is_authenticated and key is not None:
        mine = Question.objects.asked_by(request.user).filter(pk=key).first()
    context = {"question": mine, "promise": reply_promise(Kind(mine.kind)) if mine else ""}
    return render(request, "public/advice/thanks.html", context)


@page(EVERYONE)
def code_shown(request: HttpRequest) -> HttpResponse:
    """The code of an anonymous question, once."""
    ticket = next(iter(request.GET), "")
    response = render(request, "public/advice/code_shown.html", {"code": take_code(ticket)})
    response["Cache-Control"] = "no-store"
    return response
