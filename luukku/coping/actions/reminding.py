"""Reminding background organisations of what they have promised, and calling those whom letters do not move."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record, record_all
from luukku.coping.models import Reminder
from luukku.coping.notices import PromisesOpen
from luukku.coping.queries import backgrounds, days, number, promises_of
from luukku.notices.actions import tell_all
from luukku.organisations.models import MemberRole, Membership, Organisation


def remind(*, at: datetime) -> int:
    """Write to the organisations with something open, each a month after its last letter; return to how many.

    After so many letters the counter calls (``duties``), and there is no more of them until it has. Where nobody
    stands for the organisation there is nobody to write to, so the counter calls at once.

    Its contact person for experts gets the letter; where none is named, all who stand behind experts there. The
    number of queries is the same for one organisation and for many.
    """
    with transaction.atomic():
        is_open = {row.pk: row for row in backgrounds(at=at).filter(is_open=True).order_by("pk")}
        Reminder.objects.exclude(since=None).exclude(organisation__in=is_open).update(
            since=None, number=0
        )
        kept = {
            row.organisation_id: row
            for row in Reminder.objects.filter(organisation__in=is_open)
            .order_by("pk")
            .select_for_update(no_key=True)
        }
        people = _people(is_open)
        turn = [row for key, row in is_open.items() if key not in kept or _is_due(kept[key], at=at)]
        due = [row for row in turn if row.pk in people]
        _note(turn, kept, reached=people, at=at)
        told = []
        for row in due:
            notice = PromisesOpen(row, promises_of(row, at=at), at=at)
            told += [(notice, person) for person in people[row.pk]]
        tell_all(told, at=at)
        machine = User.objects.machine()
        record_all("coping.remind", by=machine, about=[(row, {}) for row in due], at=at)
    return len(due)


def _is_due(reminder: Reminder, *, at: datetime) -> bool:
    if reminder.number >= number("call_after"):
        return False
    last = max(reminder.last_at, reminder.called_at or reminder.last_at)
    return last <= at - days("remind_days")


def _note(
    rows: Sequence[Organisation],
    kept: Mapping[int, Reminder],
    *,
    reached: Collection[int],
    at: datetime,
) -> None:
    """Count a letter more for each of ``reached``; those of the others are at once for the counter to call."""
    notes = []
    for row in rows:
        note = kept.get(row.pk) or Reminder(organisation=row, number=0)
        note.since, note.last_at = note.since or at, at
        note.number = note.number + 1 if row.pk in reached else number("call_after")
        notes.append(note)
    Reminder.objects.bulk_create(
        notes,
        update_conflicts=True,
        unique_fields=["organisation"],
        update_fields=["since", "last_at", "number"],
    )


def _people(organisations: Mapping[int, Organisation]) -> dict[int, list[User]]:
    """Return by organisation who is written to."""
    members = Membership.objects.standing(MemberRole.BACKGROUND).filter(
        organisation__in=organisations
    )
    by_key: dict[int, list[Membership]] = {}
    for one in members.select_related("user").order_by("pk"):
        by_key.setdefault(one.organisation_id, []).append(one)
    return {
        key: [one.user for one in those if one.is_contact] or [one.user for one in those]
        for key, those in by_key.items()
    }


def note_call(organisation: Organisation, *, by: User, at: datetime) -> None:
    """Note that the counter has talked with the organisation about what is open; letters are counted anew.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("coping.call_background", organisation):
        raise PermissionDenied("coping.call_background")
    with transaction.atomic():
        called = Reminder.objects.filter(organisation=organisation, number__gt=0)
        if called.update(called_at=at, number=0):
            record("coping.call_background", by=by, about=organisation, at=at)
