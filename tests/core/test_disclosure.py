"""What figures may tell."""

from datetime import UTC, date, datetime

import pytest

from luukku.core.disclosure import closed_year, may_tell, share, three_shares, told


@pytest.mark.parametrize(
    ("n", "says"), [(0, "under 10"), (9, "under 10"), (10, "10–19"), (19, "10–19"), (43, "40–49")]
)
def test_count_is_told_in_tens(n, says):
    assert told(n) == says


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (0, "none or very few"),
        (2, "none or very few"),
        (3, "about a quarter"),
        (10, "about half"),
        (15, "about three quarters"),
        (18, "all or nearly all"),
        (20, "all or nearly all"),
    ],
)
def test_share_tells_neither_nobody_nor_everybody(part, says):
    assert share(part, 20) == says


def test_share_of_nothing_is_few():
    assert share(0, 0) == "none or very few"


def test_shares_are_three():
    assert three_shares([5, 4, 4, 3, 1]) == ("about half", "about a quarter", "about a quarter")


@pytest.mark.parametrize("on", [date(2026, 1, 1), date(2026, 11, 29), date(2026, 12, 31)])
def test_year_is_the_last_that_has_ended(on):
    year = closed_year(on)

    assert (str(year), year.starts_at, year.ends_at) == (
        "2025",
        datetime(2024, 12, 31, 22, tzinfo=UTC),
        datetime(2025, 12, 31, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("answers", "people", "may"),
    [
        (10, [5, 5], True),
        (9, [9, 9], False),
        (50, [4, 9], False),
        (50, [9, 4], False),
        (50, [], False),
    ],
)
def test_answers_are_told_of_many_by_many(answers, people, may):
    assert may_tell(answers=answers, people=people) is may
