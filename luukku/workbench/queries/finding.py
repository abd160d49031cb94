"""One search over all that the counter knows: orders, people, experts, organisations, questions."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import partial
from typing import Any

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, Prefetch, QuerySet, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.accounts.queries import person_said
from luukku.core.ordering import Forms, in_finnish, with_each_part
from luukku.core.reading import unseen
from luukku.core.text import number_in
from luukku.experts import finding as experts
from luukku.experts.finding import experiences_of
from luukku.experts.models import Expert
from luukku.guidance import finding as questions
from luukku.guidance.models import Question
from luukku.guidance.queries import with_first_message
from luukku.orders import finding as orders
from luukku.orders.models import Order
from luukku.orders.queries import first_start
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


@dataclass(frozen=True)
class Section:
    """What was found of one kind; ``has_more`` than is shown."""

    kind: str
    label: str | Promise
    rows: list[Any]
    has_more: bool


@dataclass(frozen=True)
class Hits:
    """What was found, without kinds of which nothing was; ``themes``: those that the words mean."""

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
    is_open = Case(When(state__in=LED_STATES, then=0), default=1)
    sections = [
        _section(
            "order",
            _("Orders"),
            with_each_part(_orders_seen(viewer), words, orders.holding, forms=forms).order_by(
                is_open, "-pk"
            ),
        ),
        _section(
            "person",
            _("People"),
            with_each_part(
                User.objects.visible_to(viewer),
                words,
                lambda people, part: people.filter(person_said(part)),
                forms=forms,
            ).order_by(in_finnish("name"), "pk"),
        ),
        _section(
            "expert",
            _("Experts"),
            _experts(words, themes, is_theme=bool(called), viewer=viewer, forms=forms),
        ),
        _section(
            "organisation",
            _("Organisations"),
            organisations.like(Organisation.objects.visible_to(viewer), words, forms=forms),
        ),
        _section(
            "question",
            _("Questions"),
            with_each_part(
                Question.objects.visible_to(viewer), words, questions.holding, forms=forms
            )
            .prefetch_related(with_first_message())
            .order_by("-pk"),
        ),
    ]
    return Hits([one for one in sections if one.rows], themes)


def _orders_seen(viewer: User) -> QuerySet[Order]:
    seen = Order.objects.visible_to(viewer).exclude(organisation=None)
    related = seen.select_related("organisation", "contact", "task_type")
    return related.annotate(begins=first_start())


def _experts(
    words: str, themes: list[Theme], *, is_theme: bool, viewer: User, forms: Forms | None
) -> QuerySet[Expert]:
    """Return the experts whom ``words`` may mean, those of ``themes`` first; ``is_theme``: they are one as a whole."""
    meant = Prefetch("experiences", experiences_of(themes), to_attr="meant")  # no other is read
    known = Expert.objects.visible_to(viewer).select_related("user", "municipality")
    whole, each = experts.holding, partial(with_each_part, find=experts.holding, forms=forms)
    rows = (whole if is_theme else each)(known, words)
    return experts.nearest_first(rows, themes).prefetch_related(meant)


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


def _section(kind: str, label: str | Promise, rows: QuerySet[Any]) -> Section:
    few = list(rows[: FEW + 1])
    return Section(kind, label, few[:FEW], len(few) > FEW)
