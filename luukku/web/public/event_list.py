"""What is coming, as a list and month by month: everybody may read it, and each line says whether one can sign up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.core.refused import Words
from luukku.core.times import helsinki, instant, whens
from luukku.events.models import Event, EventQuerySet, How, Kind, Mode, SignUp
from luukku.events.queries import not_open, was_away, with_number
from luukku.events.states import LIVE_SIGN_UPS, OPEN_EVENTS, EventState, SignUpState
from luukku.web.kit.access import EVERYONE, SIGNED_IN, page
from luukku.web.kit.listing import paged
from luukku.web.kit.request import Request, is_signed_in

FIRST_YEAR, LAST_YEAR = 2000, 2200
OWN_STATES = LIVE_SIGN_UPS | {SignUpState.DECLINED}


@dataclass(frozen=True)
class Line:
    """One event as the list shows it."""

    event: Any  # an Event with its numbers
    at: datetime

    @property
    def when(self) -> str:
        """When it is held."""
        return whens((one.starts_at, one.ends_at) for one in self.event.sessions.all())

    @property
    def where(self) -> str:
        """Where one comes to, or that one takes part remotely."""
        event = self.event
        if event.mode == Mode.REMOTE:
            return str(Mode.REMOTE.label)
        town = event.municipality.name if event.municipality else ""
        return ", ".join(filter(None, [event.address, town]))

    @property
    def places(self) -> Words:
        """Whether one can sign up, and what one then gets."""
        if refusal := not_open(self.event, at=self.at):
            return refusal.words
        if self.event.how == How.APPROVAL:
            return _("The organiser approves each sign-up. Signing up is not a place yet.")
        free, waiting = max(self.event.free, 0), self.event.waiting
        if free and not waiting:
            return ngettext("%(number)s place is free.", "%(number)s places are free.", free) % {
                "number": free
            }
        return _("Every place is taken. You can put yourself on the waiting list.")


def _open(request: HttpRequest) -> EventQuerySet:
    """Return what anybody may read about, of the kind that the address asks for."""
    rows = Event.objects.open_to_all().with_numbers()
    if (kind := request.GET.get("kind", "")) in Kind.values:
        rows = rows.filter(kind=kind)
    return rows.select_related("municipality", "organiser").prefetch_related("sessions")


def _month_in(text: str) -> date | None:
    """Return the first day of the month that the address asks for."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None


@page(EVERYONE)
def events(request: HttpRequest) -> HttpResponse:
    """What is coming, the soonest first; or all of one month."""
    now, month = timezone.now(), _month_in(request.GET.get("month", ""))
    rows = _open(request)
    if month is None:
        shown = paged(request, rows.coming(now), 20)
    else:
        step = relativedelta(months=1)
        first, last = instant(month, time()), instant(month + step, time())
        in_month = rows.filter(starts_at__lt=last, ends_at__gte=first)
        shown = paged(request, in_month.order_by("starts_at", "pk"), 100)
    asked = request.GET.get("kind", "")
    asked = asked if asked in Kind.values else ""

    def url(month: date | None = None, kind: str = asked) -> str:
        query = [f"month={month:%Y-%m}"] if month else []
        query += [f"kind={kind}"] if kind else []
        return reverse("public:events") + ("?" + "&".join(query) if query else "")

    this = helsinki(now).date().replace(day=1)
    context = {
        "shown": shown,
        "lines": [Line(event, now) for event in shown],
        "month": month,
        "title": date_format(month, "YEAR_MONTH_FORMAT") if month else _("Coming events"),
        "earlier": url(month - relativedelta(months=1)) if month else "",
        "later": url(month + relativedelta(months=1)) if month else "",
        "all": url(),
        "this_month": url(this),
        "kinds": [("", _("All"), url(month, ""), not asked)]
        + [(kind.value, kind.label, url(month, kind.value), kind == asked) for kind in _kinds()],
        "is_signed_in": is_signed_in(request),
    }
    return render(request, "public/events/list.html", context)


@page(SIGNED_IN)
def own(request: Request) -> HttpResponse:
    """What one comes to or waits for, and what one has been to."""
    now = timezone.now()
    rows = with_number(SignUp.objects.of(request.user)).select_related("event")
    rows = rows.prefetch_related("event__sessions")
    stands = Q(event__ends_at__gt=now, event__state__in=OPEN_EVENTS) & Q(state__in=OWN_STATES)
    been = Q(state=SignUpState.CONFIRMED, event__ends_at__lte=now) & ~was_away()
    context = {
        "coming": [
            OwnLine(row, now) for row in rows.filter(stands).order_by("event__starts_at", "pk")
        ],
        "been": paged(
            request, rows.filter(been).exclude(event__state=EventState.CANCELLED).order_by("-event__starts_at", "-pk")
        ),
        "now": now,
    }  # fmt: skip
    return render(request, "public/events/own.html", context)


@dataclass(frozen=True)
class OwnLine:
    """One own sign-up as the list shows it."""

    sign_up: SignUp
    at: datetime

    @property
    def when(self) -> str:
        """When it is held."""
        return Line(self.sign_up.event, self.at).when


def _kinds() -> list[Kind]:
    """Return the kinds that are open to people in general."""
    return [kind for kind in Kind if kind not in {Kind.STEERING, Kind.PRACTICE_LECTURE}]
