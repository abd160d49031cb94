"""The organisation's desk: what waits for whom."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.feedback.queries import awaiting_feedback, awaiting_what_changed
from luukku.orders.models import Order
from luukku.orders.queries import use_of
from luukku.orders.states import OPEN_STATES, OrderState
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import contact_of
from luukku.web.http import SIGNED_IN, Standing, orders_for, page
from luukku.web.orderer.frame import ORGANISATION, organisation_of, show, with_next_step


@page(*ORGANISATION)
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the person and what goes on in the organisation."""
    here = organisation_of(request)
    roles = {m.role for m in Standing.of(request).memberships if m.organisation_id == here.pk}
    context = {"organisation": here, "contact": contact_of(here), "orders_here": orders_for(request)}
    if context["orders_here"]:
        context |= _ordering(request)
    if MemberRole.BACKGROUND in roles:
        experts = (
            Expert.objects.visible_to(request.user)
            .filter(background_organisation=here)
            .exclude(state=ExpertState.LEFT)
            .select_related("user", "responsible_person")
            .order_by("user__name", "pk")
        )
        context["experts"] = list(experts)
        context["without_person"] = sum(expert.responsible_person is None for expert in context["experts"])
    return show(
        request, "orderer/desk.html", "desk", is_background=MemberRole.BACKGROUND in roles,
        is_producer=MemberRole.PRODUCER in roles, **context,
    )


def _ordering(request: HttpRequest) -> dict[str, object]:
    here, now = organisation_of(request), timezone.now()
    mine = (
        Order.objects.visible_to(request.user)
        .filter(organisation=here)
        .select_related("task_type", "municipality", "contact")
        .prefetch_related("times")
    )
    return {
        "drafts": with_next_step(mine.in_state(OrderState.DRAFT).order_by("-made_at", "-pk")),
        "under_way": with_next_step(mine.in_state(*OPEN_STATES).order_by("sent_at", "pk")),
        "to_feedback": list(awaiting_feedback(request.user).filter(order__organisation=here)),
        "to_tell": list(awaiting_what_changed(request.user).filter(order__organisation=here)),
        "use": use_of(here, year=helsinki(now).year),
    }


@page(SIGNED_IN)
def settings(request: HttpRequest) -> HttpResponse:
    """How letters reach one is chosen on the account's own page."""
    return HttpResponseRedirect(reverse("notice-settings"))
