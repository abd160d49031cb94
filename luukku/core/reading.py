"""Who is shown what of whom while one request is answered.

Personal fields report their readings here (``audit.reading`` puts the reporters in place); the web opens a
collector before the answer is made and has it written down before the answer leaves.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache

from django.db.models import Model

NOTHING: frozenset[str] = frozenset()


@dataclass
class Readings:
    """What has been read so far: by object, the names of the fields.

    Attributes:
        reader_id: whom a signed link or a calendar's address stands for; None when there was none.
        is_nameless: the page asks for no name, and nobody is to be written down as its reader.
    """

    reader_id: int | None = None
    is_nameless: bool = False
    seen: dict[tuple[type[Model], int], frozenset[str]] = field(default_factory=dict)


_open: ContextVar[Readings | None] = ContextVar("readings", default=None)


@contextmanager
def collecting() -> Iterator[Readings]:
    """Collect every reading until the end of the block."""
    readings = Readings()
    token = _open.set(readings)
    try:
        yield readings
    finally:
        _open.reset(token)


@contextmanager
def unseen() -> Iterator[None]:
    """Read what decides something and is shown to nobody: nothing of it is collected."""
    token = _open.set(None)
    try:
        yield
    finally:
        _open.reset(token)


def is_collecting() -> bool:
    """Return whether what is read now is shown to somebody."""
    return _open.get() is not None


def report(model: type[Model], key: int, name: str) -> None:
    """Add that the field ``name`` of the object ``key`` has been read."""
    if (readings := _open.get()) is not None:
        readings.seen[model, key] = _with(readings.seen.get((model, key), NOTHING), name)


@cache
def _with(names: frozenset[str], name: str) -> frozenset[str]:
    """Return ``names`` with ``name``, sharing one set between objects with the same readings."""
    return names | {name}


def read_without_name() -> None:
    """Say that the page asks nobody's name: not even who is signed in is written down as its reader."""
    if (readings := _open.get()) is not None:
        readings.is_nameless = True


def read_by(person_id: int) -> None:
    """Set the person whose link or key opened the page; a signed-in user takes precedence."""
    if (readings := _open.get()) is not None:
        readings.reader_id = person_id
