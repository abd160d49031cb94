"""What a producer tells the steering group of a training that has been held."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.accounts.queries import steering_group
from luukku.audit.actions import record
from luukku.events.actions.common import lock_event
from luukku.notices.actions import tell_all
from luukku.training.models import Run, RunReport
from luukku.training.notices import RunReported
from luukku.training.queries import figures_of, named_in, why_not_report
from luukku.training.refusals import NamesSomebody, NoWordsToRemove, ReportedMeanwhile


def send_report(
    run: Run,
    *,
    words: str = "",
    is_no_person: bool = False,
    seen: int | None = None,
    by: User,
    at: datetime,
) -> RunReport:
    """Send the figures of ``run`` as they are now to the steering group; of a version sent before only figures stay.

    Sending the same again changes nothing.

    Args:
        is_no_person: the writer has looked at what seems to name somebody who applied, and says that it does not.
        seen: the number of the version that stood when this one was written, 0 for none; None: whichever.

    Raises:
        PermissionDenied: ``by`` neither is at the counter nor stands for the producer who holds it.
        NothingToTell: it is a draft or has been called off.
        NotOver: the last session has not ended.
        NamesSomebody: somebody who applied seems to be named in ``words``.
        ReportedMeanwhile: there is a newer version than ``seen``.
    """
    if not by.has_perm("training.send_report", run):
        raise PermissionDenied("training.send_report")
    with transaction.atomic():
        run.event = lock_event(run.event_id)
        if refusal := why_not_report(run, at=at):
            raise refusal
        if not is_no_person and (name := named_in(words, run)):
            raise NamesSomebody(name)
        figures = figures_of(run)
        before = run.reports.in_force().first()
        if before is not None and (before.figures, before.words) == (figures, words):
            return before
        if seen is not None and seen != (before.version if before else 0):
            raise ReportedMeanwhile
        number = 1 + (_replace(before, at=at) if before else 0)
        made = RunReport.objects.create(
            run=run,
            version=number,
            figures=figures,
            words=words,
            sent_at=at,
            sent_by=by,
        )
        record("training.send_report", by=by, about=made, at=at)
        tell_all([(RunReported(made), one) for one in steering_group() if one.pk != by.pk], at=at)
    return made


def _replace(report: RunReport, *, at: datetime) -> int:
    """Mark it as replaced, leave only its figures, and return its number."""
    report.replaced_at, report.words = at, ""  # a name in them must not be read any more
    report.save(update_fields=["replaced_at", "words"])
    return report.version


def remove_report_words(report: RunReport, *, reason: str, by: User, at: datetime) -> RunReport:
    """Take the producer's words away from a report; its page says that the counter did, and why. Figures stay.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        NoWordsToRemove: it has none, or they have been taken away already.
    """
    if not by.has_perm("training.remove_report_words", report):
        raise PermissionDenied("training.remove_report_words")
    with transaction.atomic():
        report = RunReport.objects.select_for_update(no_key=True).get(pk=report.pk)
        if not report.words:
            raise NoWordsToRemove
        report.words, report.removed_why = "", reason
        report.removed_by, report.removed_at = by, at
        report.save(update_fields=["words", "removed_why", "removed_by", "removed_at"])
        record("training.remove_report_words", by=by, about=report, at=at)
    return report
