"""How an editor's preview is shown: the surface that shows pages says so itself, content knows no requests."""

from __future__ import annotations

from collections.abc import Callable

_shown_by: list[Callable] = []


def show_previews_by(show: Callable) -> None:
    """Have ``show(page, request, mode)`` answer for previews of pages from now on."""
    _shown_by[:] = [show]


def preview(page: object, *args: object) -> object:
    """Return the surface's answer.

    Raises:
        RuntimeError: no surface has said that it shows pages.
    """
    if not _shown_by:
        raise RuntimeError(
            "No surface shows pages: call previews.show_previews_by in its AppConfig"
        )
    return _shown_by[0](page, *args)
