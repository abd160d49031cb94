"""Keeping a device longer: the borrower asks, the lender says yes where nobody else gets it."""

from __future__ import annotations

from datetime import date, datetime

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.notices.actions import tell, tell_all
from luukku.readiness.actions.devices import locked_device
from luukku.readiness.actions.lending import LONGEST, behalf
from luukku.readiness.models import Device, Loan
from luukku.readiness.notices import LongerAsked, LongerGranted, LongerRefused
from luukku.readiness.queries import lender_people, spans_taken
from luukku.readiness.refusals import (
    DaysPassed,
    NotFreeLonger,
    NothingAsked,
    NotLater,
    TooLong,
    WishChanged,
)
from luukku.readiness.states import ASK_LONGER, GRANT_LONGER, REFUSE_LONGER
from luukku.workflow.actions import acting


def ask_longer(loan: Loan, *, until_on: date, by: User, at: datetime) -> Loan:
    """Ask to keep the device until a later day; a new wish takes the place of an earlier one.

    Raises:
        PermissionDenied: ``by`` is neither the borrower nor at the counter.
        WrongState: the device is not out.
        NotLater, TooLong: as their words say.
        NotFreeLonger: somebody else gets the device before that; says until when it can be kept.
    """
    with acting(loan, ASK_LONGER, by=by, at=at, on_behalf_of=behalf(loan, by)) as kept:
        if until_on <= kept.until_on or until_on < helsinki(at).date():
            raise NotLater
        if until_on - kept.until_on > LONGEST:
            raise TooLong
        _require_free(known(kept.device), kept, until_on)
        kept.wished_until, kept.waits_since = until_on, at
        kept.save(update_fields=["wished_until", "waits_since"])
        tell_all([(LongerAsked(kept, at), one) for one in lender_people(kept.lender)], at=at)
    return kept


def grant_longer(
    loan: Loan, *, until_on: date, at_most: date | None = None, by: User, at: datetime
) -> Loan:
    """Let the borrower keep the device until the day that was wished for, or some days less.

    Args:
        until_on: the wish as the lender has read it.
        at_most: an earlier day until which it may be kept, because somebody else gets it then.

    Raises:
        PermissionDenied: ``by`` neither lends for the organisation nor is at the counter, or borrows it.
        WrongState: the device is not out.
        NothingAsked: nobody asks for more time any more.
        WishChanged: the wish is another by now.
        DaysPassed: the day that was wished for has passed.
        NotFreeLonger: somebody else has been promised the device meanwhile; says until when it can be kept.
    """
    with acting(loan, GRANT_LONGER, by=by, at=at) as kept:
        if kept.wished_until is None:
            raise NothingAsked
        if kept.wished_until != until_on:
            raise WishChanged
        last = min(filter(None, [at_most, kept.wished_until]))
        if last <= kept.until_on:
            raise WishChanged  # it may be kept so long anyway
        if last < helsinki(at).date():
            raise DaysPassed
        _require_free(locked_device(known(kept.device_id)), kept, last)
        kept.until_on = last
        kept.wished_until = kept.waits_since = None
        kept.save(update_fields=["until_on", "wished_until", "waits_since"])
        tell(LongerGranted(kept, at), to=known(kept.expert).user, at=at)
    return kept


def refuse_longer(loan: Loan, *, reason: str, by: User, at: datetime) -> Loan:
    """Say that the device cannot be kept longer, and why.

    Raises:
        PermissionDenied: as in ``grant_longer``.
        WrongState: the device is not out.
        NothingAsked: nobody asks for more time any more.
    """
    with acting(loan, REFUSE_LONGER, by=by, at=at) as kept:
        if kept.wished_until is None:
            raise NothingAsked
        kept.wished_until = kept.waits_since = None
        kept.save(update_fields=["wished_until", "waits_since"])
        tell(LongerRefused(kept, at, reason=reason), to=known(kept.expert).user, at=at)
    return kept


def _require_free(device: Device, loan: Loan, until_on: date) -> None:
    taken = spans_taken(device, besides=loan, since=loan.from_on)
    if any(first <= until_on for first, _last in taken):
        raise NotFreeLonger(device, loan=loan)
