"""What background organisations have promised: counted, reminded of, and never more than that a talk was held."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments.actions import leave_bank
from luukku.audit.models import AuditEvent
from luukku.coping.actions import (
    HeldTooLongAgo,
    NextOutOfReach,
    NotHeldYet,
    NotOneOfThem,
    forget,
    forget_talks,
    note_call,
    note_talk,
    remind,
    remove_talk,
)
from luukku.coping.duties import PROMISES
from luukku.coping.models import Reminder, YearlyTalk
from luukku.coping.queries import PromiseKind, backgrounds, promises_of, rule_of_promise
from luukku.coping.tasks import remind_backgrounds
from luukku.core.duty import call, queue
from luukku.core.times import helsinki
from luukku.events.models import Event, Kind, Via
from luukku.events.states import EventState
from luukku.experts.actions import save
from luukku.notices.models import Letter
from luukku.organisations.actions import end
from luukku.organisations.models import MemberRole, Membership, Task
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
A_DAY = timedelta(days=1)
P = PromiseKind


@pytest.fixture
def behind(at):
    return make_organisation(tasks=[Task.BACKGROUND], at=at)


@pytest.fixture
def person(behind):
    return make_member(behind, role=MemberRole.BACKGROUND)


@pytest.fixture
def expert(at, behind, person):
    return make_expert(
        at=at - 400 * A_DAY, background_organisation=behind, responsible_person=person
    )


def open_of(organisation, at):
    row = backgrounds(at=at).get(pk=organisation.pk)
    still = {one.kind for one in promises_of(row, at=at) if not one.is_kept}
    assert row.is_open == bool(still)
    return still


def talk(expert, person, at, *, ago=9, ahead=300, by=None):
    today = helsinki(at).date()
    return note_talk(
        expert,
        held_on=today - ago * A_DAY,
        held_by=person,
        next_by=today + ahead * A_DAY,
        by=by or person,
        at=at,
    )


def test_with_nothing_done_everything_is_open(behind, at):
    make_expert(at=at - 400 * A_DAY, background_organisation=behind)
    Membership.objects.filter(organisation=behind).update(is_contact=False)

    assert open_of(behind, at) == {P.CONTACT, P.RESPONSIBLE, P.TALK, P.TRAINING}


def test_organisation_that_stands_behind_nobody_yet_names_a_person_only(behind, at):
    assert open_of(behind, at) == {P.CONTACT}


@pytest.mark.parametrize(("ago", "is_open"), [(364, False), (366, True)])
def test_who_has_just_come_is_talked_with_within_a_year(behind, person, at, ago, is_open):
    make_expert(at=at - ago * A_DAY, background_organisation=behind, responsible_person=person)

    assert (P.TALK in open_of(behind, at)) == is_open


@pytest.mark.parametrize(("ahead", "is_open"), [(0, False), (-1, True)])
def test_talk_is_open_again_after_the_day_of_the_next_one(
    expert, person, behind, at, ahead, is_open
):
    talk(expert, person, at, ahead=ahead)

    assert (P.TALK in open_of(behind, at)) == is_open


def test_talk_with_an_earlier_organisation_does_not_count(expert, person, at):
    talk(expert, person, at)
    other = make_organisation(tasks=[Task.BACKGROUND], at=at)
    save(expert, background_organisation=other, by=expert.user, at=at)

    assert P.TALK in open_of(other, at)


@pytest.mark.parametrize(
    ("ago", "fields", "is_open"),
    [
        (10, {"kind": Kind.FURTHER}, False),
        (10, {"kind": Kind.JOINT}, False),
        (729, {"kind": Kind.FURTHER}, False),
        (731, {"kind": Kind.FURTHER}, True),
        (10, {"kind": Kind.PEER}, True),
        (10, {"kind": Kind.FURTHER, "state": EventState.CANCELLED}, True),
        (10, {"kind": Kind.FURTHER, "state": EventState.DRAFT}, True),
    ],
)
def test_training_is_offered_by_holding_one(expert, behind, at, ago, fields, is_open):
    make_event(at, organiser=behind, starts_at=at - ago * A_DAY, **fields)

    assert (P.TRAINING in open_of(behind, at)) == is_open


def test_training_is_offered_by_keeping_a_place_for_an_own_expert(expert, person, behind, at):
    event = make_event(at, kind=Kind.FURTHER)
    alone = open_of(behind, at)
    make_sign_up(event, expert.user)
    still = open_of(behind, at)
    event = make_event(at, kind=Kind.FURTHER, starts_at=at + 40 * A_DAY)
    make_sign_up(event, expert.user, via=Via.ORGANISATION, made_by=person)

    assert P.TRAINING in alone & still
    assert P.TRAINING not in open_of(behind, at)

    Event.objects.filter(pk=event.pk).update(state=EventState.CANCELLED)
    assert P.TRAINING in open_of(behind, at)


@pytest.mark.parametrize("number", [1, 3])
def test_promises_take_one_query_for_one_and_for_many(at, number, django_assert_num_queries):
    for _n in range(number):
        make_expert(
            at=at - 400 * A_DAY,
            background_organisation=make_organisation(tasks=[Task.BACKGROUND], at=at),
        )

    with django_assert_num_queries(1):
        assert len([promises_of(row, at=at) for row in backgrounds(at=at)]) == number


def test_talk_is_written_down_once_and_holds_no_words(expert, person, at):
    first, again = talk(expert, person, at), talk(expert, person, at)

    assert first == again
    assert AuditEvent.objects.filter(act="coping.note_talk").count() == 1
    assert {field.name for field in YearlyTalk._meta.concrete_fields} == {
        "id", "expert", "organisation", "held_on", "held_by", "next_by", "noted_by", "noted_at",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("ago", "ahead", "refusal"),
    [
        (-1, 300, NotHeldYet),
        (3 * 365 + 1, 0, HeldTooLongAgo),
        (9, -9, NextOutOfReach),
        (9, 357, NextOutOfReach),
    ],
)
def test_talk_on_a_day_that_cannot_be_is_refused(expert, person, at, ago, ahead, refusal):
    with pytest.raises(refusal):
        talk(expert, person, at, ago=ago, ahead=ahead)


def test_talk_is_held_by_somebody_of_the_organisation(expert, person, at):
    with pytest.raises(NotOneOfThem):
        talk(expert, make_person(), at, by=person)


def test_acts_are_for_those_who_stand_behind_the_expert_and_the_counter(expert, person, behind, at):
    stranger = make_member(
        make_organisation(tasks=[Task.BACKGROUND], at=at), role=MemberRole.BACKGROUND
    )
    counter = make_coordinator()
    held = talk(expert, person, at, by=counter)

    for who in (expert.user, stranger, make_person(roles=["steering"])):
        with pytest.raises(PermissionDenied):
            talk(expert, person, at, by=who)
        with pytest.raises(PermissionDenied):
            remove_talk(held, by=who, at=at)
        with pytest.raises(PermissionDenied):
            note_call(behind, by=who, at=at)
    remove_talk(held, by=person, at=at)

    assert not YearlyTalk.objects.exists()


def test_list_and_rule_agree_on_who_knows_of_a_talk(expert, person, at):
    held = talk(expert, person, at)
    everybody = {
        "expert": expert.user,
        "person": person,
        "counter": make_coordinator(),
        "steering": make_person(roles=["steering"]),
        "other": make_expert(at=at).user,
        "closed": make_person(is_active=False),
    }

    def seen():
        held.refresh_from_db()
        listed = {k for k, u in everybody.items() if held in YearlyTalk.objects.visible_to(u)}
        assert listed == {k for k, u in everybody.items() if u.has_perm("coping.view_talk", held)}
        return listed

    before = seen()
    save(expert, background_organisation=None, by=expert.user, at=at)

    assert before == {"expert", "person", "counter"}
    assert seen() == {"expert", "counter"}


def test_talk_written_down_again_is_corrected_and_both_are_on_record(expert, person, at):
    first = talk(expert, person, at)
    again = [talk(expert, person, at, ahead=200), talk(expert, person, at, ahead=200)]

    kept = YearlyTalk.objects.get()
    assert [one.pk for one in again] == [first.pk, first.pk]
    assert kept.next_by == helsinki(at).date() + 200 * A_DAY
    assert AuditEvent.objects.filter(act="coping.note_talk").count() == 2


def test_talks_go_with_the_profile_and_after_three_years(expert, person, at):
    talk(expert, person, at)
    kept, gone = (
        forget_talks(at=at + 3 * 365 * A_DAY - 10 * A_DAY),
        forget_talks(at=at + 1200 * A_DAY),
    )
    talk(expert, person, at)
    expert = leave_bank(expert, by=expert.user, at=at)
    forget(expert, by=expert.user)

    assert (kept, gone) == (0, 1)
    assert not YearlyTalk.objects.exists()


def test_reminder_goes_to_the_contact_person_in_numbers_without_names(expert, behind, person, at):
    contact = make_member(behind, role=MemberRole.BACKGROUND)
    Membership.objects.filter(user=contact).update(is_contact=True)

    number = remind(at=at)

    letter = Letter.objects.get(kind="coping.promises")
    assert (number, letter.reader) == (1, contact)
    assert expert.user.name not in letter.body + letter.subject
    assert behind.name not in letter.subject


def test_reminder_comes_once_a_month_at_most_also_where_it_was_in_order_between(expert, person, at):
    remind(at=at)
    told = [remind(at=at + A_DAY)]
    talk(expert, person, at)
    make_event(
        at, organiser=expert.background_organisation, kind=Kind.FURTHER, starts_at=at - A_DAY
    )
    Membership.objects.filter(user=person).update(is_contact=True)
    told.append(remind(at=at + 2 * A_DAY))
    in_order = Reminder.objects.get()
    Membership.objects.filter(user=person).update(is_contact=False)
    told += [remind(at=at + 29 * A_DAY), remind(at=at + 30 * A_DAY), remind(at=at + 31 * A_DAY)]

    assert told == [0, 0, 0, 1, 0]
    assert (in_order.since, in_order.number) == (None, 0)
    assert Letter.objects.filter(kind="coping.promises").count() == 2


def test_where_nobody_stands_for_it_the_counter_calls_at_once_and_again_after_a_month(behind, at):
    make_expert(at=at - 400 * A_DAY, background_organisation=behind)
    Membership.objects.filter(organisation=behind).delete()

    def waiting(when):
        written = remind(at=when)
        return written, [duty.pk for duty in queue(at=when, kind=PROMISES.name)]

    first = [waiting(at), waiting(at + A_DAY)]
    note_call(behind, by=make_coordinator(), at=at + 2 * A_DAY)
    later = [waiting(at + 31 * A_DAY), waiting(at + 32 * A_DAY)]

    assert first == [(0, [behind.pk]), (0, [behind.pk])]
    assert later == [(0, []), (0, [behind.pk])]
    assert not Letter.objects.filter(kind="coping.promises").exists()


def test_letters_begin_again_where_somebody_comes_to_stand_for_it(behind, at):
    make_expert(at=at - 400 * A_DAY, background_organisation=behind)
    Membership.objects.filter(organisation=behind).delete()
    remind(at=at)
    note_call(behind, by=make_coordinator(), at=at)
    make_member(behind, role=MemberRole.BACKGROUND)

    assert remind(at=at + 31 * A_DAY) == 1
    assert Reminder.objects.get().number == 1


def test_organisation_that_has_ended_is_not_reminded(expert, behind, at):
    remind(at=at)
    end(behind, by=make_coordinator(), at=at)

    assert remind(at=at + 31 * A_DAY) == 0
    assert Reminder.objects.get().since is None


def test_counter_calls_after_three_letters_and_letters_are_counted_anew(expert, behind, at):
    counter = make_coordinator()
    waiting = []
    for month in range(3):
        remind(at=at + month * 31 * A_DAY)
        waiting.append(queue(at=at, kind=PROMISES.name))
    (duty,) = waiting.pop()
    quiet = remind(at=at + 95 * A_DAY)
    note_call(behind, by=counter, at=at + 63 * A_DAY)
    note_call(behind, by=counter, at=at + 63 * A_DAY)
    remind(at=at + 100 * A_DAY)

    assert (waiting, quiet) == ([[], []], 0)
    assert duty.pk == behind.pk
    assert [name.title for _duty, name in call([duty])] == [behind.name]
    assert queue(at=at, kind=PROMISES.name) == []
    assert Reminder.objects.get().number == 1
    assert AuditEvent.objects.filter(act="coping.call_background").count() == 1


@pytest.mark.parametrize("number", [1, 3])
def test_remind_takes_as_many_queries_for_one_as_for_many(at, number, django_assert_num_queries):
    for _n in range(number):
        here = make_organisation(tasks=[Task.BACKGROUND], at=at)
        make_member(here, role=MemberRole.BACKGROUND)
        make_expert(at=at - 400 * A_DAY, background_organisation=here)

    with django_assert_num_queries(17):
        remind(at=at)


@pytest.mark.parametrize("kind", [P.TALK, P.TRAINING])
def test_rule_of_a_promise_is_told_with_the_numbers_that_hold(kind, settings):
    settings.LUUKKU_COPING = settings.LUUKKU_COPING | {"talk_days": 77, "training_days": 77}

    assert "77" in rule_of_promise(kind)


def test_task_reminds_by_the_clock():
    assert remind_backgrounds.func() == 0
