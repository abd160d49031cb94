"""Values that can be empty in general, but not here."""

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """Return ``value``; the caller says beside it why it is there, mostly by a constraint of the database.

    Raises:
        ValueError: it is not.
    """
    if value is None:
        raise ValueError("A value is missing that must be there.")
    return value
