"""The terms of the dates of a series that are not the same for all of them: each is said beside its date."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from luukku.assignments.notices import fee, where
from luukku.orders.actions import MONEY, PLACE
from luukku.orders.history import apart, label_of
from luukku.orders.models import Order

# What the facts of a task say in one line of several fields: its name there, and the fields.
LINES: dict[str, Collection[str]] = {
    "where": PLACE,
    "fee": MONEY,
    "audience": ("audience", "audience_size"),
    "languages": ("languages", "has_interpreter"),
    "talks": ("offers_pretalk", "offers_debrief"),
}
# What they say of one field each.
FIELDS = (
    "title", "unit", "length_minutes", "task_type", "expert_does", "goal", "themes", "others_present",
    "has_children", "experts_wanted", "accessibility", "equipment", "preparation", "recording",
)  # fmt: skip
GROUPS: dict[str, Collection[str]] = LINES | {name: (name,) for name in FIELDS}
SAID: dict[str, tuple[str | Promise, Callable[[Order], str]]] = {
    "where": (_("Where"), where),
    "fee": (_("Fee"), fee),
}


@dataclass(frozen=True)
class Term:
    """One thing that an expert decides by, in words."""

    name: str
    what: str | Promise
    said: str


def terms_apart(orders: Collection[Order]) -> tuple[frozenset[str], dict[int, list[Term]]]:
    """Return the names in ``GROUPS`` of what is not the same in all ``orders``, and it in words by their keys."""
    if len(orders) < 2:
        return frozenset(), {}
    words = apart(orders, GROUPS.values())
    fields = next(iter(words.values()))
    names = [name for name, group in GROUPS.items() if fields.keys() & set(group)]
    terms = {
        one.pk: [t for name in names for t in _terms(name, one, words[one.pk])] for one in orders
    }
    return frozenset(names), terms


def _terms(name: str, order: Order, words: dict[str, str]) -> list[Term]:
    if name in SAID:
        what, say = SAID[name]
        return [Term(name, what, say(order))]
    return [Term(name, capfirst(label_of(field)), words[field]) for field in GROUPS[name]]
