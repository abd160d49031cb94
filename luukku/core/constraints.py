"""Constraints said in the words of the domain."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField
from django.db import IntegrityError, transaction
from django.db.models import CheckConstraint, Func, Q, Value

from luukku.core.refused import Refused


@contextmanager
def refused_as(refusals: Mapping[str, Refused]) -> Iterator[None]:
    """Tell what the database refuses in the words of the domain; the transaction around goes on.

    Args:
        refusals: by the name of a constraint what it means.

    Raises:
        Refused: that of the constraint that was broken.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        for name, refusal in refusals.items():
            if name in str(error):
                raise refusal from error
        raise


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


class TsTzRange(Func):
    """The stretch of time from one instant until another, the end left out."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


class DaySpan(Func):
    """The days from the first until the last one, both of them included."""

    function = "DATERANGE"
    output_field = DateRangeField()

    def __init__(self, first: str, last: str) -> None:
        super().__init__(first, last, Value("[]"))
