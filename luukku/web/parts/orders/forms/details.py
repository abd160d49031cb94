"""All the steps on one page, for an order that has been sent: what the counter can still change."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from luukku.assignments.models import Assignment
from luukku.orders.actions import DETAILS
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.taxonomy.models import TaskType
from luukku.web.parts.orders.forms.step import Section
from luukku.web.parts.orders.forms.terms import TermsStep
from luukku.web.parts.orders.forms.what import TaskStep
from luukku.web.parts.orders.forms.when import PlaceStep, minutes_of
from luukku.web.parts.orders.forms.who import ThemesStep

STEPS = (TaskStep, ThemesStep, PlaceStep, TermsStep)
NOT_SEARCHED = {OrderState.SENT, OrderState.ACCEPTED}


def _of_steps(name: str) -> dict[str, object]:
    return {key: value for step in STEPS for key, value in getattr(step.Meta, name, {}).items()}


class Details(TaskStep, ThemesStep, PlaceStep, TermsStep):
    """What the counter changes in a sent order; its times, link, payment and contact have pages of their own.

    Args:
        tasks: what has been agreed of it: who has said yes is called before that changes.
    """

    needed: tuple[str, ...] = (
        "task_type", "title", "goal", "expert_does", "themes", "languages", "experts_wanted", "audience", "mode",
        "municipality", "length_minutes",
    )  # fmt: skip
    shown: tuple[str, ...] | None = None
    turned: tuple[str, ...] = ("themes", "perspective", "further", "earlier", "wished")
    sections: tuple[tuple[object, tuple[str, ...]], ...] = (
        (_("Place"), ("mode", "municipality", "address", "accessibility", "equipment", "length_minutes")),
        (_("Fee"), ("fee_eur", "pays_travel", "invoice_reference")),
        (
            _("Who takes part"),
            (
                "experts_wanted", "audience", "audience_size", "others_present", "has_children", "has_interpreter",
            ),
        ),
        (_("What and why"), ("unit", "task_type", "title", "goal", "expert_does")),
        (_("Before and after"), ("preparation", "offers_pretalk", "offers_debrief", "recording")),
        (_("What the expert knows"), ("themes", "perspective", "languages", "further")),
        (_("Finding the expert"), ("is_open_call", "sign_up_by", "earlier", "wished")),
        (_("Who has been called"), ("called",)),
    )  # fmt: skip

    called = forms.TypedMultipleChoiceField(
        label=_("I have called these, and they agree to the change"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple({"autocomplete": "off"}),
        required=False,
    )

    class Meta:
        model = Order
        fields = tuple(name for step in STEPS for name in step.Meta.fields)
        field_classes = _of_steps("field_classes")
        widgets = _of_steps("widgets")
        labels = _of_steps("labels")
        help_texts = _of_steps("help_texts")

    def __init__(self, *args: Any, tasks: list[Assignment], **kwargs: Any) -> None:
        sections = self.sections
        super().__init__(*args, **kwargs)
        kept = {*DETAILS, "further", "themes", "perspective", "languages", "called", "version"}
        if self.instance.state in NOT_SEARCHED:
            kept |= {"earlier", "wished"}  # asked when the search opens
        if not tasks:
            kept -= {"called"}
        if self.instance.series is not None and self.instance.series.is_one_expert:
            kept -= {"is_open_call", "sign_up_by"}  # nobody signs up to one date of such a series
        self.fields = {name: field for name, field in self.fields.items() if name in kept}
        self.sections = tuple(
            (heading, names)
            for heading, every in sections
            if (names := tuple(name for name in every if name in self.fields))
        )
        if tasks:
            self.fields["called"].choices = [(task.pk, task.expert.user.name) for task in tasks]
        types = TaskType.objects.filter(is_active=True)
        self.fields["task_type"].queryset = types | TaskType.objects.filter(
            pk=self.instance.task_type_id
        )
        self.initial["length_minutes"] = self.instance.length_minutes
        self.fields["length_minutes"].help_text = ""

    def parts(self) -> list[Section]:
        """Fold every section, but what is wrong, was changed here or before, or is to be marked; else the first."""
        told = {*self.errors, *(self.changed_data if self.is_bound else ())}
        for values in self.instance.revisions.values_list("values", flat=True):
            told |= values.keys()
        if "needs_further_training" in told or "further_kind" in told:
            told.add("further")
        every = {name for _heading, names in self.sections for name in names}
        told = (told & every or set(self.sections[0][1])) | {"called"}
        return [
            Section(
                heading, [self[n] for n in names], [], not told.isdisjoint(names), is_group=True
            )
            for heading, names in self.sections
        ]

    def clean(self) -> dict[str, Any]:
        """Check that the task fits into the times that stand."""
        cleaned = super().clean()
        length = cleaned.get("length_minutes")
        is_new = length is not None and length != self.instance.length_minutes
        if is_new and any(length > minutes_of(*span) for span in self.saved):
            self.add_error(
                "length_minutes", _("The task is longer than a time of the order. Change it first.")
            )
        return cleaned

    def clean_sign_up_by(self) -> date | None:
        """A day that has passed may stay; a new one must still come."""
        day = self.cleaned_data["sign_up_by"]
        return day if day == self.instance.sign_up_by else super().clean_sign_up_by()

    def extra(self) -> dict[str, object]:
        """The themes; the further training; the wished expert, where one may still be named."""
        return ThemesStep.extra(self) | TermsStep.extra(self)  # noqa: S610 -- forms, no querysets
