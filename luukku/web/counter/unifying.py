"""What the pages have in common that make two accounts, or two organisations, one and two again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from luukku.web.counter.frame import counter_act, tabs
from luukku.web.kit.confirm import ask_first
from luukku.web.kit.redirects import see_other
from luukku.web.kit.request import Request
from luukku.workbench.models import Joined, Merged


def day_of(row: Joined | Merged) -> str:
    """Return the day when the two became one."""
    return date_format(timezone.localtime(row.at), "SHORT_DATE_FORMAT")


def take_back_page(
    request: Request,
    act: Callable[..., Any],
    row: Joined | Merged,
    *,
    title: str,
    lead: str,
    follows: Iterable[str],
    done: str,
    home: str,
    tab: str,
) -> HttpResponse:
    """Make the two two again, once it has been said what follows.

    Args:
        home: the name of the page of one of the two.
        tab: whose tab that is.
    """
    into = row.into_id
    if row.taken_back_at is not None:
        day = date_format(timezone.localtime(row.taken_back_at), "SHORT_DATE_FORMAT")
        messages.info(request, _("This was taken back on %(day)s. They are two.") % {"day": day})
        return see_other(home, row.double_id)
    return counter_act(
        request,
        act,
        row,
        page=lambda _status: ask_first(
            request,
            tabs(request, tab),
            title=title,
            lead=lead,
            follows=follows,
            label=_("Make them two"),
            back=reverse(home, args=[into]),
            keep=_("Keep them as one"),
        ),
        done=done,
        to=see_other(home, row.double_id),
        back=see_other(home, into),
    )
