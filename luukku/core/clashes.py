"""Two transactions that stood in each other's way: the database ended one, which may simply be done again."""

from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError
from psycopg.errors import DeadlockDetected, SerializationFailure

R = TypeVar("R")


def is_clash(error: BaseException) -> bool:
    """Return whether the database ended the transaction for another one's sake, and nothing is wrong with it."""
    return isinstance(error, OperationalError) and isinstance(
        error.__cause__, (DeadlockDetected, SerializationFailure)
    )


def once_more(act: Callable[[], R], *, before: Callable[[], None] = lambda: None) -> R:
    """Return what ``act`` returns; ended by a clash, it is done a second time, after ``before``.

    Args:
        act: safe to repeat: a whole transaction or more, that leaves nothing behind when it fails.

    Raises:
        OperationalError: it clashed twice.
    """
    try:
        return act()
    except OperationalError as error:
        if not is_clash(error):
            raise
    before()
    return act()
