"""A month is known by its name in each language, and a person's name is not a month."""

import pytest

from luukku.core.times import month_in


@pytest.mark.parametrize(
    ("word", "month"),
    [
        ("tammikuu", 1), ("Tammikuussa", 1), ("januari", 1), ("May", 5), ("maj", 5), ("mars", 3), ("december", 12),
        ("Majander", None), ("Mayra", None), ("Marsala", None), ("Hiltunen", None), ("", None),
    ],
)  # fmt: skip
def test_month_in_knows_months_and_no_names(word, month):
    assert month_in(word) == month
