"""What is said of the question whether another time would suit; the counter's words stay on its page."""

from typing import ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.links import Link, sign
from luukku.notices.notice import Notice
from luukku.orders.history import said_times
from luukku.orders.models import TimeQuestion
from luukku.orders.notices.words import matter, number_of
from luukku.orders.queries import promised_on, times_told


def answer_path(asked: TimeQuestion, reader: User) -> str:
    """Return the address where ``reader`` answers without signing in."""
    return reverse("public:time-link", args=[sign(Link("time", asked.pk, reader.pk))])


class TimeAsked(Notice):
    """Would another time suit? The signed link answers without signing in."""

    kind = "orders.time_asked"
    is_must_know = True

    def __init__(self, asked: TimeQuestion, to: User) -> None:
        self.asked, self.to = asked, to
        self.key = f"{self.kind}:{asked.pk}"

    def about(self) -> str:
        return matter(self.asked.order_id)

    def subject(self) -> str:
        return _("Order %(number)s: would another time suit you?") % {
            "number": number_of(self.asked.order)
        }

    def lines(self) -> list[str]:
        proposed = said_times(self.asked.proposed)
        return [
            _(
                "We are seeing to your order. If another time suited you, more experts might be able to come."
            ),
            _("The order’s times now: %(times)s.") % {"times": times_told(self.asked.order)},
            *([_("The counter proposes: %(times)s.") % {"times": proposed}] if proposed else []),
            _(
                "Answer by the link below: choose a time, give one of your own, or keep the old one."
                " You need not sign in."
            ),
            _("Until you have answered we go on looking for the times that you gave."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Answer about the time"), answer_path(self.asked, self.to)


class TimeAnswered(Notice):
    """The counter has the orderer's answer."""

    kind = "orders.time_answered"
    is_must_know = True
    makes_untrue: ClassVar[tuple[str, ...]] = ("orders.time_asked", "orders.time_answered")

    def __init__(self, asked: TimeQuestion) -> None:
        self.asked = asked
        self.key = f"{self.kind}:{asked.pk}:{asked.answered_at}"

    def about(self) -> str:
        return matter(self.asked.order_id)

    def thing(self) -> int:
        return self.asked.pk

    def subject(self) -> str:
        return _("Order %(number)s: your answer about the time has arrived") % {
            "number": number_of(self.asked.order)
        }

    def lines(self) -> list[str]:
        given = said_times(self.asked.answer)
        if not given:
            return [_("Thank you. The times stay as they are, and we go on looking.")]
        return [
            _("Thank you. You gave: %(times)s.") % {"times": given},
            _("The counter changes the order on %(day)s at the latest, and you get a letter of it.")
            % {"day": promised_on(known(self.asked.answered_at))},
        ]

    def action(self) -> tuple[str, str]:
        return _("See your order"), reverse("orderer:order", args=[self.asked.order_id])


class TimesStay(TimeAnswered):
    """The counter has not taken a time that the orderer gave: the order's own stay."""

    kind = "orders.times_stay"
    makes_untrue = ("orders.time_answered",)

    def subject(self) -> str:
        return _("Order %(number)s: the times stay as they are") % {
            "number": number_of(self.asked.order)
        }

    def lines(self) -> list[str]:
        return [
            _("Thank you for your answer. You gave: %(times)s.")
            % {"times": said_times(self.asked.answer)},
            _("The counter has not changed the order. Its times now: %(times)s.")
            % {"times": times_told(self.asked.order)},
            _("If they do not suit you any more, call the counter."),
        ]
