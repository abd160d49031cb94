"""Soft warnings about a time: very soon, night, weekend, holiday, very long; nothing of it is refused."""

from datetime import date, time, timedelta

import pytest

from luukku.core.times import instant
from luukku.orders.odd import odd_about

SOON = "It is very soon: experts have little time to answer."
NIGHT = "A part of it is at night."
WEEKEND = "It is on a weekend."
HOLIDAY = "It is on a public holiday."
LONG = "It lasts very long. Check the times."


@pytest.mark.parametrize(
    ("day", "starts", "ends", "expected"),
    [
        (date(2027, 1, 13), time(9), time(11), []),
        (date(2027, 1, 13), time(6), time(14), []),
        (date(2027, 1, 13), time(20), time(22), []),
        (date(2026, 12, 3), time(9), time(11), [SOON]),
        (date(2027, 1, 13), time(20), time(22, 1), [NIGHT]),
        (date(2027, 1, 13), time(5, 59), time(7), [NIGHT]),
        (date(2027, 1, 13), time(23), time(1), [NIGHT]),
        (date(2027, 1, 13), time(20), time(0), [NIGHT]),
        (date(2027, 1, 16), time(9), time(11), [WEEKEND]),
        (date(2027, 1, 15), time(22), time(1), [NIGHT, WEEKEND]),
        (date(2027, 1, 6), time(9), time(11), [HOLIDAY]),
        (date(2027, 1, 1), time(3), time(22, 30), [NIGHT, HOLIDAY, LONG]),
    ],
)
def test_odd_about_a_time(at, day, starts, ends, expected):
    last = day + timedelta(days=ends <= starts)

    words = odd_about(instant(day, starts), instant(last, ends), at=at)

    assert [str(line) for line in words] == expected
