"""The orders behind duties of the queue: what is done to several of them at once, and from which duties."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from luukku.core.duty import Duty, among
from luukku.workbench.queries.taken import Key, by_kind


class OnOrders(TextChoices):
    """What is done to the orders behind the chosen rows."""

    REMIND = "remind", _("Remind those who owe an answer")
    ASK = "ask", _("Ask the candidates")


LOOKING = {
    "staffing",
    "replacement",
}  # an expert is looked for: some may have been asked, others can be
FITS = {
    OnOrders.REMIND: {"silent", "changed", *LOOKING},
    OnOrders.ASK: {"search", *LOOKING},
}


@dataclass(frozen=True)
class Behind:
    """The keys of the orders, and the duties that the act does not fit."""

    orders: list[int]
    left_out: list[Duty]


def fitting(kind: str) -> list[OnOrders]:
    """Return what can be done to the order behind a duty of ``kind``."""
    return [act for act, kinds in FITS.items() if kind in kinds]


def orders_behind(keys: Collection[Key], act: OnOrders, *, at: datetime) -> Behind:
    """Return the orders behind those duties of ``keys`` that ``act`` fits and that still wait at ``at``."""
    duties = among(by_kind(keys), at=at)
    orders = {duty.pk for duty in duties if duty.kind in FITS[act]}
    return Behind(sorted(orders), [duty for duty in duties if duty.kind not in FITS[act]])
