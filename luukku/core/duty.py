"""What waits for a person: each app says in its ``duties.py`` what, until when, and on which page it is done.

The counter's queue collects it. ``luukku.config`` imports the files at start, the lowest app first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.urls import reverse
from django.utils.functional import Promise

MOST_ROWS = 200  # of one kind
END_OF_DAY = time(16)  # of a promise that is made in days


@dataclass(frozen=True)
class Duty:
    """One thing that waits for a person at the counter."""

    kind: str
    title: str
    page: str
    pk: int
    since: datetime
    due: datetime
    is_first: bool = False  # before all others, also those that are late

    @property
    def label(self) -> str | Promise:
        """What is to be done."""
        return KINDS[self.kind].label

    @property
    def tells_wait(self) -> bool:
        """Whether it has waited since ``since``, as far as anybody knows."""
        return KINDS[self.kind].tells_wait

    @property
    def url(self) -> str:
        """Where it is done."""
        return reverse(self.page, args=[self.pk])

    def is_late(self, at: datetime) -> bool:
        """Whether the deadline has passed."""
        return self.due <= at


Finder = Callable[[datetime], Iterable[Duty]]


@dataclass(frozen=True)
class DutyKind:
    """One kind of duty; ``@kind.finds`` marks the function that finds what waits at an instant.

    Attributes:
        name: stable, stands in the queue's address.
        page: the name of the page that does it; takes a key.
        within: how soon it should be done where the duty names no deadline itself.
        tells_wait: False where it may have begun later than ``since``, and nobody knows when.
    """

    name: str
    label: str | Promise
    page: str
    within: timedelta = timedelta(0)
    tells_wait: bool = True

    def finds(self, find: Finder) -> Finder:
        """Make the kind known, found by ``find``.

        Raises:
            ValueError: another kind has the name.
        """
        if self.name in KINDS:
            raise ValueError(f"Two kinds of duties are called {self.name}")
        KINDS[self.name] = self
        _FINDERS[self.name] = find
        return find

    def duty(
        self,
        pk: int,
        title: str,
        *,
        since: datetime | None,
        due: datetime | None = None,
        is_first: bool = False,
    ) -> Duty:
        """Return one duty of the kind.

        Raises:
            ValueError: ``since`` is None: the finder has taken something that does not wait.
        """
        if since is None:
            raise ValueError(f"{self.name} {pk} does not wait")
        return Duty(self.name, title, self.page, pk, since, due or since + self.within, is_first)


KINDS: dict[str, DutyKind] = {}
_FINDERS: dict[str, Finder] = {}


def queue(*, at: datetime, kind: str = "") -> list[Duty]:
    """Return what waits at ``at``, the most urgent deadline first; a query or two for each kind of duty.

    Args:
        kind: only this kind; one that is not known leaves nothing out.
    """
    chosen = [kind] if kind in KINDS else list(KINDS)
    duties = [duty for name in chosen for duty in _FINDERS[name](at)]
    return sorted(duties, key=lambda duty: (not duty.is_first, duty.due, duty.since))
