"""What is said to guests who must confirm, and to who is responsible for an event."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.times import helsinki
from luukku.events.models import Event, SignUp
from luukku.events.notices.common import SignUpNotice, facts, own_path, told_at
from luukku.notices.notice import Notice


class ConfirmGuest(SignUpNotice):
    """To a guest: this link makes the sign-up true."""

    kind = "events.guest_asked"

    def subject(self) -> str:
        return _("Confirm your sign-up")

    def lines(self) -> list[str]:
        """What the link does, and until when a place is kept."""
        until = self.sign_up.held_until
        kept = (
            _(
                "A place is kept for you until %(time)s. Confirm before that: afterwards it may go to somebody else."
            )
            % {"time": told_at(until)}
            if until
            else _("You have a place or a turn only when you have confirmed it.")
        )
        return [
            facts(self.event),
            kept,
            _("If you did not sign up, do nothing: nobody signs you up."),
        ]

    def action(self) -> tuple[str, str]:
        return _("Confirm"), own_path(self.sign_up)


class GuestSignedUp(SignUpNotice):
    """To a guest who signs up again: you have done it already."""

    kind = "events.guest_again"

    def subject(self) -> str:
        return _("You have signed up already")

    def lines(self) -> list[str]:
        """What for."""
        return [facts(self.event), _("By the link you see how it stands, and can withdraw.")]


class GuestHasAccount(Notice):
    """To somebody whose address was used without signing in."""

    kind = "events.has_account"
    is_must_know = True

    def __init__(self, event: Event, at: datetime) -> None:
        self.event = event
        self.key = f"{self.kind}:{event.pk}:{helsinki(at).date()}"

    def about(self) -> str:
        """The event."""
        return f"event-{self.event.pk}"

    def subject(self) -> str:
        return _("Sign in to sign up")

    def lines(self) -> list[str]:
        """What to do, and what it means if it was somebody else."""
        return [
            _(
                "Somebody signed up for an event with your e-mail address. You have an account with us:"
                " sign in and sign up on the event's page."
            ),
            _("If it was not you, do nothing: nobody has been signed up."),
        ]  # fmt: skip

    def action(self) -> tuple[str, str]:
        return _("Open the event"), reverse("public:event", args=[self.event.pk])


class EventHandedOver(Notice):
    """To who answered for an event, who does now, and the organiser."""

    kind = "events.handed_over"
    label = gettext_lazy("Somebody else answers for an event of yours")

    def __init__(self, event: Event, at: datetime) -> None:
        self.event = event
        self.key = f"{self.kind}:{event.pk}:{at.isoformat()}"

    def about(self) -> str:
        """The event."""
        return f"event-{self.event.pk}"

    def subject(self) -> str:
        return _("Somebody else answers for the event now")

    def lines(self) -> list[str]:
        """Who, and what it means."""
        told = {"name": self.event.responsible.name}
        return [
            facts(self.event),
            _("From now on %(name)s answers for it, and reads what is asked in confidence.") % told,
        ]

    def action(self) -> tuple[str, str]:
        return _("Open the event"), reverse("public:event", args=[self.event.pk])


class LateWithdrawal(Notice):
    """To the responsible person: a place became free so late that nobody got it."""

    kind = "events.late_withdrawal"
    label = gettext_lazy("A place in your event became free at the last moment")

    def __init__(self, sign_up: SignUp) -> None:
        self.sign_up, self.event = sign_up, sign_up.event
        self.key = f"{self.kind}:{sign_up.pk}"

    def about(self) -> str:
        """The event."""
        return f"event-{self.event.pk}"

    def subject(self) -> str:
        return _("A place became free at the last moment")

    def lines(self) -> list[str]:
        """That nobody was taken from the list."""
        return [
            facts(self.event),
            _(
                "It is so near that nobody is taken from the waiting list any more. You can give the place yourself."
            ),
        ]

    def action(self) -> tuple[str, str]:
        return _("Open the event"), reverse("public:event", args=[self.event.pk])
