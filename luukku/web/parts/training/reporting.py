"""The report of a training to the steering group: its form, and what its page shows before it is sent."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from luukku.training.models import Run, RunReport
from luukku.training.queries import figures_of, named_in, told_of
from luukku.web.kit.request import Request
from luukku.web.ui.forms import Form, words_field

MOST_DIGITS = 5


class RemoveForm(Form):
    """Why the counter takes words away."""

    reason = words_field(
        gettext_lazy("Why?"),
        gettext_lazy("Everybody who reads the report reads this. Repeat nothing of the words."),
        most=200,
    )


class ReportForm(Form):
    """What the producer adds to the figures.

    Args:
        run: whose report it is.
        report: the one in force, if one has been sent.
    """

    words = words_field(
        gettext_lazy("What would you like to add?"),
        gettext_lazy(
            "For example what went well and what you would do otherwise. The steering group reads this: write no names,"
            " nor anything by which somebody could be known."
        ),
        most=3000,
        is_optional=True,
    )

    def __init__(self, *args: Any, run: Run, report: RunReport | None, **kwargs: Any) -> None:
        initial = {"words": report.words} if report else {}
        super().__init__(*args, initial=initial, **kwargs)
        if self.is_bound and named_in(self.data.get("words", ""), run):
            self.fields["is_no_person"] = forms.BooleanField(
                label=_("It is not the name of anybody who applied: send it as it is"),
                required=False,
            )


def seen_in(request: Request) -> int:
    """Return the number of the version that the form was written on, 0 for none."""
    number = request.POST.get("seen", "")
    return int(number) if number.isdecimal() and len(number) < MOST_DIGITS else 0


def report_context(run: Run, report: RunReport | None, form: ReportForm) -> dict[str, Any]:
    """Return what the page shows before a report of ``run`` is sent in place of ``report``."""
    return {
        "run": run,
        "report": report,
        "seen": report.version if report else 0,
        "form": form,
        "told": told_of(figures_of(run)),
    }


def sent_words(made: RunReport, *, before: RunReport | None) -> str:
    """Return what is said once ``made`` is there."""
    if made == before:
        return _("Nothing has changed since the report was sent, so it stands as it is.")
    return _("The report has been sent to the steering group.")
