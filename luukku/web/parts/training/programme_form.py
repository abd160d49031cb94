"""The form of a programme of training, with the minutes of each topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.core.ordering import in_finnish
from luukku.experts.models import TrainingKind
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Topic
from luukku.training.models import (
    LONGEST_REASON,
    MOST_MINUTES,
    NUMBERS,
    CommonCore,
    CoreTopic,
    Programme,
    ProgrammeTopic,
)
from luukku.training.queries import holders_to_ask
from luukku.training.refusals import EmptyCore
from luukku.web.ui.forms import (
    DateInput,
    DecimalField,
    Form,
    ModelForm,
    of_our_time,
    words_field,
)

TOGETHER, ALONE = "contact_", "own_"  # before the code of a topic, the names of its two fields


def add_topics(
    form: forms.BaseForm, stands: Iterable[ProgrammeTopic] | Iterable[CoreTopic]
) -> list[Topic]:
    """Give ``form`` two fields for each topic, filled with what ``stands``; return the topics."""
    spent = {row.topic_id: row for row in stands}
    topics = list(Topic.objects.all())
    for topic in topics:
        row = spent.get(topic.pk)
        for prefix, label, minutes in (
            (TOGETHER, _("%(topic)s: minutes together"), row and row.contact_minutes),
            (ALONE, _("%(topic)s: minutes by oneself"), row and row.own_minutes),
        ):
            form.fields[prefix + topic.pk] = forms.IntegerField(
                label=label % {"topic": topic.name},
                min_value=0,
                max_value=MOST_MINUTES,
                required=False,
                initial=minutes or None,
                widget=forms.NumberInput(attrs={"class": "ds-input"}),
            )
    return topics


def minutes_fields(topics: Iterable[Topic]) -> list[str]:
    """Return the names of the two fields of each topic, in the order of the topics."""
    return [prefix + topic.pk for topic in topics for prefix in (TOGETHER, ALONE)]


def minutes_of(topics: Iterable[Topic], sent: dict[str, Any]) -> dict[Topic, tuple[int, int]]:
    """Return how long each topic takes, together and by oneself, as it was sent."""
    return {
        topic: (sent[TOGETHER + topic.pk] or 0, sent[ALONE + topic.pk] or 0) for topic in topics
    }


class CoreForm(Form):
    """What every basic training holds at least, who decided it and when."""

    decided_on = forms.DateField(
        label=gettext_lazy("Day of the decision"), widget=DateInput, validators=[of_our_time]
    )
    decision = forms.CharField(
        label=gettext_lazy("What was decided, and where?"),
        max_length=300,
        help_text=gettext_lazy("For example the meeting and its item. Those who train read it."),
    )

    def __init__(self, *args: Any, core: CommonCore | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = add_topics(self, core.topics.all() if core else [])

    def about(self) -> list[forms.BoundField]:
        """Return the fields of the decision."""
        return [self["decided_on"], self["decision"]]

    def minutes(self) -> list[forms.BoundField]:
        """Return the two fields of each topic, beside each other where there is room."""
        return [self[name] for name in minutes_fields(self.topics)]

    def clean(self) -> dict[str, Any]:
        """Refuse a core without any minutes at its first topic."""
        cleaned = super().clean()
        fields = minutes_fields(self.topics)
        if fields and not any(cleaned.get(one) or one in self.errors for one in fields):
            self.add_error(fields[0], EmptyCore.words)
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the decision and the least minutes."""
        sent = self.cleaned_data
        told = {name: sent[name] for name in ("decided_on", "decision")}
        return told | {"minutes": minutes_of(self.topics, sent)}


class AgreeForm(Form):
    """The meeting that agreed on a programme; empty where each producer has said yes."""

    decided_on = forms.DateField(
        label=gettext_lazy("Day of the decision"),
        widget=DateInput,
        validators=[of_our_time],
        required=False,
    )
    decision = forms.CharField(
        label=gettext_lazy("What was decided, and where?"),
        max_length=300,
        help_text=gettext_lazy("Leave empty if every producer has said yes on the page of the programme."),
        required=False,
    )  # fmt: skip


class HoldersForm(Form):
    """Which of those whom another producer has named have told the counter that they hold a programme."""

    asked = forms.ModelMultipleChoiceField(
        queryset=Organisation.objects.none(),
        label=gettext_lazy("Who has said yes to you?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Leave out whom you have not asked yet, or who said no."),
    )

    def __init__(self, *args: Any, programme: Programme, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        open_ = holders_to_ask(programme)
        unasked = set(programme.unasked.values_list("pk", flat=True))
        self.fields["asked"].queryset = open_
        self.fields["asked"].initial = [one.pk for one in open_ if one.pk not in unasked]


class SeenForm(Form):
    """Since when what is read has been proposed, so that nobody agrees on what has been changed meanwhile."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class NoForm(SeenForm):
    """Why one's organisation does not agree."""

    reason = words_field(
        gettext_lazy("Why?"),
        gettext_lazy("What should be changed? Those who train and the counter read this. Write of nobody by name."),
        most=LONGEST_REASON,
    )  # fmt: skip

    def arguments(self) -> dict[str, Any]:
        """Return the reason."""
        return {"reason": self.cleaned_data["reason"]}


def _keep_within(field: forms.Field, least: int, most: int) -> None:
    """Let ``field`` say what the database would refuse: a model's own form knows none of its constraints."""
    own = [
        one
        for one in field.validators
        if not isinstance(one, (MinValueValidator, MaxValueValidator))
    ]
    field.validators = [*own, MinValueValidator(least), MaxValueValidator(most)]
    if isinstance(field.widget, forms.NumberInput):
        field.widget.attrs |= {"min": least, "max": most}


# Of each: its heading, and its fields. The first stands open, the others wait folded until they hold something.
ABOUT = ("kind", "further_kind", "title_fi", "summary_fi", "producers")
FOLDED = (
    (gettext_lazy("In Swedish and English"), ("title_sv", "title_en", "summary_sv", "summary_en")),
    (gettext_lazy("Languages"), ("languages",)),
    (gettext_lazy("Tasks"), ("task_types", "needs_lecture")),
    (
        gettext_lazy("Who can come, price and size of the group"),
        ("prerequisites", "funding", "price_eur", "min_group", "max_group", "validity_months"),
    ),
)


class ProgrammeForm(ModelForm):
    """A programme with the minutes of each topic."""

    class Meta:
        model = Programme
        fields = (
            "kind", "further_kind", "title_fi", "title_sv", "title_en", "summary_fi", "summary_sv", "summary_en",
            "producers", "languages", "prerequisites", "funding", "price_eur", "min_group", "max_group",
            "validity_months", "task_types", "needs_lecture",
        )  # fmt: skip
        widgets = {
            "kind": forms.RadioSelect,
            "producers": forms.CheckboxSelectMultiple,
            "languages": forms.CheckboxSelectMultiple,
            "task_types": forms.CheckboxSelectMultiple,
        }
        field_classes = {"price_eur": DecimalField}
        labels = {
            "kind": gettext_lazy("Kind of training"),
            "further_kind": gettext_lazy("What is the further training about?"),
            "producers": gettext_lazy("Who holds it?"),
            "prerequisites": gettext_lazy("What does one need to come?"),
            "funding": gettext_lazy("Who pays for it?"),
            "price_eur": gettext_lazy("Price for a participant, euros"),
            "validity_months": gettext_lazy("For how many months does it count?"),
            "task_types": gettext_lazy("For which tasks does it prepare?"),
            "needs_lecture": gettext_lazy("Everybody holds a practice lecture to complete it"),
        }
        help_texts = {
            "price_eur": gettext_lazy("0 when it costs nothing. Leave empty if it is not known."),
            "validity_months": gettext_lazy("Leave empty if it counts for ever."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = TrainingKind.choices
        self.fields["producers"].queryset = Organisation.objects.training().order_by(
            in_finnish("name")
        )
        for name, (least, most) in NUMBERS.items():
            _keep_within(self.fields[name], least, most)
        self.topics = add_topics(self, self.instance.topics.all() if self.instance.pk else [])

    def unfolded(self) -> list[forms.BoundField]:
        """Return what every programme says."""
        return [self[name] for name in ABOUT]

    def folded(self) -> Iterator[tuple[object, list[forms.BoundField], bool]]:
        """Yield each folded section's heading and fields, and whether it is open: with a value, or a fault, in it."""
        minutes = (_("Topics and their minutes"), minutes_fields(self.topics))
        for heading, names in (minutes, *FOLDED):
            fields = [self[name] for name in names]
            yield heading, fields, any(field.value() or field.errors for field in fields)

    def clean(self) -> dict[str, Any]:
        """Check what depends on more than one field."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, further_kind = cleaned.get("kind"), cleaned.get("further_kind")
        if kind == TrainingKind.FURTHER and not further_kind:
            self.add_error("further_kind", _("Choose what the further training is about."))
        if kind == TrainingKind.BASIC and further_kind:
            self.add_error("further_kind", _("Choose this only for a further training."))
        low, high = cleaned.get("min_group"), cleaned.get("max_group")
        if low and high and low > high:
            self.add_error("max_group", _("The largest group cannot be smaller than the smallest."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the fields of the programme, and how long each topic takes."""
        sent = self.cleaned_data
        minutes = minutes_of(self.topics, sent)
        return {name: sent[name] for name in self.Meta.fields} | {"minutes": minutes}
