"""Answering an application: the producer and the counter do it by the same pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.training import actions
from luukku.training.models import Application
from luukku.training.queries import is_marked
from luukku.training.refusals import NotBegunYet, NotOver
from luukku.training.states import CHOOSE, COMPLETE, INVITE, STOP, TURN_DOWN
from luukku.web.kit.acts import data_of
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.parts.training.forms import CompleteForm, InterviewForm, StopForm, TurnDownForm
from luukku.web.ui.forms import Form
from luukku.workflow.actions import require
from luukku.workflow.queries import may
from luukku.workflow.states import Move


@dataclass(frozen=True)
class Answer:
    """One thing that can be answered, and what its page says."""

    act: Callable[..., Application]
    move: Move
    form: type[Form] | None
    title: str | Promise
    follows: tuple[str | Promise, ...]
    label: str | Promise
    done: str | Promise


ANSWERS = {
    "interview": Answer(
        actions.invite,
        INVITE,
        InterviewForm,
        _("Invite to an interview"),
        (_("The time and the place are written to the person."),),
        _("Invite"),
        _("The invitation has been written."),
    ),
    "choose": Answer(
        actions.choose,
        CHOOSE,
        None,
        _("Choose this person?"),
        (
            _("The person gets a place in the training, and is told at once."),
            _("A place can be taken back only by withdrawing the application."),
        ),
        _("Choose for the training"),
        _("The person has a place, and is told."),
    ),
    "turn-down": Answer(
        actions.turn_down,
        TURN_DOWN,
        TurnDownForm,
        _("Not this time"),
        (_("Your words are written to the person."),),
        _("Send the answer"),
        _("The answer has been written."),
    ),
    "complete": Answer(
        actions.complete,
        COMPLETE,
        CompleteForm,
        _("Has completed the training"),
        (
            _("It goes into the person’s own record as an expert by experience, with its hours."),
            _("Orders that ask for it find the person from now on."),
        ),
        _("Write down that it is completed"),
        _("The training is in the person’s record."),
    ),
    "stop": Answer(
        actions.stop,
        STOP,
        StopForm,
        _("Takes part no more"),
        (
            _("The hours that have been done stay the person’s."),
            _("The place is free. It cannot be completed any more."),
        ),
        _("Write down that the person stops"),
        _("Written down. The hours stay."),
    ),
}  # fmt: skip


def _require(application: Application, one: Answer) -> None:
    """Refuse what the act would refuse whatever is written, before it is written."""
    require(application, one.move)
    event, now = application.run.event, timezone.now()
    if one.move == COMPLETE and (event.ends_at is None or event.ends_at > now):
        raise NotOver(event.ends_at)
    if one.move == STOP and (event.starts_at is None or event.starts_at > now):
        raise NotBegunYet


def _first(application: Application, one: Answer) -> list[str | Promise]:
    """Return what has to be known before it is answered."""
    if one.move != COMPLETE or is_marked(application):
        return []
    return [_("Nobody has marked if the person came. Write the hours that you know were done.")]


def answer(
    request: Request,
    application: Application,
    name: str,
    *,
    act_by: Callable[..., HttpResponse],
    tabs: list[dict[str, object]],
    home: SeeOther,
) -> HttpResponse:
    """Ask what is needed for the answer ``name``, and give it.

    Args:
        act_by: ``form_act``, or the counter's own.
        home: the application's page.

    Raises:
        Http404: there is no such answer.
    """
    if name not in ANSWERS:
        raise Http404
    one = ANSWERS[name]
    form = one.form(data_of(request), application=application) if one.form else None
    asked: dict[str, Any] = {
        "title": _("Another time for the interview")
        if name == "interview" and application.interview_at
        else one.title,
        "lead": f"{application.person.name}, {application.run.title}",
        "follows": (*_first(application, one), *one.follows),
        "label": one.label,
        "back": home.url,
        "keep": _("Back to the application"),
        "form": form,
        "is_end": False,
    }
    return act_by(
        request,
        one.act,
        application,
        form=form,
        page=lambda _status: (
            ask_first(request, tabs, **asked)
            if may(one.move.name, application, request.user)
            else home  # before anything is typed for nothing
        ),
        ready=lambda: _require(application, one),
        done=str(one.done),
        to=home,
    )
