"""Kinds of duties: known once, found by their app, collected into one queue."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from luukku.core import duty
from luukku.core.duty import DutyKind

AT = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_kinds(monkeypatch):
    monkeypatch.setattr(duty, "KINDS", {})
    monkeypatch.setattr(duty, "_FINDERS", {})


def kind(name="tea", *, within=DAY):
    return DutyKind(name, f"Make {name}", page="counter:order", within=within)


def test_queue_sorts_by_what_is_first_then_by_deadline_then_by_age():
    tea, coffee = kind(), kind("coffee", within=2 * DAY)
    tea.finds(lambda at: [tea.duty(1, "a", since=at), tea.duty(2, "b", since=at - DAY)])
    coffee.finds(
        lambda at: [
            coffee.duty(3, "c", since=at, is_first=True),
            coffee.duty(4, "d", since=at - 3 * DAY, due=at + DAY),
        ]
    )

    assert [one.pk for one in duty.queue(at=AT)] == [3, 2, 4, 1]


@pytest.mark.parametrize(
    "name, found", [("tea", [1]), ("coffee", [2]), ("", [1, 2]), ("?", [1, 2])]
)
def test_queue_holds_one_kind_where_it_is_known(name, found):
    for number, one in enumerate((kind(), kind("coffee")), start=1):
        one.finds(lambda at, one=one, number=number: [one.duty(number, "x", since=at)])

    assert [one.pk for one in duty.queue(at=AT, kind=name)] == found


def test_duty_says_what_is_to_be_done_where_and_when_it_is_late():
    tea = kind()
    tea.finds(lambda at: [])

    one = tea.duty(7, "Green", since=AT)

    assert (str(one.label), one.url) == ("Make tea", reverse("counter:order", args=[7]))
    assert (one.is_late(AT + DAY - timedelta(seconds=1)), one.is_late(AT + DAY)) == (False, True)


def test_two_kinds_of_one_name_are_refused():
    kind().finds(lambda at: [])

    with pytest.raises(ValueError, match="tea"):
        kind().finds(lambda at: [])


def test_what_does_not_wait_is_no_duty():
    with pytest.raises(ValueError, match="tea 1"):
        kind().duty(1, "x", since=None)
