"""The queue as a day's work: what is cut, and whose it is."""

from datetime import timedelta

import pytest

from luukku.core import duty
from luukku.core.duty import queue
from luukku.core.times import helsinki
from luukku.orders.actions import accept
from luukku.workbench import actions
from luukku.workbench.queries import day_of
from tests.factories.accounts import make_coordinator
from tests.factories.guidance import make_question
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db


def keys(day, kind):
    return [one.key for one in day.duties if one.kind == kind]


@pytest.fixture
def kaisa():
    return make_coordinator()


@pytest.fixture
def too_many(monkeypatch):
    """Let two rows of a kind be enough."""
    monkeypatch.setattr(duty, "MOST_ROWS", 2)


def told(tallies):
    return {one.value: (one.number, one.has_more) for one in tallies}


def test_what_is_ones_own_is_shown_beyond_the_most_urgent(at, kaisa, too_many):
    orders = [make_order(at) for _n in range(4)]
    actions.take([("order", orders[3].pk)], by=kaisa, at=at)

    day = day_of(kaisa, first=2, at=at)

    assert keys(day, "order") == [orders[0].pk, orders[1].pk, orders[3].pk]
    assert told(day.kinds)["order"] == (4, False)


def test_nothing_is_added_to_a_cut_kind_of_which_nothing_is_ones_own(at, kaisa, too_many):
    orders = [make_order(at) for _n in range(3)]

    assert keys(day_of(kaisa, first=2, at=at), "order") == [one.pk for one in orders[:2]]


def test_numbers_of_a_kind_that_is_cut_are_known_or_said_to_be_at_least_so_many(
    at, kaisa, too_many
):
    orders = [make_order(at) for _n in range(4)]
    make_order(at - timedelta(days=9))  # it is late, and among the most urgent
    actions.take([("order", orders[3].pk)], by=kaisa, at=at)

    every, mine, nobodys = (
        day_of(kaisa, kind="order", whose_rows=whose, first=2, at=at)
        for whose in ("", "mine", "nobodys")
    )

    for day in (every, mine, nobodys):
        assert told(day.whose) == {"": (5, False), "mine": (1, False), "nobodys": (2, True)}
    assert told(every.kinds)["order"] == (5, False)
    assert told(every.groups) == {"late": (1, False), "week": (2, True)}
    assert (told(mine.kinds), told(mine.groups)) == ({"order": (1, False)}, {"week": (1, False)})
    assert told(nobodys.kinds)["order"] == (2, True)
    assert [day.is_cut for day in (every, mine, nobodys)] == [True, False, True]


def test_numbers_of_one_day_are_of_that_day(at, kaisa, too_many):
    orders = [make_order(at) for _n in range(3)]
    due = [duty.due for duty in queue(at=at) if duty.kind == "order"]

    day = day_of(kaisa, kind="order", due_on=helsinki(due[0]).date(), first=2, at=at)

    assert keys(day, "order") == [one.pk for one in orders[:2]]
    assert (told(day.kinds)["order"], told(day.whose)[""]) == ((2, True), (2, True))


def test_more_is_read_for_a_later_page(at, kaisa, too_many):
    orders = [make_order(at) for _n in range(4)]

    day = day_of(kaisa, kind="order", first=4, at=at)

    assert (keys(day, "order"), day.is_cut) == ([one.pk for one in orders], False)


def test_question_belongs_to_whom_its_own_page_names(at, kaisa):
    mine, nobodys = make_question(at), make_question(at)
    actions.assign([("question", mine.pk)], to=kaisa, by=kaisa, at=at)

    def shown(whose):
        return keys(day_of(kaisa, kind="question", whose_rows=whose, at=at), "question")

    assert (shown("mine"), shown("nobodys")) == ([mine.pk], [nobodys.pk])


def test_of_a_crowd_nothing_is_shown_or_comes_next_that_has_been_done(at, kaisa, monkeypatch):
    for name, value in (("MOST_ROWS", 1), ("CROWD", 1), ("_CROWDS", {})):
        monkeypatch.setattr(duty, name, value)
    orders = [make_order(at) for _n in range(4)]
    day = day_of(kaisa, first=3, at=at)
    accept(orders[1], by=kaisa, at=at)

    again = day_of(kaisa, first=3, at=at)

    assert keys(again, "order") == keys(day, "order") == [one.pk for one in orders[:3]]
    shown = [row.duty for _group, rows in again.rows(again.duties) for row in rows]
    assert [one.key for one in shown if one.kind == "order"] == [orders[0].pk, orders[2].pk]
    first = next(one for one in again.duties if one.kind == "order")
    assert again.after(first).key == orders[2].pk
