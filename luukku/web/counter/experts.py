"""Experts at the counter; every reading of a profile is noted."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.queries import who_may_be_called
from luukku.assignments.actions import leave_bank, revoke_training, unverify_training
from luukku.assignments.states import AssignmentState
from luukku.coping.models import Flag, YearlyTalk
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import CompletedTraining, Expert
from luukku.experts.queries import card, is_on_break, missing_parts, why_not_offered
from luukku.notices.queries import letters_to
from luukku.privacy.models import Consent
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.letters import letter_rows
from luukku.web.counter.notes import notes_about
from luukku.web.counter.readiness import tried_of
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first, day_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.experts.profile import Profile, submit
from luukku.web.parts.experts.profile_forms.times import BreakForm
from luukku.web.ui.forms import Form, words_field


def _profile(request: Request, pk: int) -> Profile:
    experts = Expert.objects.select_related(
        "user", "municipality__county", "background_organisation", "responsible_person"
    )
    return Profile(
        request,
        fetch(experts, pk, for_=request.user),
        "counter",
        request.user,
        (pk,),
        reverse("counter:expert", args=[pk]),
        tabs(request, "experts"),
    )


@page("coordinator")
def expert(request: Request, pk: int) -> HttpResponse:
    """One profile whole."""
    profile = _profile(request, pk)
    expert, today = profile.expert, helsinki(timezone.now()).date()
    context = {
        "expert": expert,
        "today": today,
        "may_call": who_may_be_called([expert.user_id]),
        "card": card(expert, on=today),
        "sections": profile.sections(),
        "tabs": profile.tabs,
        "trainings": expert.trainings.order_by("-completed_on", "pk"),
        "lacks_responsible": Expert.objects.visible_to(request.user)
        .without_responsible()
        .filter(pk=pk)
        .exists(),
        "is_on_break": is_on_break(expert, today),
        "why": why_not_offered(expert, missing_parts(expert), on=today),
        "consents": Consent.objects.valid().filter(person=expert.user).order_by("purpose"),
        "tasks": expert.assignments.select_related("order__task_type").order_by(
            "-starts_at", "-pk"
        )[:10],
        "talk": YearlyTalk.objects.visible_to(request.user)
        .filter(expert=expert, organisation=expert.background_organisation)
        .order_by("-held_on")
        .first(),
        "flags": Flag.objects.visible_to(request.user)
        .passed_on()
        .live()
        .filter(expert=expert)
        .order_by("-raised_at", "-pk"),
        **tried_of(request, expert),
        **notes_about(request, expert),
        **letter_rows(request, letters_to(expert.user)),
    }
    return render(request, "counter/experts/detail.html", context)


@page("coordinator", methods=("GET", "POST"))
def section(request: Request, pk: int, section: str) -> HttpResponse:
    """One section, filled in on behalf of the expert."""
    return _profile(request, pk).section(section)


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def trainings(request: Request, pk: int) -> HttpResponse:
    """Completed trainings."""
    return _profile(request, pk).trainings()


@page("coordinator", methods=("GET", "POST"))
def training_remove(request: Request, pk: int, training: int) -> HttpResponse:
    """Take a training off the record."""
    return _profile(request, pk).remove_training(training)


@page("coordinator", methods=("GET", "POST"))
def training_verify(request: Request, pk: int, training: int) -> HttpResponse:
    """Note that the certificate has been seen, once it has been said whose and which."""
    return _act_on_training(
        request,
        actions.verify_training,
        _training(request, pk, training),
        title=_("Have you seen the certificate of %(name)s?"),
        follows=[
            _("The record says that you have seen it today."),
            _("Orderers see the kind of training, and tasks that ask for it are offered."),
            _("It can be taken back with a reason, which the expert is told."),
        ],
        label=_("I have seen the certificate"),
        done=_("Saved."),
    )


class UnverifyForm(Form):
    """Why the certificate does not count after all."""

    words = words_field(
        gettext_lazy("Why?"),
        gettext_lazy(
            "The expert is sent this. The training is their own note again, which orderers do not see."
        ),
    )


@page("coordinator", methods=("GET", "POST"))
def training_unverify(request: Request, pk: int, training: int) -> HttpResponse:
    """Take back that the certificate has been seen, with a reason."""
    certificate = _training(request, pk, training)
    return _act_on(
        request,
        unverify_training,
        _profile(request, pk),
        UnverifyForm(data_of(request)),
        on=certificate,
        about=f"{certificate.expert.user.name} · {certificate.name} · {certificate.producer}",
        title=_("The certificate does not count after all"),
        done=_("Saved."),
    )


class RevokeForm(Form):
    """Why a training counts no more."""

    words = words_field(
        gettext_lazy("Why?"),
        gettext_lazy(
            "The expert is sent this. Offers that ask for the training are taken back without telling why;"
            " agreed tasks stay and come to your queue. The hours stay on the record."
        ),
        most=2000,
    )


@page("coordinator", methods=("GET", "POST"))
def training_revoke(request: Request, pk: int, training: int) -> HttpResponse:
    """Withdraw a training, with a reason."""
    certificate = _training(request, pk, training)
    return _act_on(
        request,
        revoke_training,
        _profile(request, pk),
        RevokeForm(data_of(request)),
        on=certificate,
        about=f"{certificate.expert.user.name} · {certificate.name} · {certificate.producer}",
        title=_("Withdraw the training"),
        send=_("Withdraw"),
        done=_("The training counts no more."),
    )


@page("coordinator", methods=("GET", "POST"))
def training_restore(request: Request, pk: int, training: int) -> HttpResponse:
    """Let a withdrawn training count again, once it has been said whose and which."""
    return _act_on_training(
        request,
        actions.restore_training,
        _training(request, pk, training),
        title=_("Does the training of %(name)s count again?"),
        follows=[
            _("The expert is told, and tasks that ask for the training are offered again."),
            _("Offers that were taken back stay so. You can make them again."),
        ],
        label=_("It counts again"),
        done=_("The training counts again."),
    )


def _act_on_training(
    request: Request,
    act: Callable[..., CompletedTraining],
    certificate: CompletedTraining,
    *,
    title: str,
    follows: list[str],
    label: str,
    done: str,
) -> HttpResponse:
    """Do ``act`` once it has been said whose training it is and which; ``title`` names the expert."""
    back = reverse("counter:expert", args=[certificate.expert_id])
    return counter_act(
        request,
        act,
        certificate,
        page=lambda _status: ask_first(
            request,
            tabs(request, "experts"),
            title=title % {"name": certificate.expert.user.name},
            lead=f"{certificate.name} · {certificate.producer} · {day_of(certificate.completed_on)}",
            follows=follows,
            label=label,
            back=back,
            keep=_("Not yet"),
            is_end=False,
        ),
        done=done,
        to=see_other("counter:expert", certificate.expert_id),
    )


def _training(request: Request, pk: int, training: int) -> CompletedTraining:
    trainings = CompletedTraining.objects.select_related("expert__user").filter(expert=pk)
    return fetch(trainings, training, for_=request.user)


@page("coordinator", methods=("GET", "POST"))
def move(request: Request, pk: int, move: str) -> HttpResponse:
    """Welcome, send on behalf, or take out of the bank; the last is asked first."""
    acts = {"welcome": actions.welcome, "submit": submit, "leave": leave_bank}
    if move not in acts:
        raise Http404
    to = see_other("counter:expert", pk)
    if request.method != "POST" and move != "leave":
        return to
    expert = _profile(request, pk).expert
    return counter_act(
        request,
        acts[move],
        expert,
        page=(lambda _status: _ask_to_leave(request, expert)) if move == "leave" else None,
        done=_("Saved."),
        to=to,
    )


def _ask_to_leave(request: Request, expert: Expert) -> HttpResponse:
    waiting = expert.offers.proposed().count()
    ahead = expert.assignments.filter(state=AssignmentState.AGREED).count()
    return ask_first(
        request,
        tabs(request, "experts"),
        title=_("Take %(name)s out of the bank?") % {"name": expert.user.name},
        lead=expert.code_name,
        follows=[
            _("No more tasks are offered, and the profile is shown to nobody."),
            ngettext(
                "%(n)s unanswered offer or sign-up ends.",
                "%(n)s unanswered offers or sign-ups end.",
                waiting,
            )
            % {"n": waiting}
            if waiting
            else "",
            ngettext("%(n)s agreed task stays agreed.", "%(n)s agreed tasks stay agreed.", ahead)
            % {"n": ahead}
            if ahead
            else "",
            _("The profile stays as it is and can be sent to the bank again."),
        ],
        label=_("Take out of the bank"),
        back=reverse("counter:expert", args=[expert.pk]),
        keep=_("Keep in the bank"),
        people=[expert.user],
        no_calls={expert.user_id} - who_may_be_called([expert.user_id]),
    )


@page("coordinator", methods=("GET", "POST"))
def erase(request: Request, pk: int) -> HttpResponse:
    """Delete a profile for good, for the expert who asked."""
    return _profile(request, pk).erase()


@page("coordinator", methods=("GET", "POST"))
def pause(request: Request, pk: int) -> HttpResponse:
    """Write down a break, or its end, for the expert who called."""
    profile = _profile(request, pk)
    if "resume" in request.POST:
        return counter_act(
            request,
            actions.resume,
            profile.expert,
            done=_("The break has ended. Tasks are offered again."),
            to=see_other("counter:expert", pk),
        )
    form = BreakForm(data_of(request))
    form.fields["until"].help_text = _(
        "Leave empty if the day is not known. The break goes on until it is ended."
    )
    return _act_on(
        request,
        actions.pause,
        profile,
        form,
        title=_("Break on behalf of the expert"),
        send=_("Start the break"),
        done=_("The break has been written down. No new tasks are offered."),
    )


def _act_on(
    request: Request,
    act: Callable[..., object],
    profile: Profile,
    form: Form,
    *,
    title: str,
    done: str,
    on: CompletedTraining | None = None,
    about: str = "",
    send: str = "",
) -> HttpResponse:
    """Show a page of one form about the expert; once it is right do ``act``, to ``on`` or the profile, and go there."""
    return counter_act(
        request,
        act,
        on or profile.expert,
        form=form,
        page=lambda status: _form_page(
            request, profile, form, title, about=about, send=send, status=status
        ),
        done=done,
        to=see_other("counter:expert", profile.expert.pk),
    )


def _form_page(
    request: Request,
    profile: Profile,
    form: Form,
    title: str,
    *,
    about: str = "",
    send: str = "",
    status: int = 200,
) -> HttpResponse:
    """Return a page with one form about the expert, whom it names."""
    context = {
        "form": form,
        "title": title,
        "about": about or profile.expert.user.name,
        "send": send or _("Send"),
        "home": profile.home,
        "tabs": profile.tabs,
        "section": "",
    }
    return render(request, "parts/experts/section.html", context, status=status)


class SendBackForm(Form):
    """The counter's words to the expert."""

    words = words_field(
        gettext_lazy("Words to the expert"),
        gettext_lazy(
            "The expert is sent this, completes the profile and sends it to the counter again."
        ),
        most=2000,
    )


@page("coordinator", methods=("GET", "POST"))
def send_back(request: Request, pk: int) -> HttpResponse:
    """Give a profile back to be completed."""
    profile = _profile(request, pk)
    return _act_on(
        request,
        actions.send_back,
        profile,
        SendBackForm(data_of(request)),
        title=_("Ask for an addition"),
        done=_("Saved."),
    )
