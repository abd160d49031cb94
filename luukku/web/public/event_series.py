"""A series of events on one page: each date, and signing up for all that come with one press."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.accounts.models import User
from luukku.events import actions
from luukku.events.models import Event, SignUp
from luukku.events.queries import in_one_form, is_audience
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.web.kit.access import EVERYONE, SIGNED_IN, home_at, page
from luukku.web.kit.acts import form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request, is_signed_in
from luukku.web.public.event_list import Line
from luukku.web.public.events import shown_event

SHOWN = (*sorted(OPEN_EVENTS), EventState.CANCELLED)


@page(EVERYONE)
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """Every date of the series that is still to come; neither its theme nor its own title is shown."""
    found, now = shown_event(request, pk), timezone.now()
    if found.series_id is None:
        raise Http404
    reader = request.user if is_signed_in(request) else None
    seen = Event.objects.visible_to(reader) if reader else Event.objects.open_to_all()
    coming = seen.of_series(found).filter(state__in=SHOWN, ends_at__gt=now).with_numbers()
    rows = list(coming.select_related("municipality", "organiser").prefetch_related("sessions"))
    own = _own(rows, reader)
    context = {
        "event": found,
        "lines": [(Line(row, now), own.get(row.pk)) for row in rows],
        "open_ones": _for(found, reader, own, at=now) if reader else 0,
    }
    return render(request, "public/events/series.html", context)


def _own(rows: list[Event], reader: User | None) -> dict[int, SignUp]:
    """Return the reader's live sign-ups by event."""
    if reader is None:
        return {}
    return {one.event_id: one for one in SignUp.objects.of(reader).live().filter(event__in=rows)}


def _for(found: Event, reader: User, own: dict[int, SignUp], *, at: datetime) -> int:
    """Return how many events one press would sign the reader up for."""
    if not is_audience(reader, found):
        return 0
    return sum(one.pk not in own for one in in_one_form(found, at=at))


@page(SIGNED_IN, methods=("POST",), home=home_at("public:event-series", "pk"))
def sign_up(request: Request, pk: int) -> HttpResponse:
    """Sign up for all that come; where it is refused, the others stand."""
    return form_act(
        request,
        actions.sign_up_all,
        fetch(Event, pk, for_=request.user),
        to=see_other("public:event-series", pk),
        done=_said,
    )


def _said(result: Any) -> str:
    """Say how many there are now, and how many are left."""
    done, left = result
    told = ngettext(
        "You are signed up for %(number)s time. Below you see how each stands.",
        "You are signed up for %(number)s times. Below you see how each stands.",
        len(done),
    ) % {"number": len(done)}
    if not left:
        return told
    return told + " " + _("Some times could not be: open them to see why.")
