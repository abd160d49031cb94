"""What is known of remote readiness."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luukku.core.times import helsinki
from luukku.events.models import (
    Event,
    EventQuerySet,
    Kind,
    Material,
    MaterialQuerySet,
    for_everybody,
)
from luukku.orders.models import Mode, Order
from luukku.orders.states import OPEN_STATES
from luukku.readiness.models import ConnectionTest, Readiness

MOST_PRACTICES = 5
MOST_TO_LEARN_FROM = 10


def tried_by(experts: Collection[int]) -> dict[int, datetime]:
    """Return when each of ``experts`` (keys) last tried; who has not is left out."""
    rows = Readiness.objects.filter(expert__in=experts, tried_at__isnull=False)
    return {expert: at for expert, at in rows.values_list("expert", "tried_at") if at}


def tried_words(tried_at: datetime | None) -> str:
    """Return in words whether and when an expert has tried taking part remotely."""
    if tried_at is None:
        return _("Remote connection not tried yet")
    return _("Remote connection tried %(day)s") % {"day": _day(tried_at)}


def is_remote(order: Order) -> bool:
    """Return whether somebody may take part in the order remotely."""
    return order.mode != Mode.PLACE


def may_be_tried(order: Order) -> bool:
    """Return whether there is a connection that can be tried now."""
    return is_remote(order) and bool(order.meeting_url) and order.state in OPEN_STATES


@dataclass(frozen=True)
class Connection:
    """What is known of the connection of a remote order under way.

    Attributes:
        test: what the orderer told, where it is true of the link and the time that hold now.
        may_be_tried: whether there is a link.
    """

    test: ConnectionTest | None
    may_be_tried: bool

    @property
    def words(self) -> str:
        """Whether the orderer has tried it, said to others."""
        if self.test is None:
            return _("The orderer has not told yet that they have tried the connection.")
        day = _day(self.test.told_at)
        return _("The orderer has tried the connection on %(day)s.") % {"day": day}


def connection_of(order: Order) -> Connection | None:
    """Return what is known of the connection; None where nothing is done remotely any more, or at all."""
    if not is_remote(order) or order.state not in OPEN_STATES:
        return None
    told = ConnectionTest.objects.filter(
        order=order.pk, meeting_url=order.meeting_url, begins_at=order.begins_at
    )
    return Connection(told.first(), may_be_tried(order))


def practices(at: datetime) -> EventQuerySet:
    """Return the next events in which remote connections are practised."""
    coming = Event.objects.open_to_all().coming(at).filter(kind=Kind.ONLINE_PRACTICE)
    return coming.prefetch_related("sessions")[:MOST_PRACTICES]


def to_learn_from(at: datetime) -> MaterialQuerySet:
    """Return what practices have given everybody to learn from by themselves, the latest practice's first."""
    open_to_all = Event.objects.open_to_all().filter(kind=Kind.ONLINE_PRACTICE)
    shown = Material.objects.filter(for_everybody(), event__in=open_to_all.values("pk")).kept(at)
    return shown.select_related("event").order_by("-event__starts_at", "-event", "number")[
        :MOST_TO_LEARN_FROM
    ]


def _day(moment: datetime) -> str:
    return date_format(helsinki(moment), "SHORT_DATE_FORMAT")
