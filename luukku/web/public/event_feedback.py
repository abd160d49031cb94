"""What somebody who was at an event thought of it: with an account, or as a guest by the link in the letter."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.accounts.models import User
from luukku.core.links import BadLink
from luukku.events.models import Event, SignUp
from luukku.events.queries import own_sign_up
from luukku.feedback import actions
from luukku.feedback.models import EventFeedback
from luukku.feedback.queries import why_not_tell
from luukku.web.kit.access import EVERYONE, SIGNED_IN, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.assignments.forms import EventFeedbackForm
from luukku.web.public.events import sign_up_behind
from luukku.web.public.signed_links.common import bad_link
from luukku.workflow.queries import may


@page(SIGNED_IN, methods=("GET", "POST"))
def feedback(request: Request, pk: int) -> HttpResponse:
    """Tell in two minutes what the event was like; what was told before stands in the form."""
    found = fetch(Event, pk, for_=request.user)
    own, here = own_sign_up(found, request.user), see_other("public:event", pk)
    if own is None:
        raise Http404
    if not may("feedback.tell_of_event", own, request.user):
        return here
    given = EventFeedback.objects.visible_to(request.user).filter(sign_up=own).first()
    form = EventFeedbackForm(data_of(request), given=given)
    context = {"event": found, "form": form, "back": here.url, "is_told": given is not None}

    def ready() -> None:
        if refusal := why_not_tell(own, at=timezone.now()):
            raise refusal

    return form_act(
        request,
        actions.tell_of_event,
        own,
        form=form,
        ready=ready,
        page=lambda status: render(request, "public/events/feedback.html", context, status=status),
        done=_("Thank you. You can change your answer for 60 days after the event."),
        to=here,
    )


@page(EVERYONE, methods=("GET", "POST"))
def guest_feedback(request: HttpRequest, token: str) -> HttpResponse:
    """Tell the same without an account, once; why it cannot be told is said on the page of the sign-up."""
    try:
        own = sign_up_behind(token)
    except BadLink as error:
        return bad_link(request, error)
    here = see_other("public:event-guest", token)
    form = EventFeedbackForm(data_of(request), given=None)
    context = {"event": own.event, "form": form, "back": here.url, "is_once": True}

    def act(own: SignUp, *, by: object, at: datetime, **told: Any) -> EventFeedback:
        del by  # the link speaks for them
        return actions.tell_of_event(own, by=User.objects.machine(), at=at, **told)

    def ready() -> None:
        if refusal := why_not_tell(own, at=timezone.now()):
            raise refusal

    return form_act(
        request,
        act,
        own,
        form=form,
        ready=ready,
        page=lambda status: render(request, "public/events/feedback.html", context, status=status),
        done=_("Thank you for your answer. Your name is not shown with it."),
        to=here,
    )
