"""Writing, correcting and striking internal notes; those of an erased profile, and old ones, are deleted."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.audit.actions import record
from luukku.coping import actions as coping
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.readiness import actions as readiness
from luukku.workbench.models import InternalNote
from luukku.workbench.models.notes import Subject, field_for

KEEP_NOTES = timedelta(days=2 * 365)


class NoteStands(Refused):
    """The time to correct the note is over, or somebody has struck it."""

    words = _("The note can no longer be corrected. Strike it and write a new one.")


def write_note(about: Subject, words: str, *, by: User, at: datetime) -> InternalNote:
    """Write a note about an order, an expert, an organisation or a person for those at the counter.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.note``.
    """
    if not by.has_perm("workbench.note"):
        raise PermissionDenied("workbench.note")
    with transaction.atomic():
        note = InternalNote.objects.create(**{field_for(about): about}, words=words, by=by, at=at)
        record("workbench.note", by=by, about=note, at=at)
    return note


def correct_note(note: InternalNote, words: str, *, by: User, at: datetime) -> InternalNote:
    """Put other words in the place of one's own note of a moment ago.

    Raises:
        PermissionDenied: somebody else has written it.
        NoteStands: it is too old, or struck; nothing has changed.
    """
    if not by.has_perm("workbench.correct_note", note):
        raise PermissionDenied("workbench.correct_note")
    with transaction.atomic():
        locked = _lock(note)
        if not locked.may_be_corrected(at):
            raise NoteStands
        if locked.words != words:
            locked.words, locked.corrected_at = words, at
            locked.save(update_fields=["words", "corrected_at"])
            record("workbench.correct_note", by=by, about=locked, at=at)
    return locked


def strike_note(note: InternalNote, *, by: User, at: datetime) -> InternalNote:
    """Strike a note: its words stay readable at the counter, and say that they do not hold. Twice is once.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.strike_note``.
    """
    if not by.has_perm("workbench.strike_note", note):
        raise PermissionDenied("workbench.strike_note")
    with transaction.atomic():
        locked = _lock(note)
        if locked.struck_at is None:
            locked.struck_at, locked.struck_by = at, by
            locked.save(update_fields=["struck_at", "struck_by"])
            record("workbench.strike_note", by=by, about=locked, at=at)
    return locked


def restore_note(note: InternalNote, *, by: User, at: datetime) -> InternalNote:
    """Let a struck note hold again: it was struck by mistake. Twice is once.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.restore_note``.
    """
    if not by.has_perm("workbench.restore_note", note):
        raise PermissionDenied("workbench.restore_note")
    with transaction.atomic():
        locked = _lock(note)
        if locked.struck_at is not None:
            locked.struck_at = locked.struck_by = None
            locked.save(update_fields=["struck_at", "struck_by"])
            record("workbench.restore_note", by=by, about=locked, at=at)
    return locked


def _lock(note: InternalNote) -> InternalNote:
    return InternalNote.objects.select_for_update(no_key=True).get(pk=note.pk)


def erase_profile(expert: Expert, *, by: User, at: datetime) -> bool:
    """Erase a profile as ``assignments.actions.erase_profile`` does; notes, signs of load, tests and loans go, too."""
    with transaction.atomic():
        coping.forget(expert, by=by)
        readiness.forget(expert, by=by, at=at)
        InternalNote.objects.filter(expert=expert).delete()
        return assignments.erase_profile(expert, by=by, at=at)


def forget_notes(*, at: datetime) -> int:
    """Delete the notes that were written over two years ago; return how many."""
    return InternalNote.objects.filter(at__lt=at - KEEP_NOTES).delete()[0]
