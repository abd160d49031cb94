"""One search over all that the counter knows: orders, people, experts, organisations, questions, events."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Prefetch, Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.accounts.queries import people_said
from luukku.core.ordering import Forms, among, in_finnish, with_each_part
from luukku.core.reading import unseen
from luukku.core.text import number_in
from luukku.events import finding as events
from luukku.events.models import Event
from luukku.events.states import OPEN_EVENTS, EventState
from luukku.experts import finding as experts
from luukku.experts.finding import experiences_of
from luukku.experts.models import Expert
from luukku.guidance import finding as questions
from luukku.guidance.models import Question
from luukku.guidance.queries import with_first_message
from luukku.orders import finding as orders
from luukku.orders.models import Order
from luukku.orders.states import LED_STATES
from luukku.organisations import finding as organisations
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Municipality, Theme
from luukku.taxonomy.queries import find_themes

SHORTEST_MISTYPED = 4  # letters; of shorter words anything is near
ALIKE = 0.3  # of three letters in a row that two words share: what may be meant
MEANT = 0.75  # of letters that stand in the same order: what is meant
MOST_ALIKE = 50
FEW = 8  # of each kind; its own list has the rest

Rows = QuerySet[Any] | Callable[[], QuerySet[Any]]


@dataclass(frozen=True)
class Section:
    """What was found of one kind; ``has_more`` than is shown."""

    kind: str
    label: str | Promise
    rows: list[Any]
    has_more: bool


@dataclass(frozen=True)
class Hits:
    """What was found, without empty kinds; ``themes``: those that the words mean."""

    sections: list[Section]
    themes: list[Theme]


def jump(words: str, *, viewer: User) -> Order | Question | None:
    """Return the one thing whose number ``words`` are: "45" or "Tilaus 45" an order, "Kysymys 4" a question."""
    if (key := number_in(words, questions.CALLED)) is not None:
        return Question.objects.visible_to(viewer).filter(pk=key).first()
    if (key := number_in(words, orders.CALLED)) is not None:
        return Order.objects.visible_to(viewer).exclude(organisation=None).filter(pk=key).first()
    return None


def find(words: str, *, viewer: User, forms: Forms | None = None) -> Hits:
    """Return what ``words`` may mean, each of them, to ``viewer`` at the counter; the queries are always the same.

    Args:
        forms: of a word, other forms of it that mean the same.
    """
    called = find_themes(words)
    others = forms.get(words, ()) if forms else ()
    themes = called or [theme for form in others for theme in find_themes(form)]
    people = User.objects.visible_to(viewer)
    organised = Organisation.objects.visible_to(viewer).select_related(
        "municipality", "joined_into"
    )
    asked = Question.objects.visible_to(viewer)
    of_bank, called_so = _experts(words, themes, is_theme=bool(called), viewer=viewer, forms=forms)
    sections = [
        _section("order", _("Orders"), *_orders(words, viewer=viewer, forms=forms)),
        _section(
            "person",
            _("People"),
            people,
            with_each_part(
                people, words, lambda rows, part: rows.filter(among(people_said(part))), forms=forms
            ).order_by(in_finnish("name"), "pk"),
        ),
        _section(
            "expert",
            _("Experts"),
            of_bank,
            *called_so,
        ),
        _section(
            "organisation",
            _("Organisations"),
            organised,
            organisations.like(organised, words, forms=forms),
        ),
        _section(
            "question",
            _("Questions"),
            asked.prefetch_related(with_first_message()),
            with_each_part(asked, words, questions.holding, forms=forms).order_by("-pk"),
        ),
        _section("event", _("Events"), *_events(words, viewer=viewer, forms=forms)),
    ]
    return Hits([one for one in sections if one.rows], themes)


def _orders(words: str, *, viewer: User, forms: Forms | None) -> tuple[QuerySet[Order], ...]:
    """Return the orders as they are shown; of what ``words`` may mean the open ones, then those that are closed."""
    seen = Order.objects.visible_to(viewer).exclude(organisation=None)
    shown = seen.select_related("organisation", "contact", "task_type")
    rows = with_each_part(seen, words, orders.holding, forms=forms).order_by("-pk")
    is_open = Q(state__in=LED_STATES)
    return shown, rows.filter(is_open), rows.exclude(is_open)


def _events(words: str, *, viewer: User, forms: Forms | None) -> tuple[QuerySet[Event], ...]:
    """Return the events as they are shown; of what ``words`` may mean those that go on, then the others."""
    seen = Event.objects.visible_to(viewer)
    shown = seen.select_related("municipality", "organiser")
    rows = events.latest_first(with_each_part(seen, words, events.holding, forms=forms))
    is_open = Q(state__in={EventState.DRAFT, *OPEN_EVENTS})
    return shown, rows.filter(is_open), rows.exclude(is_open)


def _experts(
    words: str, themes: list[Theme], *, is_theme: bool, viewer: User, forms: Forms | None
) -> tuple[QuerySet[Expert], list[Rows]]:
    """Return the experts as they are shown, and whom ``words`` may mean, those of ``themes`` first.

    Whoever knows a theme that ``words`` mean as a whole is meant, so nobody else is looked for until they are too few.

    Args:
        is_theme: whether ``words`` as a whole are one.
    """
    known = Expert.objects.visible_to(viewer)
    meant = Prefetch("experiences", experiences_of(themes), to_attr="meant")  # no other is read
    shown = known.select_related("user", "municipality").prefetch_related(meant)
    if is_theme:

        def others() -> QuerySet[Expert]:
            return experts.by_code_name(experts.holding(experts.without(known, themes), words))

        return shown, [*experts.of_each(known, themes), others]
    rows = with_each_part(known, words, find=experts.holding, forms=forms)
    rest = experts.by_code_name(experts.without(rows, themes))
    return shown, [*experts.of_each(rows, themes), rest]


def nearest(words: str, *, viewer: User) -> str:
    """Return ``words`` as they may have been meant: mistyped ones are put right; "" if none has anything near.

    What they are compared with are the words of names: of people and organisations that ``viewer`` may see, of
    municipalities and themes.
    """
    parts = words.lower().split()
    known = [
        (User.objects.visible_to(viewer), "name"),
        (Organisation.objects.visible_to(viewer), "name"),
        (Municipality.objects.all(), "name_fi"),
        (Theme.objects.filter(is_active=True), "name_fi"),
    ]
    meant = []
    for part in parts:
        like: set[str] = set()
        if len(part) >= SHORTEST_MISTYPED and part.isalpha():
            for rows, name in known:
                near = rows.order_by().annotate(nearness=TrigramWordSimilarity(part, name))
                near = near.filter(nearness__gte=ALIKE).order_by("-nearness")
                with unseen():  # a name is shown only where a search by it finds the person
                    texts = list(near.values_list(name, flat=True)[:MOST_ALIKE])
                like |= {word for text in texts for word in text.lower().split()}
        meant += get_close_matches(part, sorted(like), n=1, cutoff=MEANT) or [part]
    return " ".join(meant) if meant != parts else ""


def _section(kind: str, label: str | Promise, shown: QuerySet[Any], *sorts: Rows) -> Section:
    """Return the first few of what was found; its keys come first, so that nothing is read of all the others.

    Args:
        shown: all that may be shown, with what is told of it.
        sorts: the rows that were found, in order; one is asked, or looked for, only where those before it are too few.
    """
    keys: list[Any] = []
    for rows in sorts:
        if len(keys) <= FEW:
            asked = rows() if callable(rows) else rows
            keys += asked.values_list("pk", flat=True)[: FEW + 1 - len(keys)]
    there = shown.in_bulk(keys[:FEW])
    return Section(kind, label, [there[key] for key in keys[:FEW] if key in there], len(keys) > FEW)
