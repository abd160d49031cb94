"""Peer meetings at the counter: who has been without, for how long, and inviting them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.coping import actions
from luukku.coping.queries import (
    MOST_INVITED,
    days,
    meetings,
    number,
    open_meetings,
    to_invite,
    with_peers,
)
from luukku.coping.states import INVITE
from luukku.core.ordering import by_surname
from luukku.core.times import helsinki, whens
from luukku.events.models import Event
from luukku.events.queries import free_places, spans
from luukku.experts.finding import holding
from luukku.experts.models import Expert
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.counter.lists import show_list
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.listing import Column, Listing
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.filters import ChoiceFilter, Filters, TextFilter
from luukku.web.ui.forms import Form
from luukku.workflow.actions import require


class PeerFilters(Filters):
    """By what the counter looks for who has been without peers."""

    without = ChoiceFilter(
        label=gettext_lazy("Peer meetings"),
        choices=[
            ("long", gettext_lazy("Over a year without")),
            ("invited", gettext_lazy("Not invited to any")),
        ],
        method=lambda rows, _name, value: (
            rows.filter(since__lte=timezone.now() - days("peer_days"))
            if value == "long"
            else rows.filter(invited_at=None)
        ),
    )
    q = TextFilter(holding, help_text=gettext_lazy("Name, code name, phone or e-mail."))


def _rows(request: Request) -> QuerySet[Any]:
    experts = Expert.objects.visible_to(request.user).active().select_related("user")
    return with_peers(experts, at=timezone.now())


PEERS = Listing(
    name="peers",
    tab="experts",
    title=gettext_lazy("Peer meetings"),
    rows=_rows,
    filters=PeerFilters,
    columns=(
        Column(
            "name",
            gettext_lazy("Name"),
            lambda expert: expert.user.name,
            order=by_surname("user__name"),
            names_row=True,
        ),
        Column(
            "since",
            gettext_lazy("Without a meeting since"),
            lambda expert: helsinki(expert.since).date(),
            order="since",
        ),
        Column(
            "met",
            gettext_lazy("Last at a meeting"),
            lambda expert: expert.met_at and helsinki(expert.met_at).date(),
            order="met_at",
        ),
        Column(
            "invited",
            gettext_lazy("Last invited"),
            lambda expert: expert.invited_at and helsinki(expert.invited_at).date(),
            order="invited_at",
        ),
    ),
    order="since",
    url=lambda expert: reverse("counter:expert", args=[expert.pk]),
)


@page("coordinator")
def peers(request: Request) -> HttpResponse:
    """Who has been without a peer meeting, the longest first; how the region's promise stands."""
    now = timezone.now()
    told = meetings(at=now)
    figures = _(
        "In the last %(days)s days %(held)s peer meetings were held; the region promises %(least)s–%(most)s a year."
        " %(reached)s of the %(experts)s experts in the bank came to one."
    ) % {
        "days": number("peer_days"),
        "held": told.held,
        "least": told.least,
        "most": told.most,
        "reached": told.reached,
        "experts": told.experts,
    }
    return show_list(
        request,
        PEERS,
        empty=_("No experts here."),
        lead=figures,
        back=(reverse("counter:experts"), _("Experts")),
        acts=[
            (
                reverse("counter:peer-invite", args=[event.pk]),
                _("Invite to the meeting on %(day)s")
                % {"day": date_format(helsinki(event.starts_at), "SHORT_DATE_FORMAT")},
            )
            for event in open_meetings(now)[:5]
            if event.starts_at
        ],
    )


class InviteForm(Form):
    """Whom to invite."""

    experts = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Whom do you invite?"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("The longest without a peer meeting stand first."),
    )

    def __init__(self, experts: list[Expert], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [
            (
                one.pk,
                f"{one.user.name} · {date_format(helsinki(one.since), 'SHORT_DATE_FORMAT')}",  # type: ignore[attr-defined]
            )
            for one in experts
        ]
        self.fields["experts"].choices = choices
        long = timezone.now() - days("peer_days")
        self.fields["experts"].initial = [
            one.pk
            for one in experts
            if one.since <= long  # type: ignore[attr-defined]
        ]


@page("coordinator", methods=("GET", "POST"))
def invite(request: Request, pk: int) -> HttpResponse:
    """Invite those who have been without to a peer meeting: the page shows whom, and says who has been left out."""
    now = timezone.now()
    event = get_object_or_404(Event.objects.visible_to(request.user), pk=pk)
    experts = to_invite(event, Expert.objects.visible_to(request.user).active(), at=now)
    form = InviteForm(experts, data_of(request))
    context = {
        "event": event,
        "when": whens(spans(event)),
        "form": form,
        "experts": experts,
        "free": free_places(event).count(),
        "is_first_part": len(experts) == MOST_INVITED,
        "tabs": tabs(request, "experts"),
    }
    return counter_act(
        request,
        actions.invite,
        event,
        form=form,
        ready=lambda: require(event, INVITE),
        page=lambda status: render(request, "counter/coping/invite.html", context, status=status),
        done=lambda n: (
            ngettext("%(n)s expert has been invited.", "%(n)s experts have been invited.", n)
            % {"n": n}
        ),
        to=see_other("counter:peers"),
    )
