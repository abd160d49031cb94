"""The second step: themes, languages and people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luukku.experts.models import Perspective
from luukku.orders.models import MOST_EXPERTS, Order
from luukku.taxonomy.models import Theme
from luukku.taxonomy.queries import themes_tree
from luukku.web.parts.orders.forms.step import StepForm
from luukku.web.parts.taxonomy.choices import (
    ThemeBox,
    ThemeGroupChoices,
    everyday_words,
    theme_choices,
)

COMMON_LANGUAGES = {"fi", "sv", "en"}


class ThemesStep(StepForm):
    """Themes, languages and people."""

    needed: tuple[str, ...] = ("themes", "languages", "experts_wanted", "audience")
    shown: tuple[str, ...] | None = ("perspective", "audience_size")
    sections: tuple[tuple[object, tuple[str, ...]], ...] = (
        (_("What the expert knows"), ("themes", "perspective", "languages")),
        (
            _("Who takes part"),
            (
                "experts_wanted",
                "audience",
                "audience_size",
                "others_present",
                "has_children",
                "has_interpreter",
            ),
        ),
    )

    turned: tuple[str, ...] = ("themes", "perspective")

    themes = forms.MultipleChoiceField(
        label=_("Which experience do you need?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "One to three themes is usually enough. A broad theme covers the narrower ones below it."
        ),
        error_messages={
            "required": _("Choose at least one theme."),
            "invalid_choice": _("Choose the themes from the list."),
        },
    )
    perspective = forms.ChoiceField(
        label=_("Whose experience?"),
        widget=forms.RadioSelect,
        choices=[("", _("Either suits us")), *Perspective.choices],
    )

    class Meta:
        model = Order
        fields = (
            "languages",
            "experts_wanted",
            "audience",
            "audience_size",
            "others_present",
            "has_children",
            "has_interpreter",
        )
        widgets = {"languages": forms.CheckboxSelectMultiple}
        labels = {
            "languages": _("In which languages?"),
            "experts_wanted": _("How many experts?"),
            "audience": _("Who takes part?"),
            "audience_size": _("How many take part?"),
            "others_present": _("Who else is present?"),
            "has_children": _("Children or young people are present"),
            "has_interpreter": _("We arrange an interpreter"),
        }
        help_texts = {
            "languages": _("The expert works in all that you choose."),
            "audience": _("For example: second-year students; nurses of the ward"),
            "others_present": _("For example: the teacher, a social worker, close people"),
            "has_children": _(
                "A criminal record may be asked for only in the cases of the law 148/2014: unpaid work "
                "with children, mostly alone with them. A paid task is not one. Ask the counter if unsure."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.instance.order_themes.order_by("pk"))
        kept = {row.theme_id for row in rows}
        self.fields["themes"].choices = theme_choices(kept)
        self.fields["themes"].initial = sorted(kept)
        self.fields["perspective"].initial = rows[0].perspective if rows else ""
        self.fields["languages"].error_messages["required"] = _("Choose at least one language.")
        most = {"most": MOST_EXPERTS}
        self._limit("experts_wanted", 1, MOST_EXPERTS, _("Ask for 1 to %(most)s experts.") % most)
        self._limit(
            "audience_size", 1, 10000, _("Give a number from 1 to 10,000, or leave this empty.")
        )

    def clean_experts_wanted(self) -> int:
        """Keep what was there when one stops with the field empty: the column has no empty value."""
        wanted = self.cleaned_data["experts_wanted"]
        return self.initial["experts_wanted"] if wanted is None else wanted

    def theme_groups(self) -> list[ThemeGroupChoices]:
        """Return the boxes of the themes by group, the narrower ones under their broader one."""
        boxes = {str(box.data["value"]): box for box in self["themes"].subwidgets}
        words = everyday_words()
        groups = []
        for group, branches in themes_tree():
            shown = [
                [
                    ThemeBox(boxes[str(t.pk)], t.name, words.get(t.pk, ""))
                    for t in (branch.theme, *branch.narrower)
                ]
                for branch in branches
            ]
            groups.append(ThemeGroupChoices(str(group.label), shown))
        known = {str(pk) for _label, options in theme_choices() for pk, _name in options}
        off = [ThemeBox(box, box.choice_label, "") for pk, box in boxes.items() if pk not in known]
        return (
            [*groups, ThemeGroupChoices(_g("No longer in use"), [[box] for box in off])]
            if off
            else groups
        )

    def languages_common(self) -> list[forms.boundfield.BoundWidget]:
        """Return the boxes of the country's languages and of whatever has been chosen."""
        return [box for box in self["languages"].subwidgets if self._is_common(box)]

    def languages_rare(self) -> list[forms.boundfield.BoundWidget]:
        """Return the boxes of the other languages."""
        return [box for box in self["languages"].subwidgets if not self._is_common(box)]

    @staticmethod
    def _is_common(box: forms.boundfield.BoundWidget) -> bool:
        return str(box.data["value"]) in COMMON_LANGUAGES or box.data["selected"]

    def extra(self) -> dict[str, object]:
        """The themes with the perspective asked for."""
        chosen = Theme.objects.in_bulk([int(pk) for pk in self.cleaned_data["themes"]])
        perspective = self.cleaned_data["perspective"]
        return {"themes": [(theme, perspective) for _pk, theme in sorted(chosen.items())]}
