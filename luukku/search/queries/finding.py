"""Everything that answers a question, as it is shown: which kinds, how many of each, what narrows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.search.queries import documents
from luukku.search.queries.documents import Filters, Results
from luukku.search.queries.misses import suggestions
from luukku.search.queries.open import calls, experts
from luukku.taxonomy.models import Municipality, Service, ThemeGroup

FEW_CALLS, FEW_EXPERTS = 5, 4  # so many are shown beside other kinds
CALLS, EXPERTS = "calls", "experts"
# In the order shown. A page of any other kind is a "page".
KINDS: dict[str, str | Promise] = {
    "theme": _("Themes of experience"),
    "task_type": _("Kinds of tasks"),
    "model": _("How to go about it"),
    "practice": _("Good practices"),
    "training": _("Trainings"),
    "story": _("Stories"),
    "news": _("News"),
    "event": _("Events"),
    "faq": _("Questions and answers"),
    "materials": _("Materials"),
    "page": _("Pages"),
    CALLS: _("Open calls"),
    EXPERTS: _("Experts"),
}
FACETS: dict[str, str | Promise] = {
    "group": _("Theme"),
    "service": _("Service"),
    "place": _("Place"),
}


@dataclass(frozen=True)
class Choice:
    """One way to narrow what was found, or to widen it again.

    Attributes:
        name: the filter that it sets: a field of ``Filters``.
        value: what the filter becomes; empty when the choice is on and would be taken back.
        count: how many it leaves; empty where they were not counted to the end.
    """

    name: str
    value: str
    label: str
    count: str
    is_on: bool


@dataclass(frozen=True)
class Finding:
    """What a question found, by the filters in force.

    Attributes:
        calls: a page of the open calls that fit; None where no word speaks of calls.
        experts: a page of the experts who fit; None where the viewer may not find them, or no word speaks of them.
    """

    filters: Filters
    results: Results
    calls: Page | None
    calls_leave_themes_out: bool
    experts: Page | None
    theme_ids: tuple[int, ...]
    kinds: Sequence[Choice]
    facets: Sequence[tuple[str, Sequence[Choice]]]
    suggestions: Sequence[str] = field(default=())

    @property
    def documents(self) -> Page:
        """The page of documents, for leafing through."""
        return Paginator(range(self.results.total), documents.A_PAGE).get_page(self.results.number)

    @property
    def shows_documents(self) -> bool:
        """Whether documents are asked for."""
        return self.filters.kind not in {CALLS, EXPERTS}

    @property
    def shows_calls(self) -> bool:
        """Whether calls are asked for: they have no facets."""
        return self.filters.kind in {"", CALLS} and not self.filters.by_facet

    @property
    def shows_experts(self) -> bool:
        """Whether experts are asked for: they have no facets."""
        return self.filters.kind in {"", EXPERTS} and not self.filters.by_facet

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was found."""
        return not self.results.total and not self.calls and not self.experts

    @property
    def is_miss(self) -> bool:
        """Whether the words themselves find nothing, whatever is chosen."""
        return self.is_empty and not self.filters.are_any

    @property
    def has_none_so(self) -> bool:
        """Whether what was chosen leaves nothing."""
        shown = {CALLS: self.calls, EXPERTS: self.experts}.get(self.filters.kind)
        if not self.shows_documents:
            return not shown or self.filters.by_facet
        return self.filters.are_any and not self.results.total

    @property
    def via(self) -> list[tuple[str, str]]:
        """The everyday words as they were typed, and the themes that they led to."""
        return self.results.stands.via(self.results.words)


def find(
    question: str,
    *,
    language: str,
    viewer: User | AnonymousUser,
    at: datetime,
    filters: Filters | None = None,
    number: int = 1,
) -> Finding:
    """Return what ``viewer`` may find, page ``number`` of the kind that is chosen; an unknown kind narrows nothing."""
    filters = filters or Filters()
    if filters.kind not in KINDS:
        filters = replace(filters, kind="")
    kind = filters.kind
    of_documents = replace(filters, kind="") if kind in {CALLS, EXPERTS} else filters
    results = documents.search(question, language=language, filters=of_documents, number=number)
    fitting = calls(results, viewer=viewer, at=at)
    people = experts(results, viewer=viewer, at=at)
    call_page = expert_page = None
    if fitting:
        call_page = _part(fitting.orders, FEW_CALLS, number if kind == CALLS else None)
    if people:
        expert_page = _part(people.experts, FEW_EXPERTS, number if kind == EXPERTS else None)
    found = Finding(
        filters=filters,
        results=results,
        calls=call_page,
        calls_leave_themes_out=bool(fitting and fitting.leaves_themes_out),
        experts=expert_page,
        theme_ids=people.theme_ids if people else (),
        kinds=_kinds(results, call_page, expert_page, kind),
        facets=_facets(results, filters),
    )
    if found.is_empty:
        return replace(found, suggestions=suggestions(question, language=language))
    return found


def _part(rows: QuerySet, few: int, number: int | None) -> Page:
    """Return page ``number`` of ``rows`` where nothing else is shown, else (None) the first few."""
    if number is None:
        return Paginator(rows, few).get_page(1)
    return Paginator(rows, documents.A_PAGE).get_page(number)


def _kinds(
    results: Results, call_page: Page | None, expert_page: Page | None, chosen: str
) -> list[Choice]:
    """Return the kinds that have something, the chosen one always."""
    found: dict[str, int] = dict(results.facets.get("kind", {}))
    counts = {code: "" if results.is_more else str(count) for code, count in found.items()}
    for code, page in ((CALLS, call_page), (EXPERTS, expert_page)):
        if page:
            counts[code] = str(page.paginator.count)
    if chosen:
        counts.setdefault(chosen, "0")
    return [
        Choice(
            "kind", "" if code == chosen else code, str(label), counts[code], is_on=code == chosen
        )
        for code, label in KINDS.items()
        if code in counts
    ]


def _facets(results: Results, filters: Filters) -> list[tuple[str, list[Choice]]]:
    """Return each facet that has something, what is most of first; the chosen value always."""
    facets = []
    for name, title in FACETS.items():
        chosen, found = getattr(filters, name), dict(results.facets.get(name, {}))
        if chosen:
            found.setdefault(chosen, 0)
        labels = _labels(name, found) if found else {}
        choices = [
            Choice(
                name,
                "" if code == chosen else code,
                labels[code],
                "" if results.is_more else str(count),
                is_on=code == chosen,
            )
            for code, count in sorted(found.items(), key=lambda item: (-item[1], item[0]))
            if code in labels
        ]
        if choices:
            facets.append((str(title), choices))
    return facets


def _labels(name: str, codes: Iterable[str]) -> dict[str, str]:
    if name == "group":
        return {group.value: str(group.label) for group in ThemeGroup}
    model = Service if name == "service" else Municipality
    return {
        item.code: item.name for item in model.objects.filter(pk__in=list(codes)).order_by("pk")
    }
