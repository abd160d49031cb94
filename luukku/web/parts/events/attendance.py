"""Marking who was there, on a phone or on paper: the counter and the organiser do it alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from luukku.core.times import when
from luukku.events import actions
from luukku.events.models import Event, Presence, Session, SignUp
from luukku.events.states import CHECK_IN
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.ui.forms import EditForm
from luukku.workflow.queries import may

NOT_MARKED = "none"
CHOICES = [*Presence.choices, (NOT_MARKED, gettext_lazy("Not marked"))]


def name_of(row: SignUp) -> str:
    """Return who it is: the person's name, or the guest's."""
    return row.guest.name if row.person is None else row.person.name


def who_comes(event: Event) -> list[SignUp]:
    """Return those who have a place, in the order of their places."""
    rows = event.sign_ups.confirmed().select_related("person", "guest", "place")
    return list(rows.order_by("place__number"))


def paper_of(event: Event) -> dict[str, Any]:
    """Return what ``parts/events/paper.html`` shows: names and empty boxes for each session."""
    return {
        "event": event,
        "sessions": event.sessions.all(),
        "names": [name_of(own) for own in who_comes(event)],
        "empty": range(3),
        "title": _("List of participants"),
    }


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


def marks_said(number: int) -> str:
    """Return how many marks have been saved, in words."""
    told = ngettext("%(number)s mark has been saved.", "%(number)s marks have been saved.", number)
    return told % {"number": number}


def mark(
    request: Request,
    session: Session,
    *,
    act_by: Callable[..., HttpResponse],
    show: Callable[..., HttpResponse],
    back: tuple[SeeOther, str],
    to: SeeOther,
    paper: str = "",
) -> HttpResponse:
    """Mark who came to one session; before it has begun, the page says when one can.

    Args:
        act_by: ``form_act``, or the counter's own.
        show: renders a template with ``status`` and what it shows.
        back: where the page leads back, and what that is called. to: where the marks lead.
        paper: the address of the list on paper, if the page names it.
    """
    event, has_begun = session.event, session.starts_at <= timezone.now()
    is_marked = has_begun and may(CHECK_IN.name, event, request.user)
    people = who_comes(event) if is_marked else []  # names are read only to be shown
    form = MarksForm(session, people, data_of(request))
    home, label = back
    return act_by(
        request,
        actions.check_in,
        session,
        form=form,
        page=lambda status: show(
            "parts/events/check_in.html",
            status=status,
            event=event,
            session=session,
            when=when(session.starts_at, session.ends_at),
            form=form,
            people=people,
            has_begun=has_begun,
            back=home.url,
            back_label=label,
            paper=paper,
        ),
        done=marks_said,
        to=to,
    )
