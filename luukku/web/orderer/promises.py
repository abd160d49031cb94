"""What a background organisation has promised its experts: how it stands, and the yearly talks."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.coping import actions
from luukku.coping.models import YearlyTalk
from luukku.coping.queries import TRAININGS, backgrounds, by_talk, promises_of, rule_of_promise
from luukku.core.times import helsinki
from luukku.events.models import Event
from luukku.events.states import EventState
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.experts.states import ExpertState
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.events import OPEN_FOR_THEM
from luukku.web.orderer.frame import organisation_of, show, tabs
from luukku.web.parts.coping.removing import removal_of
from luukku.web.parts.coping.talk_form import TalkForm
from luukku.workflow.queries import may


def _own(request: Request) -> ExpertQuerySet:
    """Return the experts in the bank behind whom the organisation stands."""
    here = organisation_of(request)
    rows = Expert.objects.visible_to(request.user).active().filter(background_organisation=here)
    return rows.select_related("user")


def _out_of_bank(request: Request) -> int:
    """Return how many the organisation's list of experts has beside those whose promises are counted."""
    behind = Expert.objects.visible_to(request.user).filter(
        background_organisation=organisation_of(request)
    )
    counted = behind.active().values("pk")
    return behind.exclude(state=ExpertState.LEFT).exclude(pk__in=counted).count()


@page("background")
def promises(request: Request) -> HttpResponse:
    """How each promise stands, and with whom it is time to talk, the most urgent first."""
    now, here = timezone.now(), organisation_of(request)
    if not may("coping.view_promises", here, request.user):
        raise Http404  # they stand behind experts somewhere else
    row = backgrounds(at=now).filter(pk=here.pk).first()
    shown = paged(request, by_talk(_own(request)))
    return show(
        request,
        "orderer/coping/promises.html",
        "experts",
        promises=[(one, rule_of_promise(one.kind)) for one in promises_of(row, at=now)]
        if row
        else [],
        may_keep=Event.objects.visible_to(request.user)
        .coming(now)
        .filter(state=EventState.PUBLISHED, kind__in=TRAININGS, **OPEN_FOR_THEM)
        .exists(),
        shown=shown,
        left_out=_out_of_bank(request),
        today=helsinki(now).date(),
    )


@page("background", methods=("GET", "POST"))
def talk(request: Request, pk: int) -> HttpResponse:
    """Write down a talk; those that were held stand below."""
    expert = fetch(_own(request).select_related("background_organisation"), pk, for_=request.user)
    form = TalkForm(expert, data_of(request), by=request.user)
    talks = YearlyTalk.objects.visible_to(request.user).filter(expert=expert)
    return form_act(
        request,
        actions.note_talk,
        expert,
        form=form,
        page=lambda status: show(
            request,
            "orderer/coping/talk.html",
            "experts",
            status=status,
            expert=expert,
            form=form,
            talks=talks.select_related("held_by", "expert").order_by("-held_on", "-pk"),
        ),
        done=_("Written down. Only the day and who talked is kept."),
        to=see_other("orderer:promises"),
    )


@page("background", methods=("GET", "POST"))
def talk_remove(request: Request, pk: int) -> HttpResponse:
    """Take back a talk that was written down by mistake; asked first, for it is not kept anywhere."""
    talk = fetch(YearlyTalk.objects.select_related("expert__user"), pk, for_=request.user)
    return form_act(
        request,
        actions.remove_talk,
        talk,
        page=lambda _status: ask_first(
            request,
            tabs(request, "experts"),
            **removal_of(talk, back=reverse("orderer:talk", args=[talk.expert_id])),
        ),
        done=_("Taken back."),
        to=see_other("orderer:talk", talk.expert_id),
    )
