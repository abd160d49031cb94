"""The order's form in calm steps, shared by orderers, guests and the counter."""

from __future__ import annotations

from datetime import date, datetime, time

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luukku.assignments.models import Assignment
from luukku.assignments.states import AssignmentState
from luukku.core.times import NoSuchTime, TwoSuchTimes, helsinki, instant
from luukku.experts.models import Expert, ExpertQuerySet, Perspective
from luukku.orders.models import MOST_EXPERTS, MOST_MINUTES, Mode, Order
from luukku.organisations.models import Kind, Unit
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import TaskType, Theme
from luukku.taxonomy.queries import themes_tree
from luukku.web.choices import (
    ThemeBox,
    ThemeGroupChoices,
    everyday_words,
    municipalities,
    municipality_choices,
    theme_choices,
)
from luukku.web.ui.forms import DateInput, Form, ModelForm, TimeInput

TIMES = (1, 2, 3)
PARTS = ("day", "from", "to")
COMMON_LANGUAGES = {"fi", "sv", "en"}


def _minutes(starts_at: datetime, ends_at: datetime) -> int:
    return int((ends_at - starts_at).total_seconds() // 60)


class StepForm(ModelForm):
    """One step of the order.

    Attributes:
        needed: fields that must be filled in before one goes on; stopping or going back saves less, too.
        checked_together: needed ones whose need depends on another field; ``clean`` asks for them.
        sections: (heading, names of fields) in the order of the page.
    """

    needed: tuple[str, ...] = ()
    checked_together: tuple[str, ...] = ()
    sections: tuple[tuple[object, tuple[str, ...]], ...] = ()

    def __init__(self, *args: object, is_whole: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.is_whole = is_whole
        for name in self.fields:
            self._need(name)

    def _need(self, name: str) -> None:
        field = self.fields[name]
        field.required = field.is_needed = name in self.needed
        if field.error_messages["required"] == forms.Field.default_error_messages["required"]:
            field.error_messages["required"] = _("Fill in this.")

    def full_clean(self) -> None:
        """Check what was sent; to a reader the labels always tell what an order needs in the end."""
        for name, field in self.fields.items():
            field.required = self.is_whole and field.is_needed and name not in self.checked_together
        super().full_clean()
        for field in self.fields.values():
            field.required = field.is_needed

    def parts(self) -> list[tuple[object, list[forms.BoundField]]]:
        """Return the sections with their fields for the template."""
        return [(heading, [self[name] for name in names]) for heading, names in self.sections]

    def extra(self) -> dict[str, object]:
        """Return what ``save_draft`` takes beyond the order's own fields."""
        return {}

    def _limit(self, name: str, low: object, high: object, message: object) -> None:
        """Refuse numbers outside ``low``–``high`` with one plain ``message``."""
        field = self.fields[name]
        kept = [
            one
            for one in field.validators
            if not isinstance(one, (MinValueValidator, MaxValueValidator))
        ]
        field.validators = [
            *kept,
            MinValueValidator(low, message),
            MaxValueValidator(high, message),
        ]
        field.widget.attrs |= {"min": low, "max": high}


class What(StepForm):
    """What the task is and why."""

    needed = ("task_type", "title", "goal", "expert_does")
    sections = (("", needed),)

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

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_type"].queryset = TaskType.objects.filter(is_active=True)
        self.fields["task_type"].empty_label = _("Choose")
        self.fields["task_type"].error_messages["invalid_choice"] = _(
            "Choose a kind of task from the list."
        )
        units = Unit.objects.filter(organisation=self.instance.organisation_id).order_by(
            "name", "pk"
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


class Who(StepForm):
    """Themes, languages and people."""

    needed = ("themes", "languages", "experts_wanted", "audience")
    sections = (
        (_("What the expert knows"), ("themes", "perspective", "languages")),
        (
            _("Who takes part"),
            (
                "experts_wanted",
                "audience",
                "audience_size",
                "others_present",
                "has_children",
                "has_interpreter",
            ),
        ),
    )

    themes = forms.MultipleChoiceField(
        label=_("Which experience do you need?"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "One to three themes is usually enough. A broad theme covers the narrower ones below it."
        ),
        error_messages={
            "required": _("Choose at least one theme."),
            "invalid_choice": _("Choose the themes from the list."),
        },
    )
    perspective = forms.ChoiceField(
        label=_("Whose experience?"),
        widget=forms.RadioSelect,
        choices=[("", _("Either suits us")), *Perspective.choices],
    )

    class Meta:
        model = Order
        fields = (
            "languages",
            "experts_wanted",
            "audience",
            "audience_size",
            "others_present",
            "has_children",
            "has_interpreter",
        )
        widgets = {"languages": forms.CheckboxSelectMultiple}
        labels = {
            "languages": _("In which languages?"),
            "experts_wanted": _("How many experts?"),
            "audience": _("Who takes part?"),
            "audience_size": _("How many take part?"),
            "others_present": _("Who else is present?"),
            "has_children": _("Children or young people are present"),
            "has_interpreter": _("We arrange an interpreter"),
        }
        help_texts = {
            "languages": _("The expert works in all that you choose."),
            "audience": _("For example: second-year students; nurses of the ward"),
            "others_present": _("For example: the teacher, a social worker, close people"),
            "has_children": _(
                "A criminal record may be asked for only in the cases of the law 148/2014: unpaid work "
                "with children, mostly alone with them. A paid task is not one. Ask the counter if unsure."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.instance.order_themes.order_by("pk"))
        kept = {row.theme_id for row in rows}
        self.fields["themes"].choices = theme_choices(kept)
        self.fields["themes"].initial = sorted(kept)
        self.fields["perspective"].initial = rows[0].perspective if rows else ""
        self.fields["languages"].error_messages["required"] = _("Choose at least one language.")
        most = {"most": MOST_EXPERTS}
        self._limit("experts_wanted", 1, MOST_EXPERTS, _("Ask for 1 to %(most)s experts.") % most)
        self._limit(
            "audience_size", 1, 10000, _("Give a number from 1 to 10,000, or leave this empty.")
        )

    def clean_experts_wanted(self) -> int:
        """Keep what was there when one stops with the field empty: the column has no empty value."""
        wanted = self.cleaned_data["experts_wanted"]
        return self.initial["experts_wanted"] if wanted is None else wanted

    def theme_groups(self) -> list[ThemeGroupChoices]:
        """Return the boxes of the themes by group, the narrower ones under their broader one."""
        boxes = {str(box.data["value"]): box for box in self["themes"].subwidgets}
        words = everyday_words()
        groups = []
        for group, branches in themes_tree():
            shown = [
                [
                    ThemeBox(boxes[str(t.pk)], t.name, words.get(t.pk, ""))
                    for t in (branch.theme, *branch.narrower)
                ]
                for branch in branches
            ]
            groups.append(ThemeGroupChoices(str(group.label), shown))
        known = {str(pk) for _label, options in theme_choices() for pk, _name in options}
        off = [ThemeBox(box, box.choice_label, "") for pk, box in boxes.items() if pk not in known]
        return (
            [*groups, ThemeGroupChoices(_g("No longer in use"), [[box] for box in off])]
            if off
            else groups
        )

    def languages_common(self) -> list[forms.boundfield.BoundWidget]:
        """Return the boxes of the country's languages and of whatever has been chosen."""
        return [box for box in self["languages"].subwidgets if self._is_common(box)]

    def languages_rare(self) -> list[forms.boundfield.BoundWidget]:
        """Return the boxes of the other languages."""
        return [box for box in self["languages"].subwidgets if not self._is_common(box)]

    @staticmethod
    def _is_common(box: forms.boundfield.BoundWidget) -> bool:
        return str(box.data["value"]) in COMMON_LANGUAGES or box.data["selected"]

    def extra(self) -> dict[str, object]:
        """The themes with the perspective asked for."""
        chosen = Theme.objects.in_bulk([int(pk) for pk in self.cleaned_data["themes"]])
        perspective = self.cleaned_data["perspective"]
        return {"themes": [(theme, perspective) for _pk, theme in sorted(chosen.items())]}


class Times(StepForm):
    """Up to three wished times, each with a date, a start and an end by Helsinki's clock."""

    needed = ("day1", "from1", "to1")

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.chosen: list[tuple[datetime, datetime]] = []
        times = list(self.instance.times.all()) if self.instance.pk else []
        for n in TIMES:
            start = helsinki(times[n - 1].starts_at) if len(times) >= n else None
            end = helsinki(times[n - 1].ends_at) if len(times) >= n else None
            for name, label, field, widget, value in (
                (f"day{n}", _("Date"), forms.DateField, DateInput, start and start.date()),
                (f"from{n}", _("From"), forms.TimeField, TimeInput, start and start.time()),
                (f"to{n}", _("To"), forms.TimeField, TimeInput, end and end.time()),
            ):
                self.fields[name] = field(
                    label=label, widget=widget({"class": "ds-input"}), initial=value
                )
                self._need(name)

    def time_rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return number and fields of each wished time."""
        return [(n, [self[f"{part}{n}"] for part in PARTS]) for n in TIMES]

    def rows_now(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the first row and those that have been used."""
        return [row for row in self.time_rows() if self._is_used(*row)]

    def rows_more(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return the rows that wait folded."""
        return [row for row in self.time_rows() if not self._is_used(*row)]

    @staticmethod
    def _is_used(n: int, fields: list[forms.BoundField]) -> bool:
        return n == 1 or any(field.value() or field.errors for field in fields)

    def clean(self) -> dict[str, object]:
        """Check each time by itself."""
        cleaned = super().clean()
        self.chosen = []
        for n in TIMES:
            self._clean_time(n, cleaned)
        return cleaned

    def _clean_time(self, n: int, cleaned: dict[str, object]) -> None:
        parts = {part: cleaned.get(f"{part}{n}") for part in PARTS}
        if not any(value is not None for value in parts.values()) or any(
            f"{p}{n}" in self.errors for p in PARTS
        ):
            return
        for part in (part for part, value in parts.items() if value is None):
            self.add_error(
                f"{part}{n}", _("Fill in date, start and end, or leave all three empty.")
            )
        if None in parts.values():
            return
        if parts["to"] <= parts["from"]:
            self.add_error(f"to{n}", _("The end must be after the start."))
            return
        instants = [
            self._instant(parts["day"], parts[part], f"{part}{n}") for part in ("from", "to")
        ]
        if None in instants:
            return
        starts_at, ends_at = instants
        if starts_at <= timezone.now():
            self.add_error(f"day{n}", _("This time has already passed. Choose a later one."))
        elif starts_at in {start for start, _end in self.chosen}:
            self.add_error(
                f"from{n}", _("Two of the times begin at the same moment. Change or remove one.")
            )
        else:
            self.chosen.append((starts_at, ends_at))

    def _instant(self, day: date, clock: time, name: str) -> datetime | None:
        try:
            return instant(day, clock)
        except NoSuchTime:
            self.add_error(
                name, _("That night the clocks go forward and this time does not exist.")
            )
        except TwoSuchTimes:
            self.add_error(
                name, _("That night the clocks go back and this time comes twice. Choose another.")
            )
        return None


class When(Times):
    """Place and times."""

    needed = ("mode", "municipality", *Times.needed)
    checked_together = ("municipality",)
    sections = ((_("Where"), ("mode", "municipality", "address", "accessibility", "equipment")),)

    class Meta:
        model = Order
        fields = ("mode", "municipality", "address", "accessibility", "equipment", "length_minutes")
        widgets = {"mode": forms.RadioSelect, "accessibility": forms.Textarea}
        labels = {
            "mode": _("At a place or remotely?"),
            "address": _("Address or meeting place"),
            "accessibility": _("Accessibility of the place"),
            "equipment": _("Equipment at the place"),
            "length_minutes": _("How long does the task itself last, in minutes?"),
        }
        help_texts = {
            "municipality": _("Not needed for a remote task."),
            "accessibility": _(
                "Steps, lift, induction loop, a quiet room, parking, the nearest stop …"
            ),
            "equipment": _("For example: screen, loudspeakers, flip chart"),
            "length_minutes": _("Leave empty if it fills the whole time above."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        place = self.fields["municipality"]
        place.queryset, place.choices = municipalities(), municipality_choices
        place.error_messages["invalid_choice"] = _("Choose a municipality from the list.")
        message = _("Give a length from 5 minutes to 24 hours, or leave this empty.")
        self._limit("length_minutes", 5, MOST_MINUTES, message)
        first = self.instance.times.first() if self.instance.pk else None
        if first is not None and self.instance.length_minutes == _minutes(
            first.starts_at, first.ends_at
        ):
            self.initial["length_minutes"] = None

    def clean_mode(self) -> str:
        """Keep what was there when one stops without choosing."""
        return self.cleaned_data["mode"] or self.initial["mode"]

    def clean(self) -> dict[str, object]:
        """Check that the place is there when one is needed, and that the task fits into its time."""
        cleaned = super().clean()
        needs_place = self.is_whole and cleaned.get("mode") in {Mode.PLACE, Mode.EITHER}
        if needs_place and not cleaned.get("municipality") and "municipality" not in self.errors:
            self.add_error("municipality", _("Choose the municipality, or make it a remote task."))
        shortest = min((_minutes(*times) for times in self.chosen), default=None)
        length = cleaned.get("length_minutes")
        if shortest is not None and length is not None and length > shortest:
            self.add_error(
                "length_minutes", _("The task is longer than the time you give it above.")
            )
        return cleaned

    def extra(self) -> dict[str, object]:
        """The wished times; the length is the first one's where none was given."""
        times, length = sorted(self.chosen), self.cleaned_data["length_minutes"]
        if length is None and times:
            length = max(5, _minutes(*times[0]))
        return {"times": times, "length_minutes": length}


class Terms(StepForm):
    """Money, preparation and how the expert is found."""

    needed = ("is_payment_agreed",)
    sections = (
        (_("Payment"), ("is_payment_agreed", "fee_eur", "pays_travel", "invoice_reference")),
        (_("Before and after"), ("preparation", "offers_pretalk", "offers_debrief", "recording")),
        (_("Finding the expert"), ("is_open_call", "needs_further_training", "earlier", "wished")),
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
            "is_payment_agreed",
            "fee_eur",
            "pays_travel",
            "invoice_reference",
            "preparation",
            "offers_pretalk",
            "offers_debrief",
            "recording",
            "needs_further_training",
            "is_open_call",
        )
        widgets = {"preparation": forms.Textarea, "recording": forms.RadioSelect}
        labels = {
            "is_payment_agreed": _("We have agreed who pays, and it is in the budget"),
            "fee_eur": _("Fee for one expert, euros"),
            "pays_travel": _("We pay the travel costs"),
            "invoice_reference": _("Cost centre or reference"),
            "preparation": _("How does the group prepare?"),
            "offers_pretalk": _("We offer a talk beforehand"),
            "offers_debrief": _("We offer a debrief afterwards"),
            "recording": _("Is the task recorded?"),
            "needs_further_training": _("The expert needs further training for this"),
            "is_open_call": _("Experts may sign up by themselves"),
        }
        help_texts = {
            "is_payment_agreed": _("Agree beforehand, so that the expert is paid in time."),
            "fee_eur": _(
                "Leave empty if you agree on it with the counter. Travel is always paid separately."
            ),
            "preparation": _("For example: the group collects questions beforehand."),
            "recording": _("Recording and publicity always need the expert’s separate consent."),
            "is_open_call": _("They see what the task is about, time and place."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._limit(
            "fee_eur", 0, 20000, _("Give a fee from 0 to 20,000 euros, or leave this empty.")
        )
        self.fields["is_payment_agreed"].error_messages["required"] = _(
            "Agree on the payment first, then tick this."
        )
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
        done = Assignment.objects.filter(
            state=AssignmentState.DONE, order__organisation=self.instance.organisation_id
        )
        found = Expert.objects.active().filter(pk__in=done.values("expert")).order_by("code_name")
        return found if self.instance.organisation_id and found.exists() else None

    def clean_recording(self) -> str:
        """Keep what was there when one stops without choosing."""
        return self.cleaned_data["recording"] or self.initial["recording"]

    def clean_wished(self) -> Expert | None:
        """Find the expert by the code name; nothing else is told about them."""
        name = " ".join(self.cleaned_data["wished"].split())
        if not name:
            return None
        expert = Expert.objects.active().filter(code_name__iexact=name).first()
        if expert is None:
            raise ValidationError(
                _("No expert has this code name now. Check it or leave it empty.")
            )
        return expert

    def extra(self) -> dict[str, object]:
        """The wished expert: by code name, else from the list; as it was where none may be named."""
        if "wished" not in self.fields:
            return {}
        return {"wished_expert": self.cleaned_data["wished"] or self.cleaned_data.get("earlier")}


class Guest(Form):
    """Who sends an order without an account."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        help_text=_("We send you a link: the order leaves when you confirm it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=30,
        required=False,
        widget=forms.TextInput({"autocomplete": "tel", "type": "tel"}),
        help_text=_("We call if something is unclear."),
    )
    organisation_name = forms.CharField(
        label=_("Organisation"),
        max_length=150,
        widget=forms.TextInput({"autocomplete": "organization"}),
    )
    organisation_kind = forms.ChoiceField(label=_("Kind of organisation"), choices=Kind.choices)


class Repeat(Form):
    """Whether the order repeats."""

    every = forms.ChoiceField(
        label=_("How often"),
        choices=[
            ("", _("No, only once")),
            ("week", _("Every week")),
            ("two_weeks", _("Every two weeks")),
            ("month", _("Every month")),
        ],
        required=False,
    )
    times = forms.IntegerField(
        label=_("How many more times"), min_value=1, max_value=12, required=False
    )

    def clean(self) -> dict[str, object]:
        """A repetition needs a number."""
        cleaned = super().clean()
        if cleaned.get("every") and not cleaned.get("times") and "times" not in self.errors:
            self.add_error("times", _("Tell how many more times, from 1 to 12."))
        return cleaned


STEPS: dict[str, tuple[object, type[StepForm]]] = {
    "what": (_("What and why"), What),
    "who": (_("Themes and people"), Who),
    "when": (_("Time and place"), When),
    "terms": (_("Terms"), Terms),
}
STEP_OF = {
    "task_type": "what",
    "task_type_off": "what",
    "title": "what",
    "goal": "what",
    "expert_does": "what",
    "themes": "who",
    "themes_off": "who",
    "languages": "who",
    "audience": "who",
    "municipality": "when",
    "times": "when",
    "times_past": "when",
    "length_minutes": "when",
    "is_payment_agreed": "terms",
    "organisation": "what",
}
MISSING = {
    "task_type": _("The kind of task is missing."),
    "task_type_off": _("This kind of task is no longer offered. Choose another."),
    "title": _("The title is missing."),
    "goal": _("The goal is missing."),
    "expert_does": _("What the expert does is missing."),
    "themes": _("Choose at least one theme."),
    "themes_off": _("A theme that you chose is no longer in use. Choose another."),
    "languages": _("Choose at least one language."),
    "audience": _("Who takes part is missing."),
    "municipality": _("The municipality is missing."),
    "times": _("Give at least one time."),
    "times_past": _("A time has passed. Change or remove it."),
    "length_minutes": _("The length is missing."),
    "is_payment_agreed": _("Agree on the payment first."),
    "organisation": _("The organisation is missing."),
}
