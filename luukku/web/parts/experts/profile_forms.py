"""The sections of an expert's profile, shared by the expert's desk and the counter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish
from luukku.core.times import helsinki
from luukku.experts import actions
from luukku.experts.models import MAX_REACH_KM, CompletedTraining, Expert, Perspective
from luukku.organisations.models import MemberRole, Membership, Organisation, Task
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.privacy.queries import consents_of, has_outdated_consents
from luukku.taxonomy.models import Language, TaskType, Theme
from luukku.taxonomy.queries import themes_tree
from luukku.web.parts.taxonomy.choices import (
    everyday_words,
    municipalities,
    municipality_choices,
    theme_choices,
)
from luukku.web.ui.forms import DateInput, EditForm, Form, ModelForm, TimeInput

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
COMMON_LANGUAGES = {"fi", "sv", "en"}
MORE_ROWS = 2  # empty rows for own times and for days that differ, below those that there are
MOST_ROWS = 60  # as many as one may send at once

Box = forms.boundfield.BoundWidget


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
    """Own words and whether orderers see them."""

    class Meta:
        model = Expert
        fields = ("own_words", "shows_own_words")
        labels = {
            "own_words": _("About me, in my own words"),
            "shows_own_words": _("Orderers may read this before my yes"),
        }
        widgets = {"own_words": forms.Textarea}
        help_texts = {
            "own_words": _(
                "A few sentences are enough. No name, no diagnoses: what you want to give is what counts."
            ),
            "shows_own_words": _(
                "If you leave this empty, only you and the counter read your words."
            ),
        }


@dataclass(frozen=True)
class ExperienceRow:
    """One theme with its three boxes."""

    name: str
    words: str
    is_narrower: bool
    own: Box
    close_person: Box
    hidden: Box

    @property
    def is_chosen(self) -> bool:
        """Whether the theme is ticked from either perspective."""
        return bool(self.own.data["selected"] or self.close_person.data["selected"])


@dataclass(frozen=True)
class ExperienceGroup:
    """A group of themes."""

    label: str
    rows: list[ExperienceRow]

    @property
    def chosen(self) -> int:
        """How many themes of the group are ticked."""
        return sum(row.is_chosen for row in self.rows)


class Experiences(EditForm):
    """Themes of own experience and as a close person; and which of them stay with oneself."""

    own = forms.MultipleChoiceField(label=_("My own experience"), required=False)
    close_person = forms.MultipleChoiceField(label=_("As a close person"), required=False)
    hidden = forms.MultipleChoiceField(label=_("Keep to myself"), required=False)

    together = (("own", "close_person", "hidden"),)

    def __init__(
        self, data: object = None, *args: object, instance: Expert, **kwargs: object
    ) -> None:
        super().__init__(data, *args, about=instance, **kwargs)
        rows = list(instance.experiences.order_by("pk"))
        self.kept = {row.theme_id for row in rows}
        for name in ("own", "close_person", "hidden"):
            field = self.fields[name]
            field.widget = forms.CheckboxSelectMultiple(attrs={"class": "ds-input"})
            field.choices = theme_choices(self.kept)
            field.error_messages["invalid_choice"] = _("Choose the themes from the list.")
        for perspective in Perspective:
            self.fields[perspective.value].initial = [
                row.theme_id for row in rows if row.perspective == perspective
            ]
        self.fields["hidden"].initial = [row.theme_id for row in rows if not row.is_shown]

    def groups(self) -> list[ExperienceGroup]:
        """Return every theme by group, the narrower ones after their broader one."""
        self.boxes = {
            name: {str(box.data["value"]): box for box in self[name].subwidgets}
            for name in ("own", "close_person", "hidden")
        }
        words = everyday_words()
        groups = []
        for group, branches in themes_tree():
            rows = []
            for branch in branches:
                rows.append(self._row(branch.theme, words, is_narrower=False))
                rows += [self._row(theme, words, is_narrower=True) for theme in branch.narrower]
            groups.append(ExperienceGroup(str(group.label), rows))
        off = Theme.objects.filter(pk__in=self.kept, is_active=False).order_by("position", "pk")
        if off:
            rows = [self._row(theme, words, is_narrower=False) for theme in off]
            groups.append(ExperienceGroup(_g("No longer in use"), rows))
        return groups

    def _row(self, theme: Theme, words: dict[int, str], *, is_narrower: bool) -> ExperienceRow:
        boxes = {name: boxes[str(theme.pk)] for name, boxes in self.boxes.items()}
        return ExperienceRow(theme.name, words.get(theme.pk, ""), is_narrower, **boxes)

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole list."""
        chosen = {p: {int(pk) for pk in self.cleaned_data[p.value]} for p in Perspective}
        themes = Theme.objects.in_bulk(set().union(*chosen.values()))
        hidden = {int(pk) for pk in self.cleaned_data["hidden"]}
        rows = [
            (themes[pk], p, pk not in hidden) for p, pks in chosen.items() for pk in sorted(pks)
        ]
        actions.set_experiences(expert, rows, by=by, at=at)


@dataclass(frozen=True)
class TaskTypeBox:
    """One kind of task with what it is."""

    box: Box
    task_type: TaskType


class Tasks(Section):
    """Kinds of tasks and languages."""

    class Meta:
        model = Expert
        fields = ("task_types", "languages")
        labels = {
            "task_types": _("Which tasks would you like?"),
            "languages": _("In which languages?"),
        }
        widgets = {
            "task_types": forms.CheckboxSelectMultiple,
            "languages": forms.CheckboxSelectMultiple,
        }
        help_texts = {
            "task_types": _("Choose all that might suit you. You decide on each task separately."),
            "languages": _("Languages in which you can work, also sign language."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        kept = self.instance.task_types.values("pk")
        self.fields["task_types"].queryset = TaskType.objects.filter(
            Q(is_active=True) | Q(pk__in=kept)
        )
        self.fields["languages"].queryset = Language.objects.order_by("position", "code")
        self._need("task_types", _("Choose at least one kind of task."))
        self._need("languages", _("Choose at least one language."))

    def _need(self, name: str, message: object) -> None:
        self.fields[name].required = True
        self.fields[name].error_messages["required"] = message

    def task_type_boxes(self) -> list[TaskTypeBox]:
        """Return the kinds of tasks with their boxes."""
        types = {task_type.pk: task_type for task_type in self.fields["task_types"].queryset}
        return [
            TaskTypeBox(box, types[int(str(box.data["value"]))])
            for box in self["task_types"].subwidgets
        ]

    def languages_common(self) -> list[Box]:
        """Return the boxes of the country's languages and of whatever has been chosen."""
        return [box for box in self["languages"].subwidgets if self._is_common(box)]

    def languages_rare(self) -> list[Box]:
        """Return the boxes of the other languages."""
        return [box for box in self["languages"].subwidgets if not self._is_common(box)]

    @staticmethod
    def _is_common(box: Box) -> bool:
        return str(box.data["value"]) in COMMON_LANGUAGES or box.data["selected"]


class Place(Section):
    """Home, reach and remote work."""

    reach_km = forms.IntegerField(
        label=_("How far can you come, kilometres one way?"),
        help_text=_("0 means only your own municipality. Travel costs are paid separately."),
        error_messages={
            "min_value": _("Give kilometres from 0 to %(limit_value)s.")
            % {"limit_value": MAX_REACH_KM},
            "max_value": _("Give kilometres from 0 to %(limit_value)s.")
            % {"limit_value": MAX_REACH_KM},
        },
        min_value=0,
        max_value=MAX_REACH_KM,
    )

    class Meta:
        model = Expert
        fields = ("municipality", "shows_municipality", "reach_km", "is_remote_ok", "equipment")
        labels = {
            "municipality": _("Home municipality"),
            "shows_municipality": _("Orderers may see my municipality"),
            "is_remote_ok": _("Remote tasks suit me"),
            "equipment": _("Equipment I have for remote tasks"),
        }
        help_texts = {
            "shows_municipality": _("Otherwise they see only your county."),
            "is_remote_ok": _(
                "For example a video meeting. Remote tasks come from the whole country."
            ),
            "equipment": _(
                "For example: computer, camera, headphones. If something is missing, the counter helps."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()
        self.fields["municipality"].choices = municipality_choices
        self.fields["municipality"].required = True
        self.fields["municipality"].error_messages |= {
            "required": _("Choose your home municipality."),
            "invalid_choice": _("Choose a municipality from the list."),
        }


class Rows:
    """Rows of a form that grow: those that there are, and a few empty ones.

    Attributes:
        first: name of the field that every row has.
    """

    def __init__(self, first: str, *, existing: int, data: object) -> None:
        sent = 0
        if data is not None:
            while sent < MOST_ROWS and f"{first}{sent + 1}" in data:
                sent += 1
        self.numbers = range(1, max(existing + MORE_ROWS, sent) + 1)


class Times(EditForm):
    """Weekly pattern, own times, days that differ, own limit."""

    monthly_limit = forms.IntegerField(
        label=_("At most how many tasks a month?"),
        min_value=1,
        max_value=60,
        required=False,
        help_text=_("Leave empty if you want no limit. You are not offered more than this."),
        error_messages={
            "min_value": _("Give a number from 1 to 60, or leave this empty."),
            "max_value": _("Give a number from 1 to 60, or leave this empty."),
        },
    )

    def __init__(
        self, data: object = None, *args: object, instance: Expert, **kwargs: object
    ) -> None:
        super().__init__(data, *args, about=instance, **kwargs)
        slots = [
            (slot.weekday, slot.starts, slot.ends)
            for slot in instance.weekly_slots.order_by("weekday", "starts")
        ]
        parts = {(day, starts, ends) for day in range(7) for _label, starts, ends in PARTS.values()}
        self._add_week({slot for slot in slots if slot in parts})
        own = [slot for slot in slots if slot not in parts]
        self.own = Rows("weekday", existing=len(own), data=data).numbers
        for n in self.own:
            self._add_own(n, own[n - 1] if n <= len(own) else None)
        today = helsinki(timezone.now()).date()
        differing = list(instance.exceptions.filter(ends_on__gte=today).order_by("starts_on", "pk"))
        self.differing = Rows("first", existing=len(differing), data=data).numbers
        for n in self.differing:
            self._add_differing(n, differing[n - 1] if n <= len(differing) else None)
        self.fields["monthly_limit"].initial = instance.monthly_limit
        self.together = (  # rows have no names of their own: one list is chosen as a whole
            tuple(f"{part}{n}" for n in self.own for part in ("weekday", "from", "to")),
            tuple(f"{part}{n}" for n in self.differing for part in ("first", "last", "free")),
        )

    def _add_week(self, slots: set[actions.Slot]) -> None:
        choices = [(key, label) for key, (label, _from, _to) in PARTS.items()]
        for day, label in enumerate(WEEKDAYS):
            self.fields[f"day{day}"] = forms.MultipleChoiceField(
                label=label,
                choices=choices,
                required=False,
                widget=forms.CheckboxSelectMultiple({"class": "ds-input"}),
                initial=[
                    key
                    for key, (_label, starts, ends) in PARTS.items()
                    if (day, starts, ends) in slots
                ],
            )

    def _add_own(self, n: int, slot: actions.Slot | None) -> None:
        day, starts, ends = slot or ("", None, None)
        self.fields[f"weekday{n}"] = forms.TypedChoiceField(
            label=_("Weekday"),
            required=False,
            coerce=int,
            empty_value=None,
            initial=day,
            choices=[("", "---------"), *enumerate(WEEKDAYS)],
            widget=forms.Select({"class": "ds-input"}),
        )
        for name, label, value in ((f"from{n}", _("From"), starts), (f"to{n}", _("To"), ends)):
            self.fields[name] = forms.TimeField(
                label=label, required=False, initial=value, widget=TimeInput({"class": "ds-input"})
            )

    def _add_differing(self, n: int, row: object) -> None:
        for name, label, value in (
            (f"first{n}", _("First day"), row and row.starts_on),
            (f"last{n}", _("Last day"), row and row.ends_on),
        ):
            self.fields[name] = forms.DateField(
                label=label, required=False, initial=value, widget=DateInput({"class": "ds-input"})
            )
        self.fields[f"free{n}"] = forms.ChoiceField(
            label=_("Then I am"),
            choices=[("no", _("away")), ("yes", _("free all day"))],
            initial="yes" if row and row.is_available else "no",
            required=False,
            widget=forms.Select({"class": "ds-input"}),
        )

    def days(self) -> list[tuple[forms.BoundField, list[Box]]]:
        """Return the weekdays with their boxes."""
        return [(self[f"day{day}"], self[f"day{day}"].subwidgets) for day in range(7)]

    def own_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each own time."""
        return [(n, [self[f"{part}{n}"] for part in ("weekday", "from", "to")]) for n in self.own]

    def differing_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the fields of each stretch of days that differ."""
        return [
            (n, [self[f"{part}{n}"] for part in ("first", "last", "free")]) for n in self.differing
        ]

    @property
    def has_own_times(self) -> bool:
        """Whether any own time is filled in or needs attention."""
        return any(
            field.value() or field.errors for _n, fields in self.own_rows() for field in fields
        )

    def clean(self) -> dict[str, object]:
        """Check each row by itself."""
        cleaned = super().clean()
        self.slots = [
            (day, PARTS[key][1], PARTS[key][2])
            for day in range(7)
            for key in cleaned.get(f"day{day}", [])
        ]
        for n in self.own:
            self._clean_own(n, cleaned)
        self.exceptions: list[tuple[date, date, bool]] = []
        for n in self.differing:
            self._clean_differing(n, cleaned)
        return cleaned

    def _clean_own(self, n: int, cleaned: dict[str, object]) -> None:
        names = (f"weekday{n}", f"from{n}", f"to{n}")
        day, starts, ends = (cleaned.get(name) for name in names)
        if (day, starts, ends) == (None, None, None) or any(name in self.errors for name in names):
            return
        for name, value in zip(names, (day, starts, ends), strict=True):
            if value is None:
                self.add_error(name, _("Fill in weekday, start and end, or leave all three empty."))
        if None in (day, starts, ends):
            return
        self.slots += actions.by_day([(day, starts, ends)])

    def _clean_differing(self, n: int, cleaned: dict[str, object]) -> None:
        first, last = cleaned.get(f"first{n}"), cleaned.get(f"last{n}")
        if f"first{n}" in self.errors or f"last{n}" in self.errors or not (first or last):
            return
        last = last or first
        if first is None:
            self.add_error(f"first{n}", _("The first day is missing."))
        elif last < first:
            self.add_error(f"last{n}", _("The last day must not be before the first."))
        else:
            self.exceptions.append((first, last, cleaned.get(f"free{n}") == "yes"))

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole calendar."""
        actions.set_availability(
            expert, slots=merged(self.slots), exceptions=self.exceptions, by=by, at=at
        )
        actions.save(expert, by=by, at=at, monthly_limit=self.cleaned_data["monthly_limit"])


def _end_of_day(ends: time) -> time:
    return time.max if ends == time(0) else ends  # 00:00 is the midnight after


def merged(slots: Iterable[actions.Slot]) -> list[actions.Slot]:
    """Return ``slots`` with overlapping ones joined; those that only touch stay apart."""
    joined: list[actions.Slot] = []
    for day, starts, ends in sorted(set(slots)):
        if joined and joined[-1][0] == day and starts < _end_of_day(joined[-1][2]):
            joined[-1] = (day, joined[-1][1], max(joined[-1][2], ends, key=_end_of_day))
        else:
            joined.append((day, starts, ends))
    return joined


class Support(Section):
    """What support is needed; seen by the counter only."""

    class Meta:
        model = Expert
        fields = ("support_needs",)
        labels = {"support_needs": _("What makes a task possible for you?")}
        widgets = {"support_needs": forms.Textarea}
        help_texts = {
            "support_needs": _(
                "For example: a quiet room, breaks, clear written instructions, somebody at the door."
            )
        }


class Background(Section):
    """Which organisation stands behind, and who answers there."""

    class Meta:
        model = Expert
        fields = ("background_organisation", "responsible_person", "shows_organisation")
        labels = {
            "background_organisation": _("Background organisation"),
            "responsible_person": _("Responsible person there"),
            "shows_organisation": _("Orderers may see my background organisation"),
        }
        help_texts = {
            "background_organisation": _(
                "Its contact persons see your name, not your experiences."
            ),
            "responsible_person": _(
                "The person whom you can always call. Ask them before you choose."
            ),
            "shows_organisation": _(
                "The name of an organisation may tell something of your experience."
            ),
        }

    together = (("background_organisation", "responsible_person"),)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        offered = Organisation.objects.vetted().filter(tasks__contains=[Task.BACKGROUND])
        kept = Organisation.objects.filter(pk=self.instance.background_organisation_id)
        behind = (offered | kept).order_by(in_finnish("name"), "pk")
        self.fields["background_organisation"].queryset = behind
        self.fields["background_organisation"].empty_label = _("None, or not in the list")
        self.people = (
            Membership.objects.present()
            .filter(role=MemberRole.BACKGROUND, organisation__in=behind)
            .select_related("user", "organisation")
            .order_by(in_finnish("organisation__name"), in_finnish("user__name"), "pk")
        )
        person = self.fields["responsible_person"]
        person.queryset = User.objects.filter(pk__in=self.people.values("user")).order_by(
            in_finnish("name")
        )
        person.choices = self._person_choices

    def _person_choices(self) -> list[tuple[str, object]]:
        groups: dict[str, list[tuple[int, str]]] = {}
        for membership in self.people:
            groups.setdefault(membership.organisation.name, []).append(
                (membership.user_id, membership.user.name)
            )
        return [("", _g("Not chosen")), *groups.items()]

    def clean(self) -> dict[str, object]:
        """A person answers only in their own organisation."""
        cleaned = super().clean()
        person, organisation = (
            cleaned.get("responsible_person"),
            cleaned.get("background_organisation"),
        )
        if person and not self.people.filter(user=person, organisation=organisation).exists():
            self.add_error(
                "responsible_person", _("Choose a person of the organisation that you chose.")
            )
        return cleaned


@dataclass(frozen=True)
class ConsentBox:
    """One purpose: its box, what a yes means, and what follows from a no."""

    box: Box
    yes: object
    no: object


CONSENT_WORDS = {
    Purpose.IN_BANK: (
        _(
            "The counter compares your profile with orders and may offer you tasks. Orderers see your card "
            "with your code name."
        ),
        _("Without this you are not in the expert bank: you are not offered tasks."),
    ),
    Purpose.IDENTITY: (
        _(
            "When you say yes to a task, its orderer sees your name, phone and e-mail, to agree on the details."
        ),
        _("Without this the counter passes messages between you and the orderer."),
    ),
    Purpose.EMAIL: (
        _("The counter may also write to you by e-mail about other tasks and news."),
        _("Without this you get only the letters that a task of yours needs."),
    ),
    Purpose.PHONE: (
        _("The counter may call you or send text messages."),
        _(
            "Without this we write to you. Only if an agreed task is in danger does the counter call."
        ),
    ),
    Purpose.STATISTICS: (
        _("Your tasks are counted in the region’s figures. Nobody can be recognised in them."),
        _("Without this your tasks are left out of published figures."),
    ),
}


class Consents(EditForm):
    """Each purpose by itself."""

    purposes = forms.MultipleChoiceField(
        label=_("I say yes to"),
        choices=Purpose.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple({"class": "ds-input"}),
        help_text=_("Each yes is your own choice. You may take back any of them at any time."),
    )

    def __init__(
        self, data: object = None, *args: object, instance: Expert, **kwargs: object
    ) -> None:
        super().__init__(data, *args, about=instance, **kwargs)
        self.fields["purposes"].initial = sorted(consents_of(instance.user))
        self.is_outdated = has_outdated_consents(instance.user)

    def boxes(self) -> list[ConsentBox]:
        """Return the purposes with what each means."""
        return [
            ConsentBox(box, *CONSENT_WORDS[Purpose(box.data["value"])])
            for box in self["purposes"].subwidgets
        ]

    def store(self, expert: Expert, *, by: User, at: datetime) -> None:
        """Save the whole set."""
        set_consents(expert.user, {Purpose(p) for p in self.cleaned_data["purposes"]}, by=by, at=at)


class BreakForm(Form):
    """Until when, if that is known."""

    until = forms.DateField(
        label=_("Last day of the break"),
        required=False,
        widget=DateInput,
        help_text=_("Leave empty if you do not know. You come back when you like."),
    )

    def clean_until(self) -> date | None:
        """A break ends in the future."""
        until = self.cleaned_data["until"]
        if until is not None and until < helsinki(timezone.now()).date():
            raise ValidationError(_("This day has already passed."))
        return until


class TrainingForm(ModelForm):
    """A completed training."""

    class Meta:
        model = CompletedTraining
        fields = ("kind", "name", "producer", "hours", "completed_on", "valid_until")
        labels = {
            "kind": _("Kind of training"),
            "name": _("Name of the training"),
            "producer": _("Who trained you?"),
            "hours": _("Length in hours"),
            "completed_on": _("When did it end?"),
            "valid_until": _("Until when does the certificate hold?"),
        }
        help_texts = {"valid_until": _("Leave empty if the certificate has no last day.")}
        widgets = {"completed_on": DateInput, "valid_until": DateInput, "kind": forms.RadioSelect}
        error_messages = {"kind": {"required": _("Choose the kind of training.")}}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = CompletedTraining._meta.get_field("kind").choices
        self.fields["hours"].min_value, self.fields["hours"].max_value = 1, 2000
        self.fields["hours"].widget.attrs |= {"min": 1, "max": 2000}

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


TRAININGS = "trainings"
SECTIONS: dict[str, tuple[object, object, type | None]] = {
    "words": (_("About me"), _("Who you are and what you want to give."), Words),
    "experiences": (
        _("My experiences"),
        _("What you have lived through, yourself or beside somebody."),
        Experiences,
    ),
    "tasks": (
        _("Tasks and languages"),
        _("What you would like to do, and in which languages."),
        Tasks,
    ),
    "place": (_("Where"), _("Where you live, how far you come, and remote work."), Place),
    "times": (_("When"), _("Your usual week, days that differ, and your own limit."), Times),
    "support": (_("Support I need"), _("Only you and the counter see this."), Support),
    TRAININGS: (_("Trainings"), _("They are not required of everybody."), None),
    "background": (_("Background organisation"), _("Who stands behind you."), Background),
    "consents": (_("My consents"), _("What you say yes to, each by itself."), Consents),
}
MISSING = {
    "place": _("Your home municipality is missing."),
    "experiences": _("Choose at least one experience that may be used."),
    "tasks": _("Choose at least one kind of task and one language."),
    "consents": _("Your consent to be suggested for tasks is missing."),
}
