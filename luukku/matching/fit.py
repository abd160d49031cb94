"""Whether somebody who has been found already still fits an order: condition by condition, without calendars."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from django.utils.translation import gettext as _

from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.matching.models import FURTHER_PLACES, Supply
from luukku.matching.queries import AGAINST
from luukku.matching.reasons import of_themes
from luukku.orders.models import Mode, Order
from luukku.taxonomy.models import Distance

EXACT = 2  # the weight of a theme that the expert knows, or knows more narrowly


def unfit(order: Order, experts: Sequence[Expert], *, at: datetime) -> dict[int, list[str]]:
    """Return by the key of each of ``experts`` what of ``order`` does not fit them; in a fixed number of queries.

    Of somebody who is not in the bank nothing is known, so that nothing is said.
    """
    supply: dict[int, dict[int, Supply]] = defaultdict(dict)
    themes = [row.theme for row in order.order_themes.all()]
    for row in Supply.objects.filter(expert__in=experts, theme__in=[0, *(t.pk for t in themes)]):
        supply[row.expert_id][row.theme] = row
    ways = Distance.objects.filter(
        destination=order.municipality,
        origin__in={rows[0].municipality for rows in supply.values() if 0 in rows},
    )
    km = dict(ways.values_list("origin", "km"))
    names = [theme.name for theme in themes]
    reasons = {}
    for expert in experts:
        rows = supply[expert.pk]
        known = [rows.get(theme.pk) for theme in themes]
        has = sum(1 << n for n, row in enumerate(known) if row and row.weight == EXACT)
        near = sum(1 << n for n, row in enumerate(known) if row and row.weight != EXACT)
        missing = of_themes(names, has, near) if 0 in rows else []
        said = [reason.words for reason in missing if reason.side == "against"]
        said += _against(order, rows[0], km, at=at) if 0 in rows else []
        reasons[expert.pk] = said
    return reasons


def _against(order: Order, row: Supply, km: dict[str, int], *, at: datetime) -> Iterator[str]:
    """Tell which of the other conditions the expert of ``row`` does not meet."""
    if order.task_type is not None and not row.task_types & (1 << order.task_type.bit):
        yield str(AGAINST["task_type"])
    languages = sum(1 << language.bit for language in order.languages.all())
    if row.languages & languages != languages:
        yield str(AGAINST["language"])
    yield from _untrained(order, row, on=helsinki(at).date())
    is_near = row.municipality in km and km[row.municipality] <= row.reach_km
    can_come = order.mode != Mode.REMOTE and is_near
    can_join = order.mode != Mode.PLACE and row.is_remote_ok
    if not (can_come or can_join):
        is_remote = order.mode == Mode.REMOTE
        yield _("not remotely") if is_remote else str(AGAINST["distance_60"])


def _untrained(order: Order, row: Supply, *, on: date) -> Iterator[str]:
    """Tell what further training the order asks for and the expert of ``row`` has not ``on`` a day."""
    if not order.needs_further_training:
        return
    last_days = zip(
        FURTHER_PLACES, row.further_until or [], strict=False
    )  # none: no further training
    holds = {kind for kind, last in last_days if last is not None and on <= last}
    if order.further_kind not in holds:
        yield str(AGAINST["training_kind" if "" in holds else "training"])
