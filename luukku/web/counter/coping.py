"""Signs of load at the counter: whom to call, and what became of it."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.queries import who_may_be_called
from luukku.coping import actions
from luukku.coping.finding import holding
from luukku.coping.models import Flag, FlagKind, FlagQuerySet
from luukku.coping.queries import rule_of
from luukku.coping.states import DISMISS, FlagState
from luukku.core.ordering import by_label, by_surname
from luukku.core.times import helsinki
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.counter.queue import after
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, StateFilter, TextFilter
from luukku.web.ui.forms import Form, words_field
from luukku.workflow.actions import require


def _rows(request: Request) -> FlagQuerySet:
    return Flag.objects.visible_to(request.user).passed_on().select_related("expert__user")


class FlagFilters(Filters):
    """By what the counter looks for a sign of load."""

    state = StateFilter(
        FlagState,
        groups={
            "todo": (gettext_lazy("Waits for a talk"), (FlagState.RAISED,)),
            "live": (
                gettext_lazy("Stands now"),
                (FlagState.RAISED, FlagState.ACTED, FlagState.DISMISSED),
            ),
        },
        initial="todo",
    )
    kind = ChoiceFilter(choices=FlagKind.choices, label=gettext_lazy("Sign"))
    q = TextFilter(holding, help_text=gettext_lazy("Name, code name, phone or e-mail."))


FLAGS = Listing(
    name="flags",
    title=gettext_lazy("Signs of load"),
    rows=_rows,
    filters=FlagFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda flag: flag.expert.user.name,
            order=by_surname("expert__user__name"),
            names_row=True,
        ),
        Column(
            "kind",
            gettext_lazy("Sign"),
            lambda flag: flag.get_kind_display(),
            order=lambda: by_label("kind", FlagKind),
        ),
        Column(
            "since",
            gettext_lazy("Since"),
            lambda flag: helsinki(flag.raised_at).date(),
            order="raised_at",
        ),
        Column(
            "talk",
            gettext_lazy("Talk asked for"),
            lambda flag: flag.talk_asked_at and helsinki(flag.talk_asked_at).date(),
            order="talk_asked_at",
        ),
        Column(
            "phone",
            gettext_lazy("Phone"),
            lambda flag: flag.expert.user.phone,
            shows=tags.phone,
            is_plain=True,
        ),
        Column(
            "state",
            gettext_lazy("State"),
            lambda flag: flag.state_label,
            order=lambda: by_label("state", FlagState),
            is_plain=True,
        ),
    ),
    order="-since",
    url=lambda flag: reverse("counter:flag", args=[flag.pk]),
    tab="experts",
)


@page("coordinator")
def flags(request: Request) -> HttpResponse:
    """All signs of load that the counter sees, the newest first."""
    return show_list(
        request,
        FLAGS,
        empty=_("No signs of load here."),
        lead=_("The expert has seen each first. Matching and orderers never see them."),
        back=(reverse("counter:experts"), _("Experts")),
    )


def _flag(request: Request, pk: int) -> Flag:
    flags = Flag.objects.passed_on().select_related(
        "expert__user", "expert__background_organisation", "settled_by"
    )
    return fetch(flags, pk, for_=request.user)


@page("coordinator", methods=("GET", "POST"))
def flag(request: Request, pk: int) -> HttpResponse:
    """One sign: why, whom to call, and "we talked"."""
    sign = _flag(request, pk)
    context = {
        "flag": sign,
        "expert": sign.expert,
        "rule": rule_of(FlagKind(sign.kind)),
        "may_call": _who_may_be_called(sign),
        "tabs": tabs(request, "experts"),
    }
    return counter_act(
        request,
        actions.act,
        sign,
        page=lambda status: render(request, "counter/coping/flag.html", context, status=status),
        done=_("%(name)s: written down that you have talked. Thank you.")
        % {"name": sign.expert.user.name},
        to=lambda _flag: after(request),
        back=see_other("counter:flag", pk),
    )


def _who_may_be_called(flag: Flag) -> set[int]:
    """Return the expert's key if we may call: by the yes to calls, or as a talk was asked for."""
    whose = flag.expert.user_id
    return {whose} if flag.talk_asked_at else set(who_may_be_called([whose]))


class DismissForm(Form):
    """Why a sign can be put aside."""

    reason = words_field(
        gettext_lazy("Why can it be put aside?"),
        gettext_lazy("The expert can read this. It comes back only if there is something new."),
    )


@page("coordinator", methods=("GET", "POST"))
def flag_dismiss(request: Request, pk: int) -> HttpResponse:
    """Put a sign aside, with a reason."""
    sign, form = _flag(request, pk), DismissForm(data_of(request))
    context = {
        "form": form,
        "title": _("Put the sign aside"),
        "about": sign.expert.user.name,
        "send": _("Put aside"),
        "home": reverse("counter:flag", args=[pk]),
        "tabs": tabs(request, "experts"),
        "section": "",
    }
    return counter_act(
        request,
        actions.dismiss,
        sign,
        form=form,
        page=lambda status: render(request, "parts/experts/section.html", context, status=status),
        ready=lambda: require(sign, DISMISS),
        done=_("Put aside."),
        to=see_other("counter:flag", pk),
    )


@page("coordinator", methods=("POST",))
def flag_reopen(request: Request, pk: int) -> HttpResponse:
    """Take back that it was talked about or put aside."""
    return counter_act(
        request,
        actions.reopen,
        _flag(request, pk),
        done=_("Taken back. It waits for a call again."),
        to=see_other("counter:flag", pk),
    )
