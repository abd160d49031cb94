"""Previews are shown by the surface that shows pages; content only asks it."""

import pytest

from luukku.content import previews
from luukku.content.models import ArticlePage


@pytest.fixture(autouse=True)
def no_surface(monkeypatch):
    monkeypatch.setattr(previews, "_shown_by", [])


def test_preview_is_answered_by_the_surface_that_shows_pages():
    previews.show_previews_by(lambda page, request, mode: (page.title, request, mode))

    assert ArticlePage(title="Uutta").serve_preview("request", "easy") == (
        "Uutta",
        "request",
        "easy",
    )


def test_the_last_surface_to_say_so_shows_previews():
    previews.show_previews_by(lambda *_given: "first")
    previews.show_previews_by(lambda *_given: "second")

    assert ArticlePage(title="Uutta").serve_preview("request", "") == "second"


def test_preview_without_a_surface_says_what_is_missing():
    with pytest.raises(RuntimeError, match="show_previews_by"):
        ArticlePage(title="Uutta").serve_preview("request", "")
