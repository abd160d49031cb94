"""An event as its reader sees it: facts, places, and how their own sign-up stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from luukku.accounts.models import User
from luukku.core.refused import Words
from luukku.core.times import when
from luukku.events.models import Cover, Event, Mode, SignUp
from luukku.events.queries import (
    free_places,
    lacks_link,
    not_open,
    number_in_queue,
    own_sign_up,
    why_not,
)
from luukku.events.refusals import NotForYou
from luukku.events.states import EventState, SignUpState


@dataclass(frozen=True)
class EventView:
    """What one reader sees of one event.

    Attributes:
        own: the reader's sign-up; None of who has none.
        why: why the reader cannot sign up; nothing where they can.
        free: how many places are free; None where the organiser chooses.
        queue: how many wait.
        is_open: one can sign up now, with an account at least.
        is_over: it has ended.
        is_for_others: the reader is not one of those for whom it is.
    """

    event: Event
    own: SignUp | None
    why: Words
    free: int
    queue: int
    number: int | None
    is_open: bool = False
    is_for_others: bool = False
    is_over: bool = False

    @property
    def times(self) -> list[tuple[str, str]]:
        """Each session's time and its own place."""
        return [
            (when(one.starts_at, one.ends_at, weekday=True), one.place)
            for one in self.event.sessions.all()
        ]

    @property
    def covers(self) -> list[str]:
        """What is paid or arranged."""
        return [str(Cover(cover).label) for cover in self.event.covers]

    @property
    def is_on_site(self) -> bool:
        """Whether there is a place to come to."""
        return self.event.mode != Mode.REMOTE

    @property
    def where(self) -> str:
        """Where one comes to; how one takes part where there is no such place."""
        town = self.event.municipality.name if self.event.municipality else ""
        told = ", ".join(filter(None, [self.event.address, town])) if self.is_on_site else ""
        return told or self.event.get_mode_display()

    @property
    def has_place(self) -> bool:
        """Whether the reader comes."""
        return self.own is not None and self.own.state == SignUpState.CONFIRMED

    @property
    def meeting_url(self) -> str:
        """The link, to who comes only."""
        is_held = self.event.state != EventState.CANCELLED
        return self.event.meeting_url if self.has_place and is_held else ""

    @property
    def lacks_link(self) -> bool:
        """Whether it waits for a link before it can be published."""
        return lacks_link(self.event)

    @property
    def is_settled(self) -> bool:
        """Whether the reader has signed up and it stands."""
        return self.own is not None and self.own.state in {
            SignUpState.APPLIED,
            SignUpState.OFFERED,
            SignUpState.CONFIRMED,
            SignUpState.WAITING,
        }


def open_view(event: Event, *, at: datetime) -> EventView:
    """Return the event as anybody sees it, on a page that is made once for everybody: without numbers."""
    refusal = not_open(event, at=at)
    return EventView(event, None, refusal.words if refusal else "", 0, 0, None)


def event_view(
    event: Event, user: User | None, *, at: datetime, own: SignUp | None = None
) -> EventView:
    """Return the event as ``user``, or the guest whose ``own`` sign-up it is, sees it."""
    if own is None and user is not None:
        own = own_sign_up(event, user)
    refusal = why_not(event, user, at=at)
    number = number_in_queue(own) if own is not None and own.state == SignUpState.WAITING else None
    return EventView(
        event,
        own,
        refusal.words if refusal else "",
        free_places(event).count(),
        event.sign_ups.queue().count(),
        number,
        is_open=not_open(event, at=at) is None,
        is_for_others=isinstance(refusal, NotForYou),
        is_over=event.ends_at is not None and event.ends_at <= at,
    )
