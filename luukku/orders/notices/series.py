"""What is said to an orderer of several orders of a series at once: one letter that lists them."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.notice import Notice
from luukku.orders.models import Order
from luukku.orders.notices.order import (
    OrderAccepted,
    OrderCancelled,
    OrderDeclined,
    OrderNotFound,
    OrderNotice,
    OrderReceived,
    OrderSearching,
)
from luukku.orders.notices.words import cancelled_lines, matter
from luukku.orders.queries import reading_promise, times_told


class OrdersNotice(Notice, is_family=True):
    """One fact about several orders; subclasses name the letter that says it of one, and give the words.

    Attributes:
        single: what is said of one order.
    """

    is_must_know = True
    single: ClassVar[type[OrderNotice]]

    def __init__(self, orders: list[Order]) -> None:
        self.orders = orders
        self.key = f"{self.kind}:all-{orders[0].pk}:{orders[0].state_changed_at}"

    def about(self) -> str:
        return matter(self.orders[0].pk)

    def overtakes(self) -> list[str]:
        """What was said of each of them, and of all of them together, before."""
        keys = [key for order in self.orders for key in (f"{order.pk}", f"all-{order.pk}")]
        return [f"{kind}:{key}" for kind in EARLIER for key in keys]

    def subject(self) -> str:
        """The numbers and the fact."""
        return _("Orders %(numbers)s: %(fact)s") % {
            "numbers": ", ".join(str(order.pk) for order in self.orders),
            "fact": self.single(self.orders[0]).title(),
        }

    def listed(self) -> str:
        """A line for each: its number and times."""
        told = [{"number": order.pk, "fact": times_told(order)} for order in self.orders]
        return "\n".join(_("Order %(number)s: %(fact)s") % one for one in told)

    def action(self) -> tuple[str, str]:
        """To the first of them, whose page lists all."""
        return _("See your orders"), reverse("orderer:order", args=[self.orders[0].pk])


class OrdersReceived(OrdersNotice):
    """Orders that were made together are with the counter: one letter of all of them."""

    kind = "orders.received_together"
    single = OrderReceived

    def overtakes(self) -> list[str]:
        return []

    def subject(self) -> str:
        numbers = ", ".join(str(order.pk) for order in self.orders)
        return _("%(n)s orders received: %(numbers)s") % {"n": len(self.orders), "numbers": numbers}

    def lines(self) -> list[str]:
        return [
            _("Thank you. These orders were made together:"),
            self.listed(),
            reading_promise(self.orders[0], is_one=False),
            _(
                "Next you hear from us when the orders have been accepted. Each letter tells which ones it is of."
            ),
        ]

    def action(self) -> tuple[str, str]:
        """To all of them."""
        return _("See your orders"), reverse("orderer:orders")


class OrdersAccepted(OrdersNotice):
    """The counter took the orders."""

    kind = "orders.accepted_together"
    single = OrderAccepted

    def lines(self) -> list[str]:
        return [
            _("The counter has accepted these orders. Next it starts looking for an expert."),
            self.listed(),
            _(
                "Next you hear from us when somebody has said yes, or if we need to ask you something."
            ),
        ]


class OrdersDeclined(OrdersNotice):
    """The counter said no to all, with its reason."""

    kind = "orders.declined_together"
    single = OrderDeclined

    def lines(self) -> list[str]:
        return [
            _("The counter could not accept these orders:"),
            self.listed(),
            _("The reason: %(reason)s") % {"reason": self.orders[0].decline_reason},
            _("You can copy an order, change it and send it again."),
        ]


class OrdersSearching(OrdersNotice, is_plural=True):
    """Experts are being asked for all of them; nice to know, not needed."""

    kind = OrderSearching.kind
    is_must_know = False
    default = OrderSearching.default
    single = OrderSearching

    def can_wait(self, at: datetime) -> bool:
        return True

    def lines(self) -> list[str]:
        return [
            _("We are asking experts for these times now:"),
            self.listed(),
            _("You hear from us when somebody has said yes to some or all of them."),
        ]


class OrdersCancelled(OrdersNotice):
    """The orders are off."""

    kind = "orders.cancelled_together"
    single = OrderCancelled

    def __init__(self, orders: list[Order], *, entries: Callable[[], str] = str) -> None:
        """Take ``entries`` for what takes agreed times out of the reader's calendar."""
        super().__init__(orders)
        self.entries = entries

    def calendar(self) -> str:
        return self.entries()

    def lines(self) -> list[str]:
        return [
            _("These orders have been cancelled:"),
            self.listed(),
            *cancelled_lines(self.orders[0])[1:],
            _("Everybody who had said yes is told."),
        ]


class OrdersNotFound(OrdersNotice):
    """Nobody could be found for any of them; that counts."""

    kind = "orders.not_found_together"
    single = OrderNotFound

    def lines(self) -> list[str]:
        return [
            _("We are sorry: no expert was found for these times:"),
            self.listed(),
            _("Your need is counted: it shows which trainings the region should hold next."),
            _("You can copy the order with another time or as a remote task."),
        ]


# What was said of them before, each by itself or all together.
EARLIER = tuple(
    {*OrderNotice.makes_untrue}
    | {one.kind for one in (OrdersReceived, OrdersAccepted, OrdersDeclined, OrdersCancelled)}
)
