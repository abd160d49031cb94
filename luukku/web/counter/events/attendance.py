"""Who was there: marked on a phone, or ticked on paper."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.core.times import when
from luukku.events import actions
from luukku.events.models import Event, Presence, Session, SignUp
from luukku.events.states import CHECK_IN
from luukku.web.counter.events.event import find_event
from luukku.web.counter.events.event_list import name_of
from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.access import page
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.ui.forms import EditForm
from luukku.workflow.queries import may

NOT_MARKED = "none"
CHOICES = [*Presence.choices, (NOT_MARKED, gettext_lazy("Not marked"))]


def who_comes(event: Event) -> list[SignUp]:
    """Return those who have a place, in the order of their places."""
    rows = event.sign_ups.confirmed().select_related("person", "guest", "place")
    return list(rows.order_by("place__number"))


class MarksForm(EditForm):
    """Of each who has a place, whether they were there."""

    def __init__(self, session: Session, people: list[SignUp], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, about=session, **kwargs)
        marks = dict(session.attendance.values_list("sign_up", "presence"))
        # Who has come on the list since the page was shown is not asked about.
        self.people = [own for own in people if not self.is_bound or f"mark_{own.pk}" in self.data]
        for own in self.people:
            self.fields[f"mark_{own.pk}"] = forms.ChoiceField(
                label=name_of(own),
                choices=CHOICES,
                initial=marks.get(own.pk, NOT_MARKED),
                widget=forms.RadioSelect,
            )

    def arguments(self) -> dict[str, Any]:
        """Return the marks by the key of the sign-up."""
        sent = {own.pk: self.cleaned_data[f"mark_{own.pk}"] for own in self.people}
        return {"marks": {pk: "" if mark == NOT_MARKED else mark for pk, mark in sent.items()}}


def _marked(number: int) -> str:
    told = ngettext("%(number)s mark has been saved.", "%(number)s marks have been saved.", number)
    return told % {"number": number}


@page("coordinator", methods=("GET", "POST"))
def check_in(request: Request, pk: int) -> HttpResponse:
    """Mark who came to one session; before it has begun, the page says when one can."""
    session = _session(request, pk)
    has_begun = session.starts_at <= timezone.now()
    is_marked = has_begun and may(CHECK_IN.name, session.event, request.user)
    people = who_comes(session.event) if is_marked else []  # names are read only to be shown
    form = MarksForm(session, people, data_of(request))
    context = {
        "event": session.event,
        "session": session,
        "when": when(session.starts_at, session.ends_at),
        "form": form,
        "people": people,
        "has_begun": has_begun,
        "tabs": tabs(request, "events"),
    }
    return counter_act(
        request,
        actions.check_in,
        session,
        form=form,
        page=lambda status: render(request, "counter/events/check_in.html", context, status=status),
        done=_marked,
        to=see_other("counter:event-check-in", pk),
    )


def _session(request: Request, pk: int) -> Session:
    """Return a session of an event that the person may see.

    Raises:
        Http404: there is none.
    """
    seen = Event.objects.visible_to(request.user)
    return get_object_or_404(Session.objects.select_related("event"), pk=pk, event__in=seen)


@page("coordinator")
def paper(request: Request, pk: int) -> HttpResponse:
    """Names and empty boxes for each session, for paper."""
    found = find_event(request, pk)
    context = {
        "event": found,
        "sessions": found.sessions.all(),
        "names": [name_of(own) for own in who_comes(found)],
        "empty": range(3),
        "title": _("List of participants"),
        "tabs": tabs(request, "events"),
    }
    return render(request, "counter/events/paper.html", context)
