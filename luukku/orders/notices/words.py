"""What several letters about orders say alike."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luukku.orders.models import CancelledBy, Order
from luukku.orders.queries import wanted_on


def matter(order_id: int) -> str:
    """Return the matter of all letters about one order: offers and agreed tasks among them."""
    return f"order-{order_id}"


def order_of(about: str) -> int | None:
    """Return the number of the order that letters about the matter ``about`` are of, if of one."""
    kind, _dash, number = about.partition("-")
    return int(number) if kind == "order" else None


def number_of(order: Order) -> str:
    """Return the number by which letters call ``order``; with its day where others were made together with it."""
    day = wanted_on(order) if order.series is not None else None
    return f"{order.pk} ({date_format(day, 'SHORT_DATE_FORMAT')})" if day else str(order.pk)


def cancelled_lines(order: Order) -> list[str]:
    """Return what an orderer reads of a cancelled order: the counter's reason, if it was the counter's doing."""
    lines = [_("The order has been cancelled.")]
    if order.cancelled_by == CancelledBy.COUNTER and order.cancel_reason:
        lines.append(_("The counter’s reason: %(reason)s") % {"reason": order.cancel_reason})
    return lines
