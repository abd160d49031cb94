"""One way to make pages of rows: a list says what it is in one declaration, and nobody cuts rows by hand."""

import re
from pathlib import Path

WEB = Path(__file__).resolve().parents[2] / "luukku/web"
BY_HAND = re.compile(r"\bPaginator\b|\bget_page\(")
MAY = {
    "kit/listing.py",
    "ui/gallery.py",
}  # the one place; the gallery shows its parts on made-up pages


def test_views_make_pages_by_a_listing_or_by_paged():
    by_hand = {
        str(file.relative_to(WEB)) for file in WEB.rglob("*.py") if BY_HAND.search(file.read_text())
    }

    assert sorted(by_hand - MAY) == [], (
        "Declare a Listing (web/kit/listing.py), or take paged(request, rows) where nothing is narrowed."
    )
