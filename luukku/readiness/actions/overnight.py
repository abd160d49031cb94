"""What the night does with loans: reminds, lets go of what was never fetched, and forgets."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from django.db import transaction

from luukku.accounts.models import User
from luukku.core.known import known
from luukku.core.times import helsinki
from luukku.notices.actions import tell_all
from luukku.organisations.models import MemberRole, Membership
from luukku.readiness.models import Loan, LoanQuerySet
from luukku.readiness.notices import (
    LoanCancelled,
    LoanDueSoon,
    LoanLapsed,
    LoanOverdue,
    LoanOverdueLender,
)
from luukku.readiness.states import LAPSE, OVER_LOANS, LoanState
from luukku.workflow.actions import move_all

SOON = timedelta(days=3)
KEEP_LOANS = timedelta(days=365)


def remind_of_loans(*, at: datetime) -> int:
    """Write to whoever brings a device back within three days, and once to whoever is late and their lender.

    As many queries for many as for one; what has been told of a last day is not told again.

    Returns:
        How many loans are due soon or late.
    """
    today = helsinki(at).date()
    # Who has asked for more time has read that the device may be kept until there is an answer.
    loans = Loan.objects.filter(state=LoanState.OUT, until_on__lte=today + SOON, wished_until=None)
    rows = list(loans.select_related("expert__user", "device", "contact").order_by("pk"))
    late = [one for one in rows if one.until_on < today]
    people = _lenders(late)
    told: list[tuple[LoanDueSoon | LoanOverdue | LoanOverdueLender, User]] = []
    for one in rows:
        person = known(one.expert).user
        if one.until_on >= today:
            told.append((LoanDueSoon(one, one.until_on), person))
            continue
        told.append((LoanOverdue(one, one.until_on), person))
        told += [(LoanOverdueLender(one, one.until_on), who) for who in people[one.lender_id]]
    tell_all(told, at=at)
    return len(rows)


def _lenders(loans: list[Loan]) -> dict[int, list[User]]:
    """Return by lender who is written to: its contact persons for experts, else all who lend in its name."""
    members = Membership.objects.standing(MemberRole.BACKGROUND).filter(
        organisation__in={one.lender_id for one in loans}
    )
    by_key: dict[int, list[Membership]] = defaultdict(list)
    for one in members.select_related("user").order_by("pk"):
        by_key[one.organisation_id].append(one)
    people: dict[int, list[User]] = defaultdict(list)
    for key, those in by_key.items():
        people[key] = [one.user for one in those if one.is_contact] or [one.user for one in those]
    return people


def lapse_loans(*, at: datetime) -> int:
    """Cancel what was promised and never fetched, and what nobody answered, the day after its last day.

    Who asked is told, and so is the lender.

    Returns:
        How many.
    """
    rows = Loan.objects.filter(state__in=LAPSE.sources, until_on__lt=helsinki(at).date())
    with transaction.atomic():
        gone = move_all(rows, LAPSE, by=User.objects.machine(), at=at, waits_since=None)
        keys = [one.pk for one in gone]
        loans = list(
            Loan.objects.filter(pk__in=keys).select_related("expert__user", "device").order_by("pk")
        )
        people = _lenders(loans)
        told: list[tuple[LoanLapsed | LoanCancelled, User]] = []
        for one in loans:
            told.append((LoanLapsed(one, at), known(one.expert).user))
            told += [(LoanCancelled(one, at), who) for who in people[one.lender_id]]
        tell_all(told, at=at)
    return len(gone)


def forget_loans(*, at: datetime) -> int:
    """Forget who had a device a year after it came back, or after the request ended otherwise; return how many.

    The lender still sees when its device was out.
    """
    with transaction.atomic():
        old = Loan.objects.filter(
            state__in=OVER_LOANS, forgotten_at=None, state_changed_at__lt=at - KEEP_LOANS
        )
        return forget_rows(old, at=at)


def forget_rows(rows: LoanQuerySet, *, at: datetime) -> int:
    """Take away from ``rows`` who borrowed, what for and what was answered; return how many."""
    return rows.update(
        expert=None, assignment=None, contact=None, why="", answer="", fetch="", forgotten_at=at
    )
