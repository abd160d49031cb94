"""What is said to those who sign up: how they stand, and what changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from luukku.core.known import known
from luukku.events.calendar import mailed
from luukku.events.models import Event, SignUp
from luukku.events.notices.common import SignUpNotice, facts, own_path, told_at
from luukku.events.queries import Span, number_in_queue


class Confirmed(SignUpNotice):
    """You have a place."""

    kind = "events.confirmed"
    makes_untrue = ("events.waiting", "events.applied", "events.offered")
    has_entry = True

    def subject(self) -> str:
        return _("You have a place")

    def lines(self) -> list[str]:
        """What, when and where, and how to leave."""
        return [facts(self.event), *self.how_to_take_part(), self.how_to_leave()]


class PlaceFound(SignUpNotice):
    """A place was found from the waiting list."""

    kind = "events.promoted"
    makes_untrue = ("events.waiting", "events.passed_by")
    has_entry = True

    def subject(self) -> str:
        return _("You got a place from the waiting list")

    def lines(self) -> list[str]:
        """What, when and where, and how to leave."""
        return [
            _("Somebody withdrew, and the place is yours."),
            facts(self.event),
            *self.how_to_take_part(),
            self.how_to_leave(),
        ]


class PlaceOffered(SignUpNotice):
    """A place is yours if you say yes in time."""

    kind = "events.offered"
    makes_untrue = ("events.waiting", "events.passed_by")

    def subject(self) -> str:
        return _("A place is free: do you take it?")

    def lines(self) -> list[str]:
        """What, and by when to answer."""
        return [
            facts(self.event),
            _("The place is kept for you until %(time)s. Tell by then whether you come.")
            % {"time": told_at(known(self.sign_up.held_until))},
            _("If we hear nothing, the place goes to the next one on the list."),
        ]

    def expires_at(self) -> datetime | None:
        return self.sign_up.held_until

    def action(self) -> tuple[str, str]:
        return _("Tell whether you come"), own_path(self.sign_up)


class AskedToCome(PlaceOffered):
    """Your background organisation would like you to come: nothing is settled without your yes."""

    kind = "events.asked_to_come"

    def subject(self) -> str:
        return _("A place is kept for you: do you come?")

    def lines(self) -> list[str]:
        """Who asks, what, and by when to answer."""
        asks = _(
            "Your background organisation has kept a place for you. You say yourself whether you come."
        )
        return [
            asks,
            *super().lines()[:2],
            _("If we hear nothing, the place goes to somebody else."),
        ]


class OfferOver(SignUpNotice):
    """Nobody answered in time."""

    kind = "events.offer_over"
    makes_untrue = ("events.offered", "events.asked_to_come")

    def subject(self) -> str:
        return _("The place went to somebody else")

    def lines(self) -> list[str]:
        """What happened, and what works instead."""
        return [
            _("We did not hear from you in time, so the place was given on."),
            _("You can sign up again, as long as signing up is open."),
        ]


class OnWaitingList(SignUpNotice):
    """You are on the waiting list."""

    kind = "events.waiting"
    makes_untrue = ("events.applied",)

    def subject(self) -> str:
        return _("You are on the waiting list")

    def lines(self) -> list[str]:
        """The number, and what happens next."""
        number = {"number": number_in_queue(self.sign_up)}
        return [
            _("Every place was taken. You are number %(number)s on the waiting list.") % number,
            facts(self.event),
            _("We write to you if you get a place. You see your number on the event's page."),
        ]


class Applied(SignUpNotice):
    """The organiser approves each sign-up."""

    kind = "events.applied"

    def subject(self) -> str:
        return _("Your sign-up waits for approval")

    def lines(self) -> list[str]:
        """What happens next."""
        return [
            facts(self.event),
            _("The organiser goes through the sign-ups. We write to you when you are answered."),
        ]


class Declined(SignUpNotice):
    """You were not chosen."""

    kind = "events.declined"
    makes_untrue = ("events.applied", "events.waiting")

    def subject(self) -> str:
        return _("You did not get a place this time")

    def lines(self) -> list[str]:
        """Kindly."""
        return [
            _(
                "The organiser had to choose, and could not give you a place this time. Thank you for signing up."
            ),
            facts(self.event),
        ]


class PassedBy(SignUpNotice):
    """A place was free, but you are booked elsewhere at the time."""

    kind = "events.passed_by"

    def subject(self) -> str:
        return _("A place was free, but you have something else then")

    def lines(self) -> list[str]:
        """Why, and that the turn stays."""
        return [
            _(
                "You have a place in something else at the same time, so the place went to the next one."
            ),
            _(
                "You keep your turn on the waiting list. If you want to come here, withdraw from the other one."
            ),
            facts(self.event),
        ]


class EventMoved(SignUpNotice):
    """It is held at another time or place, or is called something else.

    Attributes:
        was, times: the event and when it was held before; None where nobody knows any more.
    """

    kind = "events.moved"
    has_entry = True

    def __init__(
        self,
        sign_up: SignUp,
        at: datetime,
        was: Event | None = None,
        times: Sequence[Span] = (),
    ) -> None:
        super().__init__(sign_up, at)
        self.was, self.times = was, times

    def subject(self) -> str:
        return _("Your event has changed")

    def lines(self) -> list[str]:
        """What it is now and was before, and that one may leave."""
        before = facts(self.was, self.times) if self.was else ""
        now = facts(self.event)
        return [
            _("Now: %(event)s") % {"event": now},
            *([_("Before: %(event)s") % {"event": before}] if before not in {"", now} else []),
            *(self.how_to_take_part() if self.sign_up.place_id else []),
            _(
                "You keep your place or your turn. If the new time does not suit you, withdraw on the event's page."
            ),
        ]

    def calendar(self) -> str:
        return super().calendar() if self.sign_up.place_id else ""


class EventCancelled(SignUpNotice):
    """It is not held."""

    kind = "events.cancelled"
    makes_untrue = (
        "events.offered",
        "events.asked_to_come",
        "events.moved",
        "events.confirmed",
        "events.promoted",
        "events.tomorrow",
    )

    def subject(self) -> str:
        """The fact; which event it is the letter says."""
        return _("Your event has been cancelled")

    def lines(self) -> list[str]:
        """What was to be."""
        return [
            _("This is not held: %(event)s") % {"event": facts(self.event)},
            *filter(None, [self.event.cancel_reason]),
            _("You need not do anything."),
        ]

    def calendar(self) -> str:
        own = self.sign_up
        if not own.calendar_version:
            return ""
        return mailed(own, own.guest.email if own.is_guest else (known(own.person).email or ""))


class WithdrawnForYou(SignUpNotice):
    """Somebody else took the sign-up back."""

    kind = "events.withdrawn"
    makes_untrue = (
        "events.tomorrow",
        "events.waiting",
        "events.applied",
        "events.offered",
        "events.asked_to_come",
    )

    def subject(self) -> str:
        return _("Your sign-up has been withdrawn")

    def lines(self) -> list[str]:
        """By whom, in general."""
        return [
            _(
                "The counter or the organiser has withdrawn your sign-up. Call the counter if it was a mistake."
            ),
            facts(self.event),
        ]
