"""The queue as a day's work: what is cut, and whose it is."""

import pytest

from luukku.core import duty
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


def test_what_is_ones_own_is_shown_beyond_the_most_urgent(at, kaisa, monkeypatch):
    orders = [make_order(at) for _n in range(4)]
    actions.take([("order", orders[3].pk)], by=kaisa, at=at)
    monkeypatch.setattr(duty, "MOST_ROWS", 2)

    day = day_of(kaisa, at=at)

    assert keys(day, "order") == [orders[0].pk, orders[1].pk, orders[3].pk]
    (tally,) = [one for one in day.kinds if one.value == "order"]
    assert (tally.number, tally.has_more) == (3, True)


def test_nothing_is_added_to_a_cut_kind_of_which_nothing_is_ones_own(at, kaisa, monkeypatch):
    orders = [make_order(at) for _n in range(3)]
    monkeypatch.setattr(duty, "MOST_ROWS", 2)

    assert keys(day_of(kaisa, at=at), "order") == [one.pk for one in orders[:2]]


def test_question_belongs_to_whom_its_own_page_names(at, kaisa):
    mine, nobodys = make_question(at), make_question(at)
    actions.assign([("question", mine.pk)], to=kaisa, by=kaisa, at=at)

    def shown(whose):
        return keys(day_of(kaisa, kind="question", whose_rows=whose, at=at), "question")

    assert (shown("mine"), shown("nobodys")) == ([mine.pk], [nobodys.pk])
