"""Open calls and expert cards that fit what the words of a question stand for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import F, Q, QuerySet

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.matching.models import Supply
from luukku.orders.calls import as_listed, calls_to_come
from luukku.orders.models import Mode, Order, OrderTheme
from luukku.search.keys import Asked
from luukku.search.models import NameOf
from luukku.search.queries.documents import Results
from luukku.search.queries.meanings import Stands
from luukku.taxonomy.models import Language, TaskType, Theme

# Trainings join here when they exist: found like calls, by what their words stand for.
GENERIC = frozenset({
    "kokemusasiantuntija", "kokemustoimija", "kokemusosaaja", "asiantuntija", "ihminen", "tehtävä", "keikka",
    "avoin", "kutsu", "erfarenhetsexpert", "expert", "uppdrag", "task", "call", "open", "experi",
})  # fmt: skip


@dataclass(frozen=True)
class CallQuery:
    """Open calls that fit the question; whether its themes had to be left out."""

    orders: QuerySet[Order]
    leaves_themes_out: bool


def calls(results: Results, *, viewer: User | AnonymousUser, at: datetime) -> CallQuery | None:
    """Return the open calls that fit by what ``viewer`` may see of them; None when no word speaks of that.

    Themes of calls are not public: only who may see them finds by them.
    """
    stands = results.stands
    by: tuple[NameOf, ...] = (NameOf.TASK_TYPE, NameOf.MUNICIPALITY, NameOf.REMOTE)
    sees_themes = viewer.has_perm("search.view_themes_of_calls")
    if sees_themes:
        by = (*by, NameOf.THEME, NameOf.SYNONYM)
    if not stands.places(*by):
        return None
    orders = calls_to_come(at=at)
    if stands.of(NameOf.TASK_TYPE):
        orders = orders.filter(task_type__code__in=stands.of(NameOf.TASK_TYPE))
    if stands.of(NameOf.MUNICIPALITY):
        orders = orders.filter(municipality__in=stands.of(NameOf.MUNICIPALITY)).exclude(
            mode=Mode.REMOTE
        )
    if stands.of(NameOf.REMOTE):
        orders = orders.exclude(mode=Mode.PLACE)
    if sees_themes and stands.of(NameOf.THEME):
        of_theme = OrderTheme.objects.filter(theme__code__in=stands.of(NameOf.THEME))
        orders = orders.filter(pk__in=of_theme.values("order"))
    return CallQuery(as_listed(orders, at=at), bool(_unexplained(results, *by)))


def _unexplained(results: Results, *whats: NameOf) -> list[Asked]:
    places = results.stands.places(*whats)
    return [
        word
        for place, word in enumerate(results.words)
        if place not in places and not set(word.bases) & GENERIC
    ]


@dataclass(frozen=True)
class ExpertQuery:
    """Experts whose cards answer the question, and the themes that the cards show."""

    experts: QuerySet[Expert]
    theme_ids: tuple[int, ...]


def experts(results: Results, *, viewer: User | AnonymousUser, at: datetime) -> ExpertQuery | None:
    """Return experts found by theme, place, task type, language and remote; None if the viewer may not see cards.

    A place that an expert does not show does not find them either.
    """
    if not viewer.has_perm("search.find_experts"):
        return None
    stands = results.stands
    by = (
        NameOf.THEME, NameOf.SYNONYM, NameOf.TASK_TYPE, NameOf.MUNICIPALITY, NameOf.LANGUAGE, NameOf.REMOTE,
    )  # fmt: skip
    if not stands.places(*by) or _unexplained(results, *by):
        return None
    theme_ids = tuple(
        Theme.objects.filter(code__in=stands.of(NameOf.THEME))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    task_types = TaskType.objects.filter(code__in=stands.of(NameOf.TASK_TYPE))
    languages = Language.objects.filter(code__in=stands.of(NameOf.LANGUAGE))
    rows = Supply.objects.filter(theme__in=theme_ids or (0,))
    if stands.of(NameOf.REMOTE):
        rows = rows.filter(is_remote_ok=True)
    for column, things in (("task_types", task_types), ("languages", languages)):
        mask = (
            sum(1 << bit for bit in things.values_list("bit", flat=True))
            if _asks(stands, column)
            else 0
        )
        if mask:
            rows = rows.alias(**{f"{column}_held": F(column).bitand(mask)}).exclude(
                **{f"{column}_held": 0}
            )
    today = helsinki(at).date()
    found = Expert.objects.active().filter(pk__in=rows.values("expert"))
    found = found.exclude(Q(is_paused=True) & (Q(paused_until=None) | Q(paused_until__gte=today)))
    if stands.of(NameOf.MUNICIPALITY):
        found = found.filter(
            shows_municipality=True, municipality__in=stands.of(NameOf.MUNICIPALITY)
        )
    return ExpertQuery(found.order_by(in_finnish("code_name")), theme_ids)


def _asks(stands: Stands, column: str) -> bool:
    return bool(stands.of(NameOf.TASK_TYPE if column == "task_types" else NameOf.LANGUAGE))
