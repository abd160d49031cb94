"""Applying for a training, and one's own applications. Works without JavaScript, on a phone; the counter helps."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.training import actions
from luukku.training.models import (
    Application,
    Certificate,
    PracticeLecture,
    PracticeLectureQuerySet,
    Run,
)
from luukku.training.queries import (
    has_second,
    own_application,
    own_wish,
    seconds_for,
    why_not_apply,
)
from luukku.training.refusals import NoWish
from luukku.training.states import LIVE_APPLICATIONS
from luukku.web.kit.access import EVERYONE, SIGNED_IN, page, sign_in_first
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import question
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request, is_signed_in
from luukku.web.parts.training.forms import ApplyForm, StopForm, WishForm
from luukku.web.parts.training.shown import application_context
from luukku.web.public.certificates import with_paper
from luukku.workflow.queries import may


@page(EVERYONE, methods=("GET", "POST"))
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with an account; without one how to apply all the same, by phone."""
    rows = Run.objects.select_related("event", "programme")
    if not is_signed_in(request):
        found = get_object_or_404(rows.open_to_all(), pk=pk)
        if request.method == "POST":  # the session ended while it was written
            return sign_in_first(request)
        context = {"run": found, "why": why_not_apply(found, None, at=timezone.now())}
        return render(request, "public/training/apply.html", context)
    found = fetch(rows, pk, for_=request.user)
    own = own_application(found, request.user)
    if own is not None and own.state in LIVE_APPLICATIONS and request.method != "POST":
        return see_other("public:application", own.pk)
    now = timezone.now()
    form = ApplyForm(data_of(request), seconds=seconds_for(found, at=now))
    context = {"run": found, "why": why_not_apply(found, request.user, at=now)}
    return form_act(
        request,
        actions.apply,
        found,
        form=form,
        page=lambda status: render(
            request, "public/training/apply.html", {"form": form, **context}, status=status
        ),
        to=lambda made: see_other("public:application", made.pk),
        back=see_other("public:apply", pk),
        done=lambda made: _said(made, at=now),
    )


def _said(made: Application, *, at: datetime) -> str:
    """Return what is said of an application that was sent after ``at``, or had been there already."""
    if made.sent_at is not None and made.sent_at >= at:
        return _("Your application has arrived. We have written it to you as well.")
    return _("You had applied for this training already. Your application stands as it was.")


@page(SIGNED_IN)
def applications(request: Request) -> HttpResponse:
    """One's own applications, the newest first."""
    own = Application.objects.of(request.user).whole().order_by("-made_at", "-pk")
    return render(request, "public/training/applications.html", {"applications": own})


def _own(request: Request, pk: int) -> Application:
    return fetch(Application.objects.of(request.user).whole(), pk, for_=request.user)


@page(SIGNED_IN)
def application(request: Request, pk: int) -> HttpResponse:
    """One's own application: how it stands, and taking it back."""
    own = _own(request, pk)
    certificate = (
        Certificate.objects.of(request.user)
        .filter(application=own, replaced_by=None)
        .select_related("badge")
        .first()
    )
    context = application_context(own, at=timezone.now()) | {
        "is_own": True,
        "certificate": certificate if own.training_id else None,
        **with_paper(certificate),
        "lectures": _lectures(request, own),
        "second": Application.objects.of(request.user).filter(after=own).whole().first(),
        "has_new_name": certificate is not None and certificate.words["name"] != own.person.name,
    }
    return render(request, "public/training/application.html", context)


def _lectures(request: Request, own: Application) -> PracticeLectureQuerySet:
    """Return the practice lectures of the training at which the person speaks."""
    seen = PracticeLecture.objects.visible_to(request.user)
    return seen.spoken_by(request.user).of_run(own.run)


@page(SIGNED_IN, methods=("GET", "POST"))
def withdraw(request: Request, pk: int) -> HttpResponse:
    """Take one's own application back."""
    own, here = _own(request, pk), see_other("public:application", pk)
    if request.method != "POST" and not may("training.withdraw", own, request.user):
        return here
    context = question(
        title=_("Withdraw the application?"),
        lead=own.run.title,
        follows=[
            _("The place or the turn goes to somebody else."),
            *([_("A second choice is considered from now on.")] if has_second(own) else []),
        ],
        label=_("Withdraw the application"),
        back=here.url,
        keep=_("Keep the application"),
    ) | {"base": "ui/public.html"}
    return form_act(
        request,
        actions.withdraw,
        own,
        page=lambda status: render(request, "ui/confirm.html", context, status=status),
        to=here,
        done=_("You have withdrawn your application. Thank you for telling."),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def stop(request: Request, pk: int) -> HttpResponse:
    """Take part no more; the hours stay."""
    own, here = _own(request, pk), see_other("public:application", pk)
    if request.method != "POST" and not may("training.stop", own, request.user):
        return here
    form = StopForm(data_of(request), application=own)
    context = question(
        title=_("Do you stop the training?"),
        lead=own.run.title,
        follows=[
            _("The hours that you have done stay yours."),
            _("You need not tell why, and you can apply again."),
        ],
        label=_("I stop"),
        back=here.url,
        keep=_("I go on"),
        form=form,
    ) | {"base": "ui/public.html"}
    return form_act(
        request,
        actions.stop,
        own,
        form=form,
        page=lambda status: render(request, "ui/confirm.html", context, status=status),
        to=here,
        done=_("Written down. Thank you for telling."),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def wishes(request: Request) -> HttpResponse:
    """Tell which further trainings one would like, change it or take it back."""
    wish = own_wish(request.user)
    form = WishForm(data_of(request), wish=wish)
    return form_act(
        request,
        actions.wish,
        request.user,
        form=form,
        page=lambda status: render(
            request, "public/training/wishes.html", {"form": form, "wish": wish}, status=status
        ),
        done=_("Saved. Those who plan trainings see how many wish for what."),
        to=see_other("public:wishes"),
    )


@page(SIGNED_IN, methods=("GET", "POST"))
def wishes_remove(request: Request) -> HttpResponse:
    """Take one's wish back."""
    here = see_other("public:wishes")
    context = question(
        title=_("Remove your wish?"),
        lead=_("What would you like to be trained in?"),
        follows=[_("All that you told is removed."), _("You can tell a new wish at any time.")],
        label=_("Remove my wish"),
        back=here.url,
        keep=_("Keep the wish"),
    ) | {"base": "ui/public.html"}

    def ready() -> None:
        if own_wish(request.user) is None:
            raise NoWish

    return form_act(
        request,
        partial(actions.wish, kinds=()),
        request.user,
        ready=ready,
        page=lambda status: render(request, "ui/confirm.html", context, status=status),
        done=_("You have taken your wish back."),
        to=here,
    )
