"""The form of what an event gives to read and to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.events.models import MOST_MATERIALS, Event, ForWhom, Kind
from luukku.web.ui.forms import EditForm, LinkField

MORE = 3


class MaterialsForm(EditForm):
    """The materials in their order; one whose name and link are emptied is taken away."""

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, about=event, **kwargs)
        stands = list(event.materials.all())
        self.parts = ("title", "url") if event.kind == Kind.PEER else ("title", "url", "for_whom")
        self.numbers = range(1, min(MOST_MATERIALS, len(stands) + MORE) + 1)
        for number in self.numbers:
            one = stands[number - 1] if number <= len(stands) else None
            for part in self.parts:
                field = _fields()[part]
                field.initial = getattr(one, part, None) or field.initial
                if isinstance(field, forms.CharField):
                    field.widget.attrs["class"] = "ds-input"
                    field.widget.attrs.pop("maxlength", None)  # a link that is cut leads nowhere
                self.fields[f"{part}_{number}"] = field
                told = gettext("Material %(n)s") % {"n": number}
                self.fields[f"{part}_{number}"].told = f"{told}, {str(field.label).lower()}"
        self.together = tuple(tuple(f"{part}_{n}" for part in self.parts) for n in self.numbers)

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return number and fields of each material."""
        return [(n, [self[f"{part}_{n}"] for part in self.parts]) for n in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Refuse a name without a link, a link without a name, and one link twice."""
        cleaned, seen = super().clean(), set()
        for n in self.numbers:
            title, url = cleaned.get(f"title_{n}"), cleaned.get(f"url_{n}")
            if url and not title and f"title_{n}" not in self.errors:
                self.add_error(f"title_{n}", _("Name the material: a link alone tells nothing."))
            elif title and not url and f"url_{n}" not in self.errors:
                self.add_error(f"url_{n}", _("Give the link, or empty the name as well."))
            elif url and url in seen:
                self.add_error(f"url_{n}", _("The same link is here already."))
            seen.add(url)
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the materials."""
        rows = [
            {part: self.cleaned_data[f"{part}_{n}"] for part in self.parts} for n in self.numbers
        ]
        return {"materials": [row for row in rows if row["url"]]}


def _fields() -> dict[str, forms.Field]:
    return {
        "title": forms.CharField(label=_("What is the material called?"), max_length=120, required=False),
        "url": LinkField(
            label=_("Link to the material"),
            help_text=_("Begins with https://. See that the link opens without signing in."),
            max_length=500,
            required=False,
        ),
        "for_whom": forms.ChoiceField(
            label=_("Who is shown it?"),
            choices=ForWhom.choices,
            initial=ForWhom.PLACE,
            widget=forms.RadioSelect,
        ),
    }  # fmt: skip
