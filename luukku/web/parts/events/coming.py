"""Who comes to an event or waits, as the counter and the organiser see them, and how many were there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q

from luukku.accounts.models import User
from luukku.events.models import Answer, Event, Session, SignUp
from luukku.events.queries import contacts_until
from luukku.events.states import WITH_PLACE, SignUpState
from luukku.web.parts.events.forms import said

S = SignUpState
MOST = 100  # of a sort on the page; the list has everybody
ORDER = (*sorted(WITH_PLACE), S.APPLIED, S.WAITING)


@dataclass(frozen=True)
class Coming:
    """Somebody who comes or waits, as the page shows them.

    Attributes:
        number: in the queue; None of who is not in it.
        is_hidden: some of their answers are for the organiser alone.
        is_reachable: how to reach them is still shown.
    """

    own: SignUp
    answers: list[tuple[str, str]]
    number: int | None = None
    is_hidden: bool = False
    is_reachable: bool = True

    @property
    def name(self) -> str:
        """Who it is."""
        return self.own.guest.name if self.own.person is None else self.own.person.name

    @property
    def phone(self) -> str:
        """The number, of a guest too."""
        if not self.is_reachable:
            return ""
        return self.own.guest.phone if self.own.person is None else self.own.person.phone

    @property
    def email(self) -> str:
        """The address, of a guest too; "" of who has none."""
        if not self.is_reachable:
            return ""
        found = self.own.guest.email if self.own.person is None else self.own.person.email
        return found or ""


def coming(event: Event, reader: User, *, at: datetime) -> list[Coming]:
    """Return who comes or waits, with what the reader may read of their answers.

    Some weeks after the event, or after it was called off, no more how to reach them.
    """
    until = contacts_until(event)
    is_reachable = until is None or at < until
    readable = Answer.objects.visible_to(reader).select_related("question")
    rows = (
        SignUp.objects.visible_to(reader)
        .filter(event=event)
        .live()
        .select_related("person", "guest", "place")
        .prefetch_related(
            Prefetch("answers", queryset=readable.order_by("question__number"), to_attr="readable")
        )
        .annotate(answered=Count("answers"))
        .order_by("queue_at", "pk")
    )
    numbers = {
        pk: number
        for number, pk in enumerate(event.sign_ups.queue().values_list("pk", flat=True), 1)
    }
    return [_coming(row, numbers.get(row.pk), is_reachable) for row in rows]


def _coming(row: SignUp, number: int | None, is_reachable: bool) -> Coming:
    readable = row.readable  # type: ignore[attr-defined]  # prefetched under this name
    answers = [(one.question.words, said(one)) for one in readable]
    is_hidden = len(answers) < row.answered  # type: ignore[attr-defined]  # annotated
    return Coming(row, answers, number, is_hidden, is_reachable)


@dataclass(frozen=True)
class Sort:
    """Those of one sort: the first ones, and how many there are."""

    rows: list[Coming]
    number: int

    @property
    def has_more(self) -> bool:
        """Whether the page leaves some out."""
        return self.number > len(self.rows)


def _of(rows: Iterable[Coming], *states: SignUpState) -> Sort | None:
    """Return those in ``states``; None where there is nobody."""
    those = [row for row in rows if row.own.state in states]
    return Sort(those[:MOST], len(those)) if those else None


def sessions_of(event: Event, *, at: datetime) -> list[tuple[Session, bool]]:
    """Return each session with how many have been marked, and whether it has begun."""
    rows = event.sessions.annotate(
        marked=Count("attendance"), here=Count("attendance", filter=Q(attendance__presence="here"))
    )
    return [(row, row.starts_at <= at) for row in rows.order_by("starts_at", "pk")]


def groups_of(rows: list[Coming]) -> dict[str, Sort | None]:
    """Return those who come or wait by how they stand."""
    return {
        "with_place": _of(rows, S.CONFIRMED),
        "offered": _of(rows, S.OFFERED, S.HELD),
        "applied": _of(rows, S.APPLIED),
        "waiting": _of(rows, S.WAITING),
    }
