"""Taking a list along in a file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused

MOST_EXPORTED = 20_000  # rows; more is a copy of the register, not a list somebody works from


class TooManyRows(Refused):
    """The list is too long for a file."""

    words = _("A file holds at most 20,000 rows. Narrow the list first.")


def export(
    listing: str, *, rows: int, kind: str, filters: Mapping[str, str], by: User, at: datetime
) -> None:
    """Remember that ``by`` takes ``rows`` rows of the list called ``listing`` along in a file.

    Args:
        kind: of the file, "csv" or "xlsx".
        filters: what the list was narrowed by: keys, numbers and days, never words that somebody typed.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.export``.
        TooManyRows: there are more than ``MOST_EXPORTED``.
    """
    if not by.has_perm("workbench.export"):
        raise PermissionDenied("workbench.export")
    if rows > MOST_EXPORTED:
        raise TooManyRows
    data = {"list": listing, "rows": rows, "kind": kind, "filters": dict(filters)}
    record("workbench.export", by=by, about=by, at=at, data=data)
