"""The last part of a page's address: made from its title, free among its neighbours and of the program's own."""

from __future__ import annotations

from itertools import chain, count

from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.text import slugify
from wagtail.models import Page

LONGEST = 60  # characters; a longer title is cut


def folded(title: str) -> str:
    """Return ``title`` as a part of an address: small letters without dots, words joined by hyphens."""
    return slugify(title or "")


def free_slug(
    title: str, parent: Page, *, page: Page | None = None, otherwise: str = "page"
) -> str:
    """Return the first free name below ``parent`` for a page called ``title``.

    Args:
        page: the page that gets it; its own present name counts as free.
        otherwise: the name where the title has no letter that an address can hold.
    """
    siblings = Page.objects.child_of(parent)
    if page is not None and page.pk:
        siblings = siblings.exclude(pk=page.pk)
    taken = set(siblings.values_list("slug", flat=True))
    base = folded(title)[:LONGEST].strip("-") or otherwise
    return next(
        slug
        for slug in chain([base], (f"{base}-{n}" for n in count(2)))
        if slug not in taken and not is_programs(slug, parent)
    )


def is_programs(slug: str, parent: Page) -> bool:
    """Return whether the program itself answers at ``slug`` below ``parent``, so that no page would be read there."""
    if slug == "easy":  # easy Finnish of the page above
        return True
    language = parent.url_path.strip("/").partition("/")[0]
    with translation.override(language):
        try:
            return resolve(f"{parent.url_path}{slug}/").url_name != "wagtail_serve"
        except Resolver404:
            return False
