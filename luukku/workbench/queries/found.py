"""One search over all that the counter knows: orders, people, experts, organisations, questions."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.accounts.queries import person_said
from luukku.core.ordering import in_finnish
from luukku.core.text import key_in, parts_of
from luukku.experts.finding import holding as experts_holding
from luukku.experts.finding import shown_experiences
from luukku.experts.models import Experience, Expert
from luukku.guidance.finding import holding as questions_holding
from luukku.guidance.models import Question
from luukku.guidance.queries import with_first_message
from luukku.orders.finding import first_start
from luukku.orders.finding import holding as orders_holding
from luukku.orders.models import Order
from luukku.orders.states import LED_STATES
from luukku.organisations.finding import holding as organisations_holding
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Theme
from luukku.taxonomy.queries import find_themes

FEW = 8  # of each kind; its own list has the rest
NUMBER = re.compile(r"(?:([^\W\d]+)\s*)?#?\s*([1-9]\d{0,8})")  # "45", "#45", "Tilaus 45"
OF_QUESTIONS = {"kysymys", "fråga", "question"}
OF_ORDERS = {"", "tilaus", "beställning", "order", "nro", "nr"}
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Section:
    """What was found of one kind; ``has_more`` than is shown."""

    kind: str
    label: str | Promise
    rows: list[Any]
    has_more: bool


@dataclass(frozen=True)
class Hits:
    """What was found, without kinds of which nothing was; ``themes``: those that the words mean."""

    sections: list[Section]
    themes: list[Theme]


def jump(words: str, *, viewer: User) -> Order | Question | None:
    """Return the one thing whose number ``words`` are: "45" or "Tilaus 45" an order, "Kysymys 4" a question."""
    if not (told := NUMBER.fullmatch(words)) or (key := key_in(told[2])) is None:
        return None
    word = (told[1] or "").lower()
    if word in OF_QUESTIONS:
        return Question.objects.visible_to(viewer).filter(pk=key).first()
    if word in OF_ORDERS:
        return Order.objects.visible_to(viewer).exclude(organisation=None).filter(pk=key).first()
    return None


def found(words: str, *, viewer: User) -> Hits:
    """Return what ``words`` may mean, each of them, to ``viewer`` at the counter; the queries are always the same."""
    themes = find_themes(words)
    parts = parts_of(words)

    def all_parts(rows: Rows, holding: Callable[..., Rows]) -> Rows:
        for part in parts:
            rows = holding(rows, part)
        return rows

    is_open = Case(When(state__in=LED_STATES, then=0), default=1)
    orders = all_parts(
        Order.objects.visible_to(viewer).exclude(organisation=None), orders_holding
    ).select_related("organisation", "contact", "task_type")
    experts: Any = (
        Expert.objects.visible_to(viewer)
        .select_related("user", "municipality")
        .prefetch_related(Prefetch("experiences", _meant(themes), to_attr="meant"))
    )
    experts = experts_holding(experts, words) if themes else all_parts(experts, experts_holding)
    people = all_parts(
        User.objects.visible_to(viewer), lambda rows, part: rows.filter(person_said(part))
    )
    questions = all_parts(Question.objects.visible_to(viewer), questions_holding)
    sections = [
        _section(
            "order", _("Orders"), orders.annotate(begins=first_start()).order_by(is_open, "-pk")
        ),
        _section("person", _("People"), people.order_by(in_finnish("name"), "pk")),
        _section("expert", _("Experts"), experts.order_by(in_finnish("code_name"), "pk")),
        _section(
            "organisation",
            _("Organisations"),
            all_parts(
                Organisation.objects.visible_to(viewer).select_related("municipality"),
                organisations_holding,
            ).order_by(in_finnish("name"), "pk"),
        ),
        _section(
            "question",
            _("Questions"),
            questions.prefetch_related(with_first_message()).order_by("-pk"),
        ),
    ]
    return Hits([one for one in sections if one.rows], themes)


def _meant(themes: list[Theme]) -> QuerySet[Experience]:
    """Return the experiences by which an expert is found; no other is read."""
    return shown_experiences().filter(Q(theme__in=themes) | Q(theme__parent__in=themes))


def _section(kind: str, label: str | Promise, rows: Rows) -> Section:
    few = list(rows[: FEW + 1])
    return Section(kind, label, few[:FEW], len(few) > FEW)
