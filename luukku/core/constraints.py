"""Constraints said in the words of the domain."""

from collections.abc import Iterable

from django.db.models import CheckConstraint, Q


def one_of(field: str, values: Iterable[str], *, name: str) -> CheckConstraint:
    """Return the constraint that ``field`` holds one of ``values``."""
    return CheckConstraint(condition=Q(**{f"{field}__in": sorted(values)}), name=name)


def together(*fields: str, name: str) -> CheckConstraint:
    """Return the constraint that ``fields`` are all empty (NULL) or all filled."""
    empty = Q(**{f"{field}__isnull": True for field in fields})
    filled = Q(**{f"{field}__isnull": False for field in fields})
    return CheckConstraint(condition=empty | filled, name=name)


def between(field: str, low: object, high: object, *, name: str) -> CheckConstraint:
    """Return the constraint ``low`` ≤ ``field`` ≤ ``high``; NULL passes."""
    return CheckConstraint(condition=Q(**{f"{field}__gte": low, f"{field}__lte": high}), name=name)
