"""Borrowing: an expert asks, the lender promises a device or says why not, hands it out and takes it back."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.assignments.models import Assignment
from luukku.audit.actions import record
from luukku.core.constraints import refused_as
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.notices.actions import tell, tell_all
from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.queries import contact_of, stands_for
from luukku.readiness.actions.devices import TAKEN, locked_device
from luukku.readiness.models import Device, Loan
from luukku.readiness.notices import (
    LoanAsked,
    LoanCancelled,
    LoanGranted,
    LoanRefused,
    LoanReturned,
)
from luukku.readiness.queries import (
    kinds_to_borrow,
    lender_people,
    spans_taken,
    tasks_to_borrow_for,
)
from luukku.readiness.refusals import (
    DaysAreOver,
    DaysPassed,
    NotFree,
    NothingToLend,
    NotInTheBank,
    NotOurs,
    NotTheirs,
    PromisedToOthers,
    StillOut,
    TooLong,
)
from luukku.readiness.states import (
    CANCEL,
    GRANT,
    HAND_OUT,
    LOSE,
    RECEIVE,
    REFUSE,
    SWAP,
    LoanState,
)
from luukku.workflow.actions import acting, moving

LONGEST = timedelta(days=183)


def ask_loan(
    expert: Expert,
    *,
    lender: Organisation,
    kind: str,
    from_on: date,
    until_on: date,
    why: str = "",
    assignment: Assignment | None = None,
    by: User,
    at: datetime,
) -> Loan:
    """Ask ``lender`` for equipment for ``expert`` from one day until another; the same asked twice is one.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor at the counter, where it is told by phone.
        NotInTheBank, NothingToLend, DaysPassed, TooLong, NotTheirs: as their words say.
    """
    if not by.has_perm("readiness.ask_loan", expert):
        raise PermissionDenied("readiness.ask_loan")
    if from_on < helsinki(at).date():
        raise DaysPassed
    if until_on - from_on > LONGEST:
        raise TooLong
    with transaction.atomic():
        expert = Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
        if expert.state != ExpertState.ACTIVE:
            raise NotInTheBank
        if (lender.pk, kind) not in {(one.pk, what.value) for one, what in kinds_to_borrow(expert)}:
            raise NothingToLend
        if assignment and not tasks_to_borrow_for(expert, at=at).filter(pk=assignment.pk).exists():
            raise NotTheirs
        same = Loan.objects.filter(
            expert=expert, lender=lender, kind=kind, from_on=from_on, until_on=until_on,
            state=LoanState.ASKED,
        ).first()  # fmt: skip
        if same is not None:
            return _ask_again(same, why, by=by, at=at)
        loan = Loan.objects.create(
            expert=expert, lender=lender, kind=kind, from_on=from_on, until_on=until_on, why=why,
            assignment=assignment, asked_at=at, waits_since=at, state_changed_at=at,
        )  # fmt: skip
        record("readiness.ask_loan", by=by, about=loan, at=at, on_behalf_of=behalf(loan, by))
        tell_all([(LoanAsked(loan, at), one) for one in lender_people(lender)], at=at)
    return loan


def _ask_again(loan: Loan, why: str, *, by: User, at: datetime) -> Loan:
    """Keep the reason told last; asked again without one, nothing changes."""
    if why and why != loan.why:
        loan.why = why
        loan.save(update_fields=["why"])
        behalf_of = behalf(loan, by)
        record("readiness.ask_loan", by=by, about=loan, at=at, on_behalf_of=behalf_of)
    return loan


def grant_loan(loan: Loan, *, device: Device, fetch: str, by: User, at: datetime) -> Loan:
    """Promise ``device`` to who asked; they are told where and when to fetch it, and whom to call.

    Raises:
        PermissionDenied: ``by`` neither lends for the organisation nor is at the counter, or borrows it.
        WrongState: it has been answered or cancelled.
        DaysAreOver, NotOurs, NotFree: as their words say.
    """
    with moving(loan, GRANT, by=by, at=at) as moved:
        _give(moved, device, fetch=fetch, by=by, at=at)
    return moved


def swap_device(loan: Loan, *, device: Device, fetch: str, by: User, at: datetime) -> Loan:
    """Promise another ``device`` in place of the promised one, which is late, lost or broken; the borrower is told.

    Raises:
        PermissionDenied, DaysAreOver, NotOurs, NotFree: as in ``grant_loan``.
        WrongState: it is not promised, or has been fetched.
    """
    with acting(loan, SWAP, by=by, at=at) as held:
        _give(held, device, fetch=fetch, by=by, at=at)
        held.save(update_fields=["device", "fetch", "contact"])
    return held


def _give(loan: Loan, device: Device, *, fetch: str, by: User, at: datetime) -> None:
    """Let ``device`` be the one that is promised, where it is ours and free, and tell the borrower."""
    today = helsinki(at).date()
    if loan.until_on < today:
        raise DaysAreOver
    locked = locked_device(device.pk)
    if locked.organisation_id != loan.lender_id or not locked.is_in_use:
        raise NotOurs
    free = Device.objects.free(loan.from_on, loan.until_on, on=today)
    if not free.filter(pk=locked.pk).exists():
        raise NotFree(locked, from_on=loan.from_on, until_on=loan.until_on, besides=loan)
    before = loan.device
    loan.device, loan.fetch, loan.waits_since = locked, fetch, None
    loan.contact = _contact(loan.lender, by)
    tell(LoanGranted(loan, at, before=before), to=_borrower(loan), at=at)


def _contact(lender: Organisation, by: User) -> User:
    """Return whom the borrower calls: whoever promises it, or the lender's contact person where the counter does."""
    if stands_for(by, lender, MemberRole.BACKGROUND):
        return by
    return contact_of(lender, MemberRole.BACKGROUND) or by


def refuse_loan(loan: Loan, *, reason: str, by: User, at: datetime) -> Loan:
    """Say that it cannot be lent, and why; what was promised is taken back likewise.

    Raises:
        PermissionDenied: as in ``grant_loan``.
        WrongState: it has been fetched, or is over.
    """
    with moving(loan, REFUSE, by=by, at=at) as moved:
        moved.answer, moved.waits_since = reason, None
        tell(LoanRefused(moved, at), to=_borrower(moved), at=at)
    return moved


def cancel_loan(loan: Loan, *, by: User, at: datetime) -> Loan:
    """Let go of what was asked for or promised, without a reason; the lender is told.

    Raises:
        PermissionDenied: ``by`` is neither the borrower nor at the counter.
        WrongState: it has been fetched, or is over.
    """
    with moving(loan, CANCEL, by=by, at=at, on_behalf_of=behalf(loan, by)) as moved:
        moved.waits_since = None
        tell_all([(LoanCancelled(moved, at), one) for one in lender_people(moved.lender)], at=at)
    return moved


def hand_out_loan(loan: Loan, *, by: User, at: datetime) -> Loan:
    """Note that the borrower has fetched the device; fetched early, the loan begins early.

    Raises:
        PermissionDenied: as in ``grant_loan``.
        WrongState: it is not promised.
        DaysAreOver, NotOurs, StillOut, NotFree: as their words say.
    """
    today = helsinki(at).date()
    with moving(loan, HAND_OUT, by=by, at=at) as moved:
        if moved.until_on < today:
            raise DaysAreOver
        device = locked_device(known(moved.device_id))
        if not device.is_in_use:
            raise NotOurs
        if Loan.objects.filter(device=device, state=LoanState.OUT).exists():
            raise StillOut
        if today < moved.from_on:
            taken = spans_taken(device, besides=moved, since=today)
            if any(first < moved.from_on for first, _last in taken):
                raise NotFree(device, from_on=today, until_on=moved.from_on, besides=moved)
            moved.from_on = today
    return moved


def receive_loan(loan: Loan, *, by: User, at: datetime) -> Loan:
    """Note that the device is back, also one that was thought lost; the borrower is thanked.

    Raises:
        PermissionDenied: as in ``grant_loan``.
        LabelTaken: one that was lost is lent again, and another one is called as it was.
        WrongState: it is not out.
    """
    with moving(loan, RECEIVE, by=by, at=at) as moved:
        was_lost = moved.state == LoanState.LOST
        moved.waits_since = moved.wished_until = None
        if was_lost:
            device = locked_device(known(moved.device_id))
            device.retired_at = None
            with refused_as(TAKEN):
                device.save(update_fields=["retired_at"])
        if moved.expert_id is not None:  # a lost one may have been forgotten meanwhile
            tell(LoanReturned(moved, at), to=_borrower(moved), at=at)
    return moved


def lose_loan(loan: Loan, *, by: User, at: datetime) -> Loan:
    """Note that the device does not come back; it is lent no more until it is found.

    Raises:
        PermissionDenied: as in ``grant_loan``.
        WrongState: it is not out.
        PromisedToOthers: as its words say.
    """
    with moving(loan, LOSE, by=by, at=at) as moved:
        moved.waits_since = moved.wished_until = None
        device = locked_device(known(moved.device_id))
        if Loan.objects.filter(device=device, state=LoanState.GRANTED).exists():
            raise PromisedToOthers
        device.retired_at = at
        device.save(update_fields=["retired_at"])
    return moved


def behalf(loan: Loan, by: User) -> User | None:
    """Return the borrower if the counter acts for them; None if they act themselves."""
    person = _borrower(loan)
    return None if person.pk == by.pk or not by.is_counter else person


def _borrower(loan: Loan) -> User:
    return known(loan.expert).user
