"""Whether an expert can be asked for an order beside all that they are asked for already."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from datetime import datetime

from django.utils.translation import gettext as _

from luukku.assignments.models import Assignment, Offer
from luukku.assignments.queries import times_to_choose
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.orders.models import Order

Span = tuple[datetime, datetime]
Month = tuple[int, int]


class Room:
    """What some experts are asked for and have agreed on, and what is still to be asked of them.

    Nobody is asked for two times that overlap, nor for more tasks in a month than they have said to take: if they
    said yes to everything, they could do it all.
    """

    def __init__(self, expert_ids: Collection[int], *, at: datetime) -> None:
        """Read it in a fixed number of queries."""
        self.at = at
        limits = Expert.objects.filter(pk__in=expert_ids).values_list("pk", "monthly_limit")
        self.limits = {pk: limit for pk, limit in limits if limit is not None}
        self.spans: dict[int, list[tuple[int, Span]]] = defaultdict(list)
        self.months: dict[int, Counter[Month]] = defaultdict(Counter)
        self._read(expert_ids)

    def _read(self, expert_ids: Collection[int]) -> None:
        agreed = Assignment.objects.live().filter(expert__in=expert_ids)
        for expert_id, starts_at in agreed.values_list("expert_id", "starts_at"):
            self.months[expert_id][_month(starts_at)] += 1
        offers = Offer.objects.proposed().filter(expert__in=expert_ids).select_related("order")
        for offer in offers.prefetch_related("order__times"):
            self.take(offer.expert_id, offer.order)

    def take(self, expert_id: int, order: Order) -> None:
        """Count ``order`` among what the expert is asked for."""
        spans = [(time.starts_at, time.ends_at) for time in times_to_choose(order, at=self.at)]
        self.spans[expert_id] += [(order.pk, span) for span in spans]
        self.months[expert_id].update({_month(starts_at) for starts_at, _ends_at in spans})

    def why_not(self, expert_id: int, order: Order) -> str:
        """Return why the expert is not to be asked for ``order`` as well; nothing where there is room."""
        asked = self.spans[expert_id]
        for time in times_to_choose(order, at=self.at):
            for number, (starts_at, ends_at) in asked:
                if number != order.pk and starts_at < time.ends_at and time.starts_at < ends_at:
                    return _("the same time as order %(number)s") % {"number": number}
            limit = self.limits.get(expert_id)
            if limit is not None and self.months[expert_id][_month(time.starts_at)] >= limit:
                return _("as many tasks of that month as they take")
        return ""


def _month(moment: datetime) -> Month:
    there = helsinki(moment)
    return there.year, there.month
