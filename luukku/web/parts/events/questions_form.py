"""The form of what an event asks of those who sign up."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from luukku.events.models import AnswerKind, Event
from luukku.web.ui.forms import EditForm

MORE, MOST = 3, 12
PARTS = ("words_fi", "words_sv", "words_en", "kind", "is_required", "is_sensitive")


class QuestionsForm(EditForm):
    """What is asked, in this order; a question whose Finnish words are emptied is taken away."""

    def __init__(self, event: Event, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, about=event, **kwargs)
        asked = list(event.questions.all())
        self.numbers = range(1, min(MOST, len(asked) + MORE) + 1)
        for number in self.numbers:
            stands = asked[number - 1] if number <= len(asked) else None
            for part, field in _fields().items():
                field.initial = getattr(stands, part, None) or field.initial
                if isinstance(field, forms.CharField):
                    field.widget.attrs["class"] = "ds-input"
                self.fields[f"{part}_{number}"] = field
                told = gettext("Question %(n)s") % {"n": number}
                self.fields[f"{part}_{number}"].told = f"{told}, {str(field.label).lower()}"
        self.together = tuple(tuple(f"{part}_{n}" for part in PARTS) for n in self.numbers)

    def rows(self) -> list[tuple[int, list[forms.BoundField]]]:
        """Return number and fields of each question."""
        return [(n, [self[f"{part}_{n}"] for part in PARTS]) for n in self.numbers]

    def clean(self) -> dict[str, Any]:
        """Refuse words in another language without the Finnish ones."""
        cleaned = super().clean()
        for n in self.numbers:
            others = cleaned.get(f"words_sv_{n}") or cleaned.get(f"words_en_{n}")
            if others and not cleaned.get(f"words_fi_{n}") and f"words_fi_{n}" not in self.errors:
                self.add_error(f"words_fi_{n}", _("Write the question in Finnish as well."))
        return cleaned

    def arguments(self) -> dict[str, Any]:
        """Return the questions."""
        rows = [{part: self.cleaned_data[f"{part}_{n}"] for part in PARTS} for n in self.numbers]
        return {"questions": [row for row in rows if row["words_fi"]]}


def _fields() -> dict[str, forms.Field]:
    return {
        "words_fi": forms.CharField(label=_("Question in Finnish"), max_length=300, required=False),
        "words_sv": forms.CharField(label=_("In Swedish"), max_length=300, required=False),
        "words_en": forms.CharField(label=_("In English"), max_length=300, required=False),
        "kind": forms.ChoiceField(
            label=_("How is it answered?"),
            choices=AnswerKind.choices,
            initial=AnswerKind.TEXT,
            widget=forms.RadioSelect,
        ),
        "is_required": forms.BooleanField(label=_("It must be answered"), required=False),
        "is_sensitive": forms.BooleanField(
            label=_("The answer may tell of health or need"),
            help_text=_("Only the organiser and who answers for the event read it. Deleted 30 days after."),
            required=False,
        ),
    }  # fmt: skip
