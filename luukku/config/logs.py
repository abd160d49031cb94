"""What goes into the log: faults whole, the ordinary in one line, nobody's data.

A path may hold a key or a token, an error of the database the row that it refused.
"""

import logging
import time
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db.utils import Error

from luukku.config.away import is_away

AWAY_SECONDS = 60


class Once:
    """Says yes once in ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.last: float | None = None

    def __call__(self) -> bool:
        """Return whether it is time again."""
        now = time.monotonic()
        if self.last is not None and now - self.last < self.seconds:
            return False
        self.last = now
        return True


class Tidy(logging.Filter):
    """Keeps a line to a line: no traceback of what we answered kindly, one a minute of a database that is away."""

    def __init__(self) -> None:
        super().__init__()
        self.is_time = Once(AWAY_SECONDS)

    def filter(self, record: logging.LogRecord) -> bool:
        """Tidy ``record``; return whether it is written at all."""
        error = record.exc_info[1] if record.exc_info else None
        if is_away(error):
            if not self.is_time():
                return False
            record.msg, record.args = "The database does not answer (%s).", (type(error).__name__,)
            record.exc_info = record.exc_text = None
            return True
        request = getattr(record, "request", None)
        if request is not None:
            self._tidy(record, request)
        return True

    @staticmethod
    def _tidy(record: logging.LogRecord, request: object) -> None:
        if not hasattr(request, "path"):  # runserver gives a socket
            return
        told = place(request)
        if isinstance(record.args, tuple):
            record.args = tuple(told if _is_path(arg) else arg for arg in record.args)
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None


def _is_path(arg: object) -> bool:
    """Return whether ``arg`` is an address, however it has been escaped on its way here."""
    return isinstance(arg, str) and arg.startswith("/")


def place(request: Any) -> str:
    """Return where ``request`` went without the keys and tokens in its path."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return f"/{match.route}"
    room = [part for part in request.path.split("/") if part][:2]
    return "/".join(["", *(part for part in room if part.isalpha()), "…"])


class Plain(logging.Formatter):
    """One line, then the traceback without the row that the database refused."""

    def formatException(self, exc_info: tuple) -> str:  # noqa: N802 -- logging's name
        """Return the traceback; of the database's words only the sentence that says what was wrong."""
        text = super().formatException(exc_info)
        for error in _chain(exc_info[1]):
            if isinstance(error, Error | psycopg.Error) and str(error):
                text = text.replace(str(error), _sentence(error))
        return text


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """Walk through ``error`` and all that led to it."""
    seen: list[BaseException] = []
    ahead = [error]
    while ahead:
        error = ahead.pop()
        if error is not None and error not in seen:
            seen.append(error)
            ahead += [error.__cause__, error.__context__]
    yield from seen


def _sentence(error: BaseException) -> str:
    """Return what was wrong without the rest, which quotes the row: its values may have as many lines as they like."""
    diag = getattr(error, "diag", None) or getattr(error.__cause__, "diag", None)
    said = getattr(diag, "message_primary", None) or str(error)
    return next(iter(said.splitlines()), "")
