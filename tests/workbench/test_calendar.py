"""The counter's calendar: what stands on which day."""

import sys
from datetime import date, timedelta

import pytest
from django.utils.translation import override

from luukku.core import duty
from luukku.workbench.queries import Sort, calendar
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_search
from tests.factories.events import make_event
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)


@pytest.fixture
def kaisa():
    return make_coordinator()


def lines(found):
    return {
        (one.day.day, entry.sort.value): entry.order_id or entry.number
        for one in found.days
        for entry in one.entries
    }


def test_day_has_tasks_and_wished_times_and_deadlines(at, kaisa):
    task, search = make_agreed(at, days=(2,)), make_search(at, days=(3, 30))
    make_order(at, state="cancelled", days=(4,))

    shown = calendar(kaisa, MONDAY, 7, most=9, at=at)

    assert [one.day for one in shown.days] == [MONDAY + timedelta(days=n) for n in range(7)]
    found = lines(shown)
    assert (found[3, "task"], found[4, "wish"]) == (task.order_id, search.pk)
    assert (3, "wish") not in found
    assert (5, "wish") not in found
    assert any(sort == "deadline" for _day, sort in found)
    assert [one.is_holiday for one in shown.days] == [False] * 6 + [True]  # Independence Day


@pytest.mark.parametrize("sort", [*Sort, "", "?"])
def test_one_sort_alone(at, kaisa, sort):
    make_agreed(at, days=(2,))
    make_search(at, days=(3,))
    make_event(at, starts_at=at + timedelta(days=1))

    found = {kind for _day, kind in lines(calendar(kaisa, MONDAY, 7, most=9, sort=sort, at=at))}

    assert found == ({str(sort)} if sort in Sort else {"task", "event", "wish", "deadline"})


def test_drafts_and_what_was_called_off_stand_in_no_calendar(at, kaisa):
    event = make_event(at, starts_at=at + timedelta(days=1), sessions=2)
    for state in ("draft", "cancelled"):
        make_event(at, starts_at=at + timedelta(days=1), state=state)

    shown = calendar(kaisa, MONDAY, 14, most=9, sort="event", at=at)

    assert [entry.event_id for one in shown.days for entry in one.entries] == [event.pk] * 2


def test_full_day_says_how_many_more(at, kaisa):
    for _n in range(5):
        make_search(at, days=(3,))

    day = calendar(kaisa, MONDAY, 7, most=2, sort="wish", at=at).days[4]

    assert (len(day.entries), day.left_out) == (2, 3)


@pytest.mark.parametrize(("most", "is_cut"), [(2, True), (3, False)])
def test_kind_of_deadlines_that_is_cut_is_told(at, kaisa, monkeypatch, most, is_cut):
    monkeypatch.setattr(duty, "MOST_ROWS", most)
    monkeypatch.setattr(sys.modules["luukku.workbench.queries.calendar"], "FIRST_ROWS", 1)
    for _n in range(3):
        make_search(at, days=(14,))

    with override("en"):
        shown = calendar(kaisa, MONDAY, 42, most=9, at=at)
        assert ("Find an expert" in [str(label) for label in shown.cut]) is is_cut


def test_nobody_else_sees_the_tasks_of_others(at):
    make_agreed(at, days=(2,))
    make_search(at, days=(3,))

    found = lines(calendar(make_person(), MONDAY, 7, most=9, at=at))

    assert {sort for _day, sort in found} <= {"deadline"}


@pytest.mark.parametrize("count", [1, 3])
def test_calendar_asks_the_same_for_one_and_three(at, kaisa, count, django_assert_num_queries):
    for _n in range(count):
        make_agreed(at, days=(2,))
        make_search(at, days=(3,))
        make_event(at, starts_at=at + timedelta(days=1))

    with django_assert_num_queries(5):
        for sort in (Sort.TASK, Sort.WISH, Sort.EVENT):
            calendar(kaisa, MONDAY, 42, most=4, sort=sort, at=at)
