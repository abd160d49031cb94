"""Who fits an order and why, and what would help when too few do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.models import Offer
from luukku.assignments.states import OfferState
from luukku.core.compiled import Given, objects_once, with_keys
from luukku.core.times import helsinki, instant
from luukku.matching.models import FURTHER_PLACES, NO_FURTHER, further_place
from luukku.matching.points import as_parameters
from luukku.matching.reasons import (
    Reason,
    Side,
    of_perspective,
    of_place,
    of_tasks,
    of_themes,
)
from luukku.orders.models import Failure, Mode, Order

# Tables of other apps: experts_expert

PERSPECTIVE_BIT = {"": 0, "own": 1, "close_person": 2}
PARTS = ("theme", "perspective", "near", "rested", "light", "praise")
MOST_COUNTED = 200  # "what would help" counts up to here
EARLIER = {
    OfferState.DECLINED: gettext_lazy("said no to %(days)s"),
    OfferState.EXPIRED: gettext_lazy("did not answer about %(days)s"),
    OfferState.ACCEPTED: gettext_lazy("the task of %(days)s was cancelled"),
}
NOT_AT_THIS_TIME = gettext_lazy("not free at the time asked")
AGAINST = {
    "remote": gettext_lazy("only remotely"),
    "distance_60": gettext_lazy("farther than the expert has said to travel"),
    "distance_120": gettext_lazy("farther than the expert has said to travel"),
    "time": NOT_AT_THIS_TIME,
    "morning": NOT_AT_THIS_TIME,
    "afternoon": NOT_AT_THIS_TIME,
    "evening": NOT_AT_THIS_TIME,
    "training_kind": gettext_lazy("no further training of the kind asked"),
    "training": gettext_lazy("no further training"),
    "language": gettext_lazy("not in all the languages asked"),
    "task_type": gettext_lazy("does not do this kind of task"),
    "theme": gettext_lazy("no experience of the theme"),
}


@dataclass(frozen=True)
class Candidate:
    """An expert who fits an order, with every point of the score and its reason."""

    expert_id: int
    code_name: str
    score: float
    parts: dict[str, float]
    said: list[Reason]
    km: int | None
    tasks: int
    last_task_at: datetime | None
    time_id: int | None

    @property
    def reasons(self) -> list[str]:
        """Every reason in words."""
        return [reason.words for reason in self.said]

    def on(self, side: Side) -> list[str]:
        """Return the words of the reasons on one side."""
        return [reason.words for reason in self.said if reason.side == side]

    @property
    def by_side(self) -> list[tuple[Side, list[str]]]:
        """Each side with the words of its reasons."""
        return [(side, self.on(side)) for side in Side]

    @property
    def fits_well(self) -> bool:
        """Whether nothing speaks against asking this expert."""
        return not self.on(Side.AGAINST)


@dataclass(frozen=True)
class Help:
    """What would bring more candidates: one condition relaxed alone, and how many it adds."""

    condition: str
    label: str
    count: int
    is_at_least: bool = False  # nobody counts further than ``MOST_COUNTED``

    @property
    def is_time(self) -> bool:
        """Whether the orderer may be asked for it: another time."""
        return AGAINST[self.condition] is NOT_AT_THIS_TIME


@dataclass(frozen=True)
class Match:
    """Candidates best first, how many are wanted, and how many of the wanted were found."""

    candidates: list[Candidate]
    wanted: int
    found: int

    @property
    def is_enough(self) -> bool:
        """Whether as many fit as are wanted."""
        return self.found >= self.wanted


@dataclass(frozen=True)
class _Wish:
    """An order as the parameters of ``matching_candidates``."""

    order: Order
    themes: list[int]
    perspectives: list[int]
    theme_names: list[str]
    task_type: int
    languages: int
    is_settled: bool  # an expert has agreed to the time
    time_ids: list[int]
    starts: list[datetime] | None
    ends: list[datetime] | None
    against: list[str] = field(default_factory=list)  # what is relaxed for everybody shown


_Knob = tuple[str, str, dict[str, Any]]  # the condition, its label, the parameters it relaxes


def for_matching() -> models.QuerySet[Order]:
    """Return orders with all that ``match`` reads of them, in a fixed number of queries."""
    return Order.objects.select_related("task_type").prefetch_related(
        "order_themes__theme", "times", "languages"
    )


def match(order: Order, *, at: datetime, limit: int = 20) -> Match:
    """Return up to ``limit`` candidates for ``order``, best first, each with its reasons."""
    wish = _wish(order, at=at)
    rows = _candidates(wish, at=at, limit=max(limit, order.experts_wanted))
    earlier = _earlier(order, [row[1] for row in rows[:limit]])
    candidates = [_candidate(row, wish, earlier.get(row[1], []), at=at) for row in rows[:limit]]
    return Match(candidates, order.experts_wanted, len(rows))


def match_dates(
    orders: list[Order], *, at: datetime, limit: int = 20
) -> list[tuple[Candidate, int]]:
    """Return who fits some of the dates of a series and how many of them, most dates first, then best first.

    The reasons are those of the first date that the expert fits.
    """
    first: dict[int, Candidate] = {}
    count: dict[int, int] = {}
    for order in orders:
        for one in match(order, at=at, limit=limit).candidates:
            first.setdefault(one.expert_id, one)
            count[one.expert_id] = count.get(one.expert_id, 0) + 1
    by_fit = sorted(first.values(), key=lambda one: (-count[one.expert_id], -one.score))
    return [(one, count[one.expert_id]) for one in by_fit[:limit]]


def what_would_help(order: Order, matched: Match, *, at: datetime) -> list[Help]:
    """Return what would bring more candidates when fewer fit than are wanted, each change alone."""
    if matched.is_enough:
        return []
    return _help(_wish(order, at=at), matched.found, at=at)


def who_would_fit(
    order: Order, condition: str, *, at: datetime, limit: int = 20
) -> list[Candidate]:
    """Return who would fit ``order`` if ``condition`` alone did not hold, best first; nobody who fits as it is.

    What does not hold is the last of their reasons against. An unknown condition helps nobody.
    """
    wish = _wish(order, at=at)
    relaxed = {name: parameters for name, _label, parameters in _knobs(wish, at=at)}.get(condition)
    if relaxed is None:
        return []
    fitting = {row[1] for row in _candidates(wish, at=at, limit=MOST_COUNTED)}
    rows = _candidates(wish, at=at, limit=len(fitting) + limit, **relaxed)
    others = [row for row in rows if row[1] not in fitting][:limit]
    earlier = _earlier(order, [row[1] for row in others])
    # Of those who come without any, some have another kind: what they lack is the kind asked for.
    lacks = "training_kind" if condition == "training" and order.further_kind else condition
    wish = replace(wish, time_ids=[], against=[str(AGAINST[lacks])])
    if condition == "theme":  # none was asked for, so that none is known
        wish = replace(wish, theme_names=[], perspectives=[0])
    return [_candidate(row, wish, earlier.get(row[1], []), at=at) for row in others]


def label_of(order: Order, condition: str, *, at: datetime) -> str | None:
    """Return what relaxing ``condition`` is called for ``order``, None where the order does not set it."""
    names = {name: label for name, label, _parameters in _knobs(_wish(order, at=at), at=at)}
    return names.get(condition)


def times_if(order: Order, condition: str, *, at: datetime) -> list[tuple[datetime, datetime]]:
    """Return the times that ``condition`` stands for, where it names some: the mornings of the wished days."""
    for name, _label, relaxed in _knobs(_wish(order, at=at), at=at):
        if name == condition and relaxed.get("ends"):
            return list(zip(relaxed["starts"], relaxed["ends"], strict=True))
    return []


def _wish(order: Order, *, at: datetime) -> _Wish:
    themes = sorted(order.order_themes.all(), key=lambda row: row.pk)
    wished = sorted(order.times.all(), key=lambda row: row.starts_at)
    settled = [row for row in wished if row.is_settled]
    times = [row for row in settled or wished if not row.is_past(at)]
    return _Wish(
        order=order,
        themes=[row.theme_id for row in themes] or [0],
        perspectives=[PERSPECTIVE_BIT[row.perspective] for row in themes] or [0],
        theme_names=[row.theme.name for row in themes],
        task_type=1 << order.task_type.bit if order.task_type else 0,
        languages=sum(1 << language.bit for language in order.languages.all()),
        is_settled=bool(settled),
        time_ids=[row.pk for row in times],
        starts=[row.starts_at for row in times] if wished else None,
        ends=[row.ends_at for row in times] if wished else None,
    )


def _candidates(wish: _Wish, *, at: datetime, limit: int, **relaxed: Any) -> list[tuple[Any, ...]]:
    order = wish.order
    parameters: dict[str, Any] = {
        "order": order.pk,
        "organisation": order.organisation_id,
        "themes": wish.themes,
        "perspectives": wish.perspectives,
        "task_type": wish.task_type,
        "languages": wish.languages,
        "place": order.mode != Mode.REMOTE,
        "remote": order.mode != Mode.PLACE,
        "municipality": order.municipality_id,
        "extra_km": 0,
        "further": further_place(order),
        "starts": wish.starts,
        "ends": wish.ends,
        "at": at,
        "limit": limit,
        "points": as_parameters(),
    } | relaxed
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT e.code_name, c.expert_id, c.score, c.theme, c.perspective, c.near, c.rested, c.light,"
            " c.praise, c.km, c.last_task_at, c.tasks, c.time_number, c.has_themes, c.near_themes"
            " FROM matching_candidates(%(order)s, %(organisation)s, %(themes)s::bigint[],"
            " %(perspectives)s::smallint[], %(task_type)s, %(languages)s, %(place)s, %(remote)s,"
            " %(municipality)s, %(extra_km)s, %(further)s, %(starts)s::timestamptz[], %(ends)s::timestamptz[],"
            " %(at)s, %(limit)s, %(points)s::float8[])"
            " WITH ORDINALITY c (expert_id, score, theme, perspective, near, rested, light, praise, km,"
            " last_task_at, tasks, time_number, has_themes, near_themes, place)"
            " JOIN experts_expert e ON e.id = c.expert_id ORDER BY c.place",
            parameters,
        )
        return cursor.fetchall()


def _candidate(row: tuple[Any, ...], wish: _Wish, earlier: list[str], *, at: datetime) -> Candidate:
    code_name, expert_id, score, *points, km, last_task_at, tasks, number, has, near = row
    parts = {name: round(value, 2) for name, value in zip(PARTS, points, strict=True)}
    praise = [Reason(Side.FOR, _("good feedback earlier"))] if parts["praise"] else []
    return Candidate(
        expert_id=expert_id,
        code_name=code_name,
        score=round(score, 2),
        parts=parts,
        said=[
            *of_themes(wish.theme_names, has, near),
            *of_perspective(parts["perspective"], asked=sum(map(bool, wish.perspectives))),
            of_place(km),
            *of_tasks(last_task_at, tasks, at=at),
            *praise,
            *(Reason(Side.AGAINST, words) for words in (*wish.against, *earlier)),
        ],
        km=km,
        tasks=tasks,
        last_task_at=last_task_at,
        time_id=wish.time_ids[number - 1] if number and wish.time_ids else None,
    )


def _earlier(order: Order, expert_ids: list[int]) -> dict[int, list[str]]:
    """Return what each of the experts has answered to this order about other times, oldest first."""
    ended = _ended(order=order.pk, keys=expert_ids)
    said: dict[int, list[str]] = {}
    for offer in ended:
        days = sorted({helsinki(span.lower).date() for span in offer.answered_for})
        words = EARLIER[OfferState(offer.state)]
        names = ", ".join(f"{day.day}.{day.month}." for day in days)
        said.setdefault(offer.expert_id, []).append(words % {"days": names})
    return said


@objects_once
def _ended() -> models.QuerySet[Offer]:
    order = Given("order", models.BigIntegerField())
    return Offer.objects.ended().filter(with_keys("expert_id"), order=order).order_by("pk")


def _help(wish: _Wish, count_now: int, *, at: datetime) -> list[Help]:
    helps = []
    for condition, label, relaxed in _knobs(wish, at=at):
        count = len(_candidates(wish, at=at, limit=MOST_COUNTED, **relaxed))
        if count > count_now:
            helps.append(Help(condition, label, count - count_now, count == MOST_COUNTED))
    return helps


def _knobs(wish: _Wish, *, at: datetime) -> list[_Knob]:
    """Return what can be relaxed, one condition at a time; the expert's own limits never are."""
    order = wish.order
    knobs: list[_Knob] = []
    if order.mode == Mode.PLACE:
        knobs.append(("remote", _("If it were a remote task"), {"remote": True}))
    if order.mode != Mode.REMOTE:
        knobs += [
            ("distance_60", _("If the way could be 60 km longer"), {"extra_km": 60}),
            ("distance_120", _("If the way could be 120 km longer"), {"extra_km": 120}),
        ]
    if (
        wish.starts is not None and not wish.is_settled
    ):  # somebody else has agreed to a settled time
        # Any time of the wished months: the own limit of a month holds.
        months = {"starts": wish.starts or None, "ends": None}
        knobs.append(("time", _("If the time were another"), months))
        knobs += _at_other_hours(wish, at=at)
    if order.further_kind:
        label = _("If any further training would do")
        knobs.append(("training_kind", label, {"further": FURTHER_PLACES[""]}))
    if order.needs_further_training:
        label = _("If no further training were needed")
        knobs.append(("training", label, {"further": NO_FURTHER}))
    if wish.languages:
        knobs.append(("language", _("If the language were another"), {"languages": 0}))
    if wish.task_type:
        knobs.append(("task_type", _("If it were another kind of task"), {"task_type": 0}))
    if wish.themes != [0]:
        knobs.append(
            ("theme", _("If the theme were another"), {"themes": [0], "perspectives": [0]})
        )
    return knobs


def _at_other_hours(wish: _Wish, *, at: datetime) -> list[_Knob]:
    """Return the parts of the wished days in which no wished time begins, each as a change of time."""
    starts = [helsinki(start) for start in wish.starts or []]
    knobs: list[_Knob] = []
    for condition, label, first, typical, last in (
        ("morning", _("If it were in the morning"), time(6), time(9), time(12)),
        ("afternoon", _("If it were in the afternoon"), time(12), time(13), time(17)),
        ("evening", _("If it were in the evening"), time(17), time(17, 30), time(22)),
    ):
        lasting = [
            (instant(start.date(), typical), end - start)
            for start, end in zip(starts, wish.ends or [], strict=True)
        ]
        moved = [(start, start + length) for start, length in lasting if start > at]
        if moved and not any(first <= start.time() < last for start in starts):
            begin, end = zip(*moved, strict=True)
            knobs.append((condition, label, {"starts": list(begin), "ends": list(end)}))
    return knobs


FAILURE_OF = {
    "time": Failure.TIME,
    "remote": Failure.DISTANCE,
    "distance_60": Failure.DISTANCE,
    "distance_120": Failure.DISTANCE,
    "training_kind": Failure.TRAINING,
    "training": Failure.TRAINING,
    "language": Failure.LANGUAGE,
    "task_type": Failure.TASK_TYPE,
    "theme": Failure.THEME,
}


def likely_failure(order: Order, *, at: datetime) -> Failure:
    """Return the condition to suggest when an order is given up: what would have helped first."""
    matched = match(order, at=at)
    if matched.is_enough:
        return Failure.NO_YES
    conditions = [help_.condition for help_ in what_would_help(order, matched, at=at)]
    return next((FAILURE_OF[c] for c in FAILURE_OF if c in conditions), Failure.OTHER)
