"""The organisation's desk: what waits for whom."""

from collections import defaultdict
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from luukku.coping.models import Flag
from luukku.coping.queries import is_anything_open
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.experts.queries import trained_by, with_why_not_offered
from luukku.experts.states import ExpertState
from luukku.guidance.models import HandOver
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import contact_of
from luukku.readiness.models import Loan
from luukku.training.models import Application, Run
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.listing import paged
from luukku.web.kit.request import Request
from luukku.web.kit.roles import Roles, orders_for
from luukku.web.orderer.frame import ORGANISATION, organisation_of, roles_here, show, with_next_step
from luukku.web.orderer.waiting import of_events, of_programmes
from luukku.workbench.queries import orderer_desk as asked

A_PAGE = 30


@page(*ORGANISATION)
def orderer_desk(request: Request) -> HttpResponse:
    """What waits for the person and what goes on in the organisation."""
    here = organisation_of(request)
    roles = roles_here(request)
    context: dict[str, Any] = {
        "organisation": here,
        "contact": contact_of(here),
        "orders_here": orders_for(request),
        "questions": _questions(request),
        "today": helsinki(timezone.now()).date(),
    }
    if context["orders_here"]:
        context |= _ordering(request)
    if MemberRole.BACKGROUND in roles:
        context["experts"] = _experts(request).count()
        context["promises_open"] = is_anything_open(here, at=timezone.now())
        ours = Loan.objects.visible_to(request.user).filter(lender=here)
        context["loans_waiting"] = ours.waiting().count()
        context["loans_late"] = ours.overdue(timezone.now()).count()
        context["without_person"] = _experts(request).without_responsible().count()
    if MemberRole.PRODUCER in roles:
        context["trained"], context["verified"] = trained_by(here.name)
        held = Run.objects.visible_to(request.user).held_by(request.user)
        waiting = Application.objects.visible_to(request.user).to_answer().filter(run__in=held)
        context["applications"] = waiting.count()
        context["to_report"] = held.to_report(timezone.now()).count()
        context |= of_programmes(request, at=timezone.now())
    if {MemberRole.BACKGROUND, MemberRole.PRODUCER} & set(roles):
        context |= of_events(request, at=timezone.now())
    return show(
        request,
        "orderer/desk.html",
        "desk",
        is_background=MemberRole.BACKGROUND in roles,
        is_producer=MemberRole.PRODUCER in roles,
        **context,
    )


def _questions(request: Request) -> list[HandOver]:
    """Return what the counter has handed to the organisations whose contact person one is, most urgent first."""
    if not any(membership.is_contact for membership in Roles.of(request).memberships):
        return []
    return asked.questions(user=request.user.pk)


def _experts(request: Request) -> ExpertQuerySet:
    here = organisation_of(request)
    return (
        Expert.objects.visible_to(request.user)
        .filter(background_organisation=here)
        .exclude(state=ExpertState.LEFT)
    )


@page("background")
def experts(request: Request) -> HttpResponse:
    """The experts behind whom the organisation stands: who they are, not what they have lived through."""
    rows = (
        _experts(request)
        .with_answering()
        .select_related("user", "responsible_person")
        .order_by(in_finnish("user__name"), "pk")
    )
    shown = paged(request, rows, A_PAGE)
    experts = with_why_not_offered(shown, on=helsinki(timezone.now()).date())
    signs: dict[int, list[str]] = defaultdict(list)
    for flag in Flag.objects.visible_to(request.user).filter(expert__in=shown.object_list):
        signs[flag.expert_id].append(flag.get_kind_display())
    return show(
        request,
        "orderer/orders/experts.html",
        "experts",
        page=shown,
        experts=[(expert, why, signs[expert.pk]) for expert, why in experts],
    )


def _ordering(request: Request) -> dict[str, object]:
    here, now = organisation_of(request), timezone.now()
    its, theirs = {"organisation": here.pk}, {"organisation": here.pk, "user": request.user.pk}
    going_on = asked.under_way(**its, at=now)
    return {
        "drafts": with_next_step(asked.drafts(**its)),
        "under_way": with_next_step(going_on),
        "of_all": going_on[0].of_all if len(going_on) == asked.SHOWN else 0,
        "to_feedback": asked.to_feedback(**theirs),
        "to_time": asked.to_time(**its),
        "to_tell": asked.to_tell(**theirs),
        "to_count": asked.to_count(**its, at=now),
        "use": asked.use_of(here, year=helsinki(now).year),
    }


@page(SIGNED_IN)
def settings(request: Request) -> HttpResponse:
    """How letters reach one is chosen on the account's own page."""
    return HttpResponseRedirect(reverse("notice-settings"))
