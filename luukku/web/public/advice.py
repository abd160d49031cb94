"""Asking the counter, with or without an account. Spam is refused without a puzzle."""

from __future__ import annotations

from django import forms
from django.core import signing
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.guidance import actions
from luukku.guidance.models import Topic
from luukku.web.http import EVERYONE, page, see_other
from luukku.web.ui.forms import Form

QUICKEST_SECONDS = 2  # no person fills the form faster
MOST_AN_HOUR = 8


class AskForm(Form):
    """A question; a way to answer is needed of people without an account."""

    topic = forms.ChoiceField(
        label=_("What is it about?"), choices=Topic.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(
        label=_("Your question"),
        max_length=4000,
        widget=forms.Textarea,
        help_text=_("You need not tell about your health or your life here."),
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"), required=False, widget=forms.EmailInput({"autocomplete": "email"})
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
    )
    shown = forms.CharField(widget=forms.HiddenInput, required=False)
    website = forms.CharField(required=False, widget=forms.HiddenInput)  # people leave it empty

    def __init__(self, *args: object, has_account: bool, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.has_account = has_account
        self.fields["shown"].initial = signing.dumps(timezone.now().timestamp(), salt="luukku.ask")
        if has_account:
            for name in ("name", "email", "phone"):
                del self.fields[name]

    def clean(self) -> dict[str, object]:
        """Ask for a way to answer; refuse what no person sends."""
        cleaned = super().clean()
        if (
            not self.has_account
            and not cleaned.get("email")
            and not cleaned.get("phone")
            and "email" not in self.errors
        ):
            self.add_error(
                "email", _("Give your e-mail or your phone number so that we can answer.")
            )
        try:
            shown = signing.loads(cleaned.get("shown", ""), salt="luukku.ask", max_age=24 * 3600)
        except signing.BadSignature as error:
            raise ValidationError(
                _("This page has been open for too long. Send the form once more.")
            ) from error
        if cleaned.get("website") or timezone.now().timestamp() - shown < QUICKEST_SECONDS:
            raise ValidationError(_("That was very quick. Send the form once more."))
        return cleaned


@page(EVERYONE, methods=("GET", "POST"))
def ask(request: HttpRequest) -> HttpResponse:
    """Ask a question."""
    user = request.user if request.user.is_authenticated else None
    topic = request.GET.get("topic")
    initial = {"topic": topic} if topic in Topic.values else {}
    form = AskForm(request.POST or None, has_account=user is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if _too_many(request):
            form.add_error(
                None, _("Many questions have come from here within an hour. Try again later.")
            )
        else:
            data = form.cleaned_data
            actions.ask(
                data["words"],
                topic=data["topic"],
                by=user,
                at=timezone.now(),
                name=data.get("name", ""),
                email=data.get("email", ""),
                phone=data.get("phone", ""),
                language=request.LANGUAGE_CODE,
            )
            return see_other("public:advice-thanks")
    if request.method == "POST":  # the clock starts again with the page that shows the errors
        form.data = form.data.copy()
        form.data["shown"] = form.fields["shown"].initial
    return render(
        request,
        "public/advice.html",
        {"form": form},
        status=422 if request.method == "POST" else 200,
    )


def _too_many(request: HttpRequest) -> bool:
    key = f"ask:{request.user.pk or request.META.get('REMOTE_ADDR', '')}"
    cache.add(key, 0, timeout=3600)
    return cache.incr(key) > MOST_AN_HOUR


@page(EVERYONE)
def thanks(request: HttpRequest) -> HttpResponse:
    """The question is with the counter."""
    return render(request, "public/advice_thanks.html")
