"""What figures may tell."""

from datetime import UTC, date, datetime

import pytest

from luukku.core.disclosure import closed_quarter, may_tell, share, three_shares, told


@pytest.mark.parametrize(
    ("n", "says"), [(0, "under 10"), (9, "under 10"), (10, "10–19"), (19, "10–19"), (43, "40–49")]
)
def test_count_is_told_in_tens(n, says):
    assert told(n) == says


@pytest.mark.parametrize(
    ("part", "says"),
    [(0, "under 10 %"), (1, "under 10 %"), (2, "10 %"), (11, "50 %"), (21, "over 90 %")],
)
def test_share_tells_neither_nobody_nor_everybody(part, says):
    assert share(part, 21) == says


def test_shares_are_three():
    assert three_shares([5, 4, 4, 3, 1]) == ("60 %", "20 %", "20 %")


@pytest.mark.parametrize(
    ("on", "name", "starts_at", "ends_at"),
    [
        (date(2026, 11, 29), "3/2026", datetime(2026, 6, 30, 21, tzinfo=UTC), datetime(2026, 9, 30, 21, tzinfo=UTC)),
        (date(2026, 10, 1), "3/2026", datetime(2026, 6, 30, 21, tzinfo=UTC), datetime(2026, 9, 30, 21, tzinfo=UTC)),
        (date(2027, 3, 31), "4/2026", datetime(2026, 9, 30, 21, tzinfo=UTC), datetime(2026, 12, 31, 22, tzinfo=UTC)),
        (date(2027, 4, 1), "1/2027", datetime(2026, 12, 31, 22, tzinfo=UTC), datetime(2027, 3, 31, 21, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_quarter_is_the_last_that_has_ended(on, name, starts_at, ends_at):
    quarter = closed_quarter(on)

    assert (str(quarter), quarter.starts_at, quarter.ends_at) == (name, starts_at, ends_at)


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
