"""Years and quarters of the calendar, as figures are told of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from django.utils.translation import gettext as _

from luukku.core.times import instant

MONTHS = 3  # of a quarter


@dataclass(frozen=True, order=True)
class Period:
    """A calendar year, or a ``quarter`` of it from 1 to 4; 0 is the whole year."""

    year: int
    quarter: int = 0

    def __str__(self) -> str:
        if not self.quarter:
            return str(self.year)
        months = {
            1: _("January–March %(year)s"),
            2: _("April–June %(year)s"),
            3: _("July–September %(year)s"),
            4: _("October–December %(year)s"),
        }
        return months[self.quarter] % {"year": self.year}

    @property
    def key(self) -> str:
        """The period as it stands in an address: "2026", "2026-3"."""
        return f"{self.year}-{self.quarter}" if self.quarter else str(self.year)

    @property
    def starts_on(self) -> date:
        """The first day."""
        return date(self.year, (self.quarter - 1) * MONTHS + 1 if self.quarter else 1, 1)

    @property
    def ends_on(self) -> date:
        """The first day after it."""
        if self.quarter in {0, 4}:
            return date(self.year + 1, 1, 1)
        return date(self.year, self.quarter * MONTHS + 1, 1)

    @property
    def starts_at(self) -> datetime:
        """The first instant."""
        return instant(self.starts_on, time())

    @property
    def ends_at(self) -> datetime:
        """The first instant after it."""
        return instant(self.ends_on, time())

    def has_ended(self, on: date) -> bool:
        """Return whether it is over ``on`` a day."""
        return self.ends_on <= on

    def has_begun(self, on: date) -> bool:
        """Return whether it has begun ``on`` a day."""
        return self.starts_on <= on
