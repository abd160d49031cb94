"""What goes into the log: faults whole, the ordinary in one line, nobody's data.

A path may hold a key or a token, an error of the database the row that it refused.
"""

import logging
import re
import time

from luukku.config.away import is_away

AWAY_SECONDS = 60
# What PostgreSQL adds to an error: "Key (email)=(somebody@…) already exists", "Failing row contains (…)".
_DETAIL = re.compile(r"^(DETAIL|CONTEXT|LINE \d+):.*\n?(^\s*\^\s*\n?)?", re.M)


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
        path = getattr(request, "path", None)  # runserver gives a socket
        if path is None:
            return
        told = place(request)
        if isinstance(record.args, tuple):
            record.args = tuple(told if arg == path else arg for arg in record.args)
        if getattr(record, "status_code", 500) < 500:
            record.exc_info = record.exc_text = None


def place(request: object) -> str:
    """Return where ``request`` went without the keys and tokens in its path."""
    match = getattr(request, "resolver_match", None)
    if match is not None:
        return f"/{match.route}"
    room = [part for part in request.path.split("/") if part][:2]
    return "/".join(["", *(part for part in room if part.isalpha()), "…"])


class Plain(logging.Formatter):
    """One line, then the traceback without the row that the database refused."""

    def formatException(self, exc_info: tuple) -> str:  # noqa: N802 -- logging's name
        """Return the traceback; what the database quoted of a row is left out."""
        return _DETAIL.sub("", super().formatException(exc_info))
