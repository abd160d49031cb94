"""What is said to an expert who may be carrying too much, and to those who stand behind experts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.accounts.models import User
from luukku.coping.models import Flag
from luukku.coping.queries import Kept, number
from luukku.events.models import Event
from luukku.events.notices.common import facts
from luukku.events.queries import shows_first_names
from luukku.experts.models import Expert
from luukku.notices.models import Channel
from luukku.notices.notice import Notice
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.queries import holders_of
from luukku.privacy.queries import channel_of_extras


class FlagRaised(Notice):
    """A gentle word; what it is about stands on the desk only."""

    kind = "coping.raised"
    label = gettext_lazy("A word about how you are")

    def __init__(self, flag: Flag, *, is_mailed: bool) -> None:
        self.is_mailed = is_mailed
        self.key = f"{self.kind}:{flag.pk}"

    @classmethod
    def default_for(cls, reader: User) -> Channel:
        """By mail with the expert's yes to it: no task needs this letter."""
        return channel_of_extras(reader)

    def channel_for(self, reader: User) -> Channel:
        """The same, as the night has asked for everybody at once."""
        return Channel.MAIL if self.is_mailed else Channel.DESK

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def subject(self) -> str:
        """Nothing that others could read anything from."""
        return _("How are you?")

    def lines(self) -> list[str]:
        """Who sees it, and when others do."""
        days = number("counter_after_days")
        return [
            _("We have left a few words for you on your desk. There is no hurry."),
            ngettext(
                "At first only you see them. If you do not put them aside, the counter sees them in %(n)s day"
                " and may call to ask how you are.",
                "At first only you see them. If you do not put them aside, the counter sees them in %(n)s days"
                " and may call to ask how you are.",
                days,
            )
            % {"n": days},
        ]

    def action(self) -> tuple[str, str]:
        """To the page."""
        return _("Read it"), reverse("expert:coping")


class PeersInvited(Notice):
    """A peer meeting is coming; nobody is told that the reader has been without."""

    kind = "coping.peers_invited"
    label = gettext_lazy("Invitations to peer meetings")
    is_told_by_phone = True

    def __init__(self, event: Event, expert: Expert, *, is_mailed: bool) -> None:
        self.event, self.is_mailed = event, is_mailed
        self.key = f"{self.kind}:{event.pk}:{expert.pk}"

    @classmethod
    def default_for(cls, reader: User) -> Channel:
        """By mail with the expert's yes to it."""
        return channel_of_extras(reader)

    def channel_for(self, reader: User) -> Channel:
        """The same, asked for everybody at once; who has no e-mail hears it by phone."""
        return Channel.MAIL if self.is_mailed else Channel.DESK

    def about(self) -> str:
        """The event."""
        return f"event-{self.event.pk}"

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def expires_at(self) -> datetime | None:
        """When it has begun."""
        return self.event.starts_at

    def subject(self) -> str:
        """The fact, without the meeting's name."""
        return _("Would you like to meet others who do the same?")

    def lines(self) -> list[str]:
        """What, when and where, and that nothing has to be answered."""
        talk = (
            _(
                "There experts by experience talk with each other. They see each other’s first names only."
            )
            if shows_first_names(self.event)
            else _("There experts by experience talk with each other.")
        )
        return [
            facts(self.event),
            talk,
            _(
                "You need not answer. If you would like to come, sign up on the page or call the counter."
            ),
        ]

    def action(self) -> tuple[str, str]:
        """To the event."""
        return _("See the meeting and sign up"), reverse("public:event", args=[self.event.pk])


class PromisesOpen(Notice):
    """What is open at a background organisation: numbers, no names."""

    kind = "coping.promises"
    label = gettext_lazy("What your organisation has promised its experts")
    makes_untrue = ("coping.promises",)

    def __init__(
        self, organisation: Organisation, promises: Sequence[Kept], *, at: datetime
    ) -> None:
        self.organisation, self.promises = organisation, promises
        self.key = f"{self.kind}:{organisation.pk}:{at.isoformat()}"

    @classmethod
    def concerns(cls, reader: User) -> bool:
        """Who stands behind experts."""
        return holders_of(MemberRole.BACKGROUND).filter(user=reader.pk).exists()

    def thing(self) -> object:
        """The organisation."""
        return self.organisation.pk

    def can_wait(self, at: datetime) -> bool:
        """Nobody is woken for it."""
        return True

    def subject(self) -> str:
        """The fact, without the organisation: its name may tell of an illness."""
        return _("Something is open at your background organisation")

    def lines(self) -> list[str]:
        """What is open, and how often this is said."""
        return [
            *(one.words for one in self.promises if not one.is_kept),
            _(
                "You see on your desk whom it is about. We write about this once a month at most, and not at all when"
                " everything has been done."
            ),
        ]

    def action(self) -> tuple[str, str]:
        """To the page."""
        return _("See what is open"), reverse("orderer:promises")
