"""When, where and for how much, in words; what has changed of it."""

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from luukku.assignments.models import Assignment
from luukku.core.known import known
from luukku.core.text import in_euros
from luukku.orders.actions.changing import MONEY, PLACE
from luukku.orders.history import label_of
from luukku.orders.models import Mode, Order


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
    """Say in a line each what has changed: place and fee with what they were, of the rest only what it is about."""
    lines = []
    if "times" in changed:
        lines.append(_("The times of the task have changed. Below are the new ones."))
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
