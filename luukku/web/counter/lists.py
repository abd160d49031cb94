"""How every list of the counter is shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from luukku.web.counter.frame import tabs
from luukku.web.kit.listing import Listing
from luukku.web.kit.request import Request
from luukku.workbench.queries import saved_filters


def show_list(
    request: Request,
    listing: Listing,
    *,
    empty: str,
    lead: str = "",
    back: tuple[str, str] = ("", ""),
    acts: Sequence[tuple[str, str]] = (),
    on_chosen: Sequence[tuple[str, str]] = (),
    template: str = "counter/list.html",
    **context: Any,
) -> HttpResponse:
    """Show ``listing`` as the address asks for it.

    Args:
        empty: what is said when nothing is found.
        back: the address of the page that leads here, and its words; nothing where the list is a tab of its own.
        acts: pairs of an address and its words, the first one a button.
        on_chosen: the same for what is done to the rows that are ticked; the address gets their keys as ``order``.
    """
    saved = saved_filters(request.user, listing.name)
    listed = listing.read(request)
    context |= {
        "list": listed,
        "saved": [(one, one.query == listed.asked) for one in saved],
        "takes_along": request.user.has_perm("workbench.export"),
        "tabs": tabs(request, listing.under),
        "title": listing.title,
        "empty": empty,
        "lead": lead,
        "back": back,
        "acts": acts,
        "on_chosen": on_chosen,
    }
    return render(request, template, context)
