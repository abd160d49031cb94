"""The fourth step: money, preparation and how the expert is found."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.assignments.queries import experts_of_done
from luukku.core.times import helsinki
from luukku.experts.models import Expert, ExpertQuerySet, FurtherKind
from luukku.experts.queries import called
from luukku.orders.models import Order, Payment
from luukku.orders.queries import times_asked
from luukku.organisations.states import OrganisationState
from luukku.web.parts.orders.forms.step import StepForm
from luukku.web.ui.forms import DateInput

ANY = "any"


class TermsStep(StepForm):
    """Money, preparation and how the expert is found."""

    needed: tuple[str, ...] = ("payment",)
    shown: tuple[str, ...] | None = ("fee_eur", "pays_travel", "is_open_call")
    sections: tuple[tuple[object, tuple[str, ...]], ...] = (
        (_("Payment"), ("payment", "fee_eur", "pays_travel", "invoice_reference")),
        (_("Before and after"), ("preparation", "offers_pretalk", "offers_debrief", "recording")),
        (
            _("Finding the expert"),
            ("is_open_call", "sign_up_by", "further", "earlier", "wished"),
        ),
    )

    turned: tuple[str, ...] = ("further", "earlier", "wished")

    further = forms.ChoiceField(
        label=_("Does the expert need further training?"),
        choices=[
            ("", _("It is not needed")),
            (ANY, _("Any further training will do")),
            *FurtherKind.choices[:-1],  # nobody asks for "something else"
        ],
        help_text=_("The more exact, the fewer experts fit."),
    )

    earlier = forms.ModelChoiceField(
        label=_("Somebody from your earlier tasks"),
        queryset=Expert.objects.none(),
        empty_label=_("Nobody in particular"),
        help_text=_("The expert is asked first and decides freely."),
    )
    wished = forms.CharField(
        label=_("Code name of an expert you wish for"),
        max_length=40,
        help_text=_("If an expert has told you their code name. The expert decides freely."),
    )

    class Meta:
        model = Order
        fields = (
            "payment",
            "fee_eur",
            "pays_travel",
            "invoice_reference",
            "preparation",
            "offers_pretalk",
            "offers_debrief",
            "recording",
            "is_open_call",
            "sign_up_by",
        )
        field_classes = {"sign_up_by": forms.DateField}
        widgets = {
            "sign_up_by": DateInput,
            "preparation": forms.Textarea,
            "payment": forms.RadioSelect,
            "recording": forms.RadioSelect,
        }
        labels = {
            "payment": _("Has it been agreed who pays?"),
            "fee_eur": _("Fee for one expert, euros"),
            "pays_travel": _("We pay the travel costs"),
            "invoice_reference": _("Cost centre or reference"),
            "preparation": _("How does the group prepare?"),
            "offers_pretalk": _("We offer a talk beforehand"),
            "offers_debrief": _("We offer a debrief afterwards"),
            "recording": _("Is the task recorded?"),
            "is_open_call": _("Experts may sign up by themselves"),
            "sign_up_by": _("Last day to sign up"),
        }
        help_texts = {
            "payment": _(
                "You can send the order with any of these. If the payment is still open, it is agreed on with"
                " the counter."
            ),
            "fee_eur": _(
                "Leave empty if you agree on it with the counter. Travel costs come on top of it, if you pay them."
            ),
            "preparation": _("For example: the group collects questions beforehand."),
            "recording": _("Recording and publicity always need the expert’s separate consent."),
            "sign_up_by": _("Leave empty if they may sign up until the task."),
            "is_open_call": _("They see what the task is about, time and place."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._limit(
            "fee_eur", 0, 20000, _("Give a fee from 0 to 20,000 euros, or leave this empty.")
        )
        if self.instance.needs_further_training:
            self.fields["further"].initial = self.instance.further_kind or ANY
        self.fields["payment"].choices = Payment.choices  # no empty one among the answers
        self.fields["payment"].error_messages["required"] = _("Choose the answer that is true now.")
        if not self._is_vetted():
            self._leave_out("earlier", "wished")
            return
        wished = self.instance.wished_expert
        earlier = self._earlier()
        if earlier is None:
            self._leave_out("earlier")
        else:
            self.fields["earlier"].queryset = earlier
            if wished is not None and wished in earlier:
                self.fields["earlier"].initial, wished = wished, None
        if wished is not None:
            self.fields["wished"].initial = wished.code_name

    def _is_vetted(self) -> bool:
        """Whether the counter knows who orders: nobody else learns which code names there are."""
        organisation = self.instance.organisation
        return organisation is not None and organisation.state == OrganisationState.VETTED

    def _leave_out(self, *gone: str) -> None:
        for name in gone:
            del self.fields[name]
        self.sections = tuple(
            (heading, tuple(name for name in names if name not in gone))
            for heading, names in self.sections
        )

    def _earlier(self) -> ExpertQuerySet | None:
        """Return the experts who have done tasks for the same organisation; None where there are none."""
        if self.instance.organisation_id is None:
            return None
        experts = experts_of_done(self.instance.organisation_id)
        return experts if experts.exists() else None

    def clean_recording(self) -> str:
        """Keep the saved answer about recording if none was chosen."""
        return self.cleaned_data["recording"] or self.initial["recording"]

    def clean_sign_up_by(self) -> date | None:
        """The day must still come, and come before the task."""
        day = self.cleaned_data["sign_up_by"]
        if day is None:
            return None
        starts = (helsinki(time.starts_at).date() for time in times_asked(self.instance))
        last = max(starts, default=None)
        if day < helsinki(timezone.now()).date():
            raise ValidationError(_("This day has already passed. Choose a later one."))
        if last is not None and day > last:
            raise ValidationError(_("The last day to sign up must be before the task."))
        return day

    def clean_wished(self) -> Expert | None:
        """Find the expert by the code name; nothing else is told about them."""
        if not self.cleaned_data["wished"].strip():
            return None
        expert = called(self.cleaned_data["wished"])
        if expert is None:
            raise ValidationError(
                _("No expert has this code name now. Check it or leave it empty.")
            )
        return expert

    def extra(self) -> dict[str, object]:
        """The further training; the wished expert by code name, else from the list; as it was if none may be named."""
        further = self.cleaned_data["further"]
        trained = {
            "needs_further_training": bool(further),
            "further_kind": "" if further == ANY else further,
        }
        if "wished" not in self.fields:
            return trained
        return trained | {
            "wished_expert": self.cleaned_data["wished"] or self.cleaned_data.get("earlier")
        }
