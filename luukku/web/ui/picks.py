"""One of many, found by words: what they may mean is offered while they are written, with what tells it apart.

Without JavaScript the form is sent with the words alone, and comes back with what they mean to choose from: the
same radio button that a choice among the offers puts there (``ui/static/ui/pick.js``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.widgets import Script
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.text import clean
from luukku.web.ui.forms import Form

WORDS = "words"  # what is written stands beside the choice: "user", "user_words"
MOST_OFFERED = 8
FEWEST_SIGNS = 2  # fewer mean everybody
MOST_SIGNS = 100


@dataclass(frozen=True)
class Offer:
    """One that the words may mean: what is chosen, its name, and what tells it from others of that name."""

    key: str
    name: str
    facts: str

    def __str__(self) -> str:
        return " · ".join(filter(None, (self.name, self.facts)))


def facts_of(*facts: object) -> str:
    """Return in one line what tells a row apart; what is empty tells nothing."""
    return " · ".join(str(fact) for fact in facts if fact)


@dataclass(frozen=True)
class Offering:
    """What offers while one writes, at the address that ``url``, a name and its parts, gives."""

    url: tuple[str, ...]

    @property
    def address(self) -> str:
        """Where words are sent while they are written."""
        name, *parts = self.url
        return reverse(name, args=parts)


@dataclass(frozen=True)
class Source(Offering):
    """Among what one chooses.

    Attributes:
        offers: what these words may mean, among what this person may choose.
    """

    offers: Callable[[User, str], Iterable[Offer]]


@dataclass(frozen=True)
class RowSource(Offering):
    """Among which rows one chooses.

    Attributes:
        rows: what this person may choose, with what ``offer`` reads, the best first.
        find: those of the rows that the words may mean.
        offer: how a row is offered.
    """

    rows: Callable[[User], QuerySet]
    find: Callable[[Any, str], Sequence[Any] | QuerySet]
    offer: Callable[[Any], Offer]

    def offers(self, viewer: User, words: str) -> Iterable[Offer]:
        """Return what the words may mean, among what ``viewer`` may choose."""
        return self.among(self.rows(viewer), words)

    def among(self, rows: QuerySet, words: str) -> Iterable[Offer]:
        """Return what the words may mean, among ``rows``."""
        return map(self.offer, self.find(rows, words)[: MOST_OFFERED + 1])


def offered(offers: Callable[[str], Iterable[Offer]], words: str) -> tuple[list[Offer], bool]:
    """Return the first that the words may mean, and whether there are more; too few signs mean nothing."""
    words = " ".join(clean(words).split())[:MOST_SIGNS]
    if len(words) < FEWEST_SIGNS:
        return [], False
    few = list(islice(offers(words), MOST_OFFERED + 1))
    return few[:MOST_OFFERED], len(few) > MOST_OFFERED


@dataclass(frozen=True)
class Picked:
    """What was sent: the choice, "" for none, and what was written beside it.

    Attributes:
        is_emptied: the words were taken away, though without JavaScript the choice below them still stands.
    """

    key: str = ""
    words: str = ""
    is_emptied: bool = False


class Suggest(forms.TextInput):
    """A text beside which what it may mean can be chosen.

    Args:
        source: what is offered.
        chosen: the name under which the choice is sent.
    """

    template_name = "django/forms/widgets/pick.html"

    class Media:
        js = (Script("ui/vendor/htmx.min.js", defer=True), Script("ui/pick.js", defer=True))

    def __init__(self, source: Source | RowSource, chosen: str, attrs: Any = None) -> None:
        usual = {"class": "ds-input", "maxlength": MOST_SIGNS, "autocomplete": "off"}
        super().__init__(usual | (attrs or {}))
        self.source, self.chosen = source, chosen

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return what the template shows."""
        context = super().get_context(name, value, attrs)
        return context | {"url": self.source.address, "chosen": self.chosen}


class Pick(Suggest):
    """The widget of a ``PickField``."""

    beside = (WORDS,)
    choices: Any = ()  # the field's rows, as Django gives them to the widget

    def __init__(self, source: RowSource) -> None:
        super().__init__(source, "")
        self.among = source

    def value_from_datadict(self, data: Any, _files: Any, name: str) -> Picked:
        """Return the choice and the words as they were sent."""
        words = data.get(f"{name}_{WORDS}")
        is_emptied = words is not None and not words.strip()
        return Picked(data.get(name) or "", words or "", is_emptied)

    def value_omitted_from_data(self, data: Any, _files: Any, name: str) -> bool:
        """Return whether neither was sent."""
        return name not in data and f"{name}_{WORDS}" not in data

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Return what the template shows: the choice that stands, else what the words may mean."""
        picked = value if isinstance(value, Picked) else Picked(str(value or ""))
        field, rows = self.choices.field, self.choices.queryset
        row = field.row_of(picked.key)
        choices, has_more = [], False
        if row is not None:
            choices = [self.among.offer(row)]
        elif picked.words:
            choices, has_more = offered(lambda words: self.among.among(rows, words), picked.words)
        words = picked.words or (choices[0].name if choices else "")
        context = super().get_context(f"{name}_{WORDS}", words, attrs)
        return context | {
            "chosen": name,
            "choices": choices,
            "has_more": has_more,
            "is_chosen": row is not None,
        }


class PickField(forms.ModelChoiceField):
    """One of the rows of ``source``; the form says which of them its reader may choose (``queryset``).

    Args:
        takes_only_one: words that mean one row alone choose it; only where the next page asks before anything is done.
    """

    default_error_messages = {
        "choose": _("Choose one of these, or write something else."),
        "nothing": _("Nothing was found. Write it in another way."),
    }

    def __init__(
        self, source: RowSource, *, key: str = "pk", takes_only_one: bool = False, **kwargs: Any
    ) -> None:
        self.source, self.takes_only_one = source, takes_only_one
        kwargs |= {"widget": Pick(source), "to_field_name": key}
        super().__init__(None, **kwargs)

    def row_of(self, key: str) -> Any:
        """Return the row that ``key`` names, None for none that may be chosen."""
        try:
            return self.to_python(clean(key))
        except ValidationError:
            return None

    def to_python(self, value: Any) -> Any:
        """Return the row of a key or of what was sent; words that were emptied choose none."""
        if isinstance(value, Picked):
            value = "" if value.is_emptied and not self.required else value.key
        return super().to_python(value)

    def prepare_value(self, value: Any) -> Any:
        """Return what the widget shows."""
        return value if isinstance(value, Picked) else super().prepare_value(value)

    def clean(self, value: Picked) -> Any:
        """Return the row that was chosen.

        Raises:
            ValidationError: words alone choose nothing.
        """
        if value.key or not value.words.strip():
            return super().clean(value)
        rows: Any = self.queryset
        matches, _has_more = offered(lambda words: self.source.among(rows, words), value.words)
        if self.takes_only_one and len(matches) == 1:
            return self.row_of(matches[0].key)
        code = "choose" if matches else "nothing"
        raise ValidationError(self.error_messages[code], code=code)


class PickForm(Form):
    """One of ``rows``, the rows of ``source`` or some of them, under ``name``.

    Attributes:
        name: of the field.
    """

    def __init__(
        self,
        source: RowSource,
        rows: QuerySet,
        *args: Any,
        name: str,
        label: str,
        key: str = "pk",
        takes_only_one: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        field = self.fields[name] = PickField(
            source, key=key, label=label, takes_only_one=takes_only_one
        )
        field.queryset = rows

    @property
    def picked(self) -> Any:
        """The row that was chosen on a right form."""
        return self.cleaned_data[self.name]
