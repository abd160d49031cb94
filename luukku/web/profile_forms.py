"""The sections of an expert's profile, shared by the expert's desk and the counter."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import MAX_REACH_KM, CompletedTraining, Expert, Perspective
from luukku.organisations.models import Organisation, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of
from luukku.taxonomy.models import TaskType, Theme
from luukku.web.order_forms import municipalities, theme_choices
from luukku.web.ui.forms import Columns, DateInput, Form, ModelForm

WEEKDAYS = [
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
]
PARTS = {
    "morning": (_("morning 8–12"), time(8), time(12)),
    "afternoon": (_("afternoon 12–16"), time(12), time(16)),
    "evening": (_("evening 16–20"), time(16), time(20)),
}
EXCEPTIONS = (1, 2, 3)


class Section(ModelForm):
    """Part of the profile whose fields are the expert's own columns."""

    class Meta:
        model = Expert
        fields: tuple[str, ...] = ()

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save what was filled in."""
        actions.save(
            expert, by=by, at=at, **{name: self.cleaned_data[name] for name in self.Meta.fields}
        )


class Words(Section):
    """Own words and what of it orderers see."""

    class Meta:
        model = Expert
        fields = ("own_words", "shows_own_words")
        widgets = {"own_words": forms.Textarea}
        help_texts = {
            "own_words": _(
                "What have you lived through and what do you want to give? You need no diagnoses, and no name."
            )
        }


class Experiences(Form):
    """Themes of own experience and as a close person; and which of them may be used."""

    own = forms.MultipleChoiceField(label=_("My own experience"), required=False, widget=Columns)
    close_person = forms.MultipleChoiceField(
        label=_("Experience as a close person"), required=False, widget=Columns
    )
    hidden = forms.MultipleChoiceField(
        label=_("Keep these to myself for now"),
        required=False,
        widget=Columns,
        help_text=_("They are not used for finding you tasks and nobody sees them."),
    )

    def __init__(self, *args: object, instance: Expert, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rows = list(instance.experiences.all())
        choices = theme_choices({row.theme_id for row in rows})
        for name in self.fields:
            self.fields[name].choices = choices
        for perspective in Perspective:
            self.fields[perspective.value].initial = [
                r.theme_id for r in rows if r.perspective == perspective
            ]
        self.fields["hidden"].initial = [row.theme_id for row in rows if not row.is_shown]

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole list."""
        chosen = {p: {int(pk) for pk in self.cleaned_data[p.value]} for p in Perspective}
        themes = Theme.objects.in_bulk(set().union(*chosen.values()))
        hidden = {int(pk) for pk in self.cleaned_data["hidden"]}
        rows = [
            (themes[pk], p, pk not in hidden) for p, pks in chosen.items() for pk in sorted(pks)
        ]
        actions.set_experiences(expert, rows, by=by, at=at)


class Tasks(Section):
    """Kinds of tasks and languages."""

    class Meta:
        model = Expert
        fields = ("task_types", "languages")
        widgets = {"task_types": Columns, "languages": Columns}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_types"].queryset = TaskType.objects.filter(is_active=True)
        self.fields["task_types"].required = self.fields["languages"].required = True


class Place(Section):
    """Home, reach and remote work."""

    class Meta:
        model = Expert
        fields = ("municipality", "reach_km", "is_remote_ok", "equipment", "shows_municipality")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()
        self.fields["municipality"].required = True
        self.fields["reach_km"].max_value = MAX_REACH_KM

    def clean_reach_km(self) -> int:
        """Kilometres that somebody could travel."""
        km = self.cleaned_data["reach_km"]
        if not 0 <= km <= MAX_REACH_KM:
            raise ValidationError(_("Give kilometres from 0 to %(most)s.") % {"most": MAX_REACH_KM})
        return km


class Times(Form):
    """Weekly pattern, days that differ, own limit."""

    monthly_limit = forms.IntegerField(
        label=_("Most tasks in a month"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("Empty: no limit. You are not offered more than this."),
    )

    def __init__(self, *args: object, instance: Expert, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        slots = {(slot.weekday, slot.starts, slot.ends) for slot in instance.weekly_slots.all()}
        choices = [(key, label) for key, (label, _from, _to) in PARTS.items()]
        for day, label in enumerate(WEEKDAYS):
            self.fields[f"day{day}"] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple,
                initial=[
                    key
                    for key, (_label, starts, ends) in PARTS.items()
                    if (day, starts, ends) in slots
                ],
            )
        rows = list(instance.exceptions.order_by("starts_on", "pk"))
        for n in EXCEPTIONS:
            row = rows[n - 1] if len(rows) >= n else None
            self.fields[f"first{n}"] = forms.DateField(
                label=_("First day"),
                required=False,
                widget=DateInput({"class": "ds-input"}),
                initial=row and row.starts_on,
            )
            self.fields[f"last{n}"] = forms.DateField(
                label=_("Last day"),
                required=False,
                widget=DateInput({"class": "ds-input"}),
                initial=row and row.ends_on,
            )
            self.fields[f"free{n}"] = forms.BooleanField(
                label=_("I am available all the same"),
                required=False,
                initial=bool(row and row.is_available),
            )
        self.fields["monthly_limit"].initial = instance.monthly_limit

    def day_fields(self) -> list[object]:
        """Return the weekdays."""
        return [self[f"day{day}"] for day in range(7)]

    def exception_rows(self) -> list[tuple[int, list[object]]]:
        """Return the fields of each exception."""
        return [(n, [self[f"{part}{n}"] for part in ("first", "last", "free")]) for n in EXCEPTIONS]

    def clean(self) -> dict[str, object]:
        """Check each exception by itself."""
        cleaned = super().clean()
        self.exceptions: list[tuple[date, date, bool]] = []
        for n in EXCEPTIONS:
            first, last = cleaned.get(f"first{n}"), cleaned.get(f"last{n}")
            if first and not last:
                last = first
            if last and not first:
                self.add_error(f"first{n}", _("The first day is missing."))
            elif first and last < first:
                self.add_error(f"last{n}", _("The last day must not be before the first."))
            elif first:
                self.exceptions.append((first, last, cleaned[f"free{n}"]))
        return cleaned

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole calendar."""
        slots = [
            (day, PARTS[key][1], PARTS[key][2])
            for day in range(7)
            for key in self.cleaned_data[f"day{day}"]
        ]
        actions.set_availability(expert, slots=slots, exceptions=self.exceptions, by=by, at=at)
        actions.save(expert, by=by, at=at, monthly_limit=self.cleaned_data["monthly_limit"])


class Support(Section):
    """What support is needed; seen by the counter only."""

    class Meta:
        model = Expert
        fields = ("support_needs",)
        widgets = {"support_needs": forms.Textarea}
        help_texts = {
            "support_needs": _(
                "For example: a quiet room, breaks, somebody at the door. Only you and the counter see this."
            )
        }


class Background(Section):
    """Which organisation stands behind, and who answers there."""

    class Meta:
        model = Expert
        fields = ("background_organisation", "responsible_person", "shows_organisation")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        behind = (
            Organisation.objects.vetted().filter(tasks__contains=[Task.BACKGROUND]).order_by("name")
        )
        self.fields["background_organisation"].queryset = behind
        chosen = self.instance.background_organisation_id
        people = User.objects.filter(
            memberships__organisation=chosen, memberships__role="background"
        ).distinct()
        self.fields["responsible_person"].queryset = people.order_by("name")
        self.fields["responsible_person"].help_text = _(
            "Choose the organisation and save first; then choose the person."
        )

    def clean(self) -> dict[str, object]:
        """A person answers only in their own organisation."""
        cleaned = super().clean()
        if (
            cleaned.get("background_organisation")
            != Expert.objects.get(pk=self.instance.pk).background_organisation
        ):
            cleaned["responsible_person"] = None
        return cleaned


class Consents(Form):
    """Each purpose by itself."""

    purposes = forms.MultipleChoiceField(
        label=_("I say yes to"),
        choices=Purpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Each is your own choice, and you may take it back at any time. Without the first one you are not offered tasks."
        ),
    )

    def __init__(self, *args: object, instance: Expert, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["purposes"].initial = sorted(consents_of(instance.user))

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole set."""
        set_consents(expert.user, {Purpose(p) for p in self.cleaned_data["purposes"]}, by=by, at=at)


class TrainingForm(ModelForm):
    """A completed training."""

    class Meta:
        model = CompletedTraining
        fields = ("kind", "name", "producer", "hours", "completed_on")
        widgets = {"completed_on": DateInput, "kind": forms.RadioSelect}

    def clean_completed_on(self) -> date:
        """Only what has been completed."""
        day = self.cleaned_data["completed_on"]
        if day > helsinki(timezone.now()).date():
            raise ValidationError(_("This day is in the future."))
        return day


SECTIONS = {
    "words": (_("About me"), Words),
    "experiences": (_("My experiences"), Experiences),
    "tasks": (_("Tasks and languages"), Tasks),
    "place": (_("Where"), Place),
    "times": (_("When"), Times),
    "support": (_("Support I need"), Support),
    "background": (_("Background organisation"), Background),
    "consents": (_("My consents"), Consents),
}
MISSING = {
    "place": _("Your home municipality is missing."),
    "experiences": _("Choose at least one experience."),
    "tasks": _("Choose at least one kind of task and one language."),
    "consents": _("Your consent to be suggested for tasks is missing."),
}
