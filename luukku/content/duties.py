"""What waits for the counter of pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.content.queries import waiting_to_be_read
from luukku.core.duty import MOST_ROWS, Duty, DutyKind

PAGE = DutyKind(
    "page",
    _("Read a page before it is published"),
    page="wagtailadmin_pages:edit",
    within=timedelta(days=7),
)


@PAGE.finds
def to_be_read(at: datetime) -> Iterator[Duty]:
    """Pages that wait for a second pair of eyes."""
    return (
        PAGE.duty(row.page.pk, row.page.title, since=row.since)
        for row in waiting_to_be_read(MOST_ROWS)
    )
