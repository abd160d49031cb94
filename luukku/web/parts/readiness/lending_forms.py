"""The forms of equipment that is lent, as the expert, the lender and the counter fill them in."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.assignments.models import Assignment
from luukku.core.times import helsinki, when
from luukku.experts.models import Expert
from luukku.organisations.models import Organisation
from luukku.readiness.models import Device, DeviceQuerySet, EquipmentKind
from luukku.readiness.queries import kinds_to_borrow, tasks_to_borrow_for
from luukku.web.ui.forms import DateInput, EditForm, Form, of_our_time, words_field

AHEAD = timedelta(days=365)  # so far ahead equipment is asked for
TOO_FAR = gettext_lazy("Choose a day within a year from now.")


class _Tasks(forms.ModelChoiceField):
    def label_from_instance(self, obj: Assignment) -> str:
        return f"{when(obj.starts_at, obj.ends_at)}, {obj.order.task_type}"


class LoanForm(Form):
    """What somebody would like to borrow, when and what for.

    Args:
        expert: who borrows.
        at: when it is asked.
    """

    what = forms.ChoiceField(
        label=gettext_lazy("What would you like to borrow?"), widget=forms.RadioSelect
    )
    from_on = forms.DateField(
        label=gettext_lazy("From which day?"), widget=DateInput, validators=[of_our_time]
    )
    until_on = forms.DateField(
        label=gettext_lazy("Until which day?"),
        help_text=gettext_lazy(
            "The day on which you bring it back. You can ask for more time later."
        ),
        widget=DateInput,
        validators=[of_our_time],
    )
    assignment = _Tasks(
        label=gettext_lazy("For which task? You may leave this empty."),
        help_text=gettext_lazy("The lender sees only the day of the task."),
        queryset=Assignment.objects.none(),
        required=False,
    )
    why = words_field(
        gettext_lazy("What do you need it for?"),
        gettext_lazy(
            "A few words are enough, for example “remote tasks in spring”. Only the lender and the counter read this."
            " You need not write anything about your health."
        ),
        most=300,
    )

    def __init__(self, *args: Any, expert: Expert, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = helsinki(at).date()
        self.pairs: dict[str, tuple[Organisation, EquipmentKind]] = {
            f"{lender.pk}-{kind.value}": (lender, kind) for lender, kind in kinds_to_borrow(expert)
        }
        self.fields["what"].choices = [
            (key, f"{kind.label} · {lender.name}") for key, (lender, kind) in self.pairs.items()
        ]
        tasks = tasks_to_borrow_for(expert, at=at)
        self.fields["assignment"].queryset = tasks
        if not tasks.exists():
            del self.fields["assignment"]

    def clean(self) -> dict[str, Any]:
        """The days are still to come, and the last one is not before the first."""
        cleaned = super().clean()
        first, last = cleaned.get("from_on"), cleaned.get("until_on")
        if first and first > self.today + AHEAD:
            self.add_error("from_on", TOO_FAR)
        if first and last and last < first:
            self.add_error("until_on", _("The last day is not before the first one."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the lender, the kind, the days and the words."""
        said = self.cleaned_data
        lender, kind = self.pairs[said["what"]]
        return {
            "lender": lender,
            "kind": kind,
            "from_on": said["from_on"],
            "until_on": said["until_on"],
            "assignment": said.get("assignment"),
            "why": said["why"],
        }


class _Devices(forms.ModelChoiceField):
    def label_from_instance(self, obj: Device) -> str:
        return f"{obj.name} · {obj.note}" if obj.note else obj.name


class GrantForm(Form):
    """Which device, and where and when it is fetched.

    Args:
        free: the devices that can be given.
        kind: what was wished for; those of the kind stand first.
        fetch: what the lender said last time.
    """

    device = _Devices(
        label=gettext_lazy("Which device?"),
        queryset=Device.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    fetch = forms.CharField(
        label=gettext_lazy("Where and when can it be fetched?"),
        help_text=gettext_lazy("For example: Main street 1, second floor, on weekdays 9–15."),
        max_length=300,
    )

    def __init__(
        self, *args: Any, free: DeviceQuerySet, kind: str, fetch: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, initial={"fetch": fetch}, **kwargs)
        self.fields["device"].queryset = free
        there = list(free)
        self.is_any, self.fits = bool(there), [one for one in there if one.kind == kind]


class LoanReasonForm(Form):
    """Why it cannot be lent."""

    reason = words_field(
        gettext_lazy("Why?"),
        gettext_lazy("The expert reads this in the letter. Say what works instead, if you know."),
    )


class LongerForm(Form):
    """Until when the device would be kept."""

    until_on = forms.DateField(
        label=gettext_lazy("Until which day would you like to keep it?"),
        widget=DateInput,
        validators=[of_our_time],
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.last = today + AHEAD

    def clean_until_on(self) -> date:
        """A year from now at most."""
        day: date = self.cleaned_data["until_on"]
        if day > self.last:
            raise forms.ValidationError(TOO_FAR)
        return day


class DeviceForm(EditForm):
    """One device that is lent.

    Args:
        about: the device that is changed; None where it is new.
    """

    kind = forms.ChoiceField(
        label=gettext_lazy("What is it?"), choices=EquipmentKind.choices, widget=forms.RadioSelect
    )
    label = forms.CharField(
        label=gettext_lazy("Number or name"),
        help_text=gettext_lazy("By which you know it, for example the number on its sticker."),
        max_length=60,
    )
    note = forms.CharField(
        label=gettext_lazy("What comes along?"),
        help_text=gettext_lazy(
            "For example a charger and a case. The borrower reads this in the letter."
        ),
        max_length=300,
        required=False,
    )

    def __init__(self, *args: Any, about: Device | None = None, **kwargs: Any) -> None:
        names = ("kind", "label", "note")
        initial = {name: getattr(about, name) for name in names} if about else {}
        super().__init__(*args, about=about, initial=initial, **kwargs)
