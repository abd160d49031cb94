"""The night finds signs of load and lets them go; people talk about them or put them aside."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.accounts.models import User
from luukku.assignments.actions import decline, expire_overdue, leave_bank
from luukku.audit.models import AuditEvent
from luukku.coping.actions import (
    ReasonMissing,
    act,
    ask_talk,
    dismiss,
    forget,
    forget_ended,
    look,
    reopen,
)
from luukku.coping.models import Flag, FlagKind
from luukku.coping.states import FlagState
from luukku.coping.tasks import look_for_load
from luukku.notices.models import Channel, Letter
from luukku.workbench.actions import erase_profile
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_offer
from tests.factories.coping import make_flag, make_passed_on, make_silent
from tests.factories.experts import make_expert

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
A_DAY = timedelta(days=1)


def as_told():
    rows = Flag.objects.order_by("pk")
    return [(one.kind, one.state, one.raised_at, one.passed_on_at) for one in rows]


def one_more_silent(expert, at):
    make_offer(at - 7 * A_DAY, expert=expert)
    expire_overdue(at=at)


def test_look_raises_a_sign_and_tells_the_expert_gently(at):
    expert = make_silent(at)

    new = look(at=at)

    letter = Letter.objects.get(kind="coping.raised")
    assert new == 1
    assert as_told() == [(FlagKind.SILENT, FlagState.RAISED, at, None)]
    assert (letter.reader, letter.subject, letter.channel) == (
        expert.user,
        "Mitä sinulle kuuluu?",
        Channel.MAIL,
    )
    assert "ehdotu" not in letter.body
    assert AuditEvent.objects.get(act="coping.raise").data == {"kind": "silent"}


def test_look_again_changes_nothing(at):
    make_passed_on(at)
    before, events = as_told(), AuditEvent.objects.count()

    again = look(at=at)

    assert again == 0
    assert as_told() == before
    assert (AuditEvent.objects.count(), Letter.objects.filter(kind="coping.raised").count()) == (
        events,
        1,
    )


@pytest.mark.parametrize(("days", "is_passed"), [(6, False), (7, True)])
def test_look_passes_on_what_the_expert_has_left_open(at, days, is_passed):
    flag = make_flag(at)

    look(at=at + days * A_DAY)

    flag.refresh_from_db()
    assert flag.passed_on_at == (at + days * A_DAY if is_passed else None)


def test_look_never_passes_on_what_the_expert_has_put_aside(at):
    flag = make_flag(at)
    dismiss(flag, by=flag.expert.user, at=at)

    look(at=at + 8 * A_DAY)

    flag.refresh_from_db()
    assert (flag.state, flag.passed_on_at) == (FlagState.DISMISSED, None)


@pytest.mark.parametrize("settle", [None, dismiss, act])
def test_look_ends_a_sign_whose_cause_has_ended(at, settle):
    flag = make_passed_on(at)
    if settle:
        settle(flag, by=flag.expert.user if settle is dismiss else make_coordinator(), at=at)
    decline(make_offer(at, expert=flag.expert), by=flag.expert.user, at=at)

    look(at=at + A_DAY)

    flag.refresh_from_db()
    assert (flag.state, flag.state_changed_at) == (FlagState.ENDED, at + A_DAY)


def test_look_ends_the_signs_of_whoever_leaves_the_bank(at):
    flag = make_flag(at)
    leave_bank(flag.expert, by=flag.expert.user, at=at)

    look(at=at + A_DAY)

    flag.refresh_from_db()
    assert flag.state == FlagState.ENDED


def test_look_takes_new_evidence_into_an_open_sign(at):
    flag = make_flag(at)
    one_more_silent(flag.expert, at + 8 * A_DAY)

    new = look(at=at + 8 * A_DAY)

    before, flag = set(flag.evidence), Flag.objects.get()
    assert new == 0
    assert len(set(flag.evidence) - before) == 1


@pytest.mark.parametrize("settle", [dismiss, act])
def test_settled_stays_so_for_the_same_evidence_and_comes_again_for_new(at, settle):
    flag = make_passed_on(at)
    person = flag.expert.user
    settle(flag, by=person if settle is dismiss else make_coordinator(), at=at)
    state = Flag.objects.get().state

    same = look(at=at + A_DAY)
    stayed = Flag.objects.get().state
    one_more_silent(flag.expert, at + 9 * A_DAY)
    new = look(at=at + 9 * A_DAY)

    assert (same, stayed, new) == (0, state, 1)
    assert [(one.state, one.passed_on_at is None) for one in Flag.objects.order_by("pk")] == [
        (FlagState.ENDED, False),
        (FlagState.RAISED, True),  # the expert sees it first, again
    ]


def test_put_aside_stays_so_also_after_it_has_ended_meanwhile(at, settings):
    flag = make_flag(at)
    dismiss(flag, by=flag.expert.user, at=at)
    numbers = settings.LUUKKU_COPING
    settings.LUUKKU_COPING = numbers | {"look_back_days": 1}
    look(at=at + A_DAY)
    settings.LUUKKU_COPING = numbers

    new = look(at=at + 2 * A_DAY)

    assert new == 0
    assert Flag.objects.get().state == FlagState.ENDED


@pytest.mark.parametrize("number", [1, 3])
def test_look_takes_as_many_queries_for_one_as_for_many(at, number, django_assert_num_queries):
    User.objects.machine()
    for _n in range(number):
        make_silent(at)

    with django_assert_num_queries(22):
        look(at=at)


def test_database_refuses_two_live_signs_of_a_kind(at):
    flag = make_flag(at)

    with pytest.raises(IntegrityError, match="one_live_flag_per_kind"), transaction.atomic():
        Flag.objects.create(expert=flag.expert, kind=flag.kind, evidence=[1], raised_at=at)


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"evidence": []}, "flag_has_evidence"),
        ({"state": FlagState.ACTED}, "flag_settled_by_somebody"),
        ({"talk_asked_at": "2026-12-02T10:00Z"}, "flag_talk_is_passed_on"),
        ({"passed_on_at": "2020-01-01T10:00Z"}, "flag_passed_on_after_it"),
    ],
)
def test_database_refuses_nonsense(at, changes, constraint):
    flag = make_flag(at)

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Flag.objects.filter(pk=flag.pk).update(**changes)


def test_ask_talk_shows_it_to_the_counter_at_once_and_twice_is_once(at):
    flag = make_flag(at)

    ask_talk(flag, by=flag.expert.user, at=at)
    ask_talk(flag, by=flag.expert.user, at=at + A_DAY)

    flag.refresh_from_db()
    assert (flag.talk_asked_at, flag.passed_on_at, flag.state) == (at, at, FlagState.RAISED)


def test_dismiss_by_the_counter_needs_a_reason(at):
    flag, counter = make_passed_on(at), make_coordinator()

    with pytest.raises(ReasonMissing):
        dismiss(flag, by=counter, at=at)
    dismiss(flag, reason="Puhuttu jo keväällä.", by=counter, at=at)

    flag.refresh_from_db()
    assert (flag.state, flag.settled_by, flag.reason) == (
        FlagState.DISMISSED,
        counter,
        "Puhuttu jo keväällä.",
    )
    with pytest.raises(WrongState):
        act(flag, by=counter, at=at)


def test_reopen_takes_a_settling_back(at):
    flag, counter = make_passed_on(at), make_coordinator()
    act(flag, by=counter, at=at)

    reopen(flag, by=counter, at=at)

    flag.refresh_from_db()
    assert (flag.state, flag.settled_by) == (FlagState.RAISED, None)


def test_acts_are_refused_to_others(at):
    alone, passed = make_flag(at), make_passed_on(at)
    counter, stranger = make_coordinator(), make_person()
    dismiss(passed, reason="–", by=counter, at=at)

    for doing, flag, who in (
        (ask_talk, alone, counter),
        (act, alone, counter),
        (dismiss, alone, counter),
        (act, alone, alone.expert.user),
        (dismiss, alone, stranger),
        (reopen, passed, passed.expert.user),
        (reopen, passed, stranger),
    ):
        with pytest.raises(PermissionDenied):
            doing(flag, by=who, at=at)


def test_signs_go_with_the_profile(at):
    flag = make_flag(at)
    expert = flag.expert
    leave_bank(expert, by=expert.user, at=at)
    expert.refresh_from_db()

    erase_profile(expert, by=expert.user, at=at)

    assert not Flag.objects.exists()
    assert look(at=at) == 0


def test_forget_is_refused_to_whoever_may_not_erase(at):
    with pytest.raises(PermissionDenied):
        forget(make_flag(at).expert, by=make_person())


def test_forget_ended_deletes_what_is_over_for_a_year(at):
    flag = make_flag(at)
    decline(make_offer(at, expert=flag.expert), by=flag.expert.user, at=at)
    look(at=at)

    assert forget_ended(at=at + 365 * A_DAY) == 0
    assert forget_ended(at=at + 366 * A_DAY) == 1


def test_task_looks_by_the_clock():
    make_silent()

    assert look_for_load.call() == 1
    assert User.objects.machine().is_machine


def test_nobody_without_load_has_a_sign(at):
    make_expert(at=at)

    assert look(at=at) == 0
