"""What a background organisation has promised its experts: how it stands, and the yearly talks."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.coping import actions
from luukku.coping.models import YearlyTalk
from luukku.coping.queries import backgrounds, by_talk, promises_of, rule_of_promise
from luukku.core.times import helsinki
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show
from luukku.web.parts.coping.talk_form import TalkForm
from luukku.workflow.queries import may


def _own(request: Request) -> ExpertQuerySet:
    """Return the experts in the bank behind whom the organisation stands."""
    here = organisation_of(request)
    rows = Expert.objects.visible_to(request.user).active().filter(background_organisation=here)
    return rows.select_related("user")


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
        shown=shown,
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


@page("background", methods=("POST",))
def talk_remove(request: Request, pk: int) -> HttpResponse:
    """Take back a talk that was written down by mistake."""
    talk = fetch(YearlyTalk.objects.select_related("expert"), pk, for_=request.user)
    return form_act(
        request,
        actions.remove_talk,
        talk,
        done=_("Taken back."),
        to=see_other("orderer:talk", talk.expert_id),
    )
