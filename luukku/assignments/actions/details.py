"""What an order under way asks for and offers, changed: who has said yes, or is asked, hears of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.agreed import forget_reminders
from luukku.assignments.actions.booking import place_of
from luukku.assignments.actions.common import lock, remind, tell_asked
from luukku.assignments.models import Assignment
from luukku.assignments.notices import DetailsChanged
from luukku.assignments.states import AssignmentState
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.orders import actions as orders
from luukku.orders.models import Order
from luukku.orders.told import to_orderer
from luukku.taxonomy.models import Language, Theme


class YesToOthers(Refused):
    """Somebody has said yes to other themes, languages or recording: others need a new order."""

    words = _("An expert has just said yes, so themes, languages and recording stay.")


class FeeLowered(Refused):
    """Somebody has said yes to more money: they are asked, never told."""

    words = _(
        "An expert has said yes to this fee and these travel costs: they can be raised, not"
        " lowered. Less needs a new order, to which the expert says yes or no."
    )
    field = "fee_eur"


def change_details(
    order: Order,
    *,
    by: User,
    at: datetime,
    themes: Iterable[tuple[Theme, str]] | None = None,
    languages: Iterable[Language] | None = None,
    **fields: object,
) -> Order:
    """Change what an order asks for; agreed tasks and calendars follow, and everybody is told what has changed.

    Who is asked and has not answered is told when it is something that one decides by.

    Args:
        fields: as ``orders.actions.change_details`` takes them.

    Raises:
        PermissionDenied, WrongState: as in ``orders.actions.change_details``.
        YesToOthers, FeeLowered: somebody has said yes to what was; nothing has changed.
    """
    with transaction.atomic():
        was = lock(order.pk)
        order, changed = orders.change_details(
            was, by=by, at=at, themes=themes, languages=languages, **fields
        )
        agreed = order.assignments.filter(state=AssignmentState.AGREED)
        tasks = list(agreed.select_related("expert__user", "order__municipality").order_by("pk"))
        if tasks and changed & orders.BOUND:
            raise YesToOthers
        if changed & orders.MONEY and any(_is_less(order, task) for task in tasks):
            raise FeeLowered
        if changed:
            _keep(tasks, order, is_moved=bool(changed & orders.PLACE), at=at)
            _tell(tasks, order, was, changed, by=by, at=at)
    return order


def _is_less(order: Order, task: Assignment) -> bool:
    """Return whether the order now offers less than the expert of ``task`` has said yes to."""
    fee = task.fee_eur
    is_lower = fee is not None and (order.fee_eur is None or order.fee_eur < fee)
    return is_lower or (task.pays_travel and not order.pays_travel)


def _keep(tasks: list[Assignment], order: Order, *, is_moved: bool, at: datetime) -> None:
    """Let what was agreed follow the order; a calendar entry is a new one when it tells of another place."""
    for task in tasks:
        task.mode, task.place = order.mode, place_of(order)
        task.fee_eur, task.pays_travel = order.fee_eur, order.pays_travel
        if is_moved:
            task.calendar_version += 1
            task.calendar_changed_at = at
        task.save()


def _tell(
    tasks: list[Assignment],
    order: Order,
    was: Order,
    changed: frozenset[str],
    *,
    by: User,
    at: datetime,
) -> None:
    is_moved = bool(changed & orders.PLACE)
    if is_moved:
        forget_reminders(order, *tasks)
    for task in tasks:
        for reader in (task.expert.user, *to_orderer(order)):
            tell(DetailsChanged(task, reader, was=was, changed=changed, at=at), to=reader, at=at)
            if is_moved:
                remind(task, reader, at=at)
    if changed & orders.DECIDING:
        tell_asked(order, was, changed, at=at)


def set_times(
    order: Order, times: Iterable[tuple[datetime, datetime]], *, by: User, at: datetime
) -> Order:
    """Change the wished times of an order without an agreed task, and tell who has been asked or signed up.

    Raises:
        PermissionDenied, WrongState: as in ``orders.actions.set_times``.
    """
    with transaction.atomic():
        was = lock(order.pk)
        order = orders.set_times(was, times, by=by, at=at)
        tell_asked(order, was, frozenset({"times"}), at=at)
    return order
