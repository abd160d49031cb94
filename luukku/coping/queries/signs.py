"""When each sign of load stands, and on what; the numbers are the region's (``docs/reference/settings.md``).

Each rule is asked once for all experts in the bank. Who has left the bank is not watched.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import groupby, islice, pairwise

from django.conf import settings
from django.db.models import Count, Exists, Min, OuterRef, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.assignments.models import Assignment, AssignmentQuerySet, Offer, Origin
from luukku.assignments.states import AssignmentState, OfferState
from luukku.coping.models import Flag, FlagKind
from luukku.core.times import helsinki
from luukku.events.models import Kind
from luukku.events.queries import came_to
from luukku.experts.states import ExpertState
from luukku.feedback.models import Debrief, Feedback, Side

Evidence = dict[int, frozenset[int]]  # by the expert's key what the sign stands on
YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
IN_ONE_PIECE = (FlagKind.NO_REST, FlagKind.NO_PEERS)
IN_BANK = {"expert__state": ExpertState.ACTIVE}


def number(name: str) -> int:
    """Return one of the numbers in the rules, as the region has set it."""
    return int(settings.LUUKKU_COPING[name])


def days(name: str) -> timedelta:
    """Return one of the numbers in the rules, of days."""
    return timedelta(days=number(name))


def stands(kind: FlagKind, *, at: datetime) -> Evidence:
    """Return the experts who show the sign ``kind`` at ``at``, with its evidence."""
    return _RULES[kind](at)


def is_new(kind: FlagKind, evidence: frozenset[int], *, seen: frozenset[int]) -> bool:
    """Return whether ``evidence`` says something that has not been ``seen`` to.

    Of rest or peers that are missing the tasks of the whole time are one thing: each further task is no news.
    """
    if not seen:
        return True
    return not evidence & seen if kind in IN_ONE_PIECE else not evidence <= seen


def seen_to() -> Mapping[tuple[int, str], frozenset[int]]:
    """Return by expert and kind what somebody has talked about or put aside."""
    by_sign: dict[tuple[int, str], set[int]] = defaultdict(set)
    settled = Flag.objects.filter(settled_by__isnull=False)
    for expert, kind, evidence in settled.values_list("expert", "kind", "evidence"):
        by_sign[expert, kind].update(evidence)
    return {key: frozenset(keys) for key, keys in by_sign.items()}


def rule_of(kind: FlagKind) -> str:
    """Return when the sign stands, in words, with the region's numbers."""
    words = {
        FlagKind.HEAVY: ngettext(
            "A task that the region counts as heavy was done over %(n)s day ago, and no talk was asked for.",
            "A task that the region counts as heavy was done over %(n)s days ago, and no talk was asked for.",
            number("debrief_days"),
        )
        % {"n": number("debrief_days")},
        FlagKind.MANY: _(
            "There are more tasks in a month than the limit that the expert has set, or at least %(least)s in the"
            " last %(days)s days and over %(times)s times as many as the expert usually has in a month."
        )
        % {
            "least": number("many_least"),
            "days": number("many_days"),
            "times": number("many_times"),
        },
        FlagKind.NO_REST: _(
            "In the last %(within)s days there have been no %(n)s days in a row without a task."
        )
        % {"within": number("rest_within_days"), "n": number("rest_days")},
        FlagKind.UNHEARD: _(
            "In the expert’s %(n)s latest feedbacks “I was heard” got %(most)s or less each time."
        )
        % {"n": number("unheard_in_row"), "most": number("unheard_most")},
        FlagKind.SILENT: _("The expert’s %(n)s latest offers have all ended without an answer.")
        % {"n": number("silent_in_row")},
        FlagKind.NO_PEERS: _(
            "The expert has been in the bank for over %(n)s days, has had tasks in them and has come to no peer"
            " meeting."
        )
        % {"n": number("peer_days")},
    }
    return words[kind]


def _heavy(at: datetime) -> Evidence:
    """Heavy tasks that were done a while ago and about which the expert has asked for no talk."""
    asked = Debrief.objects.filter(assignment=OuterRef("pk"), asked_by=OuterRef("expert__user"))
    done = _tasks().filter(
        ~Exists(asked),
        state=AssignmentState.DONE,
        order__task_type__is_heavy=True,
        ends_at__gt=at - days("look_back_days"),
        ends_at__lte=at - days("debrief_days"),
    )
    return _gathered(done.values_list("expert", "pk"))


def _many(at: datetime) -> Evidence:
    """More tasks in this or a coming month than the own limit, or many more lately than in the year before."""
    begins, this_month = at - days("many_days"), _month(at)
    rows = list(
        _tasks()
        .filter(Q(starts_at__gte=begins) | Q(starts_at__date__gte=date(*this_month, 1)))
        .values_list("expert", "pk", "starts_at", "expert__monthly_limit")
    )
    usual, pairs = _usual(begins), []
    months: dict[tuple[int, int | None, tuple[int, int]], list[int]] = defaultdict(list)
    lately: dict[int, list[int]] = defaultdict(list)
    for expert, task, starts_at, limit in rows:
        if _month(starts_at) >= this_month:
            months[expert, limit, _month(starts_at)].append(task)
        if begins <= starts_at <= at:
            lately[expert].append(task)
    for (expert, limit, _when), tasks in months.items():
        if limit is not None and len(tasks) > limit:
            pairs += [(expert, task) for task in tasks]
    for expert, tasks in lately.items():
        is_many = len(tasks) >= number("many_least")
        if is_many and expert in usual and len(tasks) > number("many_times") * usual[expert]:
            pairs += [(expert, task) for task in tasks]
    return _gathered(pairs)


def _usual(before: datetime) -> dict[int, float]:
    """Return how many tasks a month each expert had in the year before; of whoever has just begun, since then."""
    share = days("many_days")
    year = _tasks().filter(starts_at__gte=before - YEAR, starts_at__lt=before)
    rows = year.values("expert").annotate(n=Count("pk"), first=Min("starts_at"))
    return {row["expert"]: row["n"] / max(1.0, (before - row["first"]) / share) for row in rows}


def _no_rest(at: datetime) -> Evidence:
    """Tasks that follow each other without a longer rest."""
    begins = at - days("rest_within_days")
    rows = _tasks().filter(ends_at__gt=begins, starts_at__lte=at)
    busy: dict[int, set[date]] = defaultdict(set)
    tasks: dict[int, set[int]] = defaultdict(set)
    for expert, task, starts_at, ends_at in rows.values_list(
        "expert", "pk", "starts_at", "ends_at"
    ):
        busy[expert] |= {helsinki(starts_at).date(), helsinki(ends_at).date()}
        tasks[expert].add(task)
    around = {helsinki(begins).date() - timedelta(days=1), helsinki(at).date() + timedelta(days=1)}
    return {
        expert: frozenset(tasks[expert])
        for expert, those in busy.items()
        if not any(
            (after - before).days > number("rest_days")
            for before, after in pairwise(sorted(those | around))
        )
    }


def _unheard(at: datetime) -> Evidence:
    """The latest feedbacks of an expert, where in none of them they were heard."""
    given = Feedback.objects.filter(
        side=Side.EXPERT,
        assignment__expert__state=ExpertState.ACTIVE,
        given_at__gt=at - days("look_back_days"),
        given_at__lte=at,
    ).order_by("assignment__expert", "-given_at", "-pk")
    rows = given.values_list("assignment__expert", "pk", "heard")
    most = number("unheard_most")
    return _in_row(
        ((expert, key, heard <= most) for expert, key, heard in rows), number("unheard_in_row")
    )


def _silent(at: datetime) -> Evidence:
    """The latest offers to an expert, where none of them was answered; dates of a series are one offer."""
    answers = (OfferState.ACCEPTED, OfferState.DECLINED, OfferState.EXPIRED)
    offers = Offer.objects.exclude(origin=Origin.SIGNED_UP).filter(
        state__in=answers, made_at__gt=at - days("look_back_days"), made_at__lte=at, **IN_BANK
    )
    rows = offers.one_a_series().order_by("expert", "-made_at", "-pk")
    return _in_row(
        (
            (expert, key, state == OfferState.EXPIRED)
            for expert, key, state in rows.values_list("expert", "pk", "state")
        ),
        number("silent_in_row"),
    )


def _no_peers(at: datetime) -> Evidence:
    """Tasks of those who have been in the bank for long and came to no peer meeting in that time."""
    begins = at - days("peer_days")
    met = came_to(Kind.PEER, at=at).filter(
        person=OuterRef("expert__user"), event__ends_at__gt=begins
    )
    had = _tasks().filter(
        ~Exists(met),
        expert__state_changed_at__lte=begins,
        ends_at__gt=begins,
        ends_at__lte=at,
    )
    return _gathered(had.values_list("expert", "pk"))


def _tasks() -> AssignmentQuerySet:
    return Assignment.objects.live().filter(**IN_BANK)


def _month(moment: datetime) -> tuple[int, int]:
    there = helsinki(moment)
    return there.year, there.month


def _gathered(rows: Iterable[tuple[int, int]]) -> Evidence:
    gathered: dict[int, set[int]] = defaultdict(set)
    for expert, key in rows:
        gathered[expert].add(key)
    return {expert: frozenset(keys) for expert, keys in gathered.items()}


def _in_row(rows: Iterator[tuple[int, int, bool]], length: int) -> Evidence:
    """Return the first ``length`` of each expert's rows (expert, key, whether it fits), where all of them fit."""
    evidence: Evidence = {}
    for expert, those in groupby(rows, key=lambda row: row[0]):
        latest = list(islice(those, length))
        if len(latest) == length and all(fits for _expert, _key, fits in latest):
            evidence[expert] = frozenset(key for _expert, key, _fits in latest)
    return evidence


_RULES: dict[FlagKind, Callable[[datetime], Evidence]] = {
    FlagKind.HEAVY: _heavy,
    FlagKind.MANY: _many,
    FlagKind.NO_REST: _no_rest,
    FlagKind.UNHEARD: _unheard,
    FlagKind.SILENT: _silent,
    FlagKind.NO_PEERS: _no_peers,
}
