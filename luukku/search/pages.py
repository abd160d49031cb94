"""Where search meets content pages: one function of ``content``, called when a page changes."""

from __future__ import annotations

import importlib
from importlib.util import find_spec

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from luukku.search import actions


def searchable() -> actions.Searchable | None:
    """Return ``content.queries.searchable``; None as long as there is none."""
    if find_spec("luukku.content.queries") is None:
        return None
    return getattr(importlib.import_module("luukku.content.queries"), "searchable", None)


def listen() -> None:
    """Follow Wagtail's own signals about pages."""
    page_published.connect(_changed, dispatch_uid="search.published")
    page_unpublished.connect(_changed, dispatch_uid="search.unpublished")
    page_slug_changed.connect(_moved, dispatch_uid="search.slug")
    post_page_move.connect(_moved, dispatch_uid="search.moved")
    post_delete.connect(_deleted, sender=Page, dispatch_uid="search.deleted")


def _changed(*, instance: Page, **_kwargs: object) -> None:
    found = searchable()
    if found is not None:
        actions.index_page(instance, searchable=found)


def _moved(*, instance: Page, **_kwargs: object) -> None:
    """Addresses of the page and of all below it have changed."""
    found = searchable()
    if found is not None:
        for page in instance.get_descendants(inclusive=True).specific().order_by("path"):
            actions.index_page(page, searchable=found)


def _deleted(*, instance: Page, **_kwargs: object) -> None:
    actions.forget_page(instance)
