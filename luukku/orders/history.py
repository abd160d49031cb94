"""What has happened to an order: every act, and of what was changed the old and the new value."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.audit.queries import history
from luukku.core.fields import editable, field_of
from luukku.core.text import in_euros
from luukku.core.times import when
from luukku.experts.models import Perspective
from luukku.orders.models import Order, Revision
from luukku.orders.queries import times_asked
from luukku.organisations.queries import names_of
from luukku.taxonomy.models import Language, Theme

WORDS: dict[str, str | Promise] = {
    "orders.start": _("Draft begun"),
    "orders.copy": _("Copied from an earlier order"),
    "orders.send": _("Sent to the counter"),
    "orders.accept": _("Accepted by the counter"),
    "orders.decline": _("Declined by the counter"),
    "orders.search": _("Search for experts opened"),
    "orders.staff": _("Expert found"),
    "orders.reopen": _("Search opened again"),
    "orders.finish": _("Task done"),
    "orders.close": _("Closed"),
    "orders.cancel": _("Cancelled"),
    "orders.give_up": _("No expert was found; counted as unmet need"),
    "orders.set_times": _("Times changed"),
    "orders.change_contact": _("Contact person changed"),
    "orders.set_link": _("Link of the video meeting given"),
    "orders.change_details": _("Details of the order changed"),
    "orders.set_payment": _("What is known of the payment changed"),
    "orders.want_fewer": _("One expert fewer is needed"),
    "orders.ask_change": _("The orderer asked for a change"),
    "orders.answer_change": _("The counter answered the request for a change"),
    "orders.ask_time": _("The counter asked whether another time would suit"),
    "orders.answer_time": _("The orderer answered about another time"),
    "orders.close_time": _("The question about another time was closed"),
    "orders.join": _("Moved from %(old)s to %(new)s, when the counter joined the two"),
    "orders.part": _("Given back from %(old)s to %(new)s: the counter took the joining back"),
    "assignments.change_time": _("Agreed time changed"),
    "workbench.remind": _("The counter reminded of an answer"),
    "workbench.ask_candidates": _("The counter asked experts for several orders at once"),
    "assignments.undo": _("The counter took its last act back at once"),
}

JOINED = {"orders.join", "orders.part"}  # their words name the two organisations

# What an orderer writes beside the order's own row, and what it is called.
BESIDE: dict[str, str | Promise] = {
    "themes": _("themes"),
    "languages": _("languages"),
    "times": _("times"),
}
PERSPECTIVES = dict(Perspective.choices)

Picture = dict[str, Any]  # by the name of a field what JSON holds of it
Names = dict[type[models.Model], dict[Any, Any]]  # what values point to, by key


@dataclass(frozen=True)
class Difference:
    """One field of an order that was changed, in words."""

    what: str
    was: str
    now: str


@dataclass(frozen=True)
class Happening:
    """One line of an order's timeline."""

    at: datetime
    words: str | Promise
    who: str
    is_on_behalf: bool
    differences: tuple[Difference, ...] = ()


def timeline(order: Order) -> list[Happening]:
    """Return what has happened to ``order``, oldest first, without the drafts' many savings.

    What was changed and taken back at once has left no values.
    """
    events = [event for event in history(order) if event.act in WORDS]
    people = User.objects.in_bulk({e.actor_id for e in events if e.actor_id})
    said = differences_of(order.revisions.all())
    owners = names_of(
        event.data[end] for event in events if event.act in JOINED for end in ("from", "to")
    )
    return [
        Happening(
            event.at,
            _told(event, owners),
            people[event.actor_id].name if event.actor_id in people else "",
            event.on_behalf_of_id is not None,
            said.get(event.data.get("revision", 0), ()),
        )
        for event in events
    ]


def _told(event: AuditEvent, owners: Mapping[int, str]) -> str | Promise:
    words = WORDS[event.act]
    if event.act not in JOINED:
        return words
    old, new = (owners.get(event.data[end], "–") for end in ("from", "to"))
    return words % {"old": old, "new": new}


def picture(order: Order) -> Picture:
    """Return all that the orderer has written of ``order``; of its times those that it asks about."""
    own = {name: _plain(getattr(order, field_of(Order, name).attname)) for name in editable(Order)}
    themes = order.order_themes.order_by("theme").values_list("theme", "perspective")
    times = sorted((time.starts_at, time.ends_at) for time in times_asked(order))
    return own | {
        "themes": [list(row) for row in themes],
        "languages": sorted(order.languages.values_list("pk", flat=True)),
        "times": [[start.isoformat(), end.isoformat()] for start, end in times],
    }


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def label_of(name: str) -> str:
    """Return what the field ``name`` of an order is called."""
    return str(BESIDE[name] if name in BESIDE else field_of(Order, name).verbose_name)


def differences_of(revisions: Iterable[Revision]) -> dict[int, tuple[Difference, ...]]:
    """Return in words what each of ``revisions`` changed, by its key; in a fixed number of queries."""
    rows = list(revisions)
    names = _names(row.values for row in rows)
    return {row.pk: _in_words(row.values, names) for row in rows}


def changed_since(order: Order, since: datetime, which: Collection[str]) -> tuple[Difference, ...]:
    """Return in words which of the fields ``which`` are not what they were at ``since``; what was put back is not."""
    first: Picture = {}
    last: Picture = {}
    for row in order.revisions.filter(at__gt=since).order_by("at", "pk"):
        for name in row.values.keys() & set(which):
            was, last[name] = row.values[name]
            first.setdefault(name, was)
    values = {name: [first[name], last[name]] for name in sorted(last) if first[name] != last[name]}
    return _in_words(values, _names([values]))


def apart(
    orders: Collection[Order], groups: Iterable[Collection[str]]
) -> dict[int, dict[str, str]]:
    """Return in words, by the keys of ``orders``, those fields in whose group the orders are not all alike."""
    pictures = {one.pk: picture(one) for one in orders}
    first, *others = pictures.values()
    differing = [
        name
        for group in groups
        if any(one[name] != first[name] for one in others for name in group)
        for name in sorted(group)
    ]
    names = _names({name: [one[name]] for name in differing} for one in pictures.values())
    return {
        pk: {name: _said(name, one[name], names) for name in differing}
        for pk, one in pictures.items()
    }


def _in_words(values: Picture, names: Names) -> tuple[Difference, ...]:
    return tuple(
        Difference(capfirst(label_of(name)), *(_said(name, value, names) for value in pair))
        for name, pair in values.items()
    )


def _names(pictures: Iterable[Picture]) -> Names:
    """Return what the values point to, by model and key."""
    wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
    for values in pictures:
        for name, pair in values.items():
            for value in pair:
                if name == "themes":
                    wanted[Theme] |= {key for key, _view in value}
                elif name == "languages":
                    wanted[Language] |= set(value)
                elif name != "times" and (of := _pointed_at(name)) and value is not None:
                    wanted[of].add(value)
    return {of: of._base_manager.in_bulk(keys) for of, keys in wanted.items()}


def _pointed_at(name: str) -> type[models.Model] | None:
    of = field_of(Order, name).related_model
    return of if isinstance(of, type) else None


def _said(name: str, value: Any, names: Names) -> str:
    """Return a value in words."""
    if value in (None, "", []):
        return gettext("empty")
    if name == "themes":
        return ", ".join(_theme(names[Theme].get(key), view) for key, view in value)
    if name == "languages":
        return ", ".join(str(names[Language].get(code, code)) for code in value)
    if name == "times":
        return said_times(value)
    if of := _pointed_at(name):
        return _called(names[of].get(value))
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if name == "fee_eur":
        return in_euros(Decimal(value))
    if name == "sign_up_by":
        return date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT")
    return str(dict(field_of(Order, name).flatchoices).get(value, value))


def spans_in(kept: Iterable[Iterable[str]]) -> list[tuple[datetime, datetime]]:
    """Return start and end of each time that JSON holds as two ISO instants."""
    return [(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in kept]


def said_times(kept: Iterable[Iterable[str]]) -> str:
    """Return in words the times that JSON holds as two ISO instants each."""
    return "; ".join(when(start, end) for start, end in spans_in(kept))


def _theme(theme: Theme | None, view: str) -> str:
    return _called(theme) + (f" ({PERSPECTIVES[view]})" if view in PERSPECTIVES else "")


def _called(thing: Any) -> str:
    """Return by what name the history calls ``thing``: an expert by the code name."""
    if thing is None:
        return gettext("somebody or something that is no longer here")
    return str(getattr(thing, "code_name", "") or thing.name)
