"""When, where and for how much, in words; what has changed of it."""

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.accounts.models import User
from luukku.assignments.dates import dates_beside
from luukku.assignments.models import Assignment
from luukku.audit.models import AuditEvent
from luukku.core.known import known
from luukku.core.text import in_euros
from luukku.core.times import when
from luukku.experts.models import Expert
from luukku.notices.models import Channel, Letter
from luukku.orders.actions.changing import MONEY, PLACE
from luukku.orders.history import label_of
from luukku.orders.models import Mode, Order
from luukku.orders.queries import times_asked, times_told


def where(order: Order) -> str:
    """Return where the task is done, in words."""
    if order.mode == Mode.REMOTE:
        return _("remotely")
    municipality = known(order.municipality)  # named unless the task is remote
    place = ", ".join(part for part in (order.address, municipality.name) if part)
    return _("%(place)s or remotely") % {"place": place} if order.mode == Mode.EITHER else place


def fee(order: Order) -> str:
    """Return what is paid for the task, in words."""
    amount = _("agreed with the counter") if order.fee_eur is None else in_euros(order.fee_eur)
    travel = _("travel is paid separately") if order.pays_travel else _("travel is not paid")
    return f"{amount}, {travel}"


def differences(was: Order, order: Order, changed: frozenset[str]) -> list[str]:
    """Say in a line each what has changed: times, place and fee with what they were, of the rest what it is about.

    Args:
        was: the order as it was, its times read before they were changed (``actions.common.lock_as_it_is``).
    """
    lines = []
    if "times" in changed:
        is_one = len(times_asked(order)) == len(times_asked(was)) == 1
        words = (
            _("The time is now: %(new)s. Before it was: %(old)s.")
            if is_one
            else _("The times are now: %(new)s. Before they were: %(old)s.")
        )
        lines.append(words % {"new": times_told(order), "old": times_told(was)})
    if changed & PLACE:
        said = {"new": where(order), "old": where(was)}
        lines.append(_("The place is now: %(new)s. Before it was: %(old)s.") % said)
    if changed & MONEY:
        said = {"new": fee(order), "old": fee(was)}
        lines.append(_("The fee is now: %(new)s. Before it was: %(old)s.") % said)
    rest = sorted(changed - PLACE - MONEY - {"times"})
    if rest:
        what = "; ".join(label_of(name) for name in rest)
        lines.append(_("This has changed, too: %(what)s.") % {"what": what})
    return lines


def listed(orders: Iterable[Order]) -> str:
    """Return a line for the times of each of the orders."""
    return "\n".join(f"– {times_told(order)}" for order in orders)


def where_and_when(orders: Iterable[Order]) -> str:
    """Return where, and a line for the times of each of the orders; the place on each line where it is not the same."""
    return _lines([(where(order), times_told(order)) for order in orders])


def where_and_when_agreed(tasks: Iterable[Assignment]) -> str:
    """Return where, and a line for the time of each of the tasks, the first first; as ``where_and_when``."""
    by_time = sorted(tasks, key=lambda task: task.starts_at)
    told = [(task.place or _("remotely"), when(task.starts_at, task.ends_at)) for task in by_time]
    return _lines(told)


def _lines(told: list[tuple[str, str]]) -> str:
    places = {place for place, _time in told}
    if len(places) == 1:
        head = _("Where: %(where)s.") % {"where": places.pop()}
        return "\n".join([head, *(f"– {time}" for _place, time in told)])
    return "\n".join(f"– {time}: {place}" for place, time in told)


def others_stay(order: Order, expert: Expert | None, *, at: datetime) -> list[str]:
    """Say which other dates of the series stay, where ``order`` alone has changed: the expert's, of None all.

    Nothing is said of an order that has none beside it.
    """
    others = dates_beside(order, expert, at=at)
    if not others:
        return []
    words = ngettext(
        "The other time of the series stays as it was:",
        "The other %(n)s times of the series stay as they were:",
        len(others),
    )
    return [words % {"n": len(others)} + "\n" + listed(others)]


def place_of(task: Assignment) -> str:
    """Return where an agreed task is done, in the reader's language while the order still says the same place.

    What was agreed is kept in the language of whoever ordered; the order's own words are said anew.
    """
    if not task.place:
        return _("remotely")
    order, said = task.order, set()
    if order.municipality is not None:
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                said.add(where(order))
    return where(order) if task.place in said else task.place


def time_heard(
    task: Assignment, reader: User, *, told_by: Iterable[str]
) -> tuple[datetime, datetime] | None:
    """Return the time that ``reader`` knows of a task which was moved after the last letter that has reached them.

    Args:
        told_by: how the keys of letters begin that tell when it is.
    """
    told = Q(*(Q(key__startswith=f"{key}:") for key in told_by), _connector=Q.OR)
    reached = Letter.objects.filter(told, reader=reader.pk).exclude(sent_at=None)
    reached = reached.exclude(channel=Channel.DESK)  # overtaken, or without an address
    moved = AuditEvent.objects.filter(
        act="assignments.change_time",
        object_type=task._meta.label_lower,
        object_id=str(task.pk),
    ).order_by("pk")
    if last := reached.order_by("-made_at").first():
        moved = moved.filter(at__gt=last.made_at)
    first = moved.first()
    if first is None or "was" not in first.data:
        return None
    starts_at, ends_at = (datetime.fromtimestamp(one, UTC) for one in first.data["was"])
    return starts_at, ends_at
