"""What is said the day before."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from luukku.core.times import helsinki, when
from luukku.events.models import Mode, Session, SignUp
from luukku.events.notices.common import SignUpNotice, place_of


class EventTomorrow(SignUpNotice):
    """It is tomorrow: when, where, and how to leave if one cannot come."""

    kind = "events.tomorrow"

    def __init__(self, sign_up: SignUp, at: datetime, session: Session) -> None:
        super().__init__(sign_up, at)
        self.session = session
        self.key = reminder_key(sign_up.pk, session)

    def subject(self) -> str:
        return _("You have something tomorrow")

    def lines(self) -> list[str]:
        """What, when and where; the link for who takes part remotely."""
        event, session = self.event, self.session
        where = place_of(event, session.place)
        lines = [f"{event.title}, {when(session.starts_at, session.ends_at)}."]
        if event.mode != Mode.REMOTE and where:
            lines.append(_("Where: %(where)s.") % {"where": where})
        if event.mode != Mode.PLACE and event.meeting_url:
            lines.append(_("Link: %(url)s") % {"url": event.meeting_url})
        return [*lines, self.how_to_leave()]

    def expires_at(self) -> datetime | None:
        return self.session.starts_at


def reminder_key(sign_up: int, session: Session) -> str:
    """Return the key of the reminder: one for each day on which a session is held, also when it has been moved."""
    return f"{EventTomorrow.kind}:{sign_up}:{session.pk}:{helsinki(session.starts_at).date()}"
