"""What is said about offers and sign-ups. Subjects name no theme and no person."""

from datetime import date, datetime
from typing import ClassVar

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.models import Offer, Origin
from luukku.assignments.notices.words import differences, others_stay, where
from luukku.core.links import Link, sign
from luukku.core.times import helsinki, when
from luukku.notices.notice import Notice, again
from luukku.orders.models import Order
from luukku.orders.notices import matter
from luukku.orders.queries import times_asked, times_told
from luukku.orders.states import OrderState


def no_answer_yet() -> str:
    """Return what a letter that reminds of an offer begins with."""
    return _("We have not had your answer yet. A no is a good answer, too.")


class OfferMade(Notice):
    """A task is offered; the signed link answers without signing in.

    Args:
        again_on: the day on which it reminds of an offer that was told before.
    """

    kind = "assignments.offered"
    is_must_know = True

    def __init__(self, offer: Offer, *, again_on: date | None = None) -> None:
        self.offer, self.again_on = offer, again_on
        self.key = again(f"{self.kind}:{offer.pk}", again_on)

    def about(self) -> str:
        return matter(self.offer.order_id)

    def expires_at(self) -> datetime:
        return self.offer.expires_at

    def subject(self) -> str:
        if self.again_on:
            return _("A task offered to you waits for your answer")
        return _("A task is offered to you")

    def lines(self) -> list[str]:
        order = self.offer.order
        times = "; ".join(when(time.starts_at, time.ends_at) for time in times_asked(order))
        return [
            *([no_answer_yet()] if self.again_on else []),
            _("An organisation asks for an expert by experience. When: %(when)s. Where: %(where)s.")
            % {"when": times, "where": where(order)},
            *(
                [_("The counter asks you once more. Why, you read on the page of the offer.")]
                if self.offer.words
                else []
            ),
            _("Read what it is about and answer yes or no. You need not give a reason."),
            _("Please answer by %(day)s. If you cannot, that is fine too.")
            % {
                "day": formats.date_format(helsinki(self.offer.expires_at), "SHORT_DATETIME_FORMAT")
            },
        ]

    def action(self) -> tuple[str, str]:
        token = sign(Link("offer", self.offer.pk, self.offer.expert.user_id))
        return _("Read and answer"), reverse("public:offer-link", args=[token])


class OfferNotice(Notice):
    """Something happened to an offer or a sign-up; leads to it."""

    kind = "assignments.offer"
    is_must_know = True
    makes_untrue: ClassVar[tuple[str, ...]] = (
        "assignments.offered",
        "assignments.offer_changed",
        "assignments.signed_up",
    )  # there is nothing to answer any more

    def __init__(self, offer: Offer) -> None:
        self.offer = offer
        self.key = f"{self.kind}:{offer.pk}"

    def about(self) -> str:
        return matter(self.offer.order_id)

    def thing(self) -> int:
        return self.offer.pk

    def when(self) -> str:
        """The times that the offer was about, in words."""
        return _("It was about: %(when)s.") % {"when": self.times()}

    def times(self) -> str:
        """The order's times as they are now."""
        times = self.offer.order.times.all()
        return "; ".join(when(time.starts_at, time.ends_at) for time in times)

    def action(self) -> tuple[str, str]:
        return _("See your tasks"), reverse("expert:tasks")


class SignUpReceived(OfferNotice):
    """The sign-up is with the counter."""

    kind = "assignments.signed_up"
    is_must_know = False
    makes_untrue = ()
    label = gettext_lazy("Your sign-up has arrived")

    def subject(self) -> str:
        return _("Your sign-up has arrived")

    def lines(self) -> list[str]:
        return [
            _("The counter answers you soon. You may change your mind until it has been agreed.")
        ]


class OfferChanged(OfferNotice):
    """What the expert decides by has changed while they think, or after they signed up."""

    kind = "assignments.offer_changed"
    makes_untrue = ()

    def __init__(self, offer: Offer, *, was: Order, changed: frozenset[str], at: datetime) -> None:
        super().__init__(offer)
        self.was, self.changed, self.at = was, changed, at
        self.key = f"{self.kind}:{offer.pk}:{at}"

    def subject(self) -> str:
        if self.offer.origin == Origin.SIGNED_UP:
            return _("A task that you signed up for has changed")
        return _("A task offered to you has changed")

    def lines(self) -> list[str]:
        now = {"when": times_told(self.offer.order)}
        lines = [
            *differences(self.was, self.offer.order, self.changed),
            *([] if "times" in self.changed else [_("The task is at: %(when)s.") % now]),
            *others_stay(self.offer.order, self.offer.expert, at=self.at),
        ]
        if self.offer.origin == Origin.SIGNED_UP:
            return [*lines, _("If it does not suit you any more, take your sign-up back.")]
        if self.offer.order.series_id is not None:  # other times of it may have been agreed
            return [*lines, _("This time has not been agreed yet: read it again and answer.")]
        return [*lines, _("Nothing has been agreed yet: read it again and answer yes or no.")]

    def action(self) -> tuple[str, str]:
        if self.offer.origin == Origin.SIGNED_UP:
            return super().action()
        return OfferMade(self.offer).action()


class OfferFilled(OfferNotice):
    """Somebody else got the seat."""

    kind = "assignments.filled"
    ends = ("assignments.offered",)

    def subject(self) -> str:
        return _("The task has been filled")

    def can_wait(self, at: datetime) -> bool:
        return True

    def lines(self) -> list[str]:
        return [
            _("Another was quicker to answer this time. Thank you for being ready."),
            self.when(),
        ]


class OfferWithdrawn(OfferNotice):
    """The offer was taken back."""

    kind = "assignments.withdrawn"
    ends = ("assignments.offered",)

    def subject(self) -> str:
        return _("An offered task is off")

    def can_wait(self, at: datetime) -> bool:
        return True

    def lines(self) -> list[str]:
        order = self.offer.order
        off = _("The task that was offered to you is off: the order has been cancelled.")
        back = _("We have taken back the task that was offered to you.")
        return [
            off if order.state == OrderState.CANCELLED else back,
            self.when(),
            _("You need not do anything. Thank you for being ready."),
        ]


class SignUpDeclined(OfferNotice):
    """The counter said no; whether somebody else was chosen it need not know yet."""

    kind = "assignments.sign_up_declined"

    def subject(self) -> str:
        return _("About your sign-up")

    def lines(self) -> list[str]:
        return [
            _(
                "This time the counter answered your sign-up with a no. It does not affect later tasks. "
                "Thank you for signing up; please do so again."
            ),
            self.when(),
        ]


class OfferExpired(OfferNotice):
    """No answer in time."""

    kind = "assignments.expired"
    is_must_know = False
    label = gettext_lazy("The time to answer an offer has ended")

    def subject(self) -> str:
        return _("The time to answer has ended")

    def can_wait(self, at: datetime) -> bool:
        return True

    def lines(self) -> list[str]:
        if self.offer.origin == Origin.SIGNED_UP:
            return [
                _(
                    "The task’s time came before your sign-up was answered. We are sorry. "
                    "Thank you for signing up; please do so again."
                ),
                self.when(),
            ]
        return [
            _(
                "We had no answer from you in time, so we ask others. It does not affect later offers."
            ),
            self.when(),
        ]
