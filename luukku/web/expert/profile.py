"""The expert's own profile and settings."""

from __future__ import annotations

from collections import Counter

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.actions import leave_bank
from luukku.assignments.models import CalendarKey
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import Expert
from luukku.experts.queries import is_on_break, why_not_offered
from luukku.notices.queries import choices_of
from luukku.privacy.models import Consent
from luukku.web.expert.frame import own_expert, show, tabs
from luukku.web.kit.access import SIGNED_IN, home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.account.sign_in.fresh import fresh
from luukku.web.parts.experts.profile import Profile, agreed_rows, submit
from luukku.web.parts.experts.profile_forms import MISSING
from luukku.web.parts.experts.profile_forms.background import BEHIND
from luukku.web.parts.experts.profile_forms.times import BreakForm
from luukku.web.parts.offering import offer

CHAPTERS = (
    (gettext_lazy("What you give"), ("words", "experiences", "tasks")),
    (gettext_lazy("Where and when"), ("place", "times")),
    (gettext_lazy("Who stands beside you"), ("support", "trainings", "background")),
    (gettext_lazy("What you agree to"), ("consents",)),
)


def _profile(request: Request) -> Profile:
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
def start(request: Request) -> HttpResponse:
    """Begin a profile."""
    if request.method == "POST":
        actions.start(request.user, by=request.user, at=timezone.now())
        return see_other("expert:profile")
    if Expert.objects.of(request.user).exists():
        return see_other("expert:profile")
    return show(request, "expert/profile/start.html", "")


@page("expert")
def overview(request: Request) -> HttpResponse:
    """The profile's sections, its state and the next step."""
    return _overview(request, BreakForm())


def _overview(request: Request, break_form: BreakForm, *, status: int = 200) -> HttpResponse:
    profile = _profile(request)
    rows = {row.name: row for row in profile.sections()}
    needed = [rows[name] for name in MISSING]
    missing, today = [row for row in needed if row.missing], helsinki(timezone.now()).date()
    return show(
        request,
        "expert/profile/detail.html",
        "profile",
        expert=profile.expert,
        chapters=[(title, [rows[name] for name in names]) for title, names in CHAPTERS],
        missing=missing,
        needed=len(needed),
        done=sum(not row.missing for row in needed),
        is_on_break=is_on_break(profile.expert, today),
        why=why_not_offered(profile.expert, [row.name for row in missing], on=today),
        break_form=break_form,
        status=status,
    )


@page("expert", methods=("GET", "POST"))
def section(request: Request, section: str) -> HttpResponse:
    """One section."""
    return _profile(request).section(section)


@page("expert", "coordinator", methods=("POST",), home=home_at("expert:profile"))
def behind(request: Request) -> HttpResponse:
    """Offer the organisations that the written words may mean; the counter fills in a profile, too."""
    return offer(request, BEHIND)


@page("expert", methods=("GET", "POST"), makes_one=True)
def trainings(request: Request) -> HttpResponse:
    """Completed trainings."""
    return _profile(request).trainings()


@page("expert", methods=("GET", "POST"))
def training_remove(request: Request, pk: int) -> HttpResponse:
    """Take a training off the record."""
    return _profile(request).remove_training(pk)


@page("expert")
def preview(request: Request) -> HttpResponse:
    """What an orderer sees."""
    return _profile(request).preview()


@page("expert", methods=("POST",))
def send(request: Request) -> HttpResponse:
    """Send the profile to the counter."""
    return form_act(
        request,
        submit,
        own_expert(request),
        done=_("Thank you. The counter reads your profile and gets in touch with you."),
        to=see_other("expert:profile"),
    )


@page("expert", methods=("GET", "POST"))
def leave(request: Request) -> HttpResponse:
    """Leave the bank, after a look at what that means."""
    expert = own_expert(request)
    return form_act(
        request,
        leave_bank,
        expert,
        page=lambda status: show(
            request,
            "expert/profile/leave.html",
            "profile",
            expert=expert,
            agreed=agreed_rows(expert, "expert"),
            status=status,
        ),
        done=_("You have left the expert bank. Your profile stays yours; you can send it again."),
        to=see_other("expert:profile"),
    )


@page("expert", methods=("GET", "POST"))
@fresh
def erase(request: Request) -> HttpResponse:
    """Delete one's profile for good."""
    return _profile(request).erase()


@page("expert", methods=("POST",))
def pause(request: Request) -> HttpResponse:
    """Take a break or come back."""
    expert, to = own_expert(request), see_other("expert:profile")
    if "resume" in request.POST:
        done = _("Welcome back. You are offered tasks again.")
        return form_act(request, actions.resume, expert, done=done, to=to)
    form = BreakForm(request.POST)
    return form_act(
        request,
        actions.pause,
        expert,
        form=form,
        page=lambda status: _overview(request, form, status=status),
        done=_("You are on a break. No new tasks are offered to you."),
        to=to,
    )


@page("expert")
def settings(request: Request) -> HttpResponse:
    """One's own details, letters, consents and calendar, with the way to change each."""
    return show(
        request,
        "expert/profile/settings.html",
        "settings",
        expert=own_expert(request),
        ways=Counter(choice.channel for choice in choices_of(request.user)).most_common(),
        consents=Consent.objects.valid().filter(person=request.user).order_by("purpose"),
        key=CalendarKey.objects.filter(user=request.user).first(),
    )
