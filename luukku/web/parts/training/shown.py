"""What the page of one application shows, whoever reads it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.training.models import Application, Programme, Run
from luukku.training.queries import comparison, overlaps
from luukku.training.states import ProgrammeState
from luukku.web.parts.training.answering import ANSWERS


def compared(user: User, *, at: datetime) -> dict[str, Any]:
    """Return the programmes that are shared or agreed on side by side, and coming trainings that overlap."""
    states = [ProgrammeState.SHARED, ProgrammeState.AGREED]
    seen = Programme.objects.visible_to(user).filter(state__in=states)
    return {
        "comparison": comparison(seen.order_by("kind", in_finnish("title_fi"), "pk")),
        "overlaps": overlaps(Run.objects.visible_to(user), at=at),
    }


def application_context(application: Application, *, at: datetime, act: str = "") -> dict[str, Any]:
    """Return what the page shows of ``application``.

    Args:
        act: the name of the address that answers, if the reader may.
    """
    event = application.run.event
    acts = {name: reverse(act, args=[application.pk, name]) for name in ANSWERS} if act else {}
    return {
        "application": application,
        "days": application.days_waited(helsinki(at).date()),
        "act": {name.replace("-", "_"): url for name, url in acts.items()},
        "has_begun": event.starts_at is not None and event.starts_at <= at,
        "is_over": event.ends_at is not None and event.ends_at <= at,
    }
