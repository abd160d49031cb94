"""Figures without people, for the steering group and the counter, told by the rule of ``core.disclosure``.

An expert who has not said yes to statistics is in none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count as Number
from django.db.models import Min, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.disclosure import (
    Count,
    exactly,
    in_tens,
    may_tell,
    share,
    three_shares,
)
from luukku.core.ordering import in_finnish
from luukku.core.periods import Period
from luukku.core.times import helsinki
from luukku.experts.models import Expert, ExpertQuerySet
from luukku.feedback.models import SCALES, Feedback, Side, WhatChanged, scale_words
from luukku.orders.models import Failure, Order, Payment, UnmetDemand
from luukku.orders.states import OrderState
from luukku.taxonomy.models import Municipality, Theme
from luukku.taxonomy.queries import region

MOMENT = timedelta(microseconds=1)  # the next period's first is not this period's
QUARTERS = (4, 3, 2, 1)


@dataclass(frozen=True)
class Row:
    """One row of figures: what is counted, and each count under its head."""

    label: str
    counts: tuple[Count, ...]

    @property
    def tells_nothing(self) -> bool:
        """Whether each of its counts is told as "under ten" only."""
        return all(count == in_tens(0) for count in self.counts)


@dataclass(frozen=True)
class Table:
    """Figures under heads; the first head is of the labels."""

    title: str
    heads: tuple[str, ...]
    rows: list[Row]
    lead: str = ""
    lang: str = ""  # of the labels, where it is not the page's

    @property
    def told(self) -> list[Row]:
        """The rows that tell something."""
        return [row for row in self.rows if not row.tells_nothing]

    @property
    def too_small(self) -> list[str]:
        """The labels of the other rows, which are told in one line."""
        return [row.label for row in self.rows if row.tells_nothing]

    @property
    def bars(self) -> list[tuple[str, list[tuple[Count, int]]]]:
        """Each label with its counts, and how long the bar of each is: per cent of the longest under its head."""
        most = [
            max((row.counts[n].size for row in self.told), default=0) or 1
            for n in range(len(self.heads) - 1)
        ]
        return [
            (
                row.label,
                [
                    (count, 100 * count.size // top)
                    for count, top in zip(row.counts, most, strict=True)
                ],
            )
            for row in self.told
        ]


@dataclass(frozen=True)
class Towns:
    """How many of the region's municipalities have ordered; which ones, to whoever can see the orders."""

    share: str
    of: int
    ordered: list[tuple[str, Count]]
    others: list[str]


class Figures:
    """What is told to ``viewer`` of a period, as it stands at ``at``."""

    def __init__(self, period: Period, *, viewer: User, at: datetime) -> None:
        self.period, self.at = period, at
        self.is_exact = viewer.is_counter
        self.tell: Callable[[int], Count] = exactly if viewer.is_counter else in_tens

    @property
    def experts(self) -> Count:
        """The experts there are now."""
        return self.tell(Expert.objects.active().counted().count())

    @property
    def answered_for(self) -> Count:
        """Those of them who have a responsible person."""
        return self.tell(Expert.objects.active().counted().answered_for().count())

    def _counted(self, period: Period) -> ExpertQuerySet:
        """Return who was counted at the period's end: taking the yes back later changes nothing that was told."""
        return Expert.objects.counted(at=min(period.ends_at, self.at))

    def sent(self, period: Period) -> QuerySet[Order]:
        """Return the orders sent in the period."""
        return Order.objects.filter(sent_at__range=_span(period))

    def _done(self, period: Period) -> int:
        tasks = Assignment.objects.filter(
            state=AssignmentState.DONE, starts_at__range=_span(period)
        )
        return tasks.filter(expert__in=self._counted(period)).count()

    def _changes_told(self, period: Period) -> int:
        told = WhatChanged.objects.filter(answered_at__range=_span(period))
        told = told.filter(order__assignments__expert__in=self._counted(period))
        return told.distinct().count()

    def _unmet(self, period: Period) -> QuerySet[UnmetDemand]:
        """Return the need that no later search met."""
        return UnmetDemand.objects.standing().filter(at__range=_span(period))

    def _missing(self, period: Period) -> int:
        return self._unmet(period).aggregate(n=Sum("missing"))["n"] or 0

    @property
    def done(self) -> Count:
        """The tasks done in the period."""
        return self.tell(self._done(self.period))

    @property
    def changes_told(self) -> Count:
        """How many times an orderer told what changed."""
        return self.tell(self._changes_told(self.period))

    @property
    def towns(self) -> Towns:
        """The municipalities that ordered in the period."""
        rows = Municipality.objects.current(helsinki(self.at).date())
        rows = rows.filter(county=region().county_id).order_by(in_finnish("name_fi"), "pk")
        orders = self.sent(self.period).values_list("municipality")
        numbers = dict(orders.annotate(n=Number("pk")).order_by("municipality"))
        towns = [(town.name, numbers.get(town.pk, 0)) for town in rows]
        with_orders = [(name, n) for name, n in towns if n]
        told = share(len(with_orders), len(towns))
        if not self.is_exact:
            return Towns(told, len(towns), [], [])
        return Towns(
            f"{len(with_orders)}/{len(towns)}",
            len(towns),
            [(name, self.tell(n)) for name, n in with_orders],
            [name for name, n in towns if not n],
        )

    def trend(self) -> Table:
        """Return what happened in each year, the latest first."""
        years = [one for one in periods(exact=self.is_exact, at=self.at) if not one.quarter]
        rows = [
            Row(
                str(year),
                (
                    self.tell(self.sent(year).count()),
                    self.tell(self._done(year)),
                    self.tell(self._missing(year)),
                ),
            )
            for year in years
        ]
        heads = (_("Year"), _("Orders sent"), _("Tasks done"), _("Experts missing"))
        return Table(_("Year by year"), heads, rows)

    def needs(self) -> Table:
        """Return each need of measure 2.3 with the experts in the bank and the orders that touch its themes."""
        themes: dict[str, set[int]] = {}
        for pk, parent, needs in Theme.objects.values_list(
            "pk", "parent__plan_needs", "plan_needs"
        ):
            for need in {*needs, *(parent or [])}:
                themes.setdefault(need, set()).add(pk)
        experts = Expert.objects.active().counted().filter(experiences__is_shown=True)
        orders = self.sent(self.period)
        rows = [
            Row(
                need,
                (
                    self.tell(experts.filter(experiences__theme__in=pks).distinct().count()),
                    self.tell(orders.filter(order_themes__theme__in=pks).distinct().count()),
                ),
            )
            for need, pks in sorted(themes.items())
        ]
        lead = _(
            "Measure 2.3, in the plan’s own words. Experts in the bank who may be asked now, and orders of"
            " %(period)s that touched the theme."
        )
        heads = (_("Need"), _("Experts"), _("Orders"))
        title = _("Needs named in the plan")
        return Table(title, heads, rows, lead % {"period": self.period}, lang="fi")

    def states(self) -> Table:
        """Return in which state the orders sent in the period are now."""
        numbers = _numbers(self.sent(self.period), "state")
        rows = self._rows(
            (state.label, numbers.get(state, 0))
            for state in OrderState
            if state != OrderState.DRAFT
        )
        return Table(_("State of the orders"), (_("State"), _("Orders")), rows)

    def payments(self) -> Table:
        """Return how many orders were sent with each answer about the money: a need without it counts too."""
        numbers = _numbers(self.sent(self.period), "payment")
        rows = self._rows((payment.label, numbers.get(payment, 0)) for payment in Payment)
        heads = (_("What the orderer says"), _("Orders"))
        return Table(_("Is the payment agreed?"), heads, rows)

    def unmet(self) -> Table:
        """Return how many experts were missing for each reason."""
        sums = self._unmet(self.period).values_list("failure").annotate(n=Sum("missing"))
        numbers = dict(sums.order_by("failure"))
        rows = self._rows((failure.label, numbers.get(failure, 0)) for failure in Failure)
        return Table(_("Unmet need"), (_("What was in the way"), _("Experts missing")), rows)

    def _rows(self, numbers: Iterable[tuple[str | Promise, int]]) -> list[Row]:
        return [Row(str(label), (self.tell(n),)) for label, n in numbers]

    def tables(self) -> list[Table]:
        """Return all that stands in tables."""
        return [self.trend(), self.needs(), self.states(), self.payments(), self.unmet()]

    def cells(self) -> Iterator[tuple[str, str, str, int]]:
        """Return every figure for a file: its table, its row, its column and how many."""
        towns = self.towns
        key = _("Key figures")
        yield key, _("Experts in the bank"), _("Now"), self.experts.size
        yield key, _("Experts with a responsible person"), _("Now"), self.answered_for.size
        yield key, _("Tasks done"), str(self.period), self.done.size
        yield key, _("Answers on what changed"), str(self.period), self.changes_told.size
        for name, count in [*towns.ordered, *((name, exactly(0)) for name in towns.others)]:
            yield _("Municipalities"), name, _("Orders"), count.size
        for table in self.tables():
            for row in table.rows:
                for head, count in zip(table.heads[1:], row.counts, strict=True):
                    yield table.title, row.label, head, count.size


def _span(period: Period) -> tuple[datetime, datetime]:
    return period.starts_at, period.ends_at - MOMENT


def _numbers(orders: QuerySet[Order], name: str) -> dict[str, int]:
    return dict(orders.values_list(name).annotate(n=Number("pk")).order_by(name))


def periods(*, exact: bool, at: datetime) -> list[Period]:
    """Return the periods to choose from, the latest first: the years since the first order was sent.

    Args:
        exact: also the year that goes on, and quarters; else years that have ended.
    """
    on = helsinki(at).date()
    first = Order.objects.aggregate(first=Min("sent_at"))["first"]
    since = min(helsinki(first).year if first else on.year, on.year if exact else on.year - 1)
    years = range(on.year if exact else on.year - 1, since - 1, -1)
    choices = [Period(year, q) for year in years for q in ((0, *QUARTERS) if exact else (0,))]
    return [one for one in choices if one.has_begun(on)]


@dataclass(frozen=True)
class Thought:
    """What one side thought: for each scale the shares that were good, in between and poor; none if too few."""

    side: Side
    shares: list[tuple[str, str, str]]

    @property
    def label(self) -> str:
        """Which side it is."""
        return str(self.side.label)

    @property
    def by_scale(self) -> list[tuple[str, tuple[str, str, str]]]:
        """Each scale's words with its shares."""
        words = [str(scale_words(scale, self.side)) for scale in SCALES]
        return list(zip(words, self.shares, strict=True))


def thoughts(year: Period) -> list[Thought]:
    """Return what both sides' feedback given in the year says, of experts who were counted at its end.

    Consent is asked as it stood then: taking it back later changes no figure that has been told.
    """
    rows = []
    for side in Side:
        given = list(
            Feedback.objects.filter(
                side=side,
                given_at__gte=year.starts_at,
                given_at__lt=year.ends_at,
                assignment__expert__in=Expert.objects.counted(at=year.ends_at),
            ).values(*SCALES, "assignment__expert", "assignment__order__contact")
        )
        people = [
            len({row[who] for row in given})
            for who in ("assignment__expert", "assignment__order__contact")
        ]
        is_told = may_tell(answers=len(given), people=people)
        shares = [three_shares(row[scale] for row in given) for scale in SCALES] if is_told else []
        rows.append(Thought(side, shares))
    return rows
