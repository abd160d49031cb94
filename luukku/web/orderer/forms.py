"""Forms of the organisation's desk."""

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.organisations.models import Kind, Organisation, Task, Unit
from luukku.web.order_forms import municipalities
from luukku.web.ui.forms import Form, ModelForm

# Whom the counter itself names is not chosen here.
TASKS = [(task.value, task.label) for task in Task if task != Task.COORDINATES]


class FoundForm(Form):
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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()


class OrganisationForm(ModelForm):
    """What an organisation's own people may change."""

    class Meta:
        model = Organisation
        fields = ("name", "municipality")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()


class UnitForm(ModelForm):
    """A part of the organisation."""

    class Meta:
        model = Unit
        fields = ("name", "municipality")
        labels = {"name": _("Name of the unit")}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, prefix="unit", **kwargs)
        self.fields["municipality"].queryset = municipalities()
