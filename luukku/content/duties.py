"""What waits for the counter of pages."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from luukku.content.queries import rounds_waiting
from luukku.core.compiled import Instant, once, with_keys
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
    return {key: Called(title) for key, title in _titles(keys=list(keys))}


@once
def _titles() -> QuerySet[Any, Any]:
    page = Page.objects.filter(pk=OuterRef("page_key"))
    return rounds_waiting().filter(with_keys()).values_list("pk", Subquery(page.values("title")))
