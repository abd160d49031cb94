"""What the database ended for another transaction's sake is done once more, and only that."""

import pytest
from django.db import DatabaseError, IntegrityError, OperationalError
from django_tasks import task
from psycopg.errors import (
    CheckViolation,
    DeadlockDetected,
    ForeignKeyViolation,
    NotNullViolation,
    SerializationFailure,
    UniqueViolation,
)

from luukku.accounts.actions import EmailTaken
from luukku.accounts.models import User
from luukku.core.clashes import is_clash, once_more


def clash(cause=DeadlockDetected, kind=OperationalError):
    error = kind("deadlock detected")
    error.__cause__ = cause()
    return error


def taken():
    """An error of ours, made of the database's."""
    error = EmailTaken()
    error.__cause__ = clash(UniqueViolation, IntegrityError)
    return error


def failing(*failures):
    """An act that fails like that, then returns how often it was done."""
    left, count = list(failures), []

    def act():
        count.append(1)
        if left:
            raise left.pop(0)
        return len(count)

    return act


_work = failing()


@task()
def clashing_work():
    return _work()


@pytest.mark.parametrize("cause", [DeadlockDetected, SerializationFailure])
def test_a_clash_is_done_once_more(cause):
    assert once_more(failing(clash(cause))) == 2


def test_what_is_done_once_more_is_in_the_log_without_what_the_database_quotes(caplog):
    with caplog.at_level("INFO"):
        once_more(failing(clash()))

    assert caplog.messages == ["Done once more after OperationalError, DeadlockDetected"]


@pytest.mark.parametrize(
    "error",
    [
        clash(UniqueViolation, IntegrityError),
        clash(ForeignKeyViolation, IntegrityError),
        taken(),
        User.DoesNotExist(),
    ],
)
def test_a_row_that_another_one_made_or_deleted_meanwhile_is_a_clash(error):
    assert once_more(failing(error)) == 2


def test_what_goes_well_is_done_once():
    assert once_more(failing()) == 1


def test_two_clashes_are_an_error():
    with pytest.raises(OperationalError):
        once_more(failing(clash(), clash()))


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("away"),
        IntegrityError(),
        DatabaseError(),
        clash(CheckViolation, IntegrityError),
        clash(NotNullViolation, IntegrityError),
        EmailTaken(),
    ],
)
def test_other_errors_are_errors_at_once(error):
    assert not is_clash(error)
    with pytest.raises(type(error)):
        once_more(failing(error))


def test_work_of_the_worker_that_clashed_is_done_once_more(monkeypatch):
    monkeypatch.setattr(__name__ + "._work", failing(clash()))

    assert clashing_work.call() == 2
