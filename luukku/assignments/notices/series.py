"""What is said of several dates of a series at once: one letter that lists them. No theme and no person in subjects."""

from datetime import date, datetime
from typing import ClassVar

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.accounts.models import User
from luukku.assignments.calendar import event
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.notices.agreed import Agreed, Cancelled
from luukku.assignments.notices.offers import (
    OfferExpired,
    OfferFilled,
    OfferMade,
    OfferNotice,
    OfferWithdrawn,
    SignUpReceived,
    no_answer_yet,
)
from luukku.assignments.notices.words import listed, where_and_when, where_and_when_agreed
from luukku.core.times import helsinki
from luukku.notices.notice import Notice, again
from luukku.orders.models import CancelledBy
from luukku.orders.notices import matter
from luukku.orders.states import OrderState


class OffersMade(Notice, is_plural=True):
    """A task is offered on several dates; the signed link answers each of them without signing in.

    Args:
        again_on: as in ``OfferMade``.
    """

    kind = OfferMade.kind
    is_must_know = True

    def __init__(self, offers: list[Offer], *, again_on: date | None = None) -> None:
        self.offers, self.again_on = offers, again_on
        self.key = again(f"{self.kind}:all-{offers[0].pk}", again_on)

    def about(self) -> str:
        return matter(self.offers[0].order_id)

    def expires_at(self) -> datetime:
        return max(offer.expires_at for offer in self.offers)

    def subject(self) -> str:
        if self.again_on:
            return OfferMade(self.offers[0], again_on=self.again_on).subject()
        n = len(self.offers)
        return _("A task is offered to you, %(n)s times") % {"n": n}

    def lines(self) -> list[str]:
        first = self.offers[0]
        series = first.order.series
        answer_by = min(offer.expires_at for offer in self.offers)
        return [
            *([no_answer_yet()] if self.again_on else []),
            _("An organisation asks for an expert by experience several times:"),
            where_and_when([offer.order for offer in self.offers]),
            _("The orderer wishes for the same expert every time: a yes is to all the times.")
            if series is not None and series.is_one_expert
            else _("You may say yes to all of the times, to some of them or to none."),
            *(
                [_("The counter asks you once more. Why, you read on the page of the offer.")]
                if first.words
                else []
            ),
            _("Read what it is about and answer. You need not give a reason."),
            _("Please answer by %(day)s. If you cannot, that is fine too.")
            % {"day": formats.date_format(helsinki(answer_by), "SHORT_DATETIME_FORMAT")},
        ]

    def action(self) -> tuple[str, str]:
        return OfferMade(self.offers[0]).action()


class OffersNotice(OfferNotice, is_family=True):
    """What became of several offers to one expert; subclasses name the letter that says it of one.

    Attributes:
        single: what is said of one offer.
    """

    single: ClassVar[type[OfferNotice]]

    def __init__(self, offers: list[Offer]) -> None:
        super().__init__(offers[0])
        self.offers = offers
        self.key = f"{self.kind}:all-{offers[0].pk}"

    def overtakes(self) -> list[str]:
        keys = [key for offer in self.offers for key in (f"{offer.pk}", f"all-{offer.pk}")]
        return [f"{kind}:{key}" for kind in self.single.makes_untrue for key in keys]

    def takes_back(self) -> list[str]:
        keys = [key for offer in self.offers for key in (f"{offer.pk}", f"all-{offer.pk}")]
        return [f"{kind}:{key}" for kind in self.single.ends for key in keys]

    def subject(self) -> str:
        return self.single(self.offer).subject()

    def can_wait(self, at: datetime) -> bool:
        return True

    def when(self) -> str:
        """The times that the offers were about, a line each."""
        return listed([offer.order for offer in self.offers])


class SignUpsReceived(OffersNotice, is_plural=True):
    """Sign-ups to several dates are with the counter."""

    kind = SignUpReceived.kind
    is_must_know = False
    single = SignUpReceived

    def can_wait(self, at: datetime) -> bool:
        return False

    def lines(self) -> list[str]:
        return [
            _("You have signed up for these times:"),
            self.when(),
            _("The counter answers each time by itself. You may change your mind until then."),
        ]


class OffersFilled(OffersNotice, is_plural=True):
    """Somebody else got the seats."""

    kind = OfferFilled.kind
    single = OfferFilled

    def lines(self) -> list[str]:
        return [
            _(
                "Another was quicker to answer for these times. Thank you for being ready. "
                "If you were asked for other times, too, your answer to them still counts."
            ),
            self.when(),
        ]


class OffersWithdrawn(OffersNotice, is_plural=True):
    """The offers were taken back."""

    kind = OfferWithdrawn.kind
    single = OfferWithdrawn

    def lines(self) -> list[str]:
        off = _("These times that were offered to you are off: the orders have been cancelled.")
        back = _("We have taken back these times that were offered to you.")
        return [
            off if self.offer.order.state == OrderState.CANCELLED else back,
            self.when(),
            _("You need not do anything. Thank you for being ready."),
        ]


class OffersExpired(OffersNotice, is_plural=True):
    """No answer in time."""

    kind = OfferExpired.kind
    is_must_know = False
    single = OfferExpired

    def lines(self) -> list[str]:
        return [
            _(
                "We had no answer from you in time about these times, so we ask others. "
                "It does not affect later offers."
            ),
            self.when(),
        ]


class TasksNotice(Notice, is_family=True):
    """Something about several tasks of one expert in a series, with their calendar entries."""

    is_must_know = True

    def __init__(self, tasks: list[Assignment], to: User) -> None:
        self.tasks, self.to = tasks, to
        self.key = f"{self.kind}:{self.thing()}:{self.version()}"

    def is_expert(self) -> bool:
        """Whether the reader is the expert of the tasks."""
        return self.to.pk == self.tasks[0].expert.user_id

    def thing(self) -> str:
        """What the letter is of, for keys; never the key of one task alone."""
        return f"all-{self.tasks[0].pk}"

    def version(self) -> str:
        """The same in all that one act tells."""
        return f"{self.tasks[0].calendar_version}"

    def about(self) -> str:
        return matter(self.tasks[0].order_id)

    def facts(self) -> str:
        """Where and when of each."""
        return where_and_when_agreed(self.tasks)

    def calendar(self) -> str:
        return "".join(event(task, for_user=self.to, with_method=True) for task in self.tasks)

    def numbers(self) -> str:
        """The numbers of their orders."""
        return ", ".join(str(task.order_id) for task in self.tasks)


class TasksAgreed(TasksNotice, is_plural=True):
    """Several times were agreed with one yes: thanks to the expert; to the orderer also what is still looked for."""

    kind = Agreed.kind

    def overtakes(self) -> list[str]:
        singles = [Agreed(task, self.to) for task in self.tasks]
        return [key for one in singles for key in one.overtakes()]

    def subject(self) -> str:
        n = len(self.tasks)
        if self.is_expert():
            return _("Agreed: %(n)s times") % {"n": n}
        said = {"numbers": self.numbers(), "n": n}
        return _("Orders %(numbers)s: an expert has said yes, %(n)s times") % said

    def lines(self) -> list[str]:
        if self.is_expert():
            return [
                _("Thank you for your yes. These times have been agreed:"),
                self.facts(),
                _(
                    "The orderer can now see your name and contact details, if you have agreed to that."
                ),
                _(
                    "If something comes in the way, you may cancel one time by itself: the others stay."
                ),
            ]
        return [
            _("An expert has said yes to these times:"),
            self.facts(),
            _("Each order’s page tells who comes and how to reach them."),
            *self.still_open(),
            _("Please get in touch with the expert in good time before the first time."),
        ]

    def still_open(self) -> list[str]:
        """For how many dates of the series an expert is still looked for."""
        series = self.tasks[0].order.series
        n = series.orders.filter(state=OrderState.SEARCHING).count() if series else 0
        words = ngettext(
            "For %(n)s time we still look for an expert.",
            "For %(n)s times we still look for an expert.",
            n,
        )
        return [words % {"n": n}] if n else []

    def action(self) -> tuple[str, str]:
        if self.is_expert():
            return _("See your tasks"), reverse("expert:tasks")
        return _("See your orders"), reverse("orderer:order", args=[self.tasks[0].order_id])


class TasksCancelled(TasksNotice, is_plural=True):
    """Several agreed times of one expert are off: by whom, and why where that may be told. To the expert."""

    kind = Cancelled.kind

    def overtakes(self) -> list[str]:
        singles = [Cancelled(task, self.to) for task in self.tasks]
        return [key for one in singles for key in one.overtakes()]

    def subject(self) -> str:
        return _("Agreed tasks have been cancelled: %(n)s times") % {"n": len(self.tasks)}

    def lines(self) -> list[str]:
        first = self.tasks[0]
        whose, reason = CancelledBy(first.cancelled_by), first.cancel_reason
        by_orderer = whose == CancelledBy.ORDERER
        words = (
            _("The orderer’s reason: %(reason)s")
            if by_orderer
            else _("The counter’s reason: %(reason)s")
        )
        return [
            _("The orderer has cancelled these times:")
            if by_orderer
            else _("The counter had to cancel these times:"),
            self.facts(),
            *([words % {"reason": reason}] if reason else []),
            _(
                "We are sorry. It is nothing that you did, and it does not affect later offers. "
                "You need not do anything."
            ),
            _("If you have already prepared or bought a ticket, tell the counter."),
        ]

    def action(self) -> tuple[str, str]:
        return _("See your tasks"), reverse("expert:tasks")
