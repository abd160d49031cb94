from datetime import timedelta

import pytest

from luukku.workflow.actions import count_try, forget_tallies, uncount_try
from luukku.workflow.models import Tally

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def test_count_try_counts_from_the_first_try_for_the_whole_window(at):
    counts = [count_try("x", window=HOUR, at=at + timedelta(minutes=n)) for n in (0, 59, 60)]

    assert counts == [1, 2, 1]


def test_count_try_keeps_no_word_of_what_was_tried(at):
    count_try("password:aino@example.test", window=HOUR, at=at)

    assert "aino" not in Tally.objects.get().mark


def test_uncount_try_takes_one_back_and_never_below_none(at):
    count_try("x", window=HOUR, at=at)

    for _n in range(2):
        uncount_try("x")

    assert count_try("x", window=HOUR, at=at) == 1


def test_forget_tallies_leaves_the_windows_that_are_open(at):
    count_try("over", window=HOUR, at=at)
    count_try("open", window=HOUR, at=at + timedelta(minutes=1))

    assert forget_tallies(at=at + HOUR) == 1
    assert Tally.objects.count() == 1
