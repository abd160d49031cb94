"""Years and quarters."""

from datetime import UTC, date, datetime

import pytest

from luukku.core.periods import Period


@pytest.mark.parametrize(
    ("period", "key", "first", "after", "words"),
    [
        (Period(2026), "2026", date(2026, 1, 1), date(2027, 1, 1), "2026"),
        (Period(2026, 1), "2026-1", date(2026, 1, 1), date(2026, 4, 1), "January–March 2026"),
        (Period(2026, 2), "2026-2", date(2026, 4, 1), date(2026, 7, 1), "April–June 2026"),
        (Period(2026, 4), "2026-4", date(2026, 10, 1), date(2027, 1, 1), "October–December 2026"),
    ],
)
def test_period_is_a_year_or_a_quarter(period, key, first, after, words):
    assert (period.key, period.starts_on, period.ends_on, str(period)) == (key, first, after, words)


def test_period_goes_by_the_clocks_of_helsinki():
    assert Period(2026, 2).starts_at == datetime(2026, 3, 31, 21, tzinfo=UTC)
    assert Period(2026, 2).ends_at == Period(2026, 3).starts_at


def test_period_has_begun_on_its_first_day_and_ended_after_its_last():
    quarter = Period(2026, 3)

    assert [quarter.has_begun(day) for day in (date(2026, 6, 30), date(2026, 7, 1))] == [
        False,
        True,
    ]
    assert [quarter.has_ended(day) for day in (date(2026, 9, 30), date(2026, 10, 1))] == [
        False,
        True,
    ]
