"""Experts' own tests of taking part remotely.

make_test(at)                  # everything works;  helps=["mute"] to wish for help with something
make_remote(at, url)           # a remote order that looks for experts, with the link of its meeting
make_device()                  # a tablet of an organisation that stands behind experts
make_borrower(device)          # an expert to whom its organisation lends
make_lender(device)            # somebody who lends in its name
make_loan(at)                  # asked for, two days from now, for ten days;  state=LoanState.OUT likewise
"""

from datetime import datetime, timedelta

from django.utils import timezone

from luukku.accounts.models import User
from luukku.assignments.actions import change_link
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.orders.models import Mode, Order
from luukku.organisations.models import MemberRole, Organisation, Task
from luukku.readiness.actions import (
    add_device,
    ask_loan,
    cancel_loan,
    grant_loan,
    hand_out_loan,
    lose_loan,
    receive_loan,
    refuse_loan,
    try_out,
)
from luukku.readiness.models import Device, EquipmentKind, Item, Loan, Readiness
from luukku.readiness.states import LoanState
from tests.factories.assignments import make_search
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders
from tests.factories.organisations import make_member, make_organisation

URL = "https://kokous.example/1"


def make_test(
    at: datetime | None = None, *, expert: Expert | None = None, helps: tuple[str, ...] = ()
) -> Readiness:
    """An expert's test."""
    at = at or timezone.now()
    expert = expert or make_expert(at=at)
    works = [item.value for item in Item if item.value not in helps]
    return try_out(expert, works=works, helps=helps, kinds=["phone"], by=expert.user, at=at)


def make_remote(at: datetime | None = None, *, url: str = URL, **changes) -> Order:
    """A remote order that looks for experts."""
    at = at or timezone.now()
    order = make_search(at, **{"mode": Mode.REMOTE} | changes)
    return change_link(order, url, by=coordinator_of_orders(), at=at) if url else order


def make_device(
    at: datetime | None = None,
    *,
    organisation: Organisation | None = None,
    kind: str = EquipmentKind.TABLET,
    label: str = "",
    note: str = "",
) -> Device:
    """A device that an organisation lends; unless told, its label is the next free number, from 3 on."""
    at = at or timezone.now()
    organisation = organisation or make_organisation(tasks=(Task.BACKGROUND,), at=at)
    label = label or str(3 + organisation.devices.filter(kind=kind).count())
    by = coordinator_of_orders()
    return add_device(organisation, kind=kind, label=label, note=note, by=by, at=at)


def make_borrower(device: Device, *, at: datetime | None = None, **fields) -> Expert:
    """An expert behind whom the organisation of ``device`` stands."""
    return make_expert(at=at, background_organisation=device.organisation, **fields)


def make_lender(device: Device, **fields) -> User:
    """Somebody who lends in the name of the organisation of ``device``."""
    return make_member(device.organisation, role=MemberRole.BACKGROUND, **fields)


def make_loan(
    at: datetime | None = None,
    *,
    device: Device | None = None,
    expert: Expert | None = None,
    starts_in: int = 2,
    days: int = 10,
    state: LoanState = LoanState.ASKED,
    why: str = "",
) -> Loan:
    """A loan of ``device`` that has come to ``state``; its first day is ``starts_in`` days after ``at``."""
    at = at or timezone.now()
    device = device or make_device(at)
    expert = expert or make_borrower(device, at=at)
    first = helsinki(at).date() + timedelta(days=starts_in)
    by = coordinator_of_orders()
    loan = ask_loan(
        expert, lender=device.organisation, kind=device.kind, from_on=first,
        until_on=first + timedelta(days=days), why=why, by=expert.user, at=at,
    )  # fmt: skip
    if state == LoanState.REFUSED:
        return refuse_loan(loan, reason="Kaikki laitteet ovat lainassa.", by=by, at=at)
    if state == LoanState.CANCELLED:
        return cancel_loan(loan, by=expert.user, at=at)
    if state == LoanState.ASKED:
        return loan
    loan = grant_loan(loan, device=device, fetch="Aula, arkisin 9–15", by=by, at=at)
    if state == LoanState.GRANTED:
        return loan
    loan = hand_out_loan(loan, by=by, at=at + timedelta(days=starts_in))
    end = {LoanState.BACK: receive_loan, LoanState.LOST: lose_loan}.get(state)
    return end(loan, by=by, at=at + timedelta(days=starts_in + days)) if end else loan
