"""Every change of a programme of training."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.fields import editable
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.notices.actions import tell_all
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Topic
from luukku.training.actions.saying import keep_yes
from luukku.training.models import Programme, ProgrammeNo, ProgrammeTopic, ProgrammeYes
from luukku.training.notices import (
    HolderNoted,
    ProgrammeAgreed,
    ProgrammeLapsed,
    ProgrammeProposed,
    ProgrammeRetired,
)
from luukku.training.queries import answers_of, holders_to_ask, producers, trains_for
from luukku.training.refusals import HolderNotAsked, NotAllAgreed, NotDecidedYet
from luukku.training.states import (
    AGREE,
    EDIT,
    NOTE_ASKED,
    PROPOSE,
    RENEW,
    RESUME,
    RETIRE,
    SHARE,
    TAKE_BACK,
    ProgrammeState,
)
from luukku.workflow.actions import acting, lock_for, moving

Minutes = Mapping[Topic, tuple[int, int]]  # together with a trainer, and by oneself
MANY = {"producers", "languages", "task_types"}
EDITABLE = editable(Programme)


class NotWhole(Refused):
    """A programme without a producer or without topics is not shared."""

    words = _("Say first who holds the training, and how long each topic takes.")


class NotYours(Refused):
    """A producer writes only what their own organisation holds."""

    words = _("Your own organisation must be among those who hold it.")
    field = "producers"


class RenewedAlready(Refused):
    """There is a newer version already."""

    words = _("A new version has already been begun.")


def start(*, by: User, at: datetime, minutes: Minutes, **fields: Any) -> Programme:
    """Make a draft of a programme.

    Args:
        minutes: how long each topic takes; those without any time are left out.
        fields: those in ``EDITABLE`` and ``MANY``.

    Raises:
        PermissionDenied: ``by`` neither is at the counter nor stands for an organisation that trains.
        NotYours: ``by`` stands for none of its producers.
    """
    if not by.has_perm("training.start"):
        raise PermissionDenied("training.start")
    with transaction.atomic():
        programme = Programme(made_by=by, made_at=at, state_changed_at=at)
        _write(programme, minutes, fields, by=by)
        record("training.start", by=by, about=programme, at=at)
    return programme


def edit(
    programme: Programme, *, by: User, at: datetime, minutes: Minutes, **fields: Any
) -> Programme:
    """Write a programme that has not been agreed on yet anew; where nothing differs, nothing happens.

    A change ends a proposal, and whoever has agreed on it is told so.

    Args:
        minutes, fields: as ``start`` takes them.

    Raises:
        PermissionDenied: ``by`` neither is at the counter nor stands for a producer of it.
        WrongState: it has been agreed on, and only a new version changes it.
        NotYours: ``by`` would stand for none of its producers any more.
    """
    with transaction.atomic():
        programme = lock_for(programme, EDIT, by=by)
        if _says_the_same(programme, minutes, fields):
            return programme
        _tell_lapsed(programme, by=by, at=at)
        _write(programme, minutes, fields, by=by)
        record(EDIT.name, by=by, about=programme, at=at)
    return programme


def _says_the_same(programme: Programme, minutes: Minutes, fields: dict[str, Any]) -> bool:
    """Whether ``programme`` holds these values already."""
    for name, value in fields.items():
        now = getattr(programme, name)
        if (set(now.all()) != set(value)) if name in MANY else (now != value):
            return False
    rows = programme.topics.select_related("topic")
    stands = {row.topic: (row.contact_minutes, row.own_minutes) for row in rows}
    return stands == {topic: spent for topic, spent in minutes.items() if any(spent)}


def _tell_lapsed(programme: Programme, *, by: User, at: datetime) -> None:
    """Tell those who stand for an organisation that has agreed, but ``by``, that its yes holds no more."""
    said = [one.organisation_id for one in answers_of(programme).yes]
    tell_all(
        [
            (ProgrammeLapsed(programme, to=one, at=at), one)
            for one in producers(Organisation.objects.filter(pk__in=said))
            if one.pk != by.pk
        ],
        at=at,
    )


def _write(programme: Programme, minutes: Minutes, fields: dict[str, Any], *, by: User) -> None:
    if unknown := fields.keys() - EDITABLE - MANY:
        raise TypeError(f"no field of a programme: {sorted(unknown)}")
    for name in fields.keys() - MANY:
        setattr(programme, name, fields[name])
    programme.proposed_at = None  # nobody has read what it says now
    programme.save()
    _forget_answers(programme)
    held_by = set(programme.producers.all())
    for name in fields.keys() & MANY:
        getattr(programme, name).set(fields[name])
    _note_unasked(programme, held_by, by=by)
    if not by.has_perm(EDIT.name, programme):
        raise NotYours
    programme.topics.all().delete()
    ProgrammeTopic.objects.bulk_create(
        ProgrammeTopic(programme=programme, topic=topic, contact_minutes=contact, own_minutes=own)
        for topic, (contact, own) in minutes.items()
        if contact or own
    )


def _forget_answers(programme: Programme) -> None:
    for answers in (ProgrammeYes, ProgrammeNo):
        answers.objects.filter(programme=programme).delete()


def _note_unasked(programme: Programme, held_by: set[Organisation], *, by: User) -> None:
    """Note whom a producer names now beside their own organisation; the counter names whom it has asked."""
    holders = set(programme.producers.all())
    if programme.renews is not None:
        held_by |= set(programme.renews.producers.all())
    new = set() if by.is_counter else holders - held_by - set(trains_for(by))
    for those in (programme.named, programme.unasked):
        those.set(set(those.all()) & holders | new)


def note_asked(
    programme: Programme, *, asked: Collection[Organisation], by: User, at: datetime
) -> Programme:
    """Note which of the producers named by others the counter has ``asked``; the others are still to be asked.

    They are told. Neither what it says nor a yes to it changes.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it has been agreed on.
    """
    with acting(programme, NOTE_ASKED, by=by, at=at) as programme:
        new = set(programme.unasked.all()) & set(asked)
        programme.unasked.set(set(holders_to_ask(programme)) - set(asked))
        people = producers(Organisation.objects.filter(pk__in=[one.pk for one in new]))
        tell_all([(HolderNoted(programme, to=one, at=at), one) for one in people], at=at)
    return programme


def share(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Let all producers read and compare a draft.

    Raises:
        NotWhole: nobody holds it, or no topic takes any time.
        PermissionDenied, WrongState: as in ``moving``.
    """
    with moving(programme, SHARE, by=by, at=at) as programme:
        if not (programme.producers.exists() and programme.topics.exists()):
            raise NotWhole
    return programme


def take_back(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Make a shared programme a draft again that its own producers see alone."""
    with moving(programme, TAKE_BACK, by=by, at=at) as programme:
        _tell_lapsed(programme, by=by, at=at)
        programme.proposed_at = None
        _forget_answers(programme)
    return programme


def propose(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Ask the other producers to agree on a shared programme: they are told, and the counter writes down what they say.

    Proposing it again changes nothing.

    Raises:
        PermissionDenied: ``by`` neither is at the counter nor stands for a producer of it.
        WrongState: it has not been shared, or has been agreed on.
        NotWhole: no topic takes any time.
    """
    with acting(programme, PROPOSE, by=by, at=at) as programme:
        if programme.proposed_at is not None:
            return programme
        if not programme.topics.exists():
            raise NotWhole
        programme.proposed_at = at
        programme.save(update_fields=["proposed_at"])
        keep_yes(programme, by=by, at=at)  # who proposes it agrees
        tell_all(
            [(ProgrammeProposed(programme, to=one), one) for one in producers() if one.pk != by.pk],
            at=at,
        )
    return programme


def agree(
    programme: Programme,
    *,
    decision: str = "",
    decided_on: date | None = None,
    by: User,
    at: datetime,
) -> Programme:
    """Write down that the producers have agreed on it: everybody may read about it; the version before is retired.

    Args:
        decision: what a meeting decided, and which; needed unless each organisation that trains has said yes.
        decided_on: when; today if not told.

    Raises:
        PermissionDenied, WrongState: as in ``moving``.
        NotAllAgreed: somebody has not said yes, and no meeting is told of.
        HolderNotAsked: an organisation that another has named among who hold it has not said yes to that.
        NotDecidedYet: the day is to come.
    """
    today = helsinki(at).date()
    with moving(programme, AGREE, by=by, at=at) as programme:
        if programme.unasked.exists():
            raise HolderNotAsked([one.name for one in programme.unasked.order_by("pk")])
        answers = answers_of(programme)
        if not decision and (answers.missing or answers.no or not answers.yes):
            raise NotAllAgreed
        if decided_on is not None and decided_on > today:
            raise NotDecidedYet
        programme.agreed_at, programme.decision = at, decision
        programme.decided_on = decided_on or today
        before = programme.renews
        if before is not None and before.state == ProgrammeState.AGREED:
            retire(before, by=by, at=at)
        tell_all([(ProgrammeAgreed(programme, to=one), one) for one in producers()], at=at)
    return programme


def retire(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Write down that it is not held any more, and tell the others who held it; what people have completed stays.

    Of one that several organisations hold the counter decides: no one of them alone.
    """
    with moving(programme, RETIRE, by=by, at=at) as programme:
        holders = producers(Organisation.objects.filter(pk__in=programme.producers.values("pk")))
        tell_all(
            [
                (ProgrammeRetired(programme, to=one, at=at), one)
                for one in holders
                if one.pk != by.pk
            ],
            at=at,
        )
    return programme


def resume(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Let a retired programme be held again as it was agreed on.

    Raises:
        RenewedAlready: a newer version has taken its place.
        PermissionDenied, WrongState: as in ``moving``.
    """
    with moving(programme, RESUME, by=by, at=at) as programme:
        if Programme.objects.open_to_all().filter(renews=programme).exists():
            raise RenewedAlready
    return programme


def renew(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Begin the next version as a copy; the agreed one holds until that is agreed on.

    Raises:
        RenewedAlready: the next version has been begun.
        PermissionDenied: ``by`` neither is at the counter nor stands for a producer of it.
        WrongState: it has not been agreed on, and can be changed as it is.
    """
    with transaction.atomic():
        before = lock_for(programme, RENEW, by=by)
        if Programme.objects.filter(renews=before).exists():
            raise RenewedAlready
        after = Programme(
            made_by=by, made_at=at, state_changed_at=at, version=before.version + 1, renews=before
        )
        fields = {name: getattr(before, name) for name in EDITABLE}
        fields |= {name: list(getattr(before, name).all()) for name in MANY}
        rows = before.topics.select_related("topic")
        minutes = {row.topic: (row.contact_minutes, row.own_minutes) for row in rows}
        _write(after, minutes, fields, by=by)
        record(RENEW.name, by=by, about=after, at=at)
    return after
