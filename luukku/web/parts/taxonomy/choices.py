"""What one chooses from in forms: places and themes, in an order that helps."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from django import forms
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.taxonomy.models import (
    Municipality,
    MunicipalityQuerySet,
    TaskType,
    Theme,
    ThemeSynonym,
)
from luukku.taxonomy.queries import region, themes_tree


def kind_asked(request: HttpRequest) -> TaskType | None:
    """Return the kind of task whose page sent the visitor here: ``?task=pair_work``."""
    code = request.POST.get("task") or request.GET.get("task", "")
    if not code.replace("_", "").isalnum():
        return None
    return TaskType.objects.filter(code=code, is_active=True).first()


def kind_in_address(request: HttpRequest) -> str:
    """Return the end of an address that takes the kind along."""
    kind = kind_asked(request)
    return f"?task={kind.code}" if kind else ""


@dataclass(frozen=True)
class ThemeBox:
    """One theme to tick, with the everyday words by which one may look for it."""

    box: forms.boundfield.BoundWidget
    name: str
    words: str


@dataclass(frozen=True)
class ThemeGroupChoices:
    """A group of themes: each branch is a broad theme with its narrower ones."""

    label: str
    branches: list[list[ThemeBox]]

    @property
    def chosen(self) -> int:
        """How many of the group's themes are ticked."""
        return sum(bool(one.box.data["selected"]) for branch in self.branches for one in branch)


def everyday_words() -> dict[int, str]:
    """Return all everyday words of each theme, in every language."""
    words: dict[int, list[str]] = {}
    for pk, word in ThemeSynonym.objects.order_by("word").values_list("theme_id", "word"):
        words.setdefault(pk, []).append(word)
    return {pk: " ".join(spoken) for pk, spoken in words.items()}


def offer_municipalities(field: forms.ModelChoiceField) -> None:
    """Have a form's field offer today's municipalities, the region's own first."""
    field.queryset = municipalities()
    field.choices = lambda: [("", field.empty_label), *_by_nearness()]
    field.error_messages["invalid_choice"] = _("Choose a municipality from the list.")


def _by_nearness() -> list[tuple[str, object]]:
    home, rows = region(), list(municipalities())
    own = [(m.pk, m.name) for m in rows if m.county_id == home.county_id]
    others = [(m.pk, m.name) for m in rows if m.county_id != home.county_id]
    return [(home.name, own), (_("Elsewhere in Finland"), others)]


def municipalities() -> MunicipalityQuerySet:
    """Return the municipalities that one may choose today, in the alphabet's order."""
    return Municipality.objects.current(helsinki(timezone.now()).date()).order_by(
        in_finnish("name_fi")
    )


def theme_choices(kept: AbstractSet[int] = frozenset()) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return active themes (and ``kept`` ones, though switched off) by group, narrower ones after broader."""
    groups = []
    for group, branches in themes_tree():
        options = []
        for branch in branches:
            options.append((branch.theme.pk, branch.theme.name))
            options += [
                (theme.pk, f"{branch.theme.name}: {theme.name}") for theme in branch.narrower
            ]
        groups.append((str(group.label), options))
    off = Theme.objects.filter(pk__in=kept, is_active=False)
    if off:
        groups.append((_("No longer in use"), [(theme.pk, theme.name) for theme in off]))
    return groups
