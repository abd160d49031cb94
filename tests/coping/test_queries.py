"""When a sign of load stands: each rule on both sides of its numbers."""

from datetime import timedelta

import pytest
from django.utils import translation

from luukku.assignments.actions import decline, expire_overdue
from luukku.coping.models import FlagKind
from luukku.coping.queries import is_new, rule_of, stands
from luukku.events.models import Attendance, Kind, Presence
from luukku.events.states import EventState
from luukku.experts.actions import leave
from luukku.feedback.actions import ask_debrief
from luukku.feedback.models import Side
from luukku.taxonomy.models import TaskType
from tests.factories.assignments import make_agreed, make_done, make_offer
from tests.factories.coping import make_silent
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert, the_counter
from tests.factories.feedback import give

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
A_DAY = timedelta(days=1)


def days_of(task):
    return task.ends_at - timedelta(seconds=1)


@pytest.fixture
def numbers(settings):
    def set_them(**changes):
        settings.LUUKKU_COPING = settings.LUUKKU_COPING | changes

    return set_them


@pytest.fixture
def heavy(at):
    TaskType.objects.filter(code="talk").update(is_heavy=True)
    return make_done(at - 30 * A_DAY)  # it ended 16 days before ``at``


@pytest.mark.parametrize(
    ("later", "is_there"), [(13, False), (14, True), (179, True), (180, False)]
)
def test_heavy_task_without_a_talk_is_a_sign_for_a_while(heavy, later, is_there):
    found = stands(FlagKind.HEAVY, at=heavy.ends_at + later * A_DAY)

    assert found == ({heavy.expert_id: frozenset({heavy.pk})} if is_there else {})


def test_heavy_task_about_which_a_talk_was_asked_for_is_no_sign(heavy, at):
    ask_debrief(heavy, by=heavy.expert.user, at=at)

    assert stands(FlagKind.HEAVY, at=at) == {}


def test_heavy_task_that_the_orderer_wants_to_talk_about_is_a_sign_still(heavy, at):
    ask_debrief(heavy, by=heavy.order.contact, at=at)

    assert stands(FlagKind.HEAVY, at=at).keys() == {heavy.expert_id}


def test_nothing_is_heavy_before_the_region_has_said_so(at):
    make_done(at - 30 * A_DAY)

    assert stands(FlagKind.HEAVY, at=at) == {}
    assert not TaskType.objects.filter(is_heavy=True).exists()


@pytest.mark.parametrize(("limit", "is_there"), [(None, False), (2, False), (1, True)])
def test_more_tasks_in_a_month_than_the_own_limit_are_a_sign(at, limit, is_there):
    expert = make_expert(at=at, monthly_limit=limit)
    tasks = [make_agreed(at, expert=expert, days=(day,)) for day in (3, 5)]

    found = stands(FlagKind.MANY, at=at)

    assert found == ({expert.pk: frozenset(task.pk for task in tasks)} if is_there else {})


@pytest.mark.parametrize(
    ("number", "times", "is_there"), [(2, 2, False), (3, 2, True), (3, 3, False)]
)
def test_many_tasks_are_over_so_many_times_the_own_mean_and_at_least_so_many(
    at, numbers, number, times, is_there
):
    numbers(many_least=3, many_times=times)
    expert = make_expert(at=at - 90 * A_DAY)
    make_agreed(at - 60 * A_DAY, expert=expert)  # its day was 46 days ago: one in the month before
    tasks = [
        make_agreed(at - 30 * A_DAY, expert=expert, days=(day,)) for day in range(3, 3 + number)
    ]

    found = stands(FlagKind.MANY, at=at)

    assert found == ({expert.pk: frozenset(task.pk for task in tasks)} if is_there else {})


def test_who_has_only_begun_has_no_mean_and_no_sign(at, numbers):
    numbers(many_least=1)
    make_agreed(at - 20 * A_DAY)

    assert stands(FlagKind.MANY, at=at) == {}


@pytest.mark.parametrize(("rest", "is_there"), [(14, True), (13, False)])
def test_rest_is_so_many_days_in_a_row_without_a_task(at, numbers, rest, is_there):
    numbers(rest_within_days=40, rest_days=rest)
    expert = make_expert(at=at - 90 * A_DAY)
    for days in (40, 26, 13):  # between the first two there are 13 days, elsewhere fewer
        make_agreed(at - (days + 1) * A_DAY, expert=expert, days=(3,))

    found = stands(FlagKind.NO_REST, at=at)

    assert set(found) == ({expert.pk} if is_there else set())


@pytest.mark.parametrize(("marks", "is_there"), [((2, 1), True), ((1, 3), False), ((1,), False)])
def test_twice_in_a_row_not_heard_is_a_sign(at, marks, is_there):
    expert = make_expert(at=at - 90 * A_DAY)
    given = []
    for n, heard in enumerate(marks):
        task = make_done(at - (60 - n) * A_DAY, expert=expert)
        given.append(give(task, Side.EXPERT, task.ends_at + A_DAY, heard=heard))
        give(task, Side.ORDERER, task.ends_at + A_DAY, heard=1)

    found = stands(FlagKind.UNHEARD, at=at)

    assert found == ({expert.pk: frozenset(one.pk for one in given)} if is_there else {})
    assert stands(FlagKind.UNHEARD, at=at + 180 * A_DAY) == {}


def test_three_offers_in_a_row_without_an_answer_are_a_sign_until_one_is_answered(at):
    expert = make_silent(at)
    silent = stands(FlagKind.SILENT, at=at)

    decline(make_offer(at, expert=expert), by=expert.user, at=at)

    assert silent.keys() == {expert.pk}
    assert len(silent[expert.pk]) == 3
    assert stands(FlagKind.SILENT, at=at) == {}


def test_two_offers_without_an_answer_are_no_sign(at):
    expert = make_expert(at=at - 30 * A_DAY)
    for days in (20, 19):
        make_offer(at - days * A_DAY, expert=expert)
    expire_overdue(at=at)

    assert stands(FlagKind.SILENT, at=at) == {}


@pytest.fixture
def long_there(at):
    """A task of somebody who has been in the bank for two years, done a month ago."""
    return make_agreed(at - 45 * A_DAY, expert=make_expert(at=at - 730 * A_DAY))


def meeting(person, at, *, presence=Presence.HERE, kind=Kind.PEER):
    event = make_event(at - 30 * A_DAY, starts_at=at, kind=kind, state=EventState.HELD)
    sign_up = make_sign_up(event, person)
    if presence:
        session = event.sessions.get()
        Attendance.objects.create(
            sign_up=sign_up, session=session, presence=presence, marked_by=person, marked_at=at
        )


def test_a_year_of_tasks_without_a_peer_meeting_is_a_sign(long_there, at):
    assert stands(FlagKind.NO_PEERS, at=at) == {long_there.expert_id: frozenset({long_there.pk})}


@pytest.mark.parametrize(
    ("ago", "presence", "kind", "is_there"),
    [
        (364, Presence.HERE, Kind.PEER, False),
        (366, Presence.HERE, Kind.PEER, True),
        (10, Presence.EXCUSED, Kind.PEER, True),
        (10, None, Kind.PEER, False),
        (10, Presence.AWAY, Kind.PEER, True),
        (10, Presence.HERE, Kind.INFO, True),
    ],
)
def test_only_having_been_at_a_peer_meeting_ends_it(long_there, at, ago, presence, kind, is_there):
    meeting(long_there.expert.user, at - ago * A_DAY, presence=presence, kind=kind)

    assert (long_there.expert_id in stands(FlagKind.NO_PEERS, at=at)) == is_there


@pytest.mark.parametrize(("ago", "is_there"), [(364, False), (365, True)])
def test_who_has_come_lately_is_not_without_peers_yet(at, ago, is_there):
    expert = make_expert(at=at - ago * A_DAY)
    make_agreed(at - 45 * A_DAY, expert=expert)

    assert (expert.pk in stands(FlagKind.NO_PEERS, at=at)) == is_there


def test_who_has_no_tasks_is_not_without_peers(at):
    make_expert(at=at - 730 * A_DAY)

    assert stands(FlagKind.NO_PEERS, at=at) == {}


def test_who_has_left_the_bank_is_not_watched(at):
    expert = make_silent(at)

    leave(expert, by=the_counter(), at=at)

    assert stands(FlagKind.SILENT, at=at) == {}


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("kind", FlagKind)
def test_each_rule_takes_as_many_queries_for_one_as_for_many(
    at, kind, number, django_assert_num_queries
):
    for _n in range(number):
        make_done(at - 30 * A_DAY, expert=make_silent(at))

    with django_assert_num_queries(2 if kind == FlagKind.MANY else 1):
        stands(kind, at=at)


@pytest.mark.parametrize(
    ("kind", "seen", "is_news"),
    [
        (FlagKind.MANY, {1, 2}, True),
        (FlagKind.MANY, {1, 2, 3, 4}, False),
        (FlagKind.MANY, set(), True),
        (FlagKind.NO_REST, {1}, False),
        (FlagKind.NO_REST, {7}, True),
        (FlagKind.NO_PEERS, {1}, False),
        (FlagKind.NO_PEERS, {7}, True),
    ],
)
def test_news_is_what_nobody_has_seen_to(kind, seen, is_news):
    assert is_new(kind, frozenset({1, 2, 3}), seen=frozenset(seen)) == is_news


@pytest.mark.parametrize("kind", FlagKind)
def test_rule_is_told_in_words_with_the_numbers_that_hold(kind, numbers):
    numbers(
        debrief_days=77, many_least=77, rest_within_days=77, unheard_in_row=77, silent_in_row=77,
        peer_days=77,
    )  # fmt: skip

    with translation.override("en"):
        assert "77" in rule_of(kind)
