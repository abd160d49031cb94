"""Forms of applications: applying, the interview, the answer, and how the training ended."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.core.times import NoSuchTime, TwoSuchTimes, helsinki, instant, whens
from luukku.events.models import Mode
from luukku.experts.models import FurtherKind
from luukku.taxonomy.models import Municipality
from luukku.training.models import (
    MOST_MINUTES,
    Application,
    Barrier,
    Run,
    RunQuerySet,
    StopReason,
    TrainingWish,
)
from luukku.training.queries import hours_suggested, is_marked
from luukku.web.parts.taxonomy.choices import municipalities
from luukku.web.ui.forms import (
    DateInput,
    DecimalField,
    EditForm,
    Form,
    TimeInput,
    of_our_time,
    words_field,
)

MOST_HOURS = MOST_MINUTES // 60
FARTHEST = timedelta(days=2 * 366)
TOO_FAR = _("This is more than two years away. Check the year.")
PASSED = _("This time has already passed. Choose a later one.")


class RunChoice(forms.ModelChoiceField):
    """A training among others, called by what and when it is."""

    def label_from_instance(self, obj: Run) -> str:
        """Return its title and times."""
        times = whens((one.starts_at, one.ends_at) for one in obj.event.sessions.all())
        return f"{obj.title}, {times}"


class ApplyForm(Form):
    """What an applicant tells; nothing of it must be told.

    Args:
        seconds: what can be named as the second choice.
    """

    why = words_field(
        _("Why would you like to come?"),
        _("A few sentences are enough. Those who choose the participants read them."),
        most=2000,
        is_optional=True,
    )
    barriers = forms.MultipleChoiceField(
        label=_("What makes it hard to come?"),
        help_text=_(
            "Choose as many as fit. We look together at what helps, and count the answers to make trainings easier to"
            " come to."
        ),
        choices=Barrier.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )  # fmt: skip
    needs = words_field(
        _("What would help?"),
        _("For example an interpreter, a lift, a loan of a device or another time."),
        is_optional=True,
    )
    second = RunChoice(
        label=_("Second choice"),
        help_text=_(
            "If you are not chosen, your application goes on to this one. Those who hold the first one never see it."
        ),
        queryset=Run.objects.none(),
        required=False,
        empty_label=_("No second choice"),
    )

    def __init__(self, *args: Any, seconds: RunQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if seconds.exists():
            self.fields["second"].queryset = seconds
        else:
            del self.fields["second"]


class ApplyByPhoneForm(ApplyForm):
    """The same, told to the counter by phone or on paper.

    Args:
        runs: what one can apply to.
    """

    field_order = ("run", "why", "barriers", "needs", "second")

    run = RunChoice(label=_("Which training?"), queryset=Run.objects.none())

    def __init__(self, *args: Any, runs: RunQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, seconds=runs, **kwargs)
        self.fields["run"].queryset = runs


class InterviewForm(Form):
    """When and where the interview is."""

    day = forms.DateField(label=_("Date"), widget=DateInput)
    starts = forms.TimeField(label=_("From"), widget=TimeInput)
    where = forms.CharField(
        label=_("Where?"),
        help_text=_("A place, a phone number or a link. The person reads it in the letter."),
        max_length=300,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        if application.interview_at is not None:
            begins = helsinki(application.interview_at)
            kwargs["initial"] = {
                "day": begins.date(),
                "starts": begins.time(),
                "where": application.interview_where,
            }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """The interview is still to come, at a time that there is."""
        cleaned = super().clean()
        if cleaned.get("day") and cleaned.get("starts"):
            begins = time_of(self, "starts", cleaned["day"], cleaned["starts"])
            if begins is not None and begins <= timezone.now():
                self.add_error("day", PASSED)
            elif begins is not None and begins > timezone.now() + FARTHEST:
                self.add_error("day", TOO_FAR)
            cleaned["interview_at"] = begins
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return when and where."""
        return {name: self.cleaned_data[name] for name in ("interview_at", "where")}


def time_of(form: forms.Form, field: str, day: Any, clock: Any) -> datetime | None:
    """Return the instant of a day and a clock; None, told at ``field``, where there is none or there are two."""
    try:
        of_our_time(day)
        return instant(day, clock)
    except forms.ValidationError as fault:
        form.add_error(field, fault)
    except NoSuchTime:
        form.add_error(field, _("There is no such time on this day: the clocks go forward."))
    except TwoSuchTimes:
        form.add_error(field, _("This time comes twice on this day. Choose another one."))
    return None


class TurnDownForm(Form):
    """Why somebody is not chosen."""

    words = words_field(
        _("Why not this time?"),
        _("The person reads these words. Say kindly what helps next time."),
        most=2000,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        del application
        super().__init__(*args, **kwargs)


class CompleteForm(Form):
    """How many hours somebody has done, and why it counts if they are few."""

    together = DecimalField(
        label=_("Hours together"), min_value=0, max_value=MOST_HOURS, max_digits=6, decimal_places=2
    )
    alone = DecimalField(
        label=_("Hours by oneself"),
        min_value=0,
        max_value=MOST_HOURS,
        max_digits=6,
        decimal_places=2,
    )
    exemption = words_field(
        _("Why does it count, if hours are missing?"),
        _("For example what was done instead. Only the person, you and the counter read it."),
        most=2000,
        is_optional=True,
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        if is_marked(application):  # else nobody has said that the hours were done
            together, alone = hours_suggested(application)
            kwargs["initial"] = {"together": _hours(together), "alone": _hours(alone)}
        super().__init__(*args, **kwargs)

    def arguments(self) -> dict[str, Any]:
        """Return the minutes and the words."""
        sent = self.cleaned_data
        return {
            "contact_minutes": round(sent["together"] * 60),
            "own_minutes": round(sent["alone"] * 60),
            "exemption": sent["exemption"],
        }


def _hours(minutes: int) -> Decimal:
    return (Decimal(minutes) / 60).quantize(Decimal("0.01")).normalize() + 0


class StopForm(Form):
    """Why somebody stops; nobody has to tell."""

    reason = forms.ChoiceField(
        label=_("Why?"),
        help_text=_(
            "Only the person, those who hold the training and the counter read it. It is let go of a year after the"
            " training."
        ),
        choices=StopReason.choices,
        widget=forms.RadioSelect,
        initial="untold",
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        del application
        super().__init__(*args, **kwargs)


class WishForm(EditForm):
    """Which further trainings somebody would like, where and how.

    Args:
        wish: what they have told before.
    """

    kinds = forms.MultipleChoiceField(
        label=_("Which further training would you like?"),
        help_text=_("Choose as many as you like."),
        choices=FurtherKind.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    mode = forms.ChoiceField(
        label=_("How would you take part?"), choices=Mode.choices, widget=forms.RadioSelect
    )
    municipality = forms.ModelChoiceField(
        label=_("Near which municipality?"),
        help_text=_("Leave empty if it does not matter."),
        queryset=Municipality.objects.none(),
        required=False,
    )

    barriers = forms.MultipleChoiceField(
        label=_("What makes it hard to come?"),
        help_text=_("Choose as many as fit. Those who plan see how many chose what, not who."),
        choices=Barrier.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, wish: TrainingWish | None, **kwargs: Any) -> None:
        initial: dict[str, Any] = {}
        if wish is not None:
            initial = {
                "kinds": wish.kinds,
                "mode": wish.mode,
                "barriers": wish.barriers,
                "municipality": wish.municipality_id,
            }
        super().__init__(*args, about=wish, initial=initial, **kwargs)
        self.fields["municipality"].queryset = municipalities()


class CallOffForm(Form):
    """Why a training is not held."""

    reason = words_field(
        _("Why is the training not held?"),
        _("Everybody who has applied or has a place reads this in the letter."),
    )
