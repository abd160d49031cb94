"""What the expert has been trained in."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.core.times import helsinki
from luukku.experts.models import CompletedTraining, FurtherKind, TrainingKind
from luukku.web.ui.forms import DateInput, ModelForm


class TrainingForm(ModelForm):
    """A completed training."""

    class Meta:
        model = CompletedTraining
        fields = (
            "kind",
            "further_kind",
            "name",
            "producer",
            "hours",
            "completed_on",
            "valid_until",
        )
        labels = {
            "kind": _("Kind of training"),
            "further_kind": _("What was the further training about?"),
            "name": _("Name of the training"),
            "producer": _("Who trained you?"),
            "hours": _("Length in hours"),
            "completed_on": _("When did it end?"),
            "valid_until": _("Until when does the certificate hold?"),
        }
        help_texts = {
            "further_kind": _("Tasks that ask for such a training are offered once it is checked."),
            "valid_until": _("Leave empty if the certificate has no last day."),
        }
        widgets = {"completed_on": DateInput, "valid_until": DateInput, "kind": forms.RadioSelect}
        error_messages = {"kind": {"required": _("Choose the kind of training.")}}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = CompletedTraining._meta.get_field("kind").choices
        self.fields["further_kind"].choices = [("", _("It was basic training, or I am not sure"))]
        self.fields["further_kind"].choices += FurtherKind.choices
        self.fields["hours"].min_value, self.fields["hours"].max_value = 1, 2000
        self.fields["hours"].widget.attrs |= {"min": 1, "max": 2000}

    def clean_further_kind(self) -> str:
        """Basic training is about no further subject."""
        further_kind: str = self.cleaned_data["further_kind"]
        if further_kind and self.cleaned_data.get("kind") == TrainingKind.BASIC:
            raise ValidationError(_("Choose this only for a further training."))
        return further_kind

    def clean_hours(self) -> int | None:
        """Hours that a training could take."""
        hours = self.cleaned_data["hours"]
        if hours is not None and not 1 <= hours <= 2000:
            raise ValidationError(_("Give hours from 1 to 2,000, or leave this empty."))
        return hours

    def clean_completed_on(self) -> date:
        """Only what has been completed."""
        day = self.cleaned_data["completed_on"]
        if day > helsinki(timezone.now()).date():
            raise ValidationError(_("This day is in the future."))
        if day.year < 1950:
            raise ValidationError(_("Check the year."))
        return day

    def clean_valid_until(self) -> date | None:
        """A last day is not before the training's own end."""
        day, ended = self.cleaned_data["valid_until"], self.cleaned_data.get("completed_on")
        if day is not None and ended is not None and day < ended:
            raise ValidationError(_("The certificate cannot end before the training did."))
        return day
