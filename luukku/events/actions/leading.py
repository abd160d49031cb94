"""Peer meetings that experts of the steering group arrange (plan of Satakunta, measure 1.2)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation

from luukku.accounts.models import User
from luukku.events.actions.arranging import make
from luukku.events.actions.times import Time, set_times
from luukku.events.models import Audience, Event, How, Kind
from luukku.events.refusals import NoCounterYet
from luukku.organisations.queries import the_counter

LANGUAGES = ("fi", "sv", "en")


def arrange_peers(*, time: Time, by: User, at: datetime, **fields: Any) -> Event:
    """Begin a peer meeting for experts in the bank, held by the counter's organisation, for which ``by`` answers.

    It is called what it is and nothing more: a name of its own could tell of an illness.

    Args:
        fields: where it is held and how many come, as ``events.models.Event`` has them.

    Raises:
        PermissionDenied: ``by`` is no expert of the steering group.
        NoCounterYet: no organisation runs the counter here.
        NoTimes and what else ``set_times`` refuses.
    """
    organiser = the_counter()
    if organiser is None:
        raise NoCounterYet
    titles = {}
    for language in LANGUAGES:
        with translation.override(language):
            titles[f"title_{language}"] = str(Kind.PEER.label)
    with transaction.atomic():
        made = make(
            organiser,
            kind=Kind.PEER,
            audience=Audience.EXPERTS,
            how=How.OPEN,
            by=by,
            at=at,
            **titles,
            **fields,
        )
        return set_times(made, [time], by=by, at=at)
