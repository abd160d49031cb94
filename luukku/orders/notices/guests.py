"""What is said to somebody who orders without an account."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.notices.notice import Notice
from luukku.orders.models import LINK_AGE, GuestSender, Order
from luukku.orders.notices.words import matter


class GuestAsked(Notice):
    """The link by which an order without an account is confirmed; nothing of the sender's text in it."""

    kind = "orders.guest_asked"
    is_must_know = True
    makes_untrue = ("orders.guest_asked",)

    def __init__(self, guest: GuestSender, order: Order, token: str) -> None:
        self.guest, self.order, self.token = guest, order, token
        self.key = f"{self.kind}:{order.pk}:{guest.asked_at}"

    def about(self) -> str:
        return matter(self.order.pk)

    def thing(self) -> int:
        return self.order.pk

    def expires_at(self) -> datetime:
        return self.guest.asked_at + LINK_AGE

    def subject(self) -> str:
        return _("Confirm your order")

    def lines(self) -> list[str]:
        return [
            _("Somebody, probably you, has filled in an order for an expert with this address."),
            _("Confirm it within a week and the counter gets to work."),
            _("If it was not you, do nothing: the order is deleted."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Confirm the order"), reverse("public:guest-link", args=[self.token])
