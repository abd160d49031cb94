"""Events that repeat: made from one, shown together, published together, the rest called off together."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from luukku.events import actions
from luukku.events.models import Event
from luukku.events.states import REPEAT, EventState
from luukku.web.counter.events.event import find_event
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import home_at, page
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.events.answering import CancelForm
from luukku.web.parts.events.repeat_form import RepeatForm
from luukku.workflow.actions import require
from luukku.workflow.queries import may


def _in_series(request: Request, pk: int) -> Event:
    """Return an event that belongs to a series.

    Raises:
        Http404: it belongs to none.
    """
    found = find_event(request, pk)
    if found.series_id is None:
        raise Http404
    return found


@page("coordinator", methods=("GET", "POST"), makes_one=True)
def repeat(request: Request, pk: int) -> HttpResponse:
    """Hold an event on further days; they are shown first."""
    found = find_event(request, pk)
    if found.starts_at is None:
        return see_other("counter:event-times", pk)
    form = RepeatForm(found, data_of(request))

    def show(form: RepeatForm, status: int) -> HttpResponse:
        context = {"form": form, "event": found, "tabs": tabs(request, "events")}
        return render(request, "counter/events/repeat.html", context, status=status)

    if form.is_bound and form.is_valid() and form.wants_days():
        form = RepeatForm(found, form.with_days())
        form.is_valid()
        return show(form, 200)
    return counter_act(
        request,
        actions.repeat,
        found,
        form=form,
        ready=lambda: require(found, REPEAT),
        page=lambda status: show(form, status),
        done=lambda made: (
            ngettext(
                "%(number)s draft has been made. Look at it and publish it.",
                "%(number)s drafts have been made. Look at them and publish them.",
                len(made),
            )
            % {"number": len(made)}
        ),
        to=see_other("counter:event-series", pk),
    )


@page("coordinator")
def series(request: Request, pk: int) -> HttpResponse:
    """All events of a series."""
    found, now = _in_series(request, pk), timezone.now()
    of_series = Event.objects.visible_to(request.user).of_series(found).with_numbers()
    rows = list(of_series.prefetch_related("sessions"))
    open_rows = [row for row in rows if may("events.cancel", row, request.user)]
    coming = [row for row in open_rows if row.starts_at is not None and row.starts_at > now]
    context = {
        "event": found,
        "rows": rows,
        "drafts": sum(row.state == EventState.DRAFT for row in coming),
        "coming": len(coming),
        "tabs": tabs(request, "events"),
    }
    return render(request, "counter/events/series.html", context)


@page("coordinator", methods=("POST",), home=home_at("counter:event-series", "pk"))
def publish(request: Request, pk: int) -> HttpResponse:
    """Publish every draft of the series."""
    return counter_act(
        request,
        actions.publish_series,
        _in_series(request, pk),
        done=lambda number: (
            ngettext(
                "%(number)s event has been published.",
                "%(number)s events have been published.",
                number,
            )
            % {"number": number}
        ),
        to=see_other("counter:event-series", pk),
    )


@page("coordinator", methods=("GET", "POST"))
def cancel(request: Request, pk: int) -> HttpResponse:
    """Call off what is left of a series, with a reason that everybody is told."""
    found, form = _in_series(request, pk), CancelForm(data_of(request))
    rest = Event.objects.visible_to(request.user).of_series(found).still_open(timezone.now())
    number = rest.count()
    if not number and request.method != "POST":
        return see_other("counter:event-series", pk)
    told = ngettext(
        "%(number)s event is called off. Everybody who has signed up is told, with the reason.",
        "%(number)s events are called off. Everybody who has signed up is told, with the reason.",
        number,
    ) % {"number": number}
    return counter_act(
        request,
        actions.cancel_rest,
        found,
        form=form,
        page=lambda _status: ask_first(
            request,
            tabs(request, "events"),
            title=_("Call off the rest of the series?"),
            lead=found.title,
            follows=[told, _("There is no way back: a new event is made instead.")],
            label=_("Call off the rest"),
            back=reverse("counter:event-series", args=[pk]),
            keep=_("Do not call them off"),
            form=form,
        ),
        done=_("The rest of the series has been called off."),
        to=see_other("counter:event-series", pk),
    )
