"""The order's form in calm steps, shared by orderers, guests and the counter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _g
from django.utils.translation import gettext_lazy as _

from luukku.core.times import NoSuchTime, TwoSuchTimes, helsinki, instant
from luukku.experts.models import Expert, Perspective
from luukku.experts.states import ExpertState
from luukku.orders.models import MOST_EXPERTS, MOST_MINUTES, Mode, Order
from luukku.organisations.models import Kind
from luukku.taxonomy.models import Municipality, TaskType, Theme
from luukku.taxonomy.queries import themes_tree
from luukku.web.ui.forms import Columns, DateInput, Form, ModelForm, TimeInput

TIMES = (1, 2, 3)


def municipalities() -> object:
    """Return the municipalities that one may choose today, in the alphabet's order."""
    return Municipality.objects.current(timezone.now().date()).order_by("name_fi")


def theme_choices(kept: set[int] = frozenset()) -> list[tuple[str, list[tuple[int, str]]]]:
    """Return active themes (and ``kept`` ones, though switched off) by group, narrower ones after broader."""
    groups = []
    for group, branches in themes_tree():
        options = []
        for branch in branches:
            options.append((branch.theme.pk, branch.theme.name))
            options += [(theme.pk, f"{branch.theme.name}: {theme.name}") for theme in branch.narrower]
        groups.append((str(group.label), options))
    off = Theme.objects.filter(pk__in=kept, is_active=False)
    if off:
        groups.append((_g("No longer in use"), [(theme.pk, theme.name) for theme in off]))
    return groups


class What(ModelForm):
    """What the task is and why."""

    class Meta:
        model = Order
        fields = ("task_type", "title", "goal", "expert_does")
        help_texts = {
            "task_type": _("Not sure? Choose the nearest one: the counter helps."),
            "title": _("For example: Visit to the practical nurse students’ course"),
            "goal": _("For example: The students dare to meet a client who uses substances."),
        }
        widgets = {"goal": forms.Textarea, "expert_does": forms.Textarea}

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["task_type"].queryset = TaskType.objects.filter(is_active=True)
        for name in ("task_type", "title", "goal", "expert_does"):
            self.fields[name].required = True

    def extra(self) -> dict[str, object]:
        """Nothing beyond the fields."""
        return {}


class Who(ModelForm):
    """Themes, languages and people."""

    themes = forms.MultipleChoiceField(
        label=_("Themes the expert should know"), widget=Columns,
        help_text=_("Choose one to three. You see only what you need of the expert’s life."),
    )
    perspective = forms.ChoiceField(
        label=_("Whose experience"), required=False, widget=forms.RadioSelect,
        choices=[("", _("Either")), *Perspective.choices],
    )

    class Meta:
        model = Order
        fields = (
            "languages", "experts_wanted", "audience", "audience_size", "others_present", "has_children",
            "has_interpreter",
        )
        widgets = {"languages": Columns}
        help_texts = {
            "languages": _("The expert masters all that you choose."),
            "audience": _("For example: second-year students; nurses of the ward"),
            "has_children": _(
                "Tell the counter beforehand. A criminal record may be checked only in the cases of the law 148/2014."
            ),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        rows = list(self.instance.order_themes.all())
        kept = {row.theme_id for row in rows}
        self.fields["themes"].choices = theme_choices(kept)
        self.fields["themes"].initial = sorted(kept)
        self.fields["perspective"].initial = rows[0].perspective if rows else ""
        self.fields["audience"].required = True
        self.fields["experts_wanted"].min_value = 1
        self.order_fields(["themes", "perspective"])

    def clean_experts_wanted(self) -> int:
        """Refuse an order for nobody."""
        wanted = self.cleaned_data["experts_wanted"]
        if not 1 <= wanted <= MOST_EXPERTS:
            raise ValidationError(_("Ask for 1 to %(most)s experts.") % {"most": MOST_EXPERTS})
        return wanted

    def extra(self) -> dict[str, object]:
        """The themes with the perspective asked for."""
        chosen = Theme.objects.in_bulk([int(pk) for pk in self.cleaned_data["themes"]])
        perspective = self.cleaned_data["perspective"]
        return {"themes": [(theme, perspective) for _pk, theme in sorted(chosen.items())]}


class When(ModelForm):
    """Place and times."""

    class Meta:
        model = Order
        fields = ("mode", "municipality", "address", "accessibility", "equipment")
        widgets = {"mode": forms.RadioSelect, "accessibility": forms.Textarea}
        help_texts = {
            "accessibility": _("Steps, lift, induction loop, a quiet room, parking, the nearest stop …"),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["municipality"].queryset = municipalities()
        times = list(self.instance.times.all()) if self.instance.pk else []
        for n in TIMES:
            start = helsinki(times[n - 1].starts_at) if len(times) >= n else None
            end = helsinki(times[n - 1].ends_at) if len(times) >= n else None
            is_needed = n == 1
            for name, label, field, widget, value in (
                (f"day{n}", _("Date"), forms.DateField, DateInput, start and start.date()),
                (f"from{n}", _("From"), forms.TimeField, TimeInput, start and start.time()),
                (f"to{n}", _("To"), forms.TimeField, TimeInput, end and end.time()),
            ):
                self.fields[name] = field(
                    label=label, required=is_needed, widget=widget({"class": "ds-input"}), initial=value
                )

    def time_rows(self) -> list[tuple[int, list[object]]]:
        """Return the fields of each wished time for the template."""
        return [(n, [self[f"{part}{n}"] for part in ("day", "from", "to")]) for n in TIMES]

    def plain_fields(self) -> list[object]:
        """Return the other fields."""
        return [self[name] for name in self.Meta.fields]

    def clean(self) -> dict[str, object]:
        """Check that the place is there when one is needed, and each time by itself."""
        cleaned = super().clean()
        if cleaned.get("mode") != Mode.REMOTE and not cleaned.get("municipality"):
            if "municipality" not in self.errors:
                self.add_error("municipality", _("Choose the municipality, or make it a remote task."))
        self.chosen: list[tuple[datetime, datetime]] = []
        for n in TIMES:
            self._clean_time(n, cleaned)
        if len({starts for starts, _ends in self.chosen}) < len(self.chosen):
            self.add_error("day2", _("Two of the times begin at the same moment. Change or remove one."))
        return cleaned

    def _clean_time(self, n: int, cleaned: dict[str, object]) -> None:
        day, start, end = (cleaned.get(f"{part}{n}") for part in ("day", "from", "to"))
        parts = {"day": day, "from": start, "to": end}
        if not any(parts.values()):
            return
        for part, value in parts.items():
            if value is None and f"{part}{n}" not in self.errors:
                self.add_error(f"{part}{n}", _("Fill in date, start and end, or leave all three empty."))
        if not all(parts.values()):
            return
        if end <= start:
            self.add_error(f"to{n}", _("The end must be after the start."))
            return
        try:
            starts_at, ends_at = instant(day, start), instant(day, end)
        except NoSuchTime:
            self.add_error(f"from{n}", _("That night the clocks are turned and this time does not exist."))
            return
        except TwoSuchTimes:
            self.add_error(f"from{n}", _("That night the clocks are turned and this time comes twice. Choose another."))
            return
        if starts_at <= timezone.now():
            self.add_error(f"day{n}", _("This time has already passed."))
            return
        self.chosen.append((starts_at, ends_at))

    def extra(self) -> dict[str, object]:
        """The wished times and the length that follows from the first."""
        starts_at, ends_at = self.chosen[0]
        minutes = int((ends_at - starts_at).total_seconds() // 60)
        return {"times": sorted(self.chosen), "length_minutes": max(5, min(minutes, MOST_MINUTES))}


class Terms(ModelForm):
    """Money, preparation and how the expert is found."""

    wished = forms.CharField(
        label=_("Code name of an expert you wish for"), required=False, max_length=40,
        help_text=_("If you have worked with somebody before. The expert decides."),
    )

    class Meta:
        model = Order
        fields = (
            "is_payment_agreed", "fee_eur", "pays_travel", "invoice_reference", "preparation", "offers_pretalk",
            "offers_debrief", "recording", "needs_further_training", "is_open_call", "sign_up_by",
        )
        widgets = {"preparation": forms.Textarea, "recording": forms.RadioSelect, "sign_up_by": DateInput}
        help_texts = {
            "is_payment_agreed": _("Agree beforehand who pays, so that the expert gets paid in time."),
            "fee_eur": _("Leave empty if you agree on it with the counter. Travel is always paid separately."),
            "preparation": _("Questions collected beforehand, material read …"),
            "recording": _("Recording and publicity always need the expert’s separate consent."),
        }

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.wished_expert:
            self.fields["wished"].initial = self.instance.wished_expert.code_name
        self.fields["is_payment_agreed"].required = False

    def clean_is_payment_agreed(self) -> bool:
        """Money is agreed on before anybody is asked."""
        if not self.cleaned_data["is_payment_agreed"]:
            raise ValidationError(_("Agree on the payment first, then tick this."))
        return True

    def clean_wished(self) -> Expert | None:
        """Find the expert by the code name; nothing else is told about them."""
        name = self.cleaned_data["wished"].strip()
        if not name:
            return None
        expert = Expert.objects.filter(code_name__iexact=name, state=ExpertState.ACTIVE).first()
        if expert is None:
            raise ValidationError(_("No expert has this code name now. Check it or leave it empty."))
        return expert

    def clean_sign_up_by(self) -> object:
        """A call that has ended is no call."""
        day = self.cleaned_data["sign_up_by"]
        if day is not None and day < helsinki(timezone.now()).date():
            raise ValidationError(_("This day has already passed."))
        return day

    def extra(self) -> dict[str, object]:
        """The wished expert."""
        return {"wished_expert": self.cleaned_data["wished"]}


class Guest(Form):
    """Who sends an order without an account."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail"), help_text=_("We send you a link: the order leaves when you confirm it."),
        widget=forms.EmailInput({"autocomplete": "email"}),
    )
    phone = forms.CharField(
        label=_("Phone"), max_length=30, required=False, widget=forms.TextInput({"autocomplete": "tel", "type": "tel"})
    )
    organisation_name = forms.CharField(
        label=_("Organisation"), max_length=150, widget=forms.TextInput({"autocomplete": "organization"})
    )
    organisation_kind = forms.ChoiceField(label=_("Kind of organisation"), choices=Kind.choices)


class Repeat(Form):
    """Whether the order repeats."""

    every = forms.ChoiceField(
        label=_("Repeat this order"),
        choices=[("", _("No, only once")), ("week", _("Every week")), ("two_weeks", _("Every two weeks")), ("month", _("Every month"))],
        required=False,
    )
    times = forms.IntegerField(label=_("How many more times"), min_value=1, max_value=12, required=False)

    def clean(self) -> dict[str, object]:
        """A repetition needs a number."""
        cleaned = super().clean()
        if cleaned.get("every") and not cleaned.get("times") and "times" not in self.errors:
            self.add_error("times", _("Tell how many more times, from 1 to 12."))
        return cleaned


STEPS: dict[str, tuple[object, Callable]] = {
    "what": (_("What and why"), What),
    "who": (_("Themes and people"), Who),
    "when": (_("Time and place"), When),
    "terms": (_("Terms"), Terms),
}
STEP_OF = {
    "task_type": "what", "task_type_off": "what", "title": "what", "goal": "what", "expert_does": "what",
    "themes": "who", "themes_off": "who", "languages": "who", "audience": "who",
    "municipality": "when", "times": "when", "times_past": "when", "length_minutes": "when",
    "is_payment_agreed": "terms",
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
    "times_past": _("All the times have passed. Give a new one."),
    "length_minutes": _("The length is missing."),
    "is_payment_agreed": _("Agree on the payment first."),
    "organisation": _("The organisation is missing."),
}
