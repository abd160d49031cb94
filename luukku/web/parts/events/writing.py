"""What an event's page is written with, alike at the counter, at its organiser's and at its leader's."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.events import actions
from luukku.events.models import Event
from luukku.events.states import ASK, SET_TIMES
from luukku.web.kit.acts import data_of
from luukku.web.kit.redirects import SeeOther
from luukku.web.kit.request import Request
from luukku.web.parts.events.materials_form import MaterialsForm
from luukku.web.parts.events.questions_form import QuestionsForm
from luukku.web.parts.events.times_form import TimesForm, times_said
from luukku.workflow.actions import require

Act = Callable[..., HttpResponse]  # ``form_act``, or the counter's own
Show = Callable[..., HttpResponse]  # the page: takes ``status``, ``form`` and what else it shows


def times(
    request: Request, event: Event, *, act_by: Act, show: Show, home: SeeOther, here: SeeOther
) -> HttpResponse:
    """Give an event its times, or move them: everybody keeps their place and is told.

    Args:
        home: the event's page. here: this page, where a refusal is read.
    """
    form = TimesForm(event, data_of(request))
    return act_by(
        request,
        actions.set_times,
        event,
        form=form,
        ready=lambda: require(event, SET_TIMES),
        page=lambda status: show(status=status, form=form, people=event.sign_ups.live().count()),
        done=times_said,
        to=home,
        back=here,
    )


def questions(
    request: Request, event: Event, *, act_by: Act, show: Show, home: SeeOther
) -> HttpResponse:
    """Write what a draft asks of those who sign up."""
    form = QuestionsForm(event, data_of(request))
    return act_by(
        request,
        actions.ask,
        event,
        form=form,
        ready=lambda: require(event, ASK),
        page=lambda status: show(status=status, form=form),
        done=_("Saved."),
        to=home,
    )


def materials(
    request: Request, event: Event, *, act_by: Act, show: Show, home: SeeOther
) -> HttpResponse:
    """Add, rename and take away what an event gives to read."""
    form = MaterialsForm(event, data_of(request))
    return act_by(
        request,
        actions.keep_materials,
        event,
        form=form,
        ready=lambda: actions.require_materials(event, at=timezone.now()),
        page=lambda status: show(status=status, form=form),
        done=_("Saved."),
        to=home,
    )
