"""Two acts that stood in each other's way: the second one may simply be done again, from where things are now."""

import logging
from collections.abc import Callable, Iterator
from typing import TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError
from psycopg.errors import (
    DeadlockDetected,
    ForeignKeyViolation,
    SerializationFailure,
    UniqueViolation,
)

log = logging.getLogger(__name__)
R = TypeVar("R")
# The database ended it for another one's sake; another one has made the same row, or taken one away.
CLASHES = (DeadlockDetected, SerializationFailure, UniqueViolation, ForeignKeyViolation)


def is_clash(error: BaseException) -> bool:
    """Return whether ``error`` is what comes of two acts at once, so that nothing need be wrong with this one.

    An error of ours that was made of the database's counts as that one.
    """
    return isinstance(error, ObjectDoesNotExist) or any(
        isinstance(one, DatabaseError) and isinstance(one.__cause__, CLASHES)
        for one in _causes(error)
    )


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__


def once_more(act: Callable[[], R], *, before: Callable[[], None] = lambda: None) -> R:
    """Return what ``act`` returns; ended by a clash, it is done a second time, after ``before``.

    Args:
        act: safe to repeat: a whole transaction or more, that leaves nothing behind when it fails.

    Raises:
        Exception: what ended it the second time: then it is no matter of two at once.
    """
    try:
        return act()
    except Exception as error:
        if not is_clash(error):
            raise
        # Names only: the words quote rows. Locks taken in a wrong order would be seen nowhere else.
        names = ", ".join(type(one).__name__ for one in _causes(error))
        log.info("Done once more after %s", names)
    before()
    return act()
