"""Asking before an act that binds somebody, reveals something or cannot be taken back.

The act's address shows the question when it is opened and does the act when the question is answered, so every
button that leads here is a link. ``docs/reference/binding-acts.md`` lists which acts ask and why others do not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import formats

from luukku.accounts.models import User
from luukku.web.kit.acts import status_of


def question(
    *,
    title: str,
    lead: str,
    follows: Iterable[str],
    label: str,
    back: str,
    keep: str,
    form: BaseForm | None = None,
    people: Sequence[User] = (),
    no_calls: Collection[int] = (),
    is_end: bool = True,
    calls_counter: bool = False,
) -> dict[str, object]:
    """Return what ``ui/confirm.html`` shows.

    Args:
        lead: whom and what it concerns, and when.
        follows: what is true afterwards, a sentence each.
        label: the act; ``keep``: the words of the way back to ``back``.
        people: who may be called first.
        no_calls: the keys of those of them who have not said yes to calls.
        is_end: something ends or is lost by the act.
        calls_counter: tell the reader how to call the counter first.
    """
    return {
        "title": title,
        "lead": lead,
        "follows": [line for line in follows if line],
        "label": label,
        "back": back,
        "keep": keep,
        "form": form,
        "people": people,
        "no_calls": no_calls,
        "variant": "danger" if is_end else "primary",
        "calls_counter": calls_counter,
        "base": "ui/desk.html",
    }


def ask_first(request: HttpRequest, tabs: list[dict[str, object]], **asked: Any) -> HttpResponse:
    """Show the ``question`` on a desk; 422 when it comes back with errors."""
    status = status_of(request)
    context = question(**asked) | {"tabs": tabs}
    return render(request, "ui/confirm.html", context, status=status)


def day_of(day: date) -> str:
    """Return ``day`` as a question names it."""
    return formats.date_format(day, "SHORT_DATE_FORMAT")
