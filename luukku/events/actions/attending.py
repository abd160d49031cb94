"""Who came."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from luukku.accounts.models import User
from luukku.events.models import Attendance, Presence, Session
from luukku.events.refusals import NotBegun
from luukku.events.states import CHECK_IN
from luukku.workflow.actions import acting


def check_in(
    session: Session, marks: Mapping[int, Presence | str], *, by: User, at: datetime
) -> int:
    """Mark by the key of the sign-up who was at ``session``; "" takes a mark back. Return how many changed.

    Only those who have a place are marked; a mark that stands already is left as it is.

    Raises:
        PermissionDenied: ``by`` is neither the organiser nor at the counter.
        WrongState: the event has been cancelled.
        NotBegun: the session has not begun.
    """
    if at < session.starts_at:
        raise NotBegun
    with acting(session.event, CHECK_IN, by=by, at=at, data={"session": session.pk}) as event:
        there = set(event.sign_ups.confirmed().filter(pk__in=marks).values_list("pk", flat=True))
        kept = dict(session.attendance.values_list("sign_up", "presence"))
        count = 0
        for pk in sorted(there):
            mark = marks[pk]
            if mark == kept.get(pk, ""):
                continue
            count += 1
            if mark == "":
                session.attendance.filter(sign_up=pk).delete()
                continue
            Attendance.objects.update_or_create(
                sign_up_id=pk,
                session=session,
                defaults={"presence": Presence(mark), "marked_by": by, "marked_at": at},
            )
    return count
