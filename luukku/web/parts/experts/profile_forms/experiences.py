"""What the expert has lived through, and what of it may be used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.experts import actions
from luukku.experts.models import Expert, Perspective
from luukku.taxonomy.models import Theme
from luukku.taxonomy.queries import themes_tree
from luukku.web.parts.experts.profile_forms.base import Box, Part
from luukku.web.parts.taxonomy.choices import (
    everyday_words,
    theme_choices,
)
from luukku.web.ui.forms import EditForm


@dataclass(frozen=True)
class ExperienceRow:
    """One theme with its three boxes."""

    name: str
    words: str
    is_narrower: bool
    own: Box
    close_person: Box
    hidden: Box

    @property
    def is_chosen(self) -> bool:
        """Whether the theme is ticked from either perspective."""
        return bool(self.own.data["selected"] or self.close_person.data["selected"])


@dataclass(frozen=True)
class ExperienceGroup:
    """A group of themes."""

    label: str
    rows: list[ExperienceRow]

    @property
    def chosen(self) -> int:
        """How many themes of the group are ticked."""
        return sum(row.is_chosen for row in self.rows)


class Experiences(Part, EditForm):
    """Themes of own experience and as a close person; and which of them stay with oneself."""

    own = forms.MultipleChoiceField(label=_("My own experience"), required=False)
    close_person = forms.MultipleChoiceField(label=_("As a close person"), required=False)
    hidden = forms.MultipleChoiceField(label=_("Keep to myself"), required=False)

    together = (("own", "close_person", "hidden"),)

    def __init__(self, data: object = None, *args: Any, instance: Expert, **kwargs: Any) -> None:
        super().__init__(data, *args, about=instance, **kwargs)
        rows = list(instance.experiences.order_by("pk"))
        self.kept = {row.theme_id for row in rows}
        for name in ("own", "close_person", "hidden"):
            field = self.fields[name]
            field.widget = forms.CheckboxSelectMultiple(attrs={"class": "ds-input"})
            field.choices = theme_choices(self.kept)
            field.error_messages["invalid_choice"] = _("Choose the themes from the list.")
        for perspective in Perspective:
            self.fields[perspective.value].initial = [
                row.theme_id for row in rows if row.perspective == perspective
            ]
        self.fields["hidden"].initial = [row.theme_id for row in rows if not row.is_shown]

    def groups(self) -> list[ExperienceGroup]:
        """Return every theme by group, the narrower ones after their broader one."""
        self.boxes = {
            name: {str(box.data["value"]): box for box in self[name].subwidgets}
            for name in ("own", "close_person", "hidden")
        }
        words = everyday_words()
        groups = []
        for group, branches in themes_tree():
            rows = []
            for branch in branches:
                rows.append(self._row(branch.theme, words, is_narrower=False))
                rows += [self._row(theme, words, is_narrower=True) for theme in branch.narrower]
            groups.append(ExperienceGroup(str(group.label), rows))
        off = Theme.objects.filter(pk__in=self.kept, is_active=False).order_by("position", "pk")
        if off:
            rows = [self._row(theme, words, is_narrower=False) for theme in off]
            groups.append(ExperienceGroup(_g("No longer in use"), rows))
        return groups

    def _row(self, theme: Theme, words: dict[int, str], *, is_narrower: bool) -> ExperienceRow:
        boxes = {name: boxes[str(theme.pk)] for name, boxes in self.boxes.items()}
        return ExperienceRow(theme.name, words.get(theme.pk, ""), is_narrower, **boxes)

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole list."""
        chosen = {p: {int(pk) for pk in self.cleaned_data[p.value]} for p in Perspective}
        themes = Theme.objects.in_bulk(set().union(*chosen.values()))
        hidden = {int(pk) for pk in self.cleaned_data["hidden"]}
        rows = [
            (themes[pk], p, pk not in hidden) for p, pks in chosen.items() for pk in sorted(pks)
        ]
        actions.set_experiences(expert, rows, by=by, at=at)
