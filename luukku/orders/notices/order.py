"""What is said to the orderer as an order goes on."""

from datetime import datetime
from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.notices.models import Channel
from luukku.notices.notice import Notice
from luukku.orders.models import Order
from luukku.orders.notices.words import cancelled_lines, matter, number_of
from luukku.orders.queries import reading_promise


class OrderNotice(Notice):
    """Something about one order; leads to it. Subclasses give ``title`` and ``words``.

    The reader needs where the order stands now: what was said of it before is not sent any more.
    """

    kind = "orders.any"
    is_must_know = True
    makes_untrue: ClassVar[tuple[str, ...]] = (
        "orders.received",
        "orders.accepted",
        "orders.searching",
        "orders.declined",
        "orders.staffed",
        "orders.reopened",
        "orders.cancelled",
        "orders.not_found",
    )

    def __init__(self, order: Order) -> None:
        self.order = order
        self.key = f"{self.kind}:{order.pk}:{order.state_changed_at}"

    def about(self) -> str:
        return matter(self.order.pk)

    def thing(self) -> int:
        return self.order.pk

    def title(self) -> str:
        """The fact, without the order's number."""
        raise NotImplementedError

    def subject(self) -> str:
        """The fact and the number."""
        return _("Order %(number)s: %(fact)s") % {
            "number": number_of(self.order),
            "fact": self.title(),
        }

    def action(self) -> tuple[str, str]:
        """To the order."""
        return _("See your order"), reverse("orderer:order", args=[self.order.pk])


class OrderReceived(OrderNotice):
    """The order is with the counter."""

    kind = "orders.received"

    def title(self) -> str:
        return _("received")

    def lines(self) -> list[str]:
        return [
            _("Thank you."),
            reading_promise(self.order),
            _("Next you hear from us when the order has been accepted."),
        ]


class OrderAccepted(OrderNotice):
    """The counter took the order."""

    kind = "orders.accepted"

    def title(self) -> str:
        return _("accepted")

    def lines(self) -> list[str]:
        return [
            _("The counter has accepted your order. Next it starts looking for an expert."),
            _(
                "Next you hear from us when somebody has said yes, or if we need to ask you something."
            ),
        ]


class OrderSearching(OrderNotice):
    """Experts are being asked; nice to know, not needed."""

    kind = "orders.searching"
    label = gettext_lazy("The search for an expert has begun")
    is_must_know = False
    default = Channel.DESK

    @classmethod
    def concerns(cls, reader: User) -> bool:
        """Whoever orders, for an organisation or alone."""
        return reader.memberships.exists() or Order.objects.filter(contact=reader).exists()

    def can_wait(self, at: datetime) -> bool:
        return True

    def title(self) -> str:
        return _("we look for an expert")

    def lines(self) -> list[str]:
        return [
            _("We are asking experts now. You hear from us when somebody has said yes."),
            _("If nobody can come, we tell you and suggest what would help."),
        ]


class OrderDeclined(OrderNotice):
    """The counter said no, with its reason."""

    kind = "orders.declined"

    def title(self) -> str:
        return _("could not be accepted")

    def lines(self) -> list[str]:
        return [
            _("The counter could not accept your order. The reason:"),
            self.order.decline_reason,
            _("You can copy the order, change it and send it again."),
        ]


class OrderStaffed(OrderNotice):
    """All seats have an expert, or as many as were found when the search ended."""

    kind = "orders.staffed"

    def title(self) -> str:
        return _("expert found")

    def lines(self) -> list[str]:
        agreed, wanted = self.order.seats.count(), self.order.experts_wanted
        few = _("We found %(found)s of the %(wanted)s experts you asked for, and look no further.")
        return [
            *([few % {"found": agreed, "wanted": wanted}] if agreed < wanted else []),
            _(
                "Everything has been agreed. Your order's page tells who comes and how to reach them."
            ),
            _("Please get in touch with the expert in good time before the task."),
        ]


class OrderReopened(OrderNotice):
    """We look again: an expert had to cancel, or the search had ended with nobody found."""

    kind = "orders.reopened"

    def __init__(self, order: Order, *, had_ended: bool = False) -> None:
        super().__init__(order)
        self.had_ended = had_ended

    def title(self) -> str:
        return _("we look for an expert again")

    def lines(self) -> list[str]:
        if self.had_ended:
            return [
                _(
                    "The search had ended, and now it goes on. You need not do anything: you hear from us when "
                    "somebody says yes."
                )
            ]
        return [
            _(
                "The expert had to cancel. You need not do anything: we look for another one at once."
            )
        ]


class OrderCancelled(OrderNotice):
    """The order is off."""

    kind = "orders.cancelled"

    def title(self) -> str:
        return _("cancelled")

    def lines(self) -> list[str]:
        return cancelled_lines(self.order)


class OrderNotFound(OrderNotice):
    """Nobody could be found; that counts."""

    kind = "orders.not_found"

    def title(self) -> str:
        return _("no expert was found")

    def lines(self) -> list[str]:
        return [
            _("We are sorry: this time no expert was found."),
            _("Your need is counted: it shows which trainings the region should hold next."),
            _("You can copy the order with another time or as a remote task."),
        ]
