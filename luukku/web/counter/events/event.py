"""One event at the counter: what it is, who comes, who waits, and what has been said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luukku.core.times import helsinki
from luukku.events.models import Answer, Event, Session, SignUp
from luukku.events.queries import to_decide
from luukku.events.states import WITH_PLACE, SignUpState
from luukku.notices.queries import letters_about
from luukku.web.counter.frame import tabs
from luukku.web.counter.letters import letter_rows
from luukku.web.kit.access import page
from luukku.web.kit.fetch import fetch
from luukku.web.kit.request import Request
from luukku.web.parts.events.facts import event_view
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
    """

    own: SignUp
    answers: list[tuple[str, str]]
    number: int | None = None
    is_hidden: bool = False

    @property
    def name(self) -> str:
        """Who it is."""
        return self.own.guest.name if self.own.person is None else self.own.person.name

    @property
    def phone(self) -> str:
        """The number, of a guest too."""
        return self.own.guest.phone if self.own.person is None else self.own.person.phone

    @property
    def email(self) -> str:
        """The address, of a guest too; "" of who has none."""
        found = self.own.guest.email if self.own.person is None else self.own.person.email
        return found or ""


def find_event(request: Request, pk: int) -> Event:
    """Return the event with its numbers.

    Raises:
        Http404: there is none that the person may see.
    """
    rows = Event.objects.with_numbers().select_related("organiser", "responsible", "language")
    return fetch(rows, pk, for_=request.user)


def coming(request: Request, event: Event) -> list[Coming]:
    """Return who comes or waits, with what the reader may read of their answers."""
    readable = Answer.objects.visible_to(request.user).select_related("question")
    rows = (
        SignUp.objects.visible_to(request.user)
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
    return [_coming(row, numbers.get(row.pk)) for row in rows]


def _coming(row: SignUp, number: int | None) -> Coming:
    readable = row.readable  # type: ignore[attr-defined]  # prefetched under this name
    answers = [(one.question.words, said(one)) for one in readable]
    return Coming(row, answers, number, len(answers) < row.answered)  # type: ignore[attr-defined]  # annotated


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


@page("coordinator")
def event(request: Request, pk: int) -> HttpResponse:
    """One event whole."""
    found, now = find_event(request, pk), timezone.now()
    rows = coming(request, found)
    context = {
        "event": found,
        "view": event_view(found, request.user, at=now),
        "sessions": sessions_of(found, at=now),
        "questions": found.questions.all(),
        "groups": {
            "with_place": _of(rows, S.CONFIRMED),
            "offered": _of(rows, S.OFFERED, S.HELD),
            "applied": _of(rows, S.APPLIED),
            "waiting": _of(rows, S.WAITING),
        },
        "ended": found.sign_ups.exclude(state__in=ORDER).count(),
        "is_to_decide": to_decide(found, on=helsinki(now).date()),
        "now": now,
        "tabs": tabs(request, "events"),
        **letter_rows(request, letters_about(f"event-{pk}")),
    }
    return render(request, "counter/events/detail.html", context)
