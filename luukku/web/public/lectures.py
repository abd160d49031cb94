"""A practice lecture for who speaks there: when and where it is, and afterwards how it went."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.training import actions
from luukku.training.models import PracticeLecture
from luukku.training.states import LectureState
from luukku.web.kit.access import SIGNED_IN, page
from luukku.web.kit.acts import data_of, form_act
from luukku.web.kit.fetch import fetch
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.web.parts.training import lectures as parts
from luukku.workflow.queries import may


@page(SIGNED_IN, methods=("GET", "POST"))
def lecture(request: Request, pk: int) -> HttpResponse:
    """When and where one speaks; once it is over, the short form."""
    mine = PracticeLecture.objects.visible_to(request.user).spoken_by(request.user)
    found = fetch(mine.whole(), pk, for_=request.user)
    can_tell = parts.is_over(found, timezone.now()) and may(
        "training.think_of_lecture", found, request.user
    )
    thought = parts.own_thought(found, request.user)
    form = parts.ThoughtForm(data_of(request), given=thought)
    is_coming = found.state == LectureState.TAKEN and found.starts_at > timezone.now()
    context = {
        "lecture": found,
        "form": form if can_tell else None,
        "thought": thought,
        "is_coming": is_coming,
    }
    return form_act(
        request,
        actions.think_of_lecture,
        found,
        form=form,
        page=lambda status: render(request, "public/training/lecture.html", context, status=status),
        done=_("Thank you. Your words help to make trainings better."),
        to=see_other("public:lecture", pk),
    )
