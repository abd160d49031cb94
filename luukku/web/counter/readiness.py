"""Remote readiness at the counter: what an expert has tried, with what help is wished for, and that it was given."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.accounts.queries import who_may_be_called
from luukku.experts.models import Expert
from luukku.readiness.actions import note_practice, take_back_tried, tell_tried, try_out
from luukku.readiness.models import EquipmentKind, Readiness
from luukku.readiness.queries import tried_words
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.orders.frame import find_order
from luukku.web.counter.queue import after
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.readiness.forms import SelfTestForm, answers_of
from luukku.web.parts.readiness.groups import groups_of


def tried_of(request: Request, expert: Expert) -> dict[str, object]:
    """Return what the expert's page tells of the test, and the test behind it."""
    test = Readiness.objects.visible_to(request.user).filter(expert=expert).first()
    return {"remote_test": test, "remote_words": tried_words(test.tried_at if test else None)}


@page("coordinator", methods=("GET", "POST"))
def expert_readiness(request: Request, pk: int) -> HttpResponse:
    """The test as an expert answers it on the phone, or while it is practised together."""
    expert = fetch(Expert.objects.select_related("user"), pk, for_=request.user)
    test = Readiness.objects.visible_to(request.user).filter(expert=expert).first()
    form = SelfTestForm(data_of(request), initial=answers_of(test))
    context = {
        "form": form,
        "title": _("Trying a remote connection"),
        "about": "",
        "behalf_of": expert.user.name,
        "send": _("Save the answers"),
        "home": reverse("counter:expert", args=[pk]),
        "tabs": tabs(request, "experts"),
        "section": "",
    }
    return counter_act(
        request,
        try_out,
        expert,
        form=form,
        page=lambda status: render(request, "parts/experts/section.html", context, status=status),
        done=_("Saved."),
        to=see_other("counter:expert", pk),
    )


@page("coordinator", methods=("POST",))
def order_tried(request: Request, pk: int) -> HttpResponse:
    """Note that the orderer has told by phone that the connection has been tried."""
    return _on_order(request, pk, tell_tried, _("Noted: the orderer has tried the connection."))


@page("coordinator", methods=("POST",))
def order_untried(request: Request, pk: int) -> HttpResponse:
    """Take that back."""
    return _on_order(request, pk, take_back_tried, _("Taken back."))


def _on_order(request: Request, pk: int, act: Callable[..., object], done: str) -> HttpResponse:
    to = see_other("counter:order", pk)
    return counter_act(request, act, find_order(request, pk), done=done, to=to)


@page("coordinator", methods=("GET", "POST"))
def readiness(request: Request, pk: int) -> HttpResponse:
    """One expert's test: what works, what help is wished for, and "we have practised together"."""
    test = fetch(Readiness.objects.select_related("expert__user"), pk, for_=request.user)
    person = test.expert.user
    context = {
        "test": test,
        "expert": test.expert,
        "may_call": who_may_be_called([person.pk]),
        "groups": groups_of(test),
        "equipment": [label for kind, label in EquipmentKind.choices if kind in test.kinds],
        "tabs": tabs(request, "experts"),
    }
    return counter_act(
        request,
        note_practice,
        test,
        page=lambda status: render(
            request, "counter/readiness/detail.html", context, status=status
        ),
        done=_("%(name)s: written down that you have practised together. Thank you.")
        % {"name": person.name},
        to=lambda _test: after(request),
        back=see_other("counter:readiness", pk),
    )
