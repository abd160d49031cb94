"""Hours of people: quiet ones, and the one that the clock shows twice."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from luukku.assignments.notices import when
from luukku.core.times import end_of_quiet, which_hour


@pytest.mark.parametrize(
    ("hour", "ends"),
    [(5, (1, 6)), (6, None), (17, None), (18, (2, 6)), (23, (2, 6))],
)
def test_quiet_hours_are_from_eight_in_the_evening_to_eight_in_the_morning(hour, ends):
    found = end_of_quiet(datetime(2026, 12, 1, hour, 0, tzinfo=UTC))

    assert found == (ends and datetime(2026, 12, *ends, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    ("at", "word"),
    [
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), " (kesäaikaa)"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), " (talviaikaa)"),
        (datetime(2026, 10, 24, 23, 59, tzinfo=UTC), ""),
        (datetime(2026, 10, 25, 2, 0, tzinfo=UTC), ""),
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), ""),
    ],
)
def test_the_hour_that_comes_twice_is_said_in_words(at, word):
    with translation.override("fi"):
        assert which_hour(at) == word


def test_task_in_the_doubled_hour_tells_its_beginning_from_its_end():
    with translation.override("fi"):
        said = when(
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
        )

    assert said == "25.10.2026 klo 3.30 (kesäaikaa)–3.30 (talviaikaa)"
