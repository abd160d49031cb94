"""What many buttons of one page ask alike is looked up once; acts themselves always look anew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

T = TypeVar("T")
Known = dict[Any, Any]
_known: ContextVar[Known | None] = ContextVar("known", default=None)


@contextmanager
def asking_once(known: Known) -> Iterator[None]:
    """Let functions that are ``asked_once`` answer from ``known`` in the block, and add to it."""
    token = _known.set(known)
    try:
        yield
    finally:
        _known.reset(token)


def asked_once(ask: Callable[..., T]) -> Callable[..., T]:
    """Return ``ask`` as a function that inside ``asking_once`` answers the same question once."""

    @wraps(ask)
    def answer(*about: Any) -> T:
        known = _known.get()
        if known is None:
            return ask(*about)
        key = (ask, *about)
        if key not in known:
            known[key] = ask(*about)
        return known[key]

    return answer
