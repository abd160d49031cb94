"""Writing down that a yearly talk was held: when, by whom, and by when the next one is."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from luukku.accounts.models import User
from luukku.coping.queries import number
from luukku.core.known import known
from luukku.experts.models import Expert
from luukku.organisations.models import Organisation
from luukku.organisations.queries import people_of, stand_behind
from luukku.web.ui.forms import DateInput, Form


class TalkForm(Form):
    """Never what was said."""

    held_on = forms.DateField(label=gettext_lazy("When did you talk?"), widget=DateInput())
    held_by: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label=gettext_lazy("Who talked with the expert?"),
        queryset=None,
        widget=forms.RadioSelect,
        empty_label=None,
    )
    next_by = forms.DateField(
        label=gettext_lazy("By when is the next talk?"),
        widget=DateInput(),
        required=False,
        help_text=gettext_lazy("Leave empty: a year after this one."),
    )

    def __init__(self, expert: Expert, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = Organisation.objects.visible_to(by).filter(
            pk=known(expert.background_organisation).pk
        )
        people = people_of(stand_behind(here))
        field = self.fields["held_by"]
        field.queryset = people
        field.label_from_instance = lambda person: person.name
        asked = {by.pk, expert.responsible_person_id}
        field.initial = next((one for one in people if one.pk in asked), None)

    def arguments(self) -> dict[str, Any]:
        """Fill in the next day where none was chosen."""
        told = super().arguments()
        held_on: date = told["held_on"]
        told["next_by"] = told["next_by"] or held_on + timedelta(days=number("talk_days"))
        return told
