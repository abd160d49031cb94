"""What every step of the order's form shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from luukku.web.ui.forms import ModelForm, say_what_is_missing
from luukku.web.ui.versions import FIELD as VERSION


@dataclass(frozen=True)
class Section:
    """Fields under one heading; what few need is folded away until it holds something, or is wrong.

    Attributes:
        is_group: the whole section is folded away under its heading.
    """

    heading: object
    fields: list[forms.BoundField]
    folded: list[forms.BoundField]
    is_open: bool
    is_group: bool = False


class StepForm(ModelForm):
    """One step of the order.

    Attributes:
        needed: fields that must be filled in before one goes on; stopping or going back saves less, too.
        checked_together: needed ones whose need depends on another field; ``clean`` asks for them.
        sections: (heading, names of fields) in the order of the page.
        shown: fields that nobody must fill in and that are not folded away all the same; None: none is folded.
        turned: fields of the form alone, which ``extra`` turns into what the order takes.
    """

    needed: tuple[str, ...] = ()
    checked_together: tuple[str, ...] = ()
    sections: tuple[tuple[object, tuple[str, ...]], ...] = ()
    shown: tuple[str, ...] | None = None
    turned: tuple[str, ...] = ()

    def __init__(self, *args: Any, is_whole: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_whole = is_whole
        for name in self.fields:
            self._need(name)

    def _need(self, name: str) -> None:
        field = self.fields[name]
        field.required = field.is_needed = name in self.needed
        say_what_is_missing(field)

    def full_clean(self) -> None:
        """Check what was sent; to a reader the labels always tell what an order needs in the end."""
        for name, field in self.fields.items():
            field.required = self.is_whole and field.is_needed and name not in self.checked_together
        super().full_clean()
        for field in self.fields.values():
            field.required = field.is_needed

    def parts(self) -> list[Section]:
        """Return the sections with their fields for the template."""
        return [self._section(heading, names) for heading, names in self.sections]

    def _section(self, heading: object, names: tuple[str, ...]) -> Section:
        open_ones = names
        if self.shown is not None:
            open_ones = tuple(name for name in names if name in {*self.needed, *self.shown})
        folded = [self[name] for name in names if name not in open_ones]
        fields = [self[name] for name in open_ones]
        return Section(heading, fields, folded, any(self._is_told(field) for field in folded))

    def _is_told(self, field: forms.BoundField) -> bool:
        """Return whether the field is wrong, or holds something else than it would untouched."""
        model = self._meta.model
        names = {one.name for one in model._meta.get_fields() if one.concrete}
        usual = model._meta.get_field(field.name).get_default() if field.name in names else None
        value = field.value()
        is_empty = value in (None, "", False, []) and not usual
        return bool(field.errors) or not (is_empty or str(value) == str(usual))

    def odd(self) -> list[str]:
        """Return what somebody who means what they wrote does well to notice; nothing of it is refused."""
        return []

    def extra(self) -> dict[str, object]:
        """Return what the fields in ``turned`` stand for."""
        return {}

    def arguments(self) -> dict[str, object]:
        """Return what the order's actions take. A field that they do not know is not left out here: they refuse it."""
        turned = {VERSION}.union(*(vars(kind).get("turned", ()) for kind in type(self).__mro__))
        own = {name: self.cleaned_data[name] for name in self.fields if name not in turned}
        return own | self.extra()

    def _limit(self, name: str, low: object, high: object, message: Any) -> None:
        """Refuse numbers outside ``low``–``high`` with one plain ``message``."""
        field = self.fields[name]
        kept = [
            one
            for one in field.validators
            if not isinstance(one, (MinValueValidator, MaxValueValidator))
        ]
        field.validators = [
            *kept,
            MinValueValidator(low, message),
            MaxValueValidator(high, message),
        ]
        field.widget.attrs |= {"min": low, "max": high}
