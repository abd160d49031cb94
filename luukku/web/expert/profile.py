"""The expert's own profile."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.queries import missing_parts
from luukku.web.expert.common import own_expert, tabs
from luukku.web.http import SIGNED_IN, page, see_other
from luukku.web.profile import Profile
from luukku.web.profile_forms import MISSING
from luukku.web.ui.forms import DateInput, Form
from luukku.workflow.actions import WrongState


def _profile(request: HttpRequest) -> Profile:
    return Profile(
        request,
        own_expert(request),
        "expert",
        request.user,
        (),
        reverse("expert:profile"),
        tabs("profile"),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def start(request: HttpRequest) -> HttpResponse:
    """Begin a profile."""
    if request.method == "POST":
        actions.start(request.user, by=request.user, at=timezone.now())
        return see_other("expert:profile")
    return render(request, "expert/start.html")


class BreakForm(Form):
    """Until when, if that is known."""

    until = forms.DateField(label=gettext_lazy("Break until"), required=False, widget=DateInput)

    def clean_until(self) -> object:
        """A break ends in the future."""
        until = self.cleaned_data["until"]
        if until is not None and until < helsinki(timezone.now()).date():
            raise forms.ValidationError(_("This day has already passed."))
        return until


@page("expert")
def overview(request: HttpRequest) -> HttpResponse:
    """The profile's sections, its state and the next step."""
    profile = _profile(request)
    context = {
        "expert": profile.expert,
        "sections": profile.sections(),
        "missing": missing_parts(profile.expert),
        "tabs": profile.tabs,
        "break_form": BreakForm(),
    }
    return render(request, "expert/profile.html", context)


@page("expert", methods=("GET", "POST"))
def section(request: HttpRequest, section: str) -> HttpResponse:
    """One section."""
    return _profile(request).section(section)


@page("expert", methods=("GET", "POST"))
def trainings(request: HttpRequest) -> HttpResponse:
    """Completed trainings."""
    return _profile(request).trainings()


@page("expert", methods=("POST",))
def training_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a training off the record."""
    return _profile(request).remove_training(pk)


@page("expert")
def preview(request: HttpRequest) -> HttpResponse:
    """What an orderer sees."""
    return _profile(request).preview()


@page("expert", methods=("POST",))
def send(request: HttpRequest) -> HttpResponse:
    """Send the profile to the counter."""
    try:
        actions.submit(own_expert(request), by=request.user, at=timezone.now())
        messages.success(
            request, _("Thank you. The counter reads your profile and gets in touch with you.")
        )
    except actions.Incomplete as error:
        messages.warning(request, " ".join(str(MISSING[part]) for part in error.missing))
    except WrongState:
        messages.info(request, _("Your profile is with the counter already."))
    return see_other("expert:profile")


@page("expert", methods=("POST",))
def leave(request: HttpRequest) -> HttpResponse:
    """Leave the bank."""
    try:
        actions.leave(own_expert(request), by=request.user, at=timezone.now())
        messages.success(
            request,
            _("You have left the expert bank. Your profile stays yours; you can send it again."),
        )
    except WrongState:
        messages.info(request, _("You are not in the expert bank."))
    return see_other("expert:profile")


@page("expert", methods=("POST",))
def pause(request: HttpRequest) -> HttpResponse:
    """Take a break or come back."""
    expert, now = own_expert(request), timezone.now()
    if "resume" in request.POST:
        actions.resume(expert, by=request.user, at=now)
        messages.success(request, _("Welcome back. You are offered tasks again."))
        return see_other("expert:profile")
    form = BreakForm(request.POST)
    if not form.is_valid():
        profile = _profile(request)
        context = {
            "expert": expert,
            "sections": profile.sections(),
            "missing": missing_parts(expert),
            "tabs": profile.tabs,
            "break_form": form,
        }
        return render(request, "expert/profile.html", context, status=422)
    actions.pause(expert, until=form.cleaned_data["until"], by=request.user, at=now)
    messages.success(request, _("You are on a break. No new tasks are offered to you."))
    return see_other("expert:profile")
