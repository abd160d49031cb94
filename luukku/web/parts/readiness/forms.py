"""The questions of an expert's test of taking part remotely, as the expert and the counter fill it in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from luukku.readiness.models import ITEMS, NEWEST, EquipmentKind, Readiness
from luukku.web.ui.forms import Form, Scale

WORKS, NOT_YET, HELP = "works", "not_yet", "help"
ANSWERS = (
    (WORKS, gettext_lazy("Works")),
    (NOT_YET, gettext_lazy("Not yet")),
    (HELP, gettext_lazy("I would like help")),
)


class SelfTestForm(Form):
    """One question for each thing that is tried, and what equipment there is."""

    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("What do you have?"),
        help_text=gettext_lazy("A smartphone alone is enough for many remote tasks."),
        choices=EquipmentKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def arguments(self) -> dict[str, Any]:
        """Return what works, what help is wished for and what there is."""
        said = self.cleaned_data
        return {
            "works": [item for item in ITEMS[NEWEST] if said[item] == WORKS],
            "helps": [item for item in ITEMS[NEWEST] if said[item] == HELP],
            "kinds": said["kinds"],
        }


for _item in ITEMS[NEWEST]:
    SelfTestForm.base_fields[_item.value] = forms.ChoiceField(
        label=_item.label, choices=ANSWERS, widget=Scale
    )
SelfTestForm.base_fields["kinds"] = SelfTestForm.base_fields.pop("kinds")  # asked last


def answers_of(test: Readiness | None) -> dict[str, Any]:
    """Return what was answered last, for the form."""
    if test is None or test.tried_at is None:
        return {}
    said: dict[str, Any] = dict.fromkeys(test.asked, NOT_YET)
    said |= dict.fromkeys(test.works, WORKS) | dict.fromkeys(test.helps, HELP)
    return said | {"kinds": test.kinds}
