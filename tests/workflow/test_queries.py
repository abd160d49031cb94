"""Whether anything has changed: what commits is told, what does not is not."""

import pytest
from django.db import connection, transaction

from luukku.taxonomy.models import TaskType
from luukku.workflow.models import Change
from luukku.workflow.queries import change_token
from tests.races.at_once import at_once

committing = pytest.mark.django_db(transaction=True)
pytestmark = pytest.mark.slow


def touch():
    """Write to the vocabulary without changing what it says."""
    TaskType.objects.filter(code="talk").update(is_active=True)


@committing
def test_stamp_is_another_one_after_each_commit_of_its_topic(django_assert_num_queries):
    seen = [change_token("taxonomy", "calls")]
    other = change_token("content")
    for _n in range(3):
        touch()
        seen.append(change_token("taxonomy", "calls"))

    with django_assert_num_queries(1):
        assert change_token("taxonomy", "calls") == seen[-1]
    assert len(set(seen)) == 4
    assert change_token("content") == other
    assert Change.objects.filter(topic="taxonomy").count() == 1
    assert str(Change.objects.get(topic="taxonomy")) == "taxonomy"


@committing
def test_stamp_is_not_for_who_has_written_and_not_committed():
    with transaction.atomic():
        assert change_token("taxonomy") is not None
        touch()
        touch()
        assert change_token("taxonomy") is None
        assert Change.objects.filter(topic="taxonomy").count() == 1


@committing
def test_what_is_taken_back_to_a_savepoint_is_noted_when_it_is_done_again():
    before = change_token("taxonomy")
    with transaction.atomic():
        with transaction.atomic():
            touch()
            transaction.set_rollback(True)
        touch()

    assert change_token("taxonomy") != before


@committing
def test_writers_do_not_wait_and_each_commit_is_seen_whichever_comes_first():
    touch()  # a row that both would take away
    mine, seen = connection, []

    with transaction.atomic():
        TaskType.objects.filter(code="talk").update(is_active=True)

        def another():
            with transaction.atomic():
                TaskType.objects.filter(code="pair_work").update(is_active=True)
            seen.append(change_token("taxonomy"))

        assert at_once([another]) == [None]
    seen.append(change_token("taxonomy"))

    assert mine.in_atomic_block is False
    assert len(set(seen)) == 2
    assert Change.objects.filter(topic="taxonomy").count() == 2
    touch()
    assert Change.objects.filter(topic="taxonomy").count() == 1
