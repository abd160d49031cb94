"""A background organisation keeps places in events for its own experts: each says yes or no themselves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.core.times import whens
from luukku.events import actions
from luukku.events.models import Audience, Event, Group, How, SignUp
from luukku.events.queries import free_places, not_open, place_for
from luukku.events.refusals import NotKept
from luukku.events.states import EventState
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.listing import paged
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.orderer.frame import organisation_of, show
from luukku.web.parts.events.facts import event_view
from luukku.web.ui.forms import Form

OPEN_FOR_THEM = {"audience__in": [Audience.EVERYBODY, Audience.EXPERTS], "how": How.OPEN}


def _own(request: Request) -> ExpertQuerySet:
    """Return the experts in the bank behind whom the organisation stands."""
    here = organisation_of(request)
    rows = Expert.objects.visible_to(request.user).active().filter(background_organisation=here)
    return rows.select_related("user").order_by(in_finnish("user__name"), "pk")


@page("background")
def events(request: Request) -> HttpResponse:
    """What is coming in which a place can be kept for an expert."""
    now = timezone.now()
    rows = Event.objects.visible_to(request.user).coming(now).with_numbers()
    rows = rows.filter(state=EventState.PUBLISHED, **OPEN_FOR_THEM).prefetch_related("sessions")
    shown = paged(request, rows)
    return show(
        request,
        "orderer/events/list.html",
        "experts",
        shown=shown,
        lines=[
            (event, whens((one.starts_at, one.ends_at) for one in event.sessions.all()))
            for event in shown
        ],
    )


class AskForm(Form):
    """Whom to ask."""

    expert: forms.ModelChoiceField[Expert] = forms.ModelChoiceField(
        label=gettext_lazy("For whom is a place kept?"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
        help_text=gettext_lazy("They get a letter and say yes or no within a day."),
    )

    def __init__(self, experts: ExpertQuerySet, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expert"].queryset = experts
        self.fields["expert"].label_from_instance = lambda expert: expert.user.name


@page("background", methods=("GET", "POST"))
def ask(request: Request, pk: int) -> HttpResponse:
    """Keep a place for an own expert, who then says whether they come."""
    found = fetch(Event, pk, for_=request.user)
    now = timezone.now()
    experts = _own(request)
    form = AskForm(experts, data_of(request))
    view = event_view(found, None, at=now)

    def act(event: Event, *, expert: Expert, **told: Any) -> SignUp:
        return actions.ask_own(event, expert, **told)

    refusal = not_open(found, at=now) or (NotKept() if found.how != How.OPEN else None)
    group = Group.EXPERT if found.has_quotas else ""
    waits = found.sign_ups.queue().filter(group=group).exists()
    is_full = waits or place_for(group, list(free_places(found))) is None
    return form_act(
        request,
        act,
        found,
        form=form,
        page=lambda status: show(
            request,
            "orderer/events/ask.html",
            "experts",
            status=status,
            event=found,
            view=view,
            form=form,
            why=refusal.words if refusal else "",
            is_full=is_full,
            has_experts=experts.exists(),
        ),
        # The same whether they had signed up by themselves: that is theirs to tell.
        done=_(
            "Asked. The expert says whether they come, and you need not do anything more."
            " Who has signed up or been asked before is not asked again."
        ),
        to=see_other("orderer:events"),
        back=see_other("orderer:event-ask", pk),
    )
