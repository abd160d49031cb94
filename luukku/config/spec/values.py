"""What the words of a document stand for, and how it is said that they stand for nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, models

from luukku.accounts import actions as accounts
from luukku.assignments import actions as assignments
from luukku.experts import actions as experts
from luukku.feedback import actions as feedback
from luukku.orders import actions as orders
from luukku.organisations.models import Organisation
from luukku.taxonomy.models import Municipality
from luukku.workflow.actions import WrongState

REFUSALS = (
    PermissionDenied, ValidationError, WrongState, DatabaseError, ValueError, ArithmeticError, orders.NotVetted,
    assignments.NotInBank, assignments.OfferedAlready, assignments.NoSeatLeft, assignments.AlreadyBooked,
    assignments.TimeNeeded, assignments.NoTimeSuits, assignments.TooLate, feedback.GivenAlready, feedback.NotDone,
    accounts.EmailTaken, accounts.AlreadyWaiting,
)  # fmt: skip


LONGEST = 300  # characters of a reason


class BadSpec(Exception):
    """The document does not follow the schema, names something that is not there, or asks the impossible."""


@contextmanager
def place(name: str) -> Iterator[None]:
    """Say where in the document something was refused, and why."""
    try:
        yield
    except BadSpec as error:
        raise BadSpec(f"{name}: {error}") from error
    except (experts.Incomplete, orders.Incomplete) as error:
        raise BadSpec(f"{name}: something is missing: {error}") from error
    except REFUSALS as error:
        raise BadSpec(f"{name}: {type(error).__name__}: {sentence(error)}") from error


def sentence(error: object) -> str:
    """Return what was wrong in one line: of the database's words the first, never the row that it shows."""
    told = getattr(
        getattr(getattr(error, "__cause__", None), "diag", None), "message_primary", None
    )
    line = next(iter(str(told or error).strip().splitlines()), "")
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"


def named(things: dict[str, models.Model], key: str, what: str) -> models.Model:
    """Return the ``what`` of the document whose key is ``key``."""
    if key not in things:
        raise BadSpec(f"There is no {what} with the key {key!r} in the document.")
    return things[key]


def coded(model: type[models.Model], code: str) -> models.Model:
    """Return the row of reference data with ``code``."""
    found = model.objects.filter(code=code).first()
    if found is None:
        raise BadSpec(f"There is no {model._meta.verbose_name} with the code {code!r}.")
    return found


def unit(organisation: Organisation, name: str | None) -> models.Model | None:
    """Return the unit of the organisation called ``name``."""
    if not name:
        return None
    found = organisation.units.filter(name=name).first()
    if found is None:
        raise BadSpec(f"{organisation.name} has no unit called {name!r}.")
    return found


def municipality(text: str | None) -> Municipality | None:
    """Find a municipality by code or by Finnish or Swedish name."""
    if not text:
        return None
    called = Municipality.objects.filter(name_fi__iexact=text) | Municipality.objects.filter(
        name_sv__iexact=text
    )
    found = Municipality.objects.filter(code=text).first() or called.order_by("code").first()
    if found is None:
        raise BadSpec(f"There is no municipality called {text!r}.")
    return found


def moment(text: str) -> datetime:
    """Read an instant."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a time: {text!r}") from error
    if moment.tzinfo is None:
        raise BadSpec(f"The time zone is missing: {text!r}")
    return moment


def day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadSpec(f"Not a day: {text!r}") from error


def clock(text: str) -> time:
    """Read a time of day; "24:00", the end of the day, is midnight."""
    try:
        return time.fromisoformat("00:00" if text == "24:00" else text)
    except ValueError as error:
        raise BadSpec(f"Not a time of day: {text!r}") from error
