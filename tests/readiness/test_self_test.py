"""The expert's own test: the newest replaces the earlier, a wish is one duty, and matching never reads it."""

import ast
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

import luukku.matching
from luukku.audit.models import AuditEvent
from luukku.core.duty import call, queue
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.readiness.actions import (
    NothingWished,
    ask_help,
    forget,
    need_no_help,
    note_practice,
    try_out,
)
from luukku.readiness.duties import PRACTISE
from luukku.readiness.models import NEWEST, Item, Readiness
from luukku.readiness.queries import tried_by, tried_words
from luukku.workbench.actions import erase_profile
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.readiness import make_test

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def waiting(at):
    return queue(at=at, kind=PRACTISE.name)


def test_newest_test_replaces_the_earlier_one(at):
    first = make_test(at, helps=("mute",))
    expert = first.expert

    again = try_out(
        expert, works=["heard", "link"], helps=[], kinds=["tablet"], by=expert.user, at=at + A_DAY
    )

    assert Readiness.objects.get(expert=expert) == again == first
    assert (again.works, again.helps, again.kinds) == (["link", "heard"], [], ["tablet"])
    assert (again.version, again.tried_at) == (NEWEST, at + A_DAY)


def test_wish_is_one_duty_that_waits_from_when_it_was_first_said(at):
    test = make_test(at, helps=("mute",))
    make_test(at + A_DAY, expert=test.expert, helps=("mute", "share"))
    make_test(at)

    (duty,) = waiting(at + A_DAY)

    assert (duty.key, duty.since) == (test.pk, at)


def test_duty_is_settled_by_practising_together(at):
    test, coordinator = make_test(at, helps=("mute",)), make_coordinator()

    note_practice(test, by=coordinator, at=at + A_DAY)

    assert waiting(at + A_DAY) == []
    assert AuditEvent.objects.filter(act="readiness.note_practice").count() == 1
    with pytest.raises(NothingWished):
        note_practice(test, by=coordinator, at=at + A_DAY)


def test_duty_is_settled_by_a_test_without_wishes(at):
    test = make_test(at, helps=("mute",))

    make_test(at + A_DAY, expert=test.expert)

    assert waiting(at + A_DAY) == []
    with pytest.raises(NothingWished):
        note_practice(test, by=make_coordinator(), at=at + A_DAY)


def test_wish_after_practising_is_a_new_one(at):
    test = make_test(at, helps=("mute",))
    note_practice(test, by=make_coordinator(), at=at)

    make_test(at + A_DAY, expert=test.expert, helps=("mute",))

    assert [duty.since for duty in waiting(at + A_DAY)] == [at + A_DAY]


@pytest.mark.parametrize("agrees", [True, False])
def test_duty_tells_the_number_only_where_calls_are_agreed_to(at, agrees):
    expert = make_expert(at=at, user=make_person(phone="040 765 4321"))
    test = make_test(at, expert=expert, helps=("mute",))
    person = test.expert.user
    yes = {Purpose.IN_BANK, *([Purpose.PHONE] if agrees else [])}
    set_consents(person, yes, by=person, at=at)

    ((_duty, called),) = call(waiting(at))

    assert called == (person.name, person.name, "040 765 4321" if agrees else "")


@pytest.mark.parametrize("make", [make_person, lambda: make_expert().user])
def test_others_do_not_answer_for_the_expert(at, make):
    expert = make_expert(at=at)

    with pytest.raises(PermissionDenied):
        try_out(expert, works=[], helps=[], kinds=[], by=make(), at=at)


def test_counter_writes_down_what_the_expert_tells_and_the_record_says_so(at):
    expert, coordinator = make_expert(at=at), make_coordinator()

    try_out(expert, works=["link"], helps=[], kinds=[], by=coordinator, at=at)

    event = AuditEvent.objects.get(act="readiness.try_out")
    assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, expert.user_id)


def test_experts_do_not_note_that_they_were_helped(at):
    test = make_test(at, helps=("mute",))

    with pytest.raises(PermissionDenied):
        note_practice(test, by=test.expert.user, at=at)


def test_test_goes_with_the_profile(at):
    test, other = make_test(at), make_test(at)

    erase_profile(test.expert, by=test.expert.user, at=at)

    assert list(Readiness.objects.all()) == [other]


def test_nobody_else_has_the_test_forgotten(at):
    test = make_test(at)

    with pytest.raises(PermissionDenied):
        forget(test.expert, by=make_person(), at=at)


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"works": ["mute"]}, "readiness_works_or_helps"),
        ({"wished_at": None}, "readiness_wished_since"),
        ({"practised_at": "2026-12-01T10:00Z"}, "readiness_practised_by_somebody"),
        ({"tried_at": None}, "readiness_tried_or_wished"),
    ],
)
def test_database_refuses_nonsense(at, change, constraint):
    test = make_test(at, helps=("mute",))

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Readiness.objects.filter(pk=test.pk).update(**change)


def test_help_is_asked_for_without_trying_anything(at):
    expert = make_expert(at=at)

    ask_help(expert, by=expert.user, at=at)
    test = ask_help(expert, by=expert.user, at=at + A_DAY)

    assert [duty.since for duty in waiting(at + A_DAY)] == [at]
    assert (test.tried_at, test.helps) == (None, [])
    assert tried_by([expert.pk]) == {}
    assert AuditEvent.objects.filter(act="readiness.ask_help").count() == 1


@pytest.mark.parametrize(("works", "waits"), [(["link"], 1), ([item.value for item in Item], 0)])
def test_wish_that_named_nothing_waits_until_everything_works(at, works, waits):
    expert = make_expert(at=at)
    ask_help(expert, by=expert.user, at=at)

    try_out(expert, works=works, helps=[], kinds=[], by=expert.user, at=at + A_DAY)

    assert [duty.since for duty in waiting(at + A_DAY)] == [at] * waits


def test_help_asked_for_again_after_practising_waits_anew(at):
    test = make_test(at, helps=("mute",))
    note_practice(test, by=make_coordinator(), at=at)

    ask_help(test.expert, by=test.expert.user, at=at + A_DAY)

    assert [duty.since for duty in waiting(at + A_DAY)] == [at + A_DAY]
    assert tried_by([test.expert_id]) == {test.expert_id: at}


def test_wish_is_taken_back_and_answers_stay(at):
    asked, test = make_expert(at=at), make_test(at, helps=("mute",))
    ask_help(asked, by=asked.user, at=at)

    for expert in (asked, test.expert, test.expert):
        need_no_help(expert, by=expert.user, at=at + A_DAY)

    assert waiting(at + A_DAY) == []
    kept = Readiness.objects.get()
    assert (kept.pk, kept.helps, len(kept.works)) == (test.pk, [], len(Item) - 1)


@pytest.mark.parametrize("act", [ask_help, need_no_help])
@pytest.mark.parametrize("make", [make_person, lambda: make_expert().user])
def test_others_neither_ask_nor_take_back_help(at, act, make):
    test = make_test(at, helps=("mute",))

    with pytest.raises(PermissionDenied):
        act(test.expert, by=make(), at=at)


@pytest.mark.parametrize("number", [1, 3])
def test_who_has_tried_is_one_question(at, number, django_assert_num_queries):
    tests, other = [make_test(at) for _n in range(number)], make_expert(at=at)

    with django_assert_num_queries(1):
        tried = tried_by([*(test.expert_id for test in tests), other.pk])

    assert tried == {test.expert_id: at for test in tests}
    assert tried_words(None) == "Remote connection not tried yet"


def test_matching_never_reads_it():
    """A test would be an examination if it decided who is offered what."""
    read = set()
    for file in Path(luukku.matching.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [getattr(node, "module", None) or "", getattr(node, "attr", None) or ""]
            names += [alias.name for alias in getattr(node, "names", []) if hasattr(alias, "name")]
            names += [node.value] if isinstance(node, ast.Constant) else []
            read |= {(file.name, str(name)) for name in names if "readiness" in str(name)}
    for file in Path(luukku.matching.__file__).parent.rglob("*.sql"):
        read |= {(file.name, "sql")} if "readiness" in file.read_text() else set()

    assert read == set()
