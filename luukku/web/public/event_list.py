"""What is coming, as a list and month by month: everybody may read it, and each line says whether one can sign up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.forms import HiddenInput
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.assignments.actions import new_calendar_key
from luukku.assignments.models import CalendarKey
from luukku.core.by_day import first_of_days, midnights
from luukku.core.ordering import in_finnish
from luukku.core.refused import Words
from luukku.core.times import clock_shown, helsinki, is_holiday, whens
from luukku.events.finding import holding
from luukku.events.models import Event, EventQuerySet, How, Kind, Material, Mode, Session, SignUp
from luukku.events.queries import not_open, was_away, with_number
from luukku.events.states import LIVE_SIGN_UPS, OPEN_EVENTS, EventState, SignUpState
from luukku.feedback.queries import has_told, is_to_tell
from luukku.taxonomy.models import Municipality
from luukku.web.kit.access import EVERYONE, SIGNED_IN, home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.listing import paged
from luukku.web.kit.months import (
    A_MONTH,
    day_asked,
    in_weeks,
    month_asked,
    month_name,
    weekdays,
    whole_weeks,
)
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request, is_signed_in
from luukku.web.ui import tags
from luukku.web.ui.filters import ChoiceFilter, Filters, ModelChoiceFilter, TextFilter

A_PAGE = 20
MOST_A_DAY = 3  # sessions in the month; the day has all of them
OWN_STATES = LIVE_SIGN_UPS | {SignUpState.DECLINED}


@dataclass(frozen=True)
class Line:
    """One event as the list shows it."""

    event: Any  # an Event with its numbers
    at: datetime

    @property
    def when(self) -> str:
        """When it is held."""
        spans = ((one.starts_at, one.ends_at) for one in self.event.sessions.all())
        return whens(spans, weekday=True)

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


def _towns(_request: HttpRequest) -> QuerySet[Municipality]:
    """Return where events that everybody may read about are held."""
    there = Event.objects.open_to_all().filter(municipality=OuterRef("pk"))
    name = "name_sv" if get_language() == "sv" else "name_fi"
    return Municipality.objects.filter(Exists(there)).order_by(in_finnish(name))


class OpenFilters(Filters):
    """By what somebody looks for an event; the kinds stand as links above the form."""

    kind = ChoiceFilter(choices=Kind.choices, widget=HiddenInput)
    q = TextFilter(holding, help_text=gettext_lazy("Title, address, town or organiser."))
    town = ModelChoiceFilter(
        label=gettext_lazy("Municipality"), queryset=_towns, field_name="municipality"
    )


@page(EVERYONE)
def events(request: HttpRequest) -> HttpResponse:
    """What is coming, the soonest first; or all of one month in weeks, or of one day."""
    now = timezone.now()
    filters = OpenFilters(request.GET, Event.objects.open_to_all(), request=request)
    asked = _Asked(filters.said)
    context = {
        "filters": filters,
        "all": asked.url(),
        "this_month": asked.url(month=helsinki(now).date()),
        "kinds": list(asked.kinds(request)),
        "is_signed_in": is_signed_in(request),
    }
    month = month_asked(request.GET.get("month", ""))
    if month is not None:
        reader = request.user if is_signed_in(request) else None
        context |= _month_page(filters.qs, month, asked, reader, at=now)
        return render(request, "public/events/month.html", context)
    rows = filters.qs.with_numbers().select_related("municipality", "organiser")
    rows, day = rows.prefetch_related("sessions"), day_asked(request.GET.get("day", ""))
    shown = paged(request, _on(rows, day) if day else rows.coming(now), A_PAGE)
    context |= {
        "shown": shown,
        "lines": [Line(event, now) for event in shown],
        "title": capfirst(date_format(day, "l j.n.Y")) if day else _("Coming events"),
        "day": day,
        "month_of_day": asked.url(month=day) if day else "",
    }
    return render(request, "public/events/list.html", context)


def _on(rows: EventQuerySet, day: date) -> EventQuerySet:
    """Return those that have a session on ``day``."""
    start, end = midnights(day, 1)
    here = Session.objects.filter(event=OuterRef("pk"), starts_at__gte=start, starts_at__lt=end)
    return rows.filter(Exists(here)).order_by("starts_at", "pk")


class _Asked:
    """What the list is narrowed by, as it stands in the addresses of its other views."""

    def __init__(self, said: dict[str, Any]) -> None:
        self.said = {name: str(getattr(one, "pk", one)) for name, one in said.items() if one}

    def url(
        self, *, month: date | None = None, day: date | None = None, kind: str | None = None
    ) -> str:
        """Return the address of the list, of a month or of a day; of another kind where it is told."""
        told = self.said | ({} if kind is None else {"kind": kind})
        if month is not None:
            told |= {"month": f"{month:%Y-%m}"}
        if day is not None:
            told |= {"day": day.isoformat()}
        query = urlencode({name: one for name, one in told.items() if one})
        return reverse("public:events") + (f"?{query}" if query else "")

    def kinds(self, request: HttpRequest) -> Iterator[tuple[object, str, bool]]:
        """Yield each kind of event: what it is called, where it leads, and whether it is chosen."""
        times: dict[str, date | None] = {
            "month": month_asked(request.GET.get("month", "")),
            "day": day_asked(request.GET.get("day", "")),
        }
        chosen = self.said.get("kind", "")
        yield _("All"), self.url(**times, kind=""), not chosen
        for kind in _kinds():
            yield kind.label, self.url(**times, kind=kind.value), kind == chosen


@dataclass
class _Day:
    """One day of the month with the first of its sessions; ``left_out``: how many more there are."""

    day: date
    is_holiday: bool
    entries: list[SafeString] = field(default_factory=list)
    left_out: int = 0


def _month_page(
    rows: EventQuerySet, month: date, asked: _Asked, reader: User | None, *, at: datetime
) -> dict[str, object]:
    """Return what the page of a month shows: one query, however many events there are, and one for own places."""
    first, last = whole_weeks(month)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    by_day = {day: _Day(day, is_holiday(day)) for day in days}
    sessions = Session.objects.filter(event__in=rows).select_related("event")
    placed = SignUp.objects.of(reader).confirmed() if reader else SignUp.objects.none()
    start, end = midnights(first, len(days))
    own = set(
        placed.filter(event__sessions__starts_at__range=(start, end)).values_list(
            "event", flat=True
        )
    )
    for one in first_of_days(sessions, first, len(days), most=MOST_A_DAY):
        day = by_day[one.on_day]
        day.entries.append(_line(one, is_own=one.event_id in own))
        day.left_out = max(0, one.of_day - MOST_A_DAY)
    return {
        "title": month_name(month),
        "is_week": False,
        "weekdays": weekdays(),
        "weeks": list(
            in_weeks(
                first,
                [
                    (one, asked.url(day=day) if one.entries else "", one.entries)
                    for day, one in by_day.items()
                ],
            )
        ),
        "month": month.month,
        "month_asked": f"{month:%Y-%m}",
        "is_empty": not any(one.entries for day, one in by_day.items() if day.month == month.month),
        "is_past": month + A_MONTH <= helsinki(at).date(),
        "unnarrowed": _Asked({}).url(month=month) if asked.said else "",
        "today": helsinki(at).date(),
        "earlier": asked.url(month=month - A_MONTH),
        "later": asked.url(month=month + A_MONTH),
    }


def _line(session: Session, *, is_own: bool) -> SafeString:
    """Return the line of a session; what is off and what is one's own differ by words and by their edge."""
    event = session.event
    is_off = event.state == EventState.CANCELLED
    said = _("Cancelled") if is_off else _("Your place") if is_own else ""
    title = f"{said}: {event.title}" if said else event.title
    sort = "event off" if is_off else "event own" if is_own else "event"
    url = reverse("public:event", args=[event.pk])
    return tags.entry(sort, url, title, first=clock_shown(session.starts_at))


@page(SIGNED_IN)
def own(request: Request) -> HttpResponse:
    """What one comes to or waits for, and what one has been to."""
    now = timezone.now()
    rows = with_number(SignUp.objects.of(request.user)).select_related("event")
    materials = Material.objects.visible_to(request.user).kept(now)
    rows = rows.prefetch_related(
        "event__sessions", Prefetch("event__materials", queryset=materials)
    )
    stands = Q(event__ends_at__gt=now, event__state__in=OPEN_EVENTS) & Q(state__in=OWN_STATES)
    been = Q(state=SignUpState.CONFIRMED, event__ends_at__lte=now) & ~was_away()
    context = {
        "coming": [
            OwnLine(row, now) for row in rows.filter(stands).order_by("event__starts_at", "pk")
        ],
        "been": paged(
            request,
            rows.filter(been).exclude(event__state=EventState.CANCELLED)
            .annotate(is_to_tell=is_to_tell(now), has_told=Exists(has_told())).order_by("-event__starts_at", "-pk"),
        ),
        "now": now,
        "key": CalendarKey.objects.filter(user=request.user).first(),
    }  # fmt: skip
    return render(request, "public/events/own.html", context)


@page(SIGNED_IN, methods=("POST",), home=home_at("public:events-own"))
def calendar_address(request: Request) -> HttpResponse:
    """Get a new calendar address."""
    return form_act(
        request,
        new_calendar_key,
        request.user,
        done=_("Here is your calendar address. Keep it to yourself."),
        to=see_other("public:events-own"),
    )


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
