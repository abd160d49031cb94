"""What the organisations that train answer to a programme that is proposed: yes, no and why, or neither after all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from luukku.accounts.models import User
from luukku.notices.actions import tell_all
from luukku.organisations.models import Organisation
from luukku.training.models import Programme, ProgrammeNo, ProgrammeYes
from luukku.training.notices import ProgrammeOpposed
from luukku.training.queries import producers, trains_for
from luukku.training.refusals import NotProposed
from luukku.training.states import SAY_NO, SAY_YES, WITHDRAW_YES
from luukku.workflow.actions import acting
from luukku.workflow.states import Act


def say_yes(programme: Programme, *, seen: datetime | None, by: User, at: datetime) -> Programme:
    """Agree on a proposed programme for every organisation that ``by`` trains for; again: nothing changes.

    An organisation that another one has named among those who hold it says with this that it does. A no of before is
    gone.

    Args:
        seen: since when what ``by`` has read had been proposed.

    Raises:
        PermissionDenied: ``by`` stands for no organisation that trains.
        WrongState, NotProposed: it is not proposed, or has been changed since it was read.
    """
    with _answering(programme, SAY_YES, seen=seen, by=by, at=at) as programme:
        keep_yes(programme, by=by, at=at)
    return programme


def say_no(
    programme: Programme, *, reason: str, seen: datetime | None, by: User, at: datetime
) -> Programme:
    """Tell for every organisation that ``by`` trains for that it does not agree, and why; a later reason replaces it.

    Those who hold the programme are told. A yes of before is gone; the same no again changes nothing.

    Args:
        seen: since when what ``by`` has read had been proposed.

    Raises:
        PermissionDenied: ``by`` stands for no organisation that trains.
        WrongState, NotProposed: it is not proposed, or has been changed since it was read.
    """
    with _answering(programme, SAY_NO, seen=seen, by=by, at=at) as programme:
        own = list(trains_for(by))
        said = ProgrammeNo.objects.filter(
            programme=programme, organisation__in=own, given_at__gte=programme.proposed_at
        )
        if len(said.filter(reason=reason)) == len(own):
            return programme
        _forget(programme, by=by)
        ProgrammeNo.objects.bulk_create(
            ProgrammeNo(
                programme=programme, organisation=one, reason=reason, given_by=by, given_at=at
            )
            for one in own
        )
        holders = producers(Organisation.objects.filter(pk__in=programme.producers.values("pk")))
        names = ", ".join(one.name for one in own)
        tell_all(
            [
                (ProgrammeOpposed(programme, to=one, names=names, reason=reason, at=at), one)
                for one in holders
                if one.pk != by.pk
            ],
            at=at,
        )
    return programme


def withdraw_yes(programme: Programme, *, by: User, at: datetime) -> Programme:
    """Take back what every organisation that ``by`` trains for has answered; again: nothing changes.

    One that another organisation has named among those who hold it is to be asked anew.

    Raises:
        PermissionDenied: ``by`` stands for no organisation that trains.
        WrongState: it has been agreed on, or is a draft again.
    """
    with acting(programme, WITHDRAW_YES, by=by, at=at) as programme:
        _forget(programme, by=by)
    return programme


@contextmanager
def _answering(
    programme: Programme, act: Act, *, seen: datetime | None, by: User, at: datetime
) -> Iterator[Programme]:
    with acting(programme, act, by=by, at=at) as programme:
        if programme.proposed_at is None or programme.proposed_at != seen:
            raise NotProposed
        yield programme


def _forget(programme: Programme, *, by: User) -> None:
    own = trains_for(by)
    said = ProgrammeYes.objects.filter(programme=programme, organisation__in=own)
    given = list(said.values_list("organisation", flat=True))
    said.delete()
    ProgrammeNo.objects.filter(programme=programme, organisation__in=own).delete()
    programme.unasked.add(*programme.named.filter(pk__in=given))


def keep_yes(programme: Programme, *, by: User, at: datetime) -> None:
    """Keep the yes that ``by`` gives for their organisations to the present proposal; it replaces earlier answers."""
    for answers in (ProgrammeYes, ProgrammeNo):
        answers.objects.filter(programme=programme, given_at__lt=programme.proposed_at).delete()
    ProgrammeNo.objects.filter(programme=programme, organisation__in=trains_for(by)).delete()
    ProgrammeYes.objects.bulk_create(
        [
            ProgrammeYes(programme=programme, organisation=one, given_by=by, given_at=at)
            for one in trains_for(by)
        ],
        ignore_conflicts=True,
    )
    programme.unasked.remove(*trains_for(by))
