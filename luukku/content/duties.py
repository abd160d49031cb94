"""What waits for the counter of pages."""

from collections.abc import Collection
from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from luukku.content.queries import rounds_waiting
from luukku.core.compiled import Instant
from luukku.core.duty import Called, DutyKind, Waiting

PAGE = DutyKind(
    "page",
    _("Read a page before it is published"),
    page="wagtailadmin_pages:edit",
    within=timedelta(days=7),
)


@PAGE.finds
def to_be_read(at: Instant) -> Waiting:
    """Pages that wait for a second pair of eyes."""
    return Waiting(rounds_waiting(), since="created_at", pk="page_key")


@PAGE.calls
def titles(keys: Collection[int]) -> dict[int, Called]:
    """The page's title."""
    pages = dict(rounds_waiting().filter(pk__in=keys).values_list("pk", "page_key"))
    named = dict(Page.objects.filter(pk__in=pages.values()).values_list("pk", "title"))
    return {key: Called(named[pk]) for key, pk in pages.items() if pk in named}
