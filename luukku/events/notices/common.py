"""What every letter about an event shares. No subject tells the event's title or theme."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from luukku.core.known import known
from luukku.core.links import Link, sign
from luukku.core.times import helsinki, whens
from luukku.events.calendar import mailed
from luukku.events.models import Event, Mode, SignUp
from luukku.events.queries import Span, spans
from luukku.notices.actions import tell, tell_address
from luukku.notices.notice import Notice


def told_at(at: datetime) -> str:
    """Return an instant as letters name it."""
    return formats.date_format(helsinki(at), "SHORT_DATETIME_FORMAT")


def guest_token(sign_up: SignUp) -> str:
    """Return the token that opens a guest's sign-up."""
    return sign(Link("event-guest", sign_up.pk, 0))


def own_path(sign_up: SignUp) -> str:
    """Return the page of an own sign-up: the event's, or what a guest's link opens."""
    if sign_up.is_guest:
        return reverse("public:event-guest", args=[guest_token(sign_up)])
    return reverse("public:event", args=[sign_up.event_id])


def place_of(event: Event, place: str = "") -> str:
    """Return where one comes to, with the town: ``place`` where a session has its own."""
    town = event.municipality.name if event.municipality else ""
    where = place or event.address
    return where if town and town in where else ", ".join(filter(None, [where, town]))


def facts(event: Event, times: Sequence[Span] | None = None) -> str:
    """Return what, when and where; what alone of a draft that has no time yet.

    Args:
        times: when it is held, where that is not what the tables tell: what it was before a change.
    """
    times = spans(event) if times is None else times
    if not times:
        return event.title
    where = _("remotely") if event.mode == Mode.REMOTE else place_of(event)
    told = {"title": event.title, "when": whens(times), "where": where}
    if not where:
        return _("%(title)s, %(when)s.") % told
    return _("%(title)s, %(when)s. Where: %(where)s.") % told


class SignUpNotice(Notice, is_family=True):
    """To who has signed up, with an account or as a guest."""

    is_must_know = True
    has_entry = False

    def __init__(self, sign_up: SignUp, at: datetime) -> None:
        self.sign_up, self.event = sign_up, sign_up.event
        self.key = f"{self.kind}:{sign_up.pk}:{at.isoformat()}"

    def about(self) -> str:
        """The event."""
        return f"event-{self.event.pk}"

    def thing(self) -> object:
        """The sign-up."""
        return self.sign_up.pk

    def action(self) -> tuple[str, str]:
        return _("See your sign-up"), own_path(self.sign_up)

    def calendar(self) -> str:
        if not self.has_entry:
            return ""
        own = self.sign_up
        return mailed(own, own.guest.email if own.is_guest else (known(own.person).email or ""))

    def how_to_take_part(self) -> list[str]:
        """Where the link is seen, for who takes part remotely; nothing while there is none."""
        if self.event.mode == Mode.PLACE or not self.event.meeting_url:
            return []
        if self.sign_up.is_guest:
            return [_("You see the link for taking part remotely by the link in this letter.")]
        return [
            _(
                "You see the link for taking part remotely on the event's page when you have signed in."
            )
        ]

    def how_to_leave(self) -> str:
        """What to do when one cannot come."""
        return _("If you cannot come, withdraw on the same page: somebody else gets the place.")


def say(
    notice: Callable[[SignUp, datetime], SignUpNotice], sign_up: SignUp, *, at: datetime
) -> None:
    """Tell it to who has signed up, by the account or the guest's address."""
    if sign_up.person is not None:
        tell(notice(sign_up, at), to=sign_up.person, at=at)
        return
    guest = sign_up.guest
    tell_address(notice(sign_up, at), guest.email, language=guest.language, at=at)


def say_all(
    notice: Callable[[SignUp, datetime], SignUpNotice], sign_ups: Iterable[SignUp], *, at: datetime
) -> None:
    """Tell it to each."""
    for sign_up in sign_ups:
        say(notice, sign_up, at=at)
