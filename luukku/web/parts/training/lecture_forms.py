"""Forms of practice lectures, of both sides and of the counter."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.times import when
from luukku.events.models import Mode
from luukku.training.models import (
    MOST_STUDENTS,
    Application,
    LectureFeedback,
    PracticeLecture,
    PracticeLectureQuerySet,
    Run,
)
from luukku.training.states import (
    ApplicationState,
)
from luukku.web.parts.training.forms import FARTHEST, PASSED, TOO_FAR, time_of
from luukku.web.ui.forms import DateInput, EditForm, Form, LinkField, Scale, TimeInput, words_field

STEPS = [
    (1, gettext_lazy("1 poorly")),
    *((n, str(n)) for n in range(2, 5)),
    (5, gettext_lazy("5 well")),
]


class LectureForm(Form):
    """A date on which a school would hear somebody who is being trained."""

    day = forms.DateField(label=gettext_lazy("Date"), widget=DateInput)
    starts = forms.TimeField(label=gettext_lazy("From"), widget=TimeInput)
    ends = forms.TimeField(label=gettext_lazy("Until"), widget=TimeInput)
    subject = forms.CharField(
        label=gettext_lazy("What do the students study?"),
        help_text=gettext_lazy("For example practical nursing, second year."),
        max_length=120,
    )
    group_size = forms.IntegerField(
        label=gettext_lazy("About how many students?"),
        min_value=1,
        max_value=MOST_STUDENTS,
        widget=forms.NumberInput(attrs={"class": "ds-input"}),
    )
    mode = forms.ChoiceField(
        label=gettext_lazy("How is it held?"), choices=Mode.choices, widget=forms.RadioSelect
    )
    where = forms.CharField(
        label=gettext_lazy("Where, if on site?"),
        help_text=gettext_lazy("The address and the room. Those who come read it."),
        max_length=300,
        required=False,
    )

    meeting_url = LinkField(
        label=gettext_lazy("Link for taking part remotely"),
        help_text=gettext_lazy(
            "If it is held remotely and you have the link already. Only those who speak, your school and the"
            " organiser of the training see it."
        ),
        max_length=500,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """The lecture is still to come, and ends after it begins."""
        cleaned = super().clean()
        day = cleaned.get("day")
        for name, clock in (("starts_at", "starts"), ("ends_at", "ends")):
            if day and cleaned.get(clock):
                cleaned[name] = time_of(self, clock, day, cleaned[clock])
        starts_at, ends_at = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts_at and starts_at <= timezone.now():
            self.add_error("day", PASSED)
        elif starts_at and starts_at > timezone.now() + FARTHEST:
            self.add_error("day", TOO_FAR)
        if starts_at and ends_at and ends_at <= starts_at:
            self.add_error("ends", _("The end comes after the beginning."))
        if cleaned.get("mode") == Mode.PLACE:
            self.errors.pop("meeting_url", None)
            cleaned["meeting_url"] = ""
        if cleaned.get("mode") == Mode.PLACE and not cleaned.get("where"):
            self.add_error("where", _("Tell where it is held."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the instants and what the school tells."""
        names = ("starts_at", "ends_at", "subject", "group_size", "mode", "where", "meeting_url")
        return {name: self.cleaned_data[name] for name in names}


class _LectureChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: PracticeLecture) -> str:
        told = when(obj.starts_at, obj.ends_at)
        number = _("about %(n)s students") % {"n": obj.group_size}
        return f"{told}, {obj.school.name}: {obj.subject}, {number}, {obj.get_mode_display()}"


class _Trainees(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: Application) -> str:
        return obj.person.name


class TakeLectureForm(Form):
    """Which date, and who speaks.

    Args:
        run: the training that takes it.
        lectures: the dates that can be taken.
    """

    lecture = _LectureChoice(
        label=gettext_lazy("Which date?"),
        queryset=PracticeLecture.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    trainees = _Trainees(
        label=gettext_lazy("Who speaks?"),
        help_text=gettext_lazy("Ask them first. They are told the time and the place at once."),
        queryset=Application.objects.none(),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, *args: Any, run: Run, lectures: PracticeLectureQuerySet, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lecture"].queryset = lectures.select_related("school")
        chosen = run.applications.filter(state=ApplicationState.CHOSEN)
        self.fields["trainees"].queryset = chosen.select_related("person").order_by("pk")


class StudentsForm(EditForm):
    """How many students were there.

    Args:
        lecture: where somebody has counted them already, the number stands there to be corrected.
    """

    students = forms.IntegerField(
        label=gettext_lazy("How many students were there?"),
        help_text=gettext_lazy("0 if nobody came. Only the number is kept."),
        min_value=0,
        max_value=MOST_STUDENTS,
        widget=forms.NumberInput(attrs={"class": "ds-input"}),
    )

    def __init__(self, *args: Any, lecture: PracticeLecture, **kwargs: Any) -> None:
        initial = {"students": lecture.students_present}
        super().__init__(*args, about=lecture, initial=initial, **kwargs)


class ThoughtForm(EditForm):
    """What one side thought of a lecture.

    Args:
        given: what the same person told before.
    """

    well = forms.TypedChoiceField(
        label=gettext_lazy("How well did it go?"), choices=STEPS, coerce=int, widget=Scale
    )
    words = words_field(
        gettext_lazy("In your own words"),
        gettext_lazy("Only the counter reads this. Write no names."),
        is_optional=True,
    )

    def __init__(self, *args: Any, given: LectureFeedback | None, **kwargs: Any) -> None:
        initial = {"well": given.well, "words": given.words} if given else {}
        super().__init__(*args, about=given, initial=initial, **kwargs)


class LinkForm(Form):
    """The link by which who speaks comes to a remote lecture."""

    meeting_url = LinkField(
        label=gettext_lazy("Link for taking part remotely"),
        help_text=gettext_lazy("Of the video meeting in which the students are."),
        max_length=500,
    )


class WhyForm(Form):
    """Why a practice lecture is not held."""

    reason = words_field(
        gettext_lazy("Why?"),
        gettext_lazy("Those who would have spoken read this in the letter."),
    )
