"""What is said of requests for a change, and of another contact person."""

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.notice import Notice
from luukku.orders.models import ChangeRequest, Order
from luukku.orders.notices.words import matter, number_of
from luukku.orders.queries import promised_on
from luukku.orders.states import OrderState


class ContactChanged(Notice):
    """Somebody else is the contact person of the order now: to who was and to who is."""

    kind = "orders.contact_changed"
    is_must_know = True
    makes_untrue = ("orders.contact_changed",)
    ends = ("orders.contact_changed",)

    def __init__(
        self, order: Order, *, is_new: bool, at: datetime, entry: Callable[[], str] = str
    ) -> None:
        """``entry`` makes the reader's calendar entry of what has been agreed, in the reader's language."""
        self.order, self.is_new, self.entry = order, is_new, entry
        self.key = f"{self.kind}:{order.pk}:{at}"

    def about(self) -> str:
        return matter(self.order.pk)

    def thing(self) -> int:
        return self.order.pk

    def calendar(self) -> str:
        return self.entry()

    def subject(self) -> str:
        return _("The contact person has changed: order %(number)s") % {
            "number": number_of(self.order)
        }

    def lines(self) -> list[str]:
        if self.is_new and self.order.state == OrderState.DONE:
            return [
                _("You are now the contact person of this order. What is said of it comes to you."),
                _("The task has been done. Please tell on the order’s page how it went."),
            ]
        if self.is_new:
            return [
                _("You are now the contact person of this order. What is said of it comes to you."),
                _("Experts who have said yes have been told to get in touch with you."),
            ]
        return [
            _("A colleague is now the contact person of this order. You need not do anything."),
            _("Reminders and questions about it go to your colleague from now on."),
        ]

    def action(self) -> tuple[str, str]:
        return _("See the order"), reverse("orderer:order", args=[self.order.pk])


class AboutChange(Notice):
    """Something about what an orderer asked to be changed; its words stay on the order's page."""

    kind = "orders.any_change"
    is_must_know = True

    def __init__(self, asked: ChangeRequest) -> None:
        self.asked = asked
        self.key = f"{self.kind}:{asked.pk}:{asked.asked_at}"

    def about(self) -> str:
        return matter(self.asked.order_id)

    def thing(self) -> int:
        return self.asked.pk

    def action(self) -> tuple[str, str]:
        """To the order."""
        return _("See your order"), reverse("orderer:order", args=[self.asked.order_id])


class ChangeReceived(AboutChange):
    """The counter has what the orderer asks to be changed."""

    kind = "orders.change_received"

    def subject(self) -> str:
        return _("Order %(number)s: your request for a change has arrived") % {
            "number": number_of(self.asked.order)
        }

    def lines(self) -> list[str]:
        day = {"day": promised_on(self.asked.asked_at)}
        return [
            _("Thank you. The counter answers on %(day)s at the latest.") % day,
            _("Until then the order stands as it is. If it is urgent, call the counter."),
        ]


class ChangeAnswered(AboutChange):
    """The counter has answered what the orderer asked to be changed."""

    kind = "orders.change_answered"
    makes_untrue = ("orders.change_received",)

    def subject(self) -> str:
        return _("Order %(number)s: answer to your request for a change") % {
            "number": number_of(self.asked.order)
        }

    def lines(self) -> list[str]:
        return [_("The counter has answered your request. The answer is on the order’s page.")]
