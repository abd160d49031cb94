"""The first step: what the task is and why."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.core.ordering import in_finnish
from luukku.orders.models import Order
from luukku.organisations.models import Unit
from luukku.taxonomy.models import TaskType
from luukku.web.parts.orders.forms.step import StepForm


class TaskStep(StepForm):
    """What the task is and why."""

    needed: tuple[str, ...] = ("task_type", "title", "goal", "expert_does")
    sections: tuple[tuple[object, tuple[str, ...]], ...] = (("", needed),)

    class Meta:
        model = Order
        fields = ("task_type", "title", "goal", "expert_does")
        labels = {
            "task_type": _("Kind of task"),
            "title": _("A short title"),
            "goal": _("Goal: what should change because of this?"),
            "expert_does": _("What does the expert do?"),
        }
        help_texts = {
            "task_type": _("Not sure? Choose the nearest one: the counter helps."),
            "title": _("For example: Visit to the practical nurse students’ course"),
            "goal": _("For example: The students dare to meet a client who uses substances."),
            "expert_does": _(
                "For example: Tells their own story for half an hour and answers questions."
            ),
        }
        widgets = {"goal": forms.Textarea, "expert_does": forms.Textarea}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_type"].queryset = TaskType.objects.filter(is_active=True)
        self.fields["task_type"].empty_label = _("Choose")
        self.fields["task_type"].error_messages["invalid_choice"] = _(
            "Choose a kind of task from the list."
        )
        units = Unit.objects.filter(organisation=self.instance.organisation_id).order_by(
            in_finnish("name"), "pk"
        )
        if self.instance.organisation_id and units:
            self.fields["unit"] = forms.ModelChoiceField(
                label=_("Which unit orders?"),
                queryset=units,
                initial=self.instance.unit_id,
                widget=forms.Select({"class": "ds-input"}),
            )
            self._need("unit")
            self.sections = (("", (*self.needed, "unit")),)
