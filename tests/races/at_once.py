"""Doing several things at the same moment, each on its own connection with its own commits."""

import threading
from collections.abc import Callable, Sequence

from django.db import connections
from django.utils import translation

from tests import patience


def at_once(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do every one of ``acts`` in a thread of its own, all let go together.

    Returns what each gave back or raised, in their order.
    """
    outcomes: list[object] = [None] * len(acts)
    gate = threading.Barrier(len(acts))

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            with translation.override("en"):
                for connection in connections.all():
                    connection.ensure_connection()  # so that all really start together
                gate.wait(timeout=patience.SECONDS)
                outcomes[number] = act()
        except Exception as error:
            outcomes[number] = error
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=run, args=(number, act), daemon=True)
        for number, act in enumerate(acts)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=patience.SECONDS)
        assert not thread.is_alive(), "two acts wait for each other"
    return outcomes


def errors(outcomes: Sequence[object]) -> list[type]:
    """Return the kinds of errors among ``outcomes``, by name."""
    kinds = [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)]
    return sorted(kinds, key=lambda kind: kind.__name__)
