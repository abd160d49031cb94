"""Who has met their peers, and who has been left without; how the region keeps its promise of meetings.

Two to four a year are the region's promise (plan of Satakunta, measure 1.2), not each expert's: how many were held and
how many of the experts came to one are two figures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, TypedDict

from django.db import models
from django.db.models import DateTimeField, Exists, F, Max, OuterRef, Subquery
from django.db.models.functions import Coalesce

from luukku.coping.models import Invitation
from luukku.coping.queries.signs import days, number
from luukku.events.models import Audience, Event, EventQuerySet, How, Kind
from luukku.events.queries import came_to, has_free_place
from luukku.events.states import LIVE_SIGN_UPS, EventState
from luukku.experts.models import Expert, ExpertQuerySet

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

FOR_EXPERTS = (Audience.EVERYBODY, Audience.EXPERTS)
MOST_INVITED = 50  # at once


class _Met(TypedDict):
    met_at: datetime | None
    invited_at: datetime | None
    since: datetime


def with_peers(
    experts: ExpertQuerySet, *, at: datetime
) -> models.QuerySet[WithAnnotations[Expert, _Met]]:
    """Add when each last met peers, was last invited, and ``since`` when they have been without."""
    met = came_to(Kind.PEER, at=at).filter(person=OuterRef("user")).order_by()
    last = met.values("person").annotate(last=Max("event__ends_at")).values("last")
    invited = Invitation.objects.filter(expert=OuterRef("pk")).order_by("-invited_at")
    return experts.annotate(
        met_at=Subquery(last),
        invited_at=Subquery(invited.values("invited_at")[:1]),
        since=Coalesce(Subquery(last), F("state_changed_at"), output_field=DateTimeField()),
    )


def to_invite(event: Event, experts: ExpertQuerySet, *, at: datetime) -> list[Expert]:
    """Return whom to invite to ``event``: the longest without first, nobody who comes or has been invited to it."""
    comes = event.sign_ups.filter(person=OuterRef("user"), state__in=LIVE_SIGN_UPS)
    asked = Invitation.objects.filter(event=event, expert=OuterRef("pk"))
    rows = with_peers(experts.filter(~Exists(comes), ~Exists(asked)), at=at)
    return list(rows.select_related("user").order_by("since", "pk")[:MOST_INVITED])


def open_meetings(at: datetime) -> EventQuerySet:
    """Return the coming peer meetings with a place that experts can sign up for, the soonest first."""
    rows = Event.objects.coming(at).filter(state=EventState.PUBLISHED, kind=Kind.PEER)
    rows = rows.filter(audience__in=FOR_EXPERTS, starts_at__gt=at).exclude(how=How.APPLICATION)
    return rows.filter(has_free_place())


@dataclass(frozen=True)
class Meetings:
    """How the region keeps its promise: meetings held, and experts who came to one, in the last year."""

    held: int
    least: int
    most: int
    reached: int
    experts: int


def meetings(*, at: datetime) -> Meetings:
    """Return the figures of the year that ends ``at`` an instant."""
    begins = at - days("peer_days")
    held = Event.objects.filter(
        kind=Kind.PEER, ends_at__gt=begins, ends_at__lte=at, state=EventState.HELD
    )
    active = with_peers(Expert.objects.active(), at=at)
    return Meetings(
        held=held.count(),
        least=number("peer_least"),
        most=number("peer_most"),
        reached=active.filter(met_at__gt=begins).count(),
        experts=Expert.objects.active().count(),
    )
