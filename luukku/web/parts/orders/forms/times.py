"""Another time for an order: proposed by the counter, given by whoever orders."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from luukku.core.times import helsinki, when
from luukku.orders.history import spans_in
from luukku.orders.models import TimeQuestion
from luukku.orders.queries import times_told
from luukku.web.parts.orders.forms.when import WishedTimes

Span = tuple[datetime, datetime]
OTHER, KEEP = "other", "keep"


def typed(spans: list[Span]) -> dict[str, Any]:
    """Return ``spans`` as the fields of ``WishedTimes`` hold them."""
    return {
        f"{part}{n}": value
        for n, (start, end) in enumerate(spans, 1)
        for part, value in (
            ("day", helsinki(start).date()),
            ("from", helsinki(start).time()),
            ("to", helsinki(end).time()),
        )
    }


class OtherTimes(WishedTimes):
    """Up to three times, none of which must be given."""

    needed: tuple[str, ...] = ()

    def extra(self) -> dict[str, object]:
        """The times."""
        return {"times": sorted(self.chosen)}


class AskTimeForm(OtherTimes):
    """What the counter proposes to the orderer, and a word with it."""

    words = forms.CharField(
        label=_("Words to the orderer"),
        max_length=1000,
        widget=forms.Textarea,
        required=False,
        help_text=_("The orderer reads them on the page where one answers, not in the letter."),
    )


class TimeAnswerForm(OtherTimes):
    """Which time suits: one that the counter proposes, one of the orderer's own, or the old one.

    Args:
        question: what is answered.
    """

    turned = ("suits", *OtherTimes.turned)

    suits = forms.ChoiceField(
        label=_("Which time suits you?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these.")},
    )
    field_order = ("suits",)

    def __init__(self, *args: Any, question: TimeQuestion, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        now = timezone.now()
        # The number stays the proposal's own, whichever passes while the page is open.
        self.proposed = dict(enumerate(spans_in(question.proposed)))
        old = _("The old time stays: %(times)s") % {"times": times_told(question.order)}
        own = _("Another time, which I give below")
        proposed = [(str(n), when(*span)) for n, span in self.proposed.items() if span[0] > now]
        self.fields["suits"].choices = [*proposed, (OTHER, own), (KEEP, old)]
        self.fields["suits"].required = self.fields["suits"].is_needed = True

    def show_answer(self) -> None:
        """Begin with the answer that has been given."""
        given = spans_in(self.question.answer)
        number = next((n for n, span in self.proposed.items() if given == [span]), None)
        if number is not None:
            self.initial["suits"] = str(number)
        elif given:
            self.initial = {**self.initial, **typed(given), "suits": OTHER}
        else:
            self.initial["suits"] = KEEP

    def clean(self) -> dict[str, Any]:
        """Whoever chooses a time of their own gives one."""
        cleaned = super().clean()
        if cleaned.get("suits") == OTHER and not self.chosen and not self.errors:
            self.add_error("day1", _("Give the date, start and end of at least one time."))
        return cleaned

    def _clean_time(self, n: int, cleaned: dict[str, Any]) -> None:
        if cleaned.get("suits") == OTHER:  # else nothing below was meant
            super()._clean_time(n, cleaned)

    def extra(self) -> dict[str, object]:
        """The times that the answer stands for; none: the old ones stay."""
        suits = self.cleaned_data["suits"]
        if suits in {OTHER, KEEP}:
            return super().extra()
        return {"times": [self.proposed[int(suits)]]}
