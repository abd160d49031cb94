"""What the expert says yes to, each by itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.experts.models import Expert
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of, has_outdated_consents
from luukku.web.parts.experts.profile_forms.base import Box, Part
from luukku.web.ui.forms import EditForm


@dataclass(frozen=True)
class ConsentBox:
    """One purpose: its box, what a yes means, and what follows from a no."""

    box: Box
    yes: object
    no: object


CONSENT_WORDS = {
    Purpose.IN_BANK: (
        _(
            "The counter compares your profile with orders and may offer you tasks. Orderers see your card "
            "with your code name."
        ),
        _("Without this you are not in the expert bank: you are not offered tasks."),
    ),
    Purpose.IDENTITY: (
        _(
            "When you say yes to a task, its orderer sees your name, phone and e-mail, to agree on the details."
        ),
        _("Without this the counter passes messages between you and the orderer."),
    ),
    Purpose.EMAIL: (
        _("The counter may also write to you by e-mail about other tasks and news."),
        _("Without this you get only the letters that a task of yours needs."),
    ),
    Purpose.PHONE: (
        _("The counter may call you or send text messages."),
        _(
            "Without this we write to you. Only if an agreed task is in danger does the counter call."
        ),
    ),
    Purpose.STATISTICS: (
        _("Your tasks are counted in the region’s figures. Nobody can be recognised in them."),
        _("Without this your tasks are left out of published figures."),
    ),
    Purpose.COPING: (
        _(
            "If there are signs that you carry too much, the responsible person at your background organisation"
            " sees them after you and the counter have, and can ask how you are."
        ),
        _("Without this only you and the counter see them."),
    ),
}


class Consents(Part, EditForm):
    """Each purpose by itself."""

    purposes = forms.MultipleChoiceField(
        label=_("I say yes to"),
        choices=Purpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "ds-input"}),
        help_text=_("Each yes is your own choice. You may take back any of them at any time."),
    )

    def __init__(self, data: object = None, *args: Any, instance: Expert, **kwargs: Any) -> None:
        super().__init__(data, *args, about=instance, **kwargs)
        self.fields["purposes"].initial = sorted(consents_of(instance.user))
        self.is_outdated = has_outdated_consents(instance.user)

    def boxes(self) -> list[ConsentBox]:
        """Return the purposes with what each means."""
        return [
            ConsentBox(box, *CONSENT_WORDS[Purpose(box.data["value"])])
            for box in self["purposes"].subwidgets
        ]

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole set."""
        set_consents(expert.user, {Purpose(p) for p in self.cleaned_data["purposes"]}, by=by, at=at)
