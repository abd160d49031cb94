"""The organisation's desk: what waits for whom."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.assignments import actions
from luukku.assignments.models import CalendarKey
from luukku.coping.models import Flag
from luukku.coping.queries import is_anything_open
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.experts.queries import trained_by, with_why_not_offered
from luukku.experts.states import ExpertState
from luukku.feedback.queries import awaiting_feedback, awaiting_what_changed
from luukku.guidance.models import HandOver, Question
from luukku.orders.finding import soonest_first
from luukku.orders.models import Order, TimeQuestion
from luukku.orders.queries import use_of
from luukku.orders.states import OPEN_STATES, OrderState
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import contact_of
from luukku.training.models import Application, Run
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.kit.roles import Roles, orders_for
from luukku.web.orderer.frame import ORGANISATION, organisation_of, roles_here, show, with_next_step

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
        context["key"] = CalendarKey.objects.filter(user=request.user).first()
    if MemberRole.BACKGROUND in roles:
        context["experts"] = _experts(request).count()
        context["promises_open"] = is_anything_open(here, at=timezone.now())
        context["without_person"] = _experts(request).without_responsible().count()
    if MemberRole.PRODUCER in roles:
        context["trained"], context["verified"] = trained_by(here.name)
        held = Run.objects.visible_to(request.user).held_by(request.user)
        waiting = Application.objects.visible_to(request.user).to_answer().filter(run__in=held)
        context["applications"] = waiting.count()
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
    return list(
        HandOver.objects.filter(ended_at=None, question__in=Question.objects.held_by(request.user))
        .select_related("question")
        .order_by("follow_on", "pk")
    )


def _experts(request: Request) -> ExpertQuerySet:
    here = organisation_of(request)
    return (
        Expert.objects.visible_to(request.user)
        .filter(background_organisation=here)
        .exclude(state=ExpertState.LEFT)
    )


@page("orderer", methods=("POST",))
def calendar(request: Request) -> HttpResponse:
    """Get a new calendar address."""
    actions.new_calendar_key(request.user, by=request.user, at=timezone.now())
    messages.success(request, _("Here is your calendar address. Keep it to yourself."))
    return see_other("orderer:desk")


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
    mine = (
        Order.objects.visible_to(request.user)
        .filter(organisation=here)
        .select_related("task_type", "municipality", "contact")
        .prefetch_related("times")
    )
    rows = with_next_step(soonest_first(mine.in_state(OrderState.DRAFT, *OPEN_STATES), at=now))
    drafts = [row for row in rows if row[0].state == OrderState.DRAFT]
    return {
        "drafts": sorted(drafts, key=lambda row: (row[0].made_at, row[0].pk), reverse=True),
        "under_way": [row for row in rows if row[0].state != OrderState.DRAFT],
        "to_feedback": list(awaiting_feedback(request.user).filter(order__organisation=here)),
        "to_time": list(
            TimeQuestion.objects.visible_to(request.user)
            .waiting_for_orderer()
            .filter(order__organisation=here)
            .select_related("order")
            .defer("words")
            .order_by("asked_at", "pk")
        ),
        "to_tell": list(awaiting_what_changed(request.user).filter(order__organisation=here)),
        "use": use_of(here, year=helsinki(now).year),
    }


@page(SIGNED_IN)
def settings(request: Request) -> HttpResponse:
    """How letters reach one is chosen on the account's own page."""
    return HttpResponseRedirect(reverse("notice-settings"))
