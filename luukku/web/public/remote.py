"""Help for taking part remotely: for clients, professionals and experts; anybody may read it."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luukku.core.changes import Topic
from luukku.core.known import known
from luukku.core.times import whens
from luukku.events.queries import materials_until
from luukku.experts.models import Expert
from luukku.readiness.queries import has_devices, practices, to_learn_from
from luukku.web.kit.access import EVERYONE, page
from luukku.web.kit.cached_pages import cached_for_visitors
from luukku.web.kit.request import is_signed_in


@page(EVERYONE)
@cached_for_visitors(Topic.CONTENT, Topic.DEVICES, Topic.EVENTS, Topic.TAXONOMY)
def remote(request: HttpRequest) -> HttpResponse:
    """How to join, what to do when it does not work, how to practise."""
    now = timezone.now()
    events, materials = list(practices(now)), list(to_learn_from(now))
    rows = [
        (event, whens((one.starts_at, one.ends_at) for one in event.sessions.all()))
        for event in events
    ]
    # A visitor may be an expert who has yet to sign in; of others only experts have the desk.
    has_desk = not is_signed_in(request) or Expert.objects.of(request.user).exists()
    context = {
        "practices": rows,
        "materials": materials,
        "has_desk": has_desk,
        "has_devices": has_devices(),
    }
    response = render(request, "public/remote/remote.html", context)
    ends = [known(event.ends_at) for event in events]
    ends += [known(materials_until(one.event)) for one in materials]
    response.fresh_until = partial(min, ends, default=None)  # type: ignore[attr-defined]  # the cache asks it
    return response
