"""Following Wagtail's own signals about pages."""

from __future__ import annotations

from django.db.models.signals import post_delete
from wagtail.models import Page
from wagtail.signals import page_published, page_slug_changed, page_unpublished, post_page_move

from luukku.search import actions


def listen() -> None:
    """Keep the index true to what is published."""
    page_published.connect(_changed, dispatch_uid="search.published")
    page_unpublished.connect(_changed, dispatch_uid="search.unpublished")
    page_slug_changed.connect(_moved, dispatch_uid="search.slug")
    post_page_move.connect(_moved, dispatch_uid="search.moved")
    post_delete.connect(_deleted, sender=Page, dispatch_uid="search.deleted")


def _changed(*, instance: Page, **_kwargs: object) -> None:
    actions.index_page(instance)


def _moved(*, instance: Page, **_kwargs: object) -> None:
    """Addresses of the page and of all below it have changed."""
    for page in instance.get_descendants(inclusive=True).specific().order_by("path"):
        actions.index_page(page)


def _deleted(*, instance: Page, **_kwargs: object) -> None:
    actions.forget_page(instance)
