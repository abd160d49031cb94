"""What is said to the orderer of an order that the counter has changed before anything was agreed."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.assignments.notices.words import differences, others_stay
from luukku.notices.notice import Notice
from luukku.orders.models import Order
from luukku.orders.notices import matter, number_of


class OrderChanged(Notice):
    """The counter has changed the order; old and new of every field are on its page."""

    kind = "assignments.order_changed"
    is_must_know = True

    def __init__(self, order: Order, *, was: Order, changed: frozenset[str], at: datetime) -> None:
        self.order, self.was, self.changed, self.at = order, was, changed, at
        self.key = f"{self.kind}:{order.pk}:{at}"

    def about(self) -> str:
        return matter(self.order.pk)

    def subject(self) -> str:
        fact = _("details have changed")
        return _("Order %(number)s: %(fact)s") % {"number": number_of(self.order), "fact": fact}

    def action(self) -> tuple[str, str]:
        return _("See your order"), reverse("orderer:order", args=[self.order.pk])

    def lines(self) -> list[str]:
        return [
            _("The counter has changed your order."),
            *differences(self.was, self.order, self.changed),
            *others_stay(self.order, None, at=self.at),
            _(
                "The order’s page tells what was there before. If it is not right, call the counter."
            ),
        ]
