"""Events and trainings that people can still come to, found by their words, town and kind.

Only what the event's open page says is indexed: a series may have a theme, which the index never learns.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils import translation

from luukku.content.queries import pages_about
from luukku.events import hooks
from luukku.events.models import Event, Kind, Mode
from luukku.events.queries import is_open_to_all
from luukku.events.states import OPEN_EVENTS
from luukku.search import actions
from luukku.search.actions import Found
from luukku.search.models import LANGUAGES, Document

TRAININGS = frozenset({Kind.BASIC, Kind.FURTHER, Kind.JOINT})
Rows = Iterable[tuple[str, str, Found]]


def listen() -> None:
    """Keep the index true to what is held."""
    hooks.AFTER_CHANGING.append(index_event)
    actions.MORE.append(every_event)


def index_event(event: Event) -> None:
    """Make ``event`` and the pages about it findable as it is now, or take it out where nobody comes by themselves."""
    with transaction.atomic():
        Document.objects.filter(object_id=_key(event)).delete()
        if event.state in OPEN_EVENTS and is_open_to_all(event):
            actions.put_all(_rows(event))
        for page in pages_about(event):
            actions.index_page(page)


def every_event() -> Rows:
    """Yield what is found of all events that people can still come to."""
    events = Event.objects.open_to_all().filter(state__in=OPEN_EVENTS)
    for event in events.select_related("municipality", "organiser").order_by("pk"):
        yield from _rows(event)


def _key(event: Event) -> str:
    return f"event-{event.pk}"


def _rows(event: Event) -> Rows:
    kind = "training" if event.kind in TRAININGS else "event"
    places = [event.municipality.code] if event.municipality else []
    for language in LANGUAGES:
        with translation.override(language):
            town = event.municipality.name if event.municipality else ""
            remote = str(Mode.REMOTE.label) if event.mode != Mode.PLACE else ""
            words = (
                event.summary,
                event.get_kind_display(),
                event.address,
                town,
                remote,
                event.organiser.name,
            )
            url = reverse("public:event", args=[event.pk])
        text = "\n".join(filter(None, map(str, words)))
        found = Found(language, _title(event, language), text, url, {"places": places})
        yield kind, _key(event), found


def _title(event: Event, language: str) -> str:
    """Return the title in ``language``; the Finnish one where there is none: the event is the same."""
    return getattr(event, f"title_{language}") or event.title_fi
