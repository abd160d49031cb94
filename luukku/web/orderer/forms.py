"""Forms of the organisation's desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.organisations.models import Kind, Organisation, Task
from luukku.taxonomy.models import Service
from luukku.web.parts.taxonomy.choices import offer_municipalities
from luukku.web.ui.forms import Form

# Whom the counter itself names is not chosen here.
TASKS = [(task.value, task.label) for task in Task if task != Task.COORDINATES]


class RegisterForm(Form):
    """An organisation that nobody has registered yet."""

    name = forms.CharField(
        label=_("Name of the organisation"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    kind = forms.ChoiceField(label=_("Kind of organisation"), choices=Kind.choices)
    tasks = forms.MultipleChoiceField(
        label=_("What do you want to do here?"),
        choices=TASKS,
        widget=forms.CheckboxSelectMultiple,
        initial=[Task.ORDERS],
    )
    municipality = forms.ModelChoiceField(
        label=_("Municipality"),
        queryset=Organisation.objects.none(),
        required=False,
        help_text=_("Leave empty if you work in several."),
    )

    services = forms.ModelMultipleChoiceField(
        label=_("Services you work in"),
        queryset=Service.objects.all(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_municipalities(self.fields["municipality"])
