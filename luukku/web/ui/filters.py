"""By what a list is narrowed: django-filter's filters, in our forms, with how many rows each choice leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet, TextChoices
from django.forms.models import ModelChoiceIterator
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from luukku.core.ordering import is_common, numbers_by, with_each_part
from luukku.core.text import parts_of
from luukku.taxonomy.models import NAMES, in_language
from luukku.web.kit.listing import in_words
from luukku.web.ui.forms import DateInput, Form, of_our_time

NOTHING: tuple[object, ...] = (None, "", False, [], ())
ALL = "all"
CHOSEN = {"selected": True}  # what a chosen option says of itself


MOST_BY_STATE = 10_000  # rows that are counted by their state
SPAN = ("since", "until")  # what the two days of a list's filters are called


class FilterForm(Form):
    """The fields of a list's filters; each may be left as it is."""

    def clean(self) -> dict[str, Any]:
        """Refuse a last day that comes before the first: nothing would be left, and nobody would know why."""
        cleaned = super().clean() or self.cleaned_data
        since, until = (cleaned.get(name) for name in SPAN)
        if since and until and until < since:
            self.add_error("until", _("This day is before the first one."))
        return cleaned


@dataclass(frozen=True)
class Active:
    """One filter in use, as it is said above the list; without it the list stands at ``name`` taken away."""

    name: str
    label: str | Promise
    words: str


@dataclass(frozen=True)
class Choice:
    """One choice of a filter that stands as a link above the list, and how many rows it leaves; None: not known."""

    key: str
    label: str | Promise
    number: int | None
    is_current: bool


class Filters(django_filters.FilterSet):
    """The filters of one list. What is no choice of a filter narrows nothing.

    Attributes:
        folded: the names of those that stand behind "More filters".
    """

    folded: tuple[str, ...] = ()

    class Meta:
        form = FilterForm

    def __init__(self, data: QueryDict, *args: Any, **kwargs: Any) -> None:
        self.asked = data
        data = data.copy()
        for name, one in self.base_filters.items():
            if name not in data and one.extra.get("initial"):
                data[name] = one.extra["initial"]
        super().__init__(data, *args, **kwargs)

    def filter_queryset(self, _queryset: QuerySet) -> QuerySet:
        """Return what the filters leave."""
        rows = self._in_every_state
        for name, value in self.said.items():
            if isinstance(one := self.filters[name], StateFilter):
                rows = one.filter(rows, value)
        return rows

    @cached_property
    def _in_every_state(self) -> QuerySet:
        """What all filters leave but the one by state: words are looked up once for the links and the rows."""
        rows = self.queryset.all()
        for name, value in self.said.items():
            if not isinstance(one := self.filters[name], StateFilter):
                rows = one.filter(rows, value)
        return rows

    @property
    def said(self) -> dict[str, Any]:
        """What is asked for, by the filters' names."""
        self.form.is_valid()  # what is no choice filters nothing
        return {n: v for n, v in self.form.cleaned_data.items() if n in self.filters}

    @cached_property
    def chips(self) -> list[Choice]:
        """The choices that stand as links: the groups, those that leave something, and the one in use.

        Of too many rows nobody knows how many are in each state: then all choices stand there without numbers.
        """
        for name, one in self.filters.items():
            if isinstance(one, StateFilter):
                rows = self._in_every_state
                numbers = None
                if not is_common(rows):
                    numbers = numbers_by(rows, one.field_name, most=MOST_BY_STATE)
                return one.choices_left(numbers, current=self.said.get(name) or ALL)
        return []

    @property
    def number(self) -> int | None:
        """How many rows the filters leave, where the links know it."""
        return next((one.number for one in self.chips if one.is_current), None)

    @property
    def fields(self) -> list[forms.BoundField]:
        """The fields that stand above the list."""
        return [one for one in self.form.visible_fields() if one.name not in self.folded]

    @property
    def folded_fields(self) -> list[forms.BoundField]:
        """The fields behind "More filters"."""
        return [one for one in self.form.visible_fields() if one.name in self.folded]

    @property
    def is_unfolded(self) -> bool:
        """Whether a folded filter is in use, or has something to say."""
        told = {one.name for one in self.active} | self.form.errors.keys()
        return not told.isdisjoint(self.folded)

    @property
    def active(self) -> list[Active]:
        """The filters in use that no chip shows."""
        return [
            Active(name, _said_label(self.filters[name]), self._words(name, value))
            for name, value in self.said.items()
            if value not in NOTHING and not isinstance(self.filters[name], StateFilter)
        ]

    @property
    def told(self) -> dict[str, str]:
        """What the filters are, for the log: keys of choices, numbers and days; what was typed is left out."""
        return {
            name: "…" if _holds_words(self.filters[name]) else str(getattr(value, "pk", value))
            for name, value in self.said.items()
            if value not in NOTHING
        }

    def _words(self, name: str, value: object) -> str:
        choices = getattr(self.form.fields[name], "choices", None)
        if isinstance(value, str) and choices is not None:
            return str(dict(choices).get(value, value))
        return in_words(value)


def _said_label(one: django_filters.Filter) -> str | Promise:
    return _("Search words") if isinstance(one, TextFilter) else one.label


def _holds_words(one: django_filters.Filter) -> bool:
    """Return whether a filter's value may be words of people: typed now, or chosen among what others typed."""
    return isinstance(one, TextFilter) or callable(one.extra.get("choices"))


class StateFilter(django_filters.ChoiceFilter):
    """By state, or by a group of states; its choices stand as links with how many rows each leaves.

    Args:
        states: the states of the rows.
        groups: by key, what the group is called and its states; they come first.
        initial: the choice while nothing else is asked for; without it all rows are shown.
    """

    def __init__(
        self,
        states: type[TextChoices],
        *,
        groups: Mapping[str, tuple[str | Promise, Iterable[str]]] | None = None,
        initial: str = "",
        **kwargs: Any,
    ) -> None:
        self.groups = {key: (label, set(keys)) for key, (label, keys) in (groups or {}).items()}
        self.groups[ALL] = (_("All"), set(states.values))
        self.states = states
        names = [(key, label) for key, (label, _states) in self.groups.items()]
        self.choices = [*names, *states.choices]
        super().__init__(
            choices=self.choices,
            empty_label=None,
            initial=initial,
            widget=forms.HiddenInput,
            **kwargs,
        )

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Return the rows in the state, or in one of the group's states."""
        if value in NOTHING or value == ALL:
            return qs
        states = self.groups[value][1] if value in self.groups else {value}
        return qs.filter(**{f"{self.field_name}__in": states})

    def choices_left(self, numbers: Mapping[str, int] | None, *, current: str) -> list[Choice]:
        """Return the choices worth showing; ``numbers`` tells how many rows are in each state, None: nobody knows."""
        if numbers is None:
            return [Choice(key, label, None, key == current) for key, label in self.choices]
        sums = [
            (key, label, sum(numbers.get(one, 0) for one in states))
            for key, (label, states) in self.groups.items()
        ]
        each = [(key, label, numbers.get(key, 0)) for key, label in self.states.choices]
        return [
            Choice(key, label, number, key == current)
            for key, label, number in [*sums, *each]
            if number or key == current or key in self.groups
        ]


class TextFilter(django_filters.CharFilter):
    """By words; ``find`` returns the rows that hold a part of them."""

    def __init__(self, find: Callable[[Any, str], QuerySet], **kwargs: Any) -> None:
        self.find = find
        kwargs.setdefault("label", _("Search"))
        super().__init__(widget=forms.TextInput(attrs={"type": "search"}), max_length=200, **kwargs)

    def filter(self, qs: QuerySet, value: str) -> QuerySet:
        """Return the rows that hold all that was typed, as it stands or each word somewhere."""
        if len(parts_of(value)) < 2:
            return self.find(qs, value) if value else qs
        rows = qs.model._default_manager.order_by()
        whole, every = self.find(rows, value), with_each_part(rows, value, self.find)
        return qs.filter(Q(pk__in=whole.values("pk")) | Q(pk__in=every.values("pk")))


class ChoiceFilter(django_filters.ChoiceFilter):
    """By one of a few choices."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("All"), **kwargs)


class _Names(ModelChoiceIterator):
    """What may be chosen by key and name, without an object for each: there may be three hundred towns."""

    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        for row in self.queryset.values_list("pk", *NAMES, named=True):
            yield row.pk, in_language(row, "name")


class _Select(forms.Select):
    """A select of choices without groups: Django tells of each of three hundred towns much that nobody asks for."""

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        """Return the choices as ``options`` in ``ui.templatetags.forms`` writes them."""
        told = [
            {"value": key, "label": label, "attrs": CHOSEN if str(key) in value else {}}
            for key, label in self.choices
        ]
        return [(None, told, 0)]


class _NamedField(django_filters.fields.ModelChoiceField):
    iterator = _Names
    widget = _Select


class ModelChoiceFilter(django_filters.ModelChoiceFilter):
    """By one of the shared words, such as a municipality or a kind of task."""

    field_class = _NamedField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("All"), **kwargs)


class TickFilter(django_filters.Filter):
    """By a box to tick: ``keep`` gets the rows while it is ticked."""

    field_class = forms.BooleanField

    def __init__(self, keep: Callable[[Any], QuerySet], **kwargs: Any) -> None:
        self.keep = keep
        super().__init__(**kwargs)

    def filter(self, qs: QuerySet, value: bool) -> QuerySet:
        """Return the rows that the box leaves."""
        return self.keep(qs) if value else qs


class DayFilter(django_filters.DateFilter):
    """By a day: ``keep`` gets the rows and the day."""

    def __init__(self, keep: Callable[[Any, date], QuerySet], **kwargs: Any) -> None:
        self.keep = keep
        super().__init__(widget=DateInput, validators=[of_our_time], **kwargs)

    def filter(self, qs: QuerySet, value: date | None) -> QuerySet:
        """Return the rows that the day leaves."""
        return self.keep(qs, value) if value else qs
