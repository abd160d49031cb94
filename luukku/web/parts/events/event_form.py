"""The forms in which an event is written: its words, its times and what it asks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.core.ordering import in_finnish
from luukku.events.models import MOST_SEATS, Audience, Cover, Event, How, Kind, Mode
from luukku.taxonomy.models import Language
from luukku.web.parts.events.forms import ask_where, require_where
from luukku.web.parts.taxonomy.choices import offer_municipalities
from luukku.web.ui.forms import DateInput, LinkField, ModelForm, of_our_time


class MomentInput(forms.DateTimeInput):
    """The browser's own date and clock; typing works too."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class MomentField(forms.DateTimeField):
    """An instant by Helsinki's clock; in UTC inside, as it lies in the tables."""

    widget = MomentInput
    default_error_messages = {"invalid": _("Give the day and the time.")}

    def to_python(self, value: Any) -> datetime | None:
        """Return the instant.

        Raises:
            ValidationError: that night the clocks are turned, and the time does not exist or comes twice; or the year
                is a slip.
        """
        at = super().to_python(value)
        if at is None:
            return None
        of_our_time(at)
        return at.astimezone(UTC)


SECTIONS: tuple[tuple[object, tuple[str, ...]], ...] = (
    (_("What"), ("kind", "title_fi", "summary_fi", "organiser", "responsible", "language")),
    (_("In Swedish and English"), ("title_sv", "summary_sv", "title_en", "summary_en")),
    (_("Where"), ("mode", "municipality", "address", "meeting_url", "accessibility", "covers")),
    (_("For whom and how many"), (
        "audience", "how", "guests_ok", "seats", "quota_professionals", "quota_experts",
    )),
    (_("When one signs up"), ("opens_at", "closes_at", "promote_until")),
    (_("Fewest participants"), ("min_seats", "decide_on")),
)  # fmt: skip
FEWEST = _("Give at least 1 and at most as many as there are places.")
WHO = ("organiser", "responsible")
FOLDED = {1}  # by number, sections that wait folded until they hold something


class EventForm(ModelForm):
    """What an event says of itself; each desk adds whom it lets organise it and answer for it."""

    meeting_url = LinkField(
        label=_("Link for taking part remotely"),
        required=False,
    )
    covers = forms.MultipleChoiceField(
        label=_("What is covered?"),
        choices=Cover.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    opens_at = MomentField(
        label=_("Signing up begins"), required=False, help_text=_("Empty: at once.")
    )
    closes_at = MomentField(
        label=_("Signing up ends"), required=False, help_text=_("Empty: when the event begins.")
    )
    promote_until = MomentField(
        label=_("Places are given from the waiting list until"),
        required=False,
        help_text=_("Empty: until a day before the event begins. After that you give them yourself."),
    )  # fmt: skip

    class Meta:
        model = Event
        fields = tuple(name for _heading, names in SECTIONS for name in names if name not in WHO)
        widgets = {
            "kind": forms.Select,
            "mode": forms.RadioSelect,
            "how": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "decide_on": DateInput,
            "summary_fi": forms.Textarea,
            "summary_sv": forms.Textarea,
            "summary_en": forms.Textarea,
            "accessibility": forms.Textarea,
        }
        labels = {
            "kind": _("What kind of event is it?"),
            "title_fi": _("Name of the event"),
            "summary_fi": _("What happens there?"),
            "language": _("In which language is it held?"),
            "mode": _("How does one take part?"),
            "guests_ok": _("One may sign up without an account"),
            "seats": _("How many places?"),
            "min_seats": _("How many must come at least?"),
            "decide_on": _("On which day is it decided whether it is held?"),
        }
        help_texts = {
            "title_fi": _("Everybody who sees the event reads it. Do not tell of an illness or a theme in it."),
            "accessibility": _("Steps, lift, induction loop, a quiet room, parking, the nearest stop …"),
            "guests_ok": _("By a link in an e-mail. Not to a peer meeting, nor where the organiser invites."),
            "quota_professionals": _("Only where places are kept for both. Others may be given to anybody."),
            "min_seats": _("Leave empty if it is held in any case. Else the queue reminds you on that day."),
        }  # fmt: skip

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["kind"].choices = [("", _("Choose")), *Kind.choices]
        is_training = self.instance.pk and self.instance.how == How.APPLICATION
        for name in ("kind", "how", "audience") if is_training else ():
            self.fields[name].disabled = True  # the training's own: applications stand on them
        hows = How.choices if is_training else _hows()
        for name, choices in (("mode", Mode), ("how", hows), ("audience", Audience)):
            self.fields[name].choices = getattr(choices, "choices", choices)
        self.fields["language"].queryset = Language.objects.order_by(in_finnish("name_fi"))
        offer_municipalities(self.fields["municipality"])
        ask_where(self)
        for name in ("seats", "min_seats", "quota_professionals", "quota_experts"):
            self.fields[name].validators.append(MaxValueValidator(MOST_SEATS))
        _at_least_one(self.fields["seats"], gettext("Give at least one place."))
        _at_least_one(self.fields["min_seats"], str(FEWEST))
        for name in ("opens_at", "closes_at", "promote_until"):
            if at := self.initial.get(name):
                self.initial[name] = at.replace(second=0, microsecond=0)  # as it is shown
        if self.instance.pk:
            self.fields.pop("organiser", None)  # people have signed up for what this one organises
            self.fields.pop("responsible", None)  # handed over by an act of its own

    def offer_later(self, number: int) -> None:
        """Ask whether the ``number`` later events of the series change as well."""
        self.fields["also_later"] = forms.BooleanField(
            label=_("Change the later ones of the series as well"),
            required=False,
            help_text=ngettext(
                "%(number)s later event. Only what you change here changes there; its days stay.",
                "%(number)s later events. Only what you change here changes there; their days stay.",
                number,
            )
            % {"number": number},
        )

    def parts(self) -> Iterator[tuple[object, list[forms.BoundField], bool, bool]]:
        """Yield each section's heading and fields, whether it can be folded, and whether it is open."""
        for number, (heading, names) in enumerate(SECTIONS):
            fields = [self[name] for name in names if name in self.fields]
            is_used = any(field.value() or field.errors for field in fields)
            yield heading, fields, number in FOLDED, is_used

    def clean(self) -> dict[str, Any]:
        """Check what depends on more than one field; the database holds the same."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        seats = cleaned.get("seats")
        self._clean_minimum(cleaned, seats)
        self._clean_quotas(cleaned, seats)
        opens, closes = cleaned.get("opens_at"), cleaned.get("closes_at")
        if opens and closes and opens >= closes:
            self.add_error("closes_at", _("Signing up cannot end before it begins."))
        if cleaned.get("guests_ok") and not _guests_may(cleaned):
            self.add_error("guests_ok", _("To this event one comes with an account only."))
        require_where(self, cleaned)
        return cleaned

    def _clean_minimum(self, cleaned: dict[str, Any], seats: int | None) -> None:
        fewest, decide_on = cleaned.get("min_seats"), cleaned.get("decide_on")
        if fewest is not None and decide_on is None and "decide_on" not in self.errors:
            self.add_error("decide_on", _("Give the day as well."))
        if decide_on is not None and fewest is None and "min_seats" not in self.errors:
            self.add_error("min_seats", _("Tell how many must come, or take the day away."))
        if fewest is not None and seats and fewest > seats:
            self.add_error("min_seats", FEWEST)

    def _clean_quotas(self, cleaned: dict[str, Any], seats: int | None) -> None:
        professionals, experts = cleaned.get("quota_professionals"), cleaned.get("quota_experts")
        if (professionals is None) != (experts is None):
            name = "quota_experts" if experts is None else "quota_professionals"
            self.add_error(name, _("Give both numbers, or leave both empty."))
        elif professionals is not None and seats and professionals + experts > seats:
            self.add_error("quota_experts", _("More places are kept than there are."))

    def arguments(self) -> dict[str, Any]:
        """Return the fields of the event."""
        names = (*WHO, *self.Meta.fields)
        sent = {name: self.cleaned_data[name] for name in names if name in self.fields}
        if self.cleaned_data.get("also_later"):
            sent["also_later"] = True
        if "responsible" in sent:
            sent["responsible"] = sent["responsible"] or self.by
        return sent


def _at_least_one(field: forms.IntegerField, words: str) -> None:
    """Let the model's field, which takes 0 as well, begin at 1."""
    field.validators = [v for v in field.validators if not isinstance(v, MinValueValidator)]
    field.validators.append(MinValueValidator(1, words))
    field.widget.attrs["min"] = 1


def _hows() -> list[tuple[str, object]]:
    """Return how a place may be got in an event that is made here; applications belong to a training."""
    return [(how.value, how.label) for how in How if how != How.APPLICATION]


def _guests_may(cleaned: dict[str, Any]) -> bool:
    return (
        cleaned.get("how") in {How.OPEN, How.APPROVAL}
        and cleaned.get("audience") in {Audience.EVERYBODY, Audience.PROFESSIONALS}
        and cleaned.get("kind") != Kind.PEER
    )
