"""Who does what waits in the queue; beside each act its permission twin."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.workbench import actions
from luukku.workbench.models import TakenDuty
from luukku.workbench.queries import assignees
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.guidance import make_question
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db
KEYS = [("order", 7), ("search", 7), ("order", 8)]


def test_assign_gives_each_duty_to_one_and_remembers_it(at):
    kaisa, colleague = make_coordinator(), make_coordinator("Kalle")

    actions.assign(KEYS, to=colleague, by=kaisa, at=at)
    actions.assign(KEYS[:1], to=kaisa, by=kaisa, at=at)

    assert assignees([*KEYS, ("order", 9)]) == {
        KEYS[0]: kaisa.pk,
        KEYS[1]: colleague.pk,
        KEYS[2]: colleague.pk,
    }
    events = AuditEvent.objects.filter(act="workbench.assign").order_by("pk")
    assert [(e.data["kind"], e.data["key"], e.data["to"]) for e in events] == [
        ("order", 7, colleague.pk),
        ("order", 8, colleague.pk),
        ("search", 7, colleague.pk),
        ("order", 7, kaisa.pk),
    ]


def test_assign_to_nobody_lets_go(at):
    kaisa = make_coordinator()
    actions.assign(KEYS, to=kaisa, by=kaisa, at=at)

    actions.assign(KEYS[:2], to=None, by=kaisa, at=at)

    assert assignees(KEYS) == {KEYS[2]: kaisa.pk}


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_assign_is_for_the_counter(at, make):
    with pytest.raises(PermissionDenied):
        actions.assign(KEYS, to=make_coordinator(), by=make(), at=at)

    assert TakenDuty.objects.count() == 0


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_assign_to_somebody_who_does_not_serve_is_refused(at, make):
    with pytest.raises(actions.NotAtCounter):
        actions.assign(KEYS, to=make(), by=make_coordinator(), at=at)

    assert TakenDuty.objects.count() == 0


@pytest.mark.parametrize("lost", [{"roles": []}, {"is_active": False}])
def test_whoever_does_not_serve_any_more_is_no_assignee(at, lost):
    kaisa, colleague = make_coordinator(), make_coordinator("Kalle")
    question = make_question(at)
    keys = [*KEYS, ("question", question.pk)]
    actions.assign(keys, to=colleague, by=kaisa, at=at)

    for name, value in lost.items():
        setattr(colleague, name, value)
    colleague.save()

    assert assignees(keys) == {}
    assert set(actions.take(keys, by=kaisa, at=at)) == set(keys)


def test_take_leaves_what_a_colleague_has(at):
    kaisa, colleague = make_coordinator(), make_coordinator("Kalle")
    actions.take(KEYS[:1], by=colleague, at=at)

    taken = actions.take(KEYS, by=kaisa, at=at)

    assert set(taken) == set(KEYS[1:])
    assert assignees(KEYS)[KEYS[0]] == colleague.pk


def test_take_gives_what_began_to_wait_again_since_a_colleague_took_it(at):
    kaisa, colleague = make_coordinator(), make_coordinator("Kalle")
    order = make_order(at)
    key = ("order", order.pk)
    actions.take([key], by=colleague, at=at - timedelta(hours=1))

    taken = actions.take([key], by=kaisa, at=at + timedelta(minutes=1))

    assert (taken, assignees([key])) == ([key], {key: kaisa.pk})


def test_question_has_the_assignee_of_its_own_page(at):
    kaisa, question = make_coordinator(), make_question(at)
    keys = [("question", question.pk), ("follow_up", question.pk)]

    actions.assign(keys[:1], to=kaisa, by=kaisa, at=at)

    question.refresh_from_db()
    assert question.assignee == kaisa
    assert assignees(keys) == {keys[0]: kaisa.pk, keys[1]: kaisa.pk}
    assert TakenDuty.objects.count() == 0


def test_unknown_kind_is_left_out(at):
    kaisa = make_coordinator()

    assert actions.assign([("?", 7), KEYS[0]], to=kaisa, by=kaisa, at=at) == [KEYS[0]]


@pytest.mark.parametrize("who, number", [("kaisa", 1), ("stranger", 0), ("steering", 0)])
def test_list_and_rule_agree_on_who_sees_what_is_taken(at, who, number):
    people = {"kaisa": make_coordinator(), "stranger": make_person(), "steering": make_steering()}
    actions.assign(KEYS[:1], to=people["kaisa"], by=people["kaisa"], at=at)

    assert TakenDuty.objects.visible_to(people[who]).count() == number
    assert people[who].has_perm("workbench.assign") == bool(number)


def test_forget_taken_keeps_what_still_waits_and_what_was_handed_out_today(at):
    kaisa, order = make_coordinator(), make_order(at - timedelta(days=4))
    waiting, over = ("order", order.pk), ("search", order.pk)
    actions.assign([waiting, over], to=kaisa, by=kaisa, at=at - timedelta(days=2))
    actions.assign(KEYS[2:], to=kaisa, by=kaisa, at=at)

    assert actions.forget_taken(at=at) == 1
    assert assignees([waiting, over, KEYS[2]]) == {waiting: kaisa.pk, KEYS[2]: kaisa.pk}
