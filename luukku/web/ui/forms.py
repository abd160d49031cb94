"""Forms that come out accessible and clean what people type."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models.fields import BLANK_CHOICE_DASH
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop, ngettext_lazy

from luukku.core.fields import HTTPS_ONLY
from luukku.core.text import clean
from luukku.web.ui.versions import Versioned

DASHES = BLANK_CHOICE_DASH[0][1]  # Django's label of an empty choice that nobody has named

# Listed so that the catalogues hold them: every form, Django's and allauth's too, says them in our words.
DJANGO_SAYS = (
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid value."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a valid URL."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid time."),
    gettext_noop("Ensure this value is less than or equal to %(limit_value)s."),
    gettext_noop("Ensure this value is greater than or equal to %(limit_value)s."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Enter a list of values."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("No file was submitted. Check the encoding type on the form."),
    gettext_noop("Null characters are not allowed."),
    ngettext_lazy(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        "limit_value",
    ),
)
MOST_TEXT = 4000  # where a field names no limit of its own


def of_our_time(day: date) -> None:
    """Refuse a day of a year that is only a slip: the first and the last day of all have no instant in Helsinki."""
    if not 2000 <= day.year <= 2200:
        raise ValidationError(_("Check the year."))


def is_phone(value: str) -> None:
    """Refuse what nobody can dial: a number has 5 to 15 digits and nothing but its usual marks between."""
    digits = re.sub(r"[\s().\-/]", "", value).removeprefix("+")
    if not re.fullmatch(r"[0-9]{5,15}", digits):
        raise ValidationError(
            _("Write the phone number in digits, for example 040 123 4567, or leave it empty.")
        )


MISSING = forms.Field.default_error_messages["required"]  # what Django says of every field alike
# What is missing, by the kind of field; the first kind that fits.
ASKED: tuple[tuple[tuple[type[forms.Field], ...], Promise], ...] = (
    ((forms.MultipleChoiceField, forms.ModelMultipleChoiceField), _("Choose at least one.")),
    ((forms.ChoiceField, forms.ModelChoiceField), _("Choose one.")),
    ((forms.BooleanField,), _("Tick this to go on.")),
    ((forms.DateField,), _("Give the day.")),
    ((forms.TimeField,), _("Give the time.")),
)


# A choice is sent as its key, which nobody reads: of one that is not there (any more), the key is not told.
WITH_KEY = forms.ChoiceField.default_error_messages["invalid_choice"]
WITHOUT_KEY = forms.ModelChoiceField.default_error_messages["invalid_choice"]


def say_what_is_missing(field: forms.Field) -> None:
    """Let a field that is left empty say what to do with it, unless it has words of its own."""
    if field.error_messages["required"] != MISSING:
        return
    for kinds, words in ASKED:
        if isinstance(field, kinds):
            field.error_messages["required"] = str(words)
            return


class Accessible(forms.BaseForm):
    """Gives widgets the look, limits and links to hint and error; cleans text before validation."""

    fields: dict[str, Any]  # which kind each is, its declaration says
    data: Any  # a QueryDict where it comes from a browser

    def arguments(self) -> dict[str, Any]:
        """Return what the act takes from the form (``kit.acts``), by the names of its arguments."""
        return self.cleaned_data

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            widget = field.widget
            say_what_is_missing(field)
            if field.error_messages.get("invalid_choice") == WITH_KEY:
                field.error_messages["invalid_choice"] = str(WITHOUT_KEY)
            if name == "phone":
                field.validators.append(is_phone)
            if not isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
                widget.attrs.setdefault("class", "ds-input")
            if isinstance(field, forms.CharField) and field.max_length is None:
                field.max_length = MOST_TEXT
                field.validators.append(forms.CharField(max_length=MOST_TEXT).validators[0])
            if isinstance(field, forms.ModelChoiceField):
                if field.empty_label == DASHES:
                    field.empty_label = _empty(field)  # type: ignore[assignment]  # the stubs name lazy texts by a class of their own
            elif isinstance(field, forms.TypedChoiceField) and isinstance(widget, forms.Select):
                _name_the_empty_choice(field)
            if isinstance(widget, forms.Textarea):
                widget.attrs["rows"] = 5
                widget.attrs.pop("cols", None)
            widget.attrs.pop("maxlength", None)  # a message beats a silently cut text

    def _clean_fields(self) -> None:
        if self.is_bound and hasattr(self.data, "lists"):
            self.data = self.data.copy()
            for _key, values in self.data.lists():
                values[:] = [clean(value) if isinstance(value, str) else value for value in values]
            self._merge()
        super()._clean_fields()  # type: ignore[misc]  # Django has it, its stubs do not

    def clean(self) -> dict[str, Any]:
        """Return what was typed, each field cleaned."""
        super().clean()
        return self.cleaned_data

    def _merge(self) -> None:
        """Nothing stood there before; ``Versioned`` looks at what did."""


def _empty(field: forms.Field) -> str | Promise:
    return _("Choose") if field.required else _("No choice made")


def _name_the_empty_choice(field: forms.TypedChoiceField) -> None:
    """Say in words what the row of dashes means that Django puts before a model's choices."""
    choices: Any = field.choices  # pairs, whatever they were given as
    field.choices = [
        ("", _empty(field)) if choice == ("", DASHES) else choice for choice in choices
    ]


class LinkField(forms.URLField):
    """A link that others open: ``core.fields.HTTPS_ONLY`` alone says what is wrong with it."""

    default_validators = [HTTPS_ONLY]
    default_error_messages = {"invalid": HTTPS_ONLY.message}

    def __init__(self, *, max_length: int = 500, **kwargs: Any) -> None:
        super().__init__(assume_scheme="https", max_length=max_length, **kwargs)


class Form(Accessible, forms.Form):
    """Base form."""

    use_required_attribute = False  # our messages are in the reader's language and beside the field


class EditForm(Versioned, Accessible, forms.Form):
    """Base form that changes the object ``about``."""

    use_required_attribute = False


class ModelForm(Versioned, Accessible, forms.ModelForm):
    """Base model form."""

    use_required_attribute = False


def words_field(
    label: str | Promise, help_text: str | Promise, *, most: int = 1000, is_optional: bool = False
) -> forms.CharField:
    """Return the field for a reason or other words, ``most`` characters; ``help_text`` says who reads them."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=not is_optional,
        widget=forms.Textarea,
    )


class DateInput(forms.DateInput):
    """The browser's own date picker; typing works too."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(forms.TimeInput):
    """The browser's own clock; typing works too."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class DecimalInput(forms.TextInput):
    """A box for a number with decimals: a phone shows digits, and a comma can be typed in every browser."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"inputmode": "decimal"} | (attrs or {}))


class DecimalField(forms.DecimalField):
    """A number with decimals, typed with a comma or a full stop."""

    widget = DecimalInput

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"localize": True} | kwargs)

    def to_python(self, value: Any) -> Any:
        """Return the number; a comma is what people here write."""
        if isinstance(value, str):
            value = re.sub(r"\s", "", value).replace(",", ".")
        return super().to_python(value)


class Scale(forms.RadioSelect):
    """Five steps in a row."""

    template_name = "django/forms/widgets/scale.html"


class Columns(forms.CheckboxSelectMultiple):
    """Many boxes in columns."""

    template_name = "django/forms/widgets/columns.html"
