"""What is said to the orderer of an order that the counter has changed before anything was agreed."""

from datetime import datetime

from django.utils.translation import gettext as _

from luukku.assignments.notices.words import differences
from luukku.orders.models import Order
from luukku.orders.notices import OrderNotice
from luukku.orders.queries import times_told


class OrderChanged(OrderNotice):
    """The counter has changed the order; old and new of every field are on its page."""

    kind = "assignments.order_changed"
    makes_untrue = ()

    def __init__(self, order: Order, *, was: Order, changed: frozenset[str], at: datetime) -> None:
        super().__init__(order)
        self.was, self.changed = was, changed
        self.key = f"{self.kind}:{order.pk}:{at}"

    def title(self) -> str:
        return _("details have changed")

    def lines(self) -> list[str]:
        return [
            _("The counter has changed your order."),
            *differences(self.was, self.order, self.changed),
            *([times_told(self.order)] if "times" in self.changed else []),
            _(
                "The order’s page tells what was there before. If it is not right, call the counter."
            ),
        ]
