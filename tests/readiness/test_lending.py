"""Loans of equipment: asked, promised once, fetched, brought back; who may, who is told, what the night does."""

from datetime import time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.core.duty import call, queue
from luukku.core.times import helsinki, instant
from luukku.experts.actions import leave
from luukku.notices.models import Letter
from luukku.organisations.models import Task
from luukku.readiness import actions
from luukku.readiness.actions.overnight import KEEP_LOANS
from luukku.readiness.duties import ANSWER_WITHIN, CALL_WITHIN, LATE, LOAN
from luukku.readiness.models import Device, EquipmentKind, Loan
from luukku.readiness.queries import can_borrow, has_devices, kinds_to_borrow, longer_at_most
from luukku.readiness.refusals import (
    DaysAreOver,
    DaysPassed,
    DeviceLent,
    DeviceWithYou,
    LabelTaken,
    NotFree,
    NotFreeLonger,
    NothingAsked,
    NothingToLend,
    NotInTheBank,
    NotLater,
    NotOurs,
    NotTheirs,
    PromisedToOthers,
    StillOut,
    TooLong,
    WishChanged,
)
from luukku.readiness.states import LoanState
from luukku.workbench.actions import erase_profile
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation
from tests.factories.readiness import make_borrower, make_device, make_lender, make_loan

pytestmark = pytest.mark.django_db
S = LoanState
A_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _machine(db):
    User.objects.machine()


def letters(kind):
    return Letter.objects.filter(kind=f"readiness.{kind}")


def ask(expert, device, at, *, by=None, starts_in=2, days=10, **fields):
    first = helsinki(at).date() + starts_in * A_DAY
    return actions.ask_loan(
        expert, lender=device.organisation, by=by or expert.user, at=at, from_on=first,
        until_on=first + days * A_DAY, **{"kind": device.kind} | fields,
    )  # fmt: skip


def grant(loan, device, at, *, by=None):
    return actions.grant_loan(loan, device=device, fetch="Aula", by=by or make_coordinator(), at=at)


# -- Asking --------------------------------------------------------------------------------------


def test_lender_is_told_and_nothing_of_why(at):
    device = make_device(at)
    lender, expert = make_lender(device), make_borrower(device, at=at)

    loan = ask(expert, device, at, why="Etävastaanotto")

    letter = letters("loan_asked").get()
    assert (loan.state, loan.waits_since, letter.reader) == (S.ASKED, at, lender)
    assert "Etävastaanotto" not in letter.body + letter.subject


def test_same_request_twice_is_one(at):
    device = make_device(at)
    expert = make_borrower(device, at=at)

    assert ask(expert, device, at) == ask(expert, device, at + A_DAY, starts_in=1)
    assert Loan.objects.count() == 1


def test_what_is_asked_again_has_the_reason_told_last(at):
    device = make_device(at)
    expert = make_borrower(device, at=at)
    for why in ("Luento", "Luento ja harjoittelu", ""):
        ask(expert, device, at, why=why)

    assert Loan.objects.get().why == "Luento ja harjoittelu"


def test_counter_asks_on_behalf_of_the_expert(at):
    device = make_device(at)
    expert = make_borrower(device, at=at)

    ask(expert, device, at, by=make_coordinator())

    assert AuditEvent.objects.get(act="readiness.ask_loan").on_behalf_of_id == expert.user_id


def test_expert_borrows_of_the_own_organisation_and_of_the_counters(at):
    own, other = make_device(at), make_device(at)
    counters = make_device(
        at,
        organisation=make_organisation("Luukku", tasks=(Task.COORDINATES,)),
        kind=EquipmentKind.HEADSET,
    )
    expert = make_borrower(own, at=at)

    assert kinds_to_borrow(expert) == [
        (own.organisation, EquipmentKind.TABLET),
        (counters.organisation, EquipmentKind.HEADSET),
    ]
    with pytest.raises(NothingToLend):
        ask(expert, other, at)


def test_nobody_borrows_where_nothing_is_in_use(at):
    device = make_device(at)
    expert = make_borrower(device, at=at)
    assert (can_borrow(expert), has_devices()) == (True, True)

    actions.retire_device(device, by=make_coordinator(), at=at)

    assert (can_borrow(expert), has_devices()) == (False, False)
    with pytest.raises(NothingToLend):
        ask(expert, device, at)
    actions.restore_device(device, by=make_coordinator(), at=at)
    assert can_borrow(expert)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [({"starts_in": -1}, DaysPassed), ({"days": 184}, TooLong)],
    ids=["passed", "too long"],
)
def test_days_that_cannot_be(at, fields, refusal):
    device = make_device(at)

    with pytest.raises(refusal):
        ask(make_borrower(device, at=at), device, at, **fields)


def test_who_has_left_the_bank_borrows_nothing(at):
    device = make_device(at)
    expert = make_borrower(device, at=at)
    leave(expert, by=expert.user, at=at)

    with pytest.raises(NotInTheBank):
        ask(expert, device, at)


def test_task_is_the_experts_own(at):
    device = make_device(at)

    with pytest.raises(NotTheirs):
        ask(make_borrower(device, at=at), device, at, assignment=make_agreed(at))


# -- Promising, and never twice --------------------------------------------------------------------


def test_borrower_is_told_where_to_fetch_it_and_whom_to_call(at):
    device = make_device(at, note="Laturi")
    lender, loan = make_lender(device), make_loan(at, device=device)

    loan = actions.grant_loan(loan, device=device, fetch="Aula, ke 9–15", by=lender, at=at)

    body = letters("loan_granted").get(reader=loan.expert.user).body
    assert (loan.state, loan.contact, loan.waits_since) == (S.GRANTED, lender, None)
    assert all(
        word in body for word in ("Aula, ke 9–15", "Laturi", "kenelle voit soittaa", device.label)
    )


def test_device_is_promised_once_for_the_same_days(at):
    device = make_device(at)
    grant(make_loan(at, device=device), device, at)
    other = make_loan(at, device=device, starts_in=12, days=3)

    with pytest.raises(NotFree) as refused:
        grant(other, device, at)

    first = helsinki(at).date() + 2 * A_DAY
    assert str(first.day) in str(refused.value.words)
    assert Loan.objects.get(pk=other.pk).state == S.ASKED


def test_days_that_only_follow_each_other_are_free(at):
    device = make_device(at)
    grant(make_loan(at, device=device), device, at)

    later = grant(make_loan(at, device=device, starts_in=13), device, at)

    assert later.state == S.GRANTED


def test_database_refuses_two_promises_of_one_device(at):
    device = make_device(at)
    first = grant(make_loan(at, device=device), device, at)
    other = grant(make_loan(at, device=device, starts_in=20), device, at)

    with pytest.raises(IntegrityError, match="device_is_lent_once"), transaction.atomic():
        Loan.objects.filter(pk=other.pk).update(from_on=first.until_on)


@pytest.mark.parametrize(
    "change",
    [
        {"state": S.OUT, "device": None},
        {"waits_since": None},
        {"from_on": "2100-01-01"},
        {"expert": None},
        {"kind": "boat"},
    ],
    ids=lambda change: "-".join(change),
)
def test_database_refuses_nonsense(at, change):
    loan = make_loan(at)

    with pytest.raises(IntegrityError), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(**change)


def test_database_lets_nobody_wait_for_an_answer_to_nothing(at):
    loan = make_loan(at, state=S.OUT)

    with (
        pytest.raises(IntegrityError, match="loan_waits_for_an_answer"),
        transaction.atomic(),
    ):
        Loan.objects.filter(pk=loan.pk).update(waits_since=at)


def test_device_of_another_lender_or_out_of_use_is_not_given(at):
    device, loan = make_device(at), make_loan(at)

    with pytest.raises(NotOurs):
        grant(loan, device, at)
    own = Device.objects.get(organisation=loan.lender)
    actions.retire_device(own, by=make_coordinator(), at=at)
    with pytest.raises(NotOurs):
        grant(loan, own, at)


def test_device_that_is_late_is_promised_to_nobody(at):
    device = make_device(at)
    make_loan(at, device=device, state=S.OUT)
    after = at + 20 * A_DAY
    loan = make_loan(after, device=device)

    with pytest.raises(NotFree):
        grant(loan, device, after)


def test_nothing_is_promised_for_days_that_have_passed(at):
    device = make_device(at)
    loan = make_loan(at, device=device)

    with pytest.raises(DaysAreOver):
        grant(loan, device, at + 13 * A_DAY)


def test_refusal_says_why_and_frees_what_was_promised(at):
    device = make_device(at)
    loan = grant(make_loan(at, device=device), device, at)

    actions.refuse_loan(loan, reason="Näyttö hajosi.", by=make_coordinator(), at=at)

    assert "Näyttö hajosi." in letters("loan_refused").get().body
    assert grant(make_loan(at, device=device), device, at).state == S.GRANTED


def test_borrower_cancels_and_the_lender_is_told(at):
    device = make_device(at)
    make_lender(device)
    loan = grant(make_loan(at, device=device), device, at)

    actions.cancel_loan(loan, by=loan.expert.user, at=at)

    assert letters("loan_cancelled").count() == 1
    with pytest.raises(WrongState):
        actions.hand_out_loan(loan, by=make_coordinator(), at=at)


# -- Out and back ------------------------------------------------------------------------------------


def test_fetched_early_it_begins_early(at):
    loan = make_loan(at, state=S.GRANTED)

    loan = actions.hand_out_loan(loan, by=make_coordinator(), at=at + A_DAY)

    assert loan.from_on == helsinki(at).date() + A_DAY


def test_fetched_early_it_is_nobody_elses(at):
    device = make_device(at)
    make_loan(at, device=device, starts_in=0, days=3, state=S.GRANTED)
    later = make_loan(at, device=device, starts_in=5, state=S.GRANTED)

    with pytest.raises(NotFree):
        actions.hand_out_loan(later, by=make_coordinator(), at=at + A_DAY)


def test_device_that_has_not_come_back_is_not_handed_out(at):
    device = make_device(at)
    make_loan(at, device=device, starts_in=0, days=3, state=S.OUT)
    later = make_loan(at, device=device, starts_in=5, state=S.GRANTED)

    with pytest.raises(StillOut):
        actions.hand_out_loan(later, by=make_coordinator(), at=at + 5 * A_DAY)


def test_nothing_is_handed_out_after_its_days(at):
    loan = make_loan(at, state=S.GRANTED)

    with pytest.raises(DaysAreOver):
        actions.hand_out_loan(loan, by=make_coordinator(), at=at + 13 * A_DAY)


def test_brought_back_it_is_free_and_the_borrower_is_thanked(at):
    device = make_device(at)
    loan = make_loan(at, device=device, state=S.OUT)

    actions.receive_loan(loan, by=make_coordinator(), at=at + 3 * A_DAY)

    assert letters("loan_returned").get().reader == loan.expert.user
    again = make_loan(at + 3 * A_DAY, device=device)
    assert grant(again, device, at + 3 * A_DAY).state == S.GRANTED


def test_lost_device_is_out_of_use_until_it_is_found(at):
    device, by = make_device(at), make_coordinator()
    loan = make_loan(at, device=device, state=S.OUT)

    loan = actions.lose_loan(loan, by=by, at=at + 3 * A_DAY)
    assert not Device.objects.get().is_in_use
    actions.receive_loan(loan, by=by, at=at + 9 * A_DAY)

    assert Device.objects.get().is_in_use


def test_device_that_was_promised_to_somebody_else_is_lost_only_when_they_have_been_told(at):
    device, by = make_device(at), make_coordinator()
    loan = make_loan(at, device=device, state=S.OUT)
    later = make_loan(at, device=device, starts_in=20, state=S.GRANTED)

    with pytest.raises(PromisedToOthers):
        actions.lose_loan(loan, by=by, at=at + 3 * A_DAY)
    assert Device.objects.get(pk=device.pk).is_in_use
    actions.refuse_loan(later, reason="Laite on kadonnut.", by=by, at=at + 3 * A_DAY)
    actions.lose_loan(loan, by=by, at=at + 3 * A_DAY)

    assert not Device.objects.get(pk=device.pk).is_in_use


def test_device_that_is_lent_no_more_is_not_handed_out(at):
    loan = make_loan(at, state=S.GRANTED)
    Device.objects.update(retired_at=at)

    with pytest.raises(NotOurs):
        actions.hand_out_loan(loan, by=make_coordinator(), at=at + 2 * A_DAY)


def test_device_that_somebody_has_is_not_taken_out_of_use(at):
    loan = make_loan(at, state=S.GRANTED)

    with pytest.raises(DeviceLent):
        actions.retire_device(loan.device, by=make_coordinator(), at=at)


# -- Longer ------------------------------------------------------------------------------------------


def test_more_time_is_asked_for_and_given(at):
    device = make_device(at)
    lender, loan = make_lender(device), make_loan(at, device=device, state=S.OUT)
    until = loan.until_on + 5 * A_DAY

    loan = actions.ask_longer(loan, until_on=until, by=loan.expert.user, at=at + 5 * A_DAY)
    assert (loan.wished_until, letters("longer_asked").get().reader) == (until, lender)
    loan = actions.grant_longer(loan, until_on=until, by=lender, at=at + 6 * A_DAY)

    assert (loan.until_on, loan.wished_until, loan.waits_since) == (until, None, None)
    assert letters("longer_granted").count() == 1
    with pytest.raises(NothingAsked):
        actions.grant_longer(loan, until_on=until, by=lender, at=at + 6 * A_DAY)


def test_more_time_is_not_asked_for_where_somebody_else_gets_it_and_says_until_when(at):
    device = make_device(at)
    loan = make_loan(at, device=device, state=S.OUT)
    make_loan(at, device=device, starts_in=16, state=S.GRANTED)

    with pytest.raises(NotFreeLonger) as refused:
        actions.ask_longer(
            loan, until_on=loan.until_on + 9 * A_DAY, by=loan.expert.user, at=at + 5 * A_DAY
        )

    last = helsinki(at).date() + 15 * A_DAY
    assert f"{last.day}" in str(refused.value.words)
    assert actions.ask_longer(loan, until_on=last, by=loan.expert.user, at=at).wished_until == last


def test_more_time_is_not_given_where_somebody_was_promised_it_meanwhile(at):
    device = make_device(at)
    loan = make_loan(at, device=device, state=S.OUT)
    loan = actions.ask_longer(loan, until_on=loan.until_on + 9 * A_DAY, by=loan.expert.user, at=at)
    make_loan(at, device=device, starts_in=13, state=S.GRANTED)

    with pytest.raises(NotFreeLonger):
        actions.grant_longer(loan, until_on=loan.wished_until, by=make_coordinator(), at=at)


def test_some_of_the_time_is_given_where_somebody_else_gets_it_then(at):
    device = make_device(at)
    loan = make_loan(at, device=device, state=S.OUT)
    wish = loan.until_on + 9 * A_DAY
    loan = actions.ask_longer(loan, until_on=wish, by=loan.expert.user, at=at)
    assert longer_at_most(loan) is None
    other = make_loan(at, device=device, starts_in=16, state=S.GRANTED)
    last = other.from_on - A_DAY
    assert longer_at_most(loan) == last

    with pytest.raises(WishChanged):
        actions.grant_longer(
            loan, until_on=wish, at_most=loan.until_on, by=make_coordinator(), at=at
        )
    loan = actions.grant_longer(loan, until_on=wish, at_most=last, by=make_coordinator(), at=at)

    assert (loan.until_on, loan.wished_until) == (last, None)
    assert letters("longer_granted").count() == 1


def test_no_time_is_given_that_has_passed(at):
    loan = make_loan(at, state=S.OUT)
    wish = loan.until_on + A_DAY
    loan = actions.ask_longer(loan, until_on=wish, by=loan.expert.user, at=at)
    late = at + 20 * A_DAY

    with pytest.raises(DaysPassed):
        actions.grant_longer(loan, until_on=wish, by=make_coordinator(), at=late)


def test_more_time_is_given_as_it_was_read_only(at):
    loan, by = make_loan(at, state=S.OUT), make_coordinator()
    read, later = (loan.until_on + n * A_DAY for n in (1, 90))
    actions.ask_longer(loan, until_on=read, by=loan.expert.user, at=at)
    actions.ask_longer(loan, until_on=later, by=loan.expert.user, at=at)

    with pytest.raises(WishChanged):
        actions.grant_longer(loan, until_on=read, by=by, at=at)

    assert Loan.objects.get().until_on == loan.until_on
    assert actions.grant_longer(loan, until_on=later, by=by, at=at).until_on == later


def test_more_time_is_refused_with_a_reason(at):
    loan = make_loan(at, state=S.OUT)
    loan = actions.ask_longer(loan, until_on=loan.until_on + A_DAY, by=loan.expert.user, at=at)

    loan = actions.refuse_longer(loan, reason="Laite huolletaan.", by=make_coordinator(), at=at)

    assert "Laite huolletaan." in letters("longer_refused").get().body
    assert loan.wished_until is None
    with pytest.raises(NothingAsked):
        actions.refuse_longer(loan, reason="", by=make_coordinator(), at=at)


def test_later_end_is_later(at):
    loan = make_loan(at, state=S.OUT)

    with pytest.raises(NotLater):
        actions.ask_longer(loan, until_on=loan.until_on, by=loan.expert.user, at=at)
    with pytest.raises(TooLong):
        actions.ask_longer(loan, until_on=loan.until_on + 200 * A_DAY, by=loan.expert.user, at=at)


# -- Who may ---------------------------------------------------------------------------------------

LENDERS = {
    "grant": lambda loan, by, at: grant(loan, Device.objects.get(), at, by=by),
    "refuse": lambda loan, by, at: actions.refuse_loan(loan, reason="Ei", by=by, at=at),
    "hand out": lambda loan, by, at: actions.hand_out_loan(loan, by=by, at=at),
    "receive": lambda loan, by, at: actions.receive_loan(loan, by=by, at=at),
    "lose": lambda loan, by, at: actions.lose_loan(loan, by=by, at=at),
    "longer": lambda loan, by, at: actions.grant_longer(
        loan, until_on=loan.wished_until, by=by, at=at
    ),
    "no longer": lambda loan, by, at: actions.refuse_longer(loan, reason="Ei", by=by, at=at),
}
FROM = {"grant": S.ASKED, "refuse": S.ASKED, "hand out": S.GRANTED}


@pytest.mark.parametrize("act", LENDERS)
def test_only_lender_and_counter_answer_and_never_the_borrower(at, act):
    device = make_device(at)
    lender = make_lender(device)
    loan = make_loan(at, device=device, state=FROM.get(act, S.OUT))
    if "longer" in act:
        loan = actions.ask_longer(loan, until_on=loan.until_on + A_DAY, by=loan.expert.user, at=at)
    stranger = make_lender(
        make_device(at, organisation=make_organisation(tasks=(Task.BACKGROUND,)))
    )
    Device.objects.exclude(pk=device.pk).delete()

    for by in (stranger, loan.expert.user, make_person()):
        with pytest.raises(PermissionDenied):
            LENDERS[act](loan, by, at)

    assert LENDERS[act](loan, lender, at + 2 * A_DAY).pk == loan.pk


@pytest.mark.parametrize("act", ["ask", "cancel", "longer"])
def test_only_borrower_and_counter_ask_and_cancel(at, act):
    device = make_device(at)
    lender, expert = make_lender(device), make_borrower(device, at=at)
    state = S.OUT if act == "longer" else S.ASKED
    loan = make_loan(at, device=device, expert=expert, state=state)
    acts = {
        "ask": lambda by: ask(expert, device, at, by=by),
        "cancel": lambda by: actions.cancel_loan(loan, by=by, at=at),
        "longer": lambda by: actions.ask_longer(loan, until_on=loan.until_on + A_DAY, by=by, at=at),
    }

    for by in (lender, make_expert(at=at).user):
        with pytest.raises(PermissionDenied):
            acts[act](by)

    assert acts[act](make_coordinator()).expert == expert


@pytest.mark.parametrize("act", ["add", "change", "retire", "restore"])
def test_only_lender_and_counter_keep_devices(at, act):
    device = make_device(at)
    acts = {
        "add": lambda by: actions.add_device(
            device.organisation, kind="phone", label="7", by=by, at=at
        ),
        "change": lambda by: actions.change_device(device, kind="phone", label="7", by=by, at=at),
        "retire": lambda by: actions.retire_device(device, by=by, at=at),
        "restore": lambda by: actions.restore_device(device, by=by, at=at),
    }

    for by in (make_borrower(device, at=at).user, make_person()):
        with pytest.raises(PermissionDenied):
            acts[act](by)

    assert acts[act](make_lender(device)).organisation == device.organisation


@pytest.mark.parametrize(
    "who", ["borrower", "lender", "counter", "other expert", "orderer", "other lender"]
)
def test_list_and_rule_agree_on_who_sees_a_loan_and_a_device(at, who):
    device = make_device(at)
    expert = make_borrower(device, at=at)
    task = make_agreed(at)
    user = {
        "borrower": lambda: expert.user,
        "lender": lambda: make_lender(device),
        "counter": make_coordinator,
        "other expert": lambda: make_borrower(device, at=at).user,
        "orderer": lambda: task.order.contact,
        "other lender": lambda: make_lender(make_device(at)),
    }[who]()
    loan = make_loan(at, device=device, expert=expert)

    sees = who in {"borrower", "lender", "counter"}
    assert (loan in Loan.objects.visible_to(user), user.has_perm("readiness.view_loan", loan)) == (
        sees,
        sees,
    )
    keeps = who in {"lender", "counter"}
    is_seen = device in Device.objects.visible_to(user)
    assert (is_seen, user.has_perm("readiness.view_device", device)) == (keeps, keeps)


# -- The night, the queue, and forgetting --------------------------------------------------------


def test_night_reminds_once_before_and_once_after(at):
    device = make_device(at)
    lender, loan = make_lender(device), make_loan(at, device=device, state=S.OUT)
    last = at + 12 * A_DAY

    for day in range(-5, 9):
        actions.remind_of_loans(at=last + day * A_DAY)

    assert letters("loan_due_soon").get().made_at == last - 3 * A_DAY
    assert letters("loan_overdue").get().made_at == last + A_DAY
    assert letters("loan_overdue_lender").get().reader == lender
    assert letters("loan_overdue").get().reader == loan.expert.user


def test_night_reminds_many_in_as_many_queries(at, django_assert_num_queries):
    def late(n):
        for _one in range(n):
            make_loan(at, state=S.OUT)

    late(1)
    with django_assert_num_queries(7):
        actions.remind_of_loans(at=at + 20 * A_DAY)
    late(3)
    with django_assert_num_queries(7):
        actions.remind_of_loans(at=at + 21 * A_DAY)


def test_who_has_asked_for_more_time_is_not_reminded_before_the_answer(at):
    loan = make_loan(at, state=S.OUT)
    actions.ask_longer(loan, until_on=loan.until_on + 9 * A_DAY, by=loan.expert.user, at=at)

    assert actions.remind_of_loans(at=at + 13 * A_DAY) == 0

    assert not letters("loan_due_soon").exists()
    assert not letters("loan_overdue").exists()


def test_night_lets_go_of_what_was_never_fetched(at):
    loan = make_loan(at, state=S.GRANTED)

    assert actions.lapse_loans(at=at + 12 * A_DAY) == 0
    assert actions.lapse_loans(at=at + 13 * A_DAY) == 1
    assert Loan.objects.get(pk=loan.pk).state == S.CANCELLED
    assert "Laitetta ei haettu" in letters("loan_lapsed").get(reader=loan.expert.user).body
    assert letters("loan_granted").get().channel == "desk"  # is sent no more


def test_night_ends_a_request_that_nobody_answered_and_says_so(at):
    device = make_device(at)
    lender, loan = make_lender(device), make_loan(at, device=device, why="Selkäkipu")

    assert actions.lapse_loans(at=at + 12 * A_DAY) == 0
    assert actions.lapse_loans(at=at + 13 * A_DAY) == 1

    loan.refresh_from_db()
    assert (loan.state, loan.waits_since) == (S.CANCELLED, None)
    assert "Pyyntöösi ei vastattu" in letters("loan_lapsed").get(reader=loan.expert.user).body
    assert letters("loan_cancelled").get().reader == lender
    assert queue(at=at + 14 * A_DAY, kind=LOAN.name) == []
    assert actions.forget_loans(at=at + 13 * A_DAY + KEEP_LOANS + A_DAY) == 1
    loan.refresh_from_db()
    assert (loan.why, loan.expert) == ("", None)


def test_night_lets_go_of_many_in_as_many_queries(at, django_assert_num_queries):
    def never_fetched(n):
        for _one in range(n):
            make_loan(at, state=S.GRANTED)

    never_fetched(1)
    actions.lapse_loans(at=at + 13 * A_DAY)
    counts = []
    for n in (1, 3):
        never_fetched(n)
        with CaptureQueriesContext(connection) as asked:
            actions.lapse_loans(at=at + 13 * A_DAY)
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kept", [{"why": "Selkä"}, {"answer": "Ei"}, {"fetch": "Aula"}])
def test_database_keeps_no_words_of_a_forgotten_loan(at, kept):
    loan = make_loan(at, state=S.CANCELLED)
    actions.forget_loans(at=at + 2 * KEEP_LOANS)

    with pytest.raises(IntegrityError, match="loan_forgotten_when_over"), transaction.atomic():
        Loan.objects.filter(pk=loan.pk).update(**kept)


def test_request_is_a_duty_at_once_where_the_lender_has_nobody(at):
    loan = make_loan(at)

    (duty,) = queue(at=at, kind=LOAN.name)
    ((_duty, called),) = call([duty])

    assert (duty.key, duty.since) == (loan.pk, at)
    assert loan.expert.user.name in called.title


def test_request_is_a_duty_later_where_the_lender_has_people(at):
    device = make_device(at)
    make_lender(device)
    make_loan(at, device=device)

    assert queue(at=at + ANSWER_WITHIN - A_DAY, kind=LOAN.name) == []
    assert len(queue(at=at + ANSWER_WITHIN, kind=LOAN.name)) == 1


def test_late_device_is_a_duty_until_it_is_back(at):
    loan = make_loan(at, state=S.OUT)
    late = at + 13 * A_DAY

    assert queue(at=late - A_DAY, kind=LATE.name) == []
    (duty,) = queue(at=late, kind=LATE.name)
    assert duty.since == instant(loan.until_on + A_DAY, time(0))
    actions.receive_loan(loan, by=make_coordinator(), at=late)
    assert queue(at=late, kind=LATE.name) == []


def test_late_device_is_a_duty_later_where_the_lender_has_people(at):
    device = make_device(at)
    make_lender(device)
    make_loan(at, device=device, state=S.OUT)
    late = at + 12 * A_DAY + CALL_WITHIN

    assert queue(at=late, kind=LATE.name) == []
    assert len(queue(at=late + A_DAY, kind=LATE.name)) == 1


def test_loan_is_forgotten_a_year_after_it_came_back(at):
    loan = make_loan(at, state=S.BACK, why="Etätyö")
    ended = loan.state_changed_at

    assert actions.forget_loans(at=ended + 365 * A_DAY) == 0
    assert actions.forget_loans(at=ended + 366 * A_DAY) == 1

    loan = Loan.objects.get(pk=loan.pk)
    told = (loan.expert, loan.why, loan.fetch, loan.contact, loan.assignment)
    assert told == (None, "", "", None, None)
    assert loan.device.organisation == loan.lender


def test_erased_profile_leaves_no_name_and_gives_back_what_was_promised(at):
    device = make_device(at)
    expert = make_borrower(device, at=at)
    make_loan(at, device=device, expert=expert, state=S.BACK, starts_in=0, days=1)
    promised = make_loan(at, device=device, expert=expert, starts_in=9, state=S.GRANTED)

    erase_profile(expert, by=make_coordinator(), at=at + 2 * A_DAY)

    assert Loan.objects.filter(expert=None).count() == 2
    assert Loan.objects.get(pk=promised.pk).state == S.CANCELLED


def test_profile_is_not_erased_while_a_device_is_out(at):
    loan = make_loan(at, state=S.OUT)

    with pytest.raises(DeviceWithYou):
        erase_profile(loan.expert, by=loan.expert.user, at=at + 2 * A_DAY)

    assert Loan.objects.get().expert == loan.expert


# -- Another device ------------------------------------------------------------------------------


def test_promise_is_moved_to_another_device_and_the_borrower_is_told(at):
    late = make_device(at, label="1")
    other = make_device(at, organisation=late.organisation, label="2")
    loan = grant(make_loan(at, device=late), late, at)
    lender = make_lender(late)

    moved = actions.swap_device(loan, device=other, fetch="Ovi 2", by=lender, at=at + A_DAY)

    loan.refresh_from_db()
    assert (loan.state, loan.device, loan.fetch, moved.contact) == (
        S.GRANTED, other, "Ovi 2", lender,
    )  # fmt: skip
    body = letters("loan_granted").order_by("pk").last().body
    assert ("Tabletti (2), " in body, "Tabletti (1)" in body) == (True, True)
    assert late in Device.objects.free(loan.from_on, loan.until_on, on=loan.from_on)
    with pytest.raises(NotFree):
        grant(make_loan(at, device=other), other, at)


@pytest.mark.parametrize("who", ["borrower", "stranger", "other lender"])
def test_others_move_no_promise(at, who):
    device = make_device(at, label="1")
    other = make_device(at, organisation=device.organisation, label="2")
    loan = grant(make_loan(at, device=device), device, at)
    by = {
        "borrower": lambda: loan.expert.user,
        "stranger": make_person,
        "other lender": lambda: make_lender(make_device(at)),
    }[who]()

    with pytest.raises(PermissionDenied):
        actions.swap_device(loan, device=other, fetch="Ovi", by=by, at=at)


def test_promise_is_moved_to_no_device_that_is_taken_or_of_others(at):
    device = make_device(at, label="1")
    taken = make_device(at, organisation=device.organisation, label="2")
    grant(make_loan(at, device=taken), taken, at)
    loan = grant(make_loan(at, device=device), device, at)

    with pytest.raises(NotFree):
        actions.swap_device(loan, device=taken, fetch="Ovi", by=make_coordinator(), at=at)
    with pytest.raises(NotOurs):
        actions.swap_device(loan, device=make_device(at), fetch="Ovi", by=make_coordinator(), at=at)
    out = actions.hand_out_loan(loan, by=make_coordinator(), at=at)
    with pytest.raises(WrongState):
        actions.swap_device(out, device=taken, fetch="Ovi", by=make_coordinator(), at=at)


def test_two_devices_of_a_kind_are_called_differently_while_they_are_lent(at):
    device = make_device(at, label="Tabletti A")
    here, by = device.organisation, make_coordinator()

    with pytest.raises(LabelTaken):
        make_device(at, organisation=here, label="tabletti a")
    laptop = make_device(at, organisation=here, kind="computer", label="Tabletti A")
    other = make_device(at, organisation=here, label="B")
    with pytest.raises(LabelTaken):
        actions.change_device(other, kind="tablet", label="TABLETTI A", by=by, at=at)
    actions.retire_device(device, by=by, at=at)
    again = make_device(at, organisation=here, label="Tabletti A")
    with pytest.raises(LabelTaken):
        actions.restore_device(device, by=by, at=at)

    assert (laptop.kind, again.label, Device.objects.count()) == ("computer", "Tabletti A", 4)
