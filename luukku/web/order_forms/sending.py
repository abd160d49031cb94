"""The last step: who sends without an account, and whether the order repeats."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.organisations.models import Kind
from luukku.web.ui.forms import Form


class Guest(Form):
    """Who sends an order without an account."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("We send you a link: the order leaves when you confirm it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
        help_text=_("We call if something is unclear."),
    )
    organisation_name = forms.CharField(
        label=_("Organisation"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    organisation_kind = forms.ChoiceField(label=_("Kind of organisation"), choices=Kind.choices)


class Repeat(Form):
    """Whether the order repeats."""

    every = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("", _("No, only once")),
            ("week", _("Every week")),
            ("two_weeks", _("Every two weeks")),
            ("month", _("Every month")),
        ],
        required=False,
    )
    times = forms.IntegerField(
        label=_("How many more times"), min_value=1, max_value=12, required=False
    )

    def clean(self) -> dict[str, object]:
        """A repetition needs a number."""
        cleaned = super().clean()
        if cleaned.get("every") and not cleaned.get("times") and "times" not in self.errors:
            self.add_error("times", _("Tell how many more times, from 1 to 12."))
        return cleaned
