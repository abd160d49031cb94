"""What has been said to somebody, or about an order: subject, state and time; the words on a page of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from luukku.notices.models import Letter
from luukku.notices.queries import Fate, fate_of, listed
from luukku.orders.notices import order_of
from luukku.web.counter.frame import tabs
from luukku.web.kit.request import Request

MOST_SHOWN = 50
NOBODY: Mapping[int, str] = {}
COLORS = {
    Fate.FAILED: "danger",
    Fate.BY_POST: "warning",
    Fate.TRIED: "warning",
    Fate.SENT: "success",
    Fate.TOLD: "success",
}


@dataclass(frozen=True)
class LetterRow:
    """One letter as a list shows it."""

    letter: Letter
    fate: Fate
    since: datetime
    code_name: str = ""  # of an expert whose name the page does not tell

    @property
    def color(self) -> str:
        """The colour of the state, which its words say too."""
        return COLORS.get(self.fate, "neutral")


def row_of(letter: Letter, code_name: str = "") -> LetterRow:
    """Return ``letter`` with what has become of it by now."""
    return LetterRow(letter, *fate_of(letter, at=timezone.now()), code_name)


def letter_rows(
    request: Request, letters: QuerySet[Letter], code_names: Mapping[int, str] = NOBODY
) -> dict[str, object]:
    """Return what ``counter/letters/_list.html`` shows; nothing to whoever does not serve at the counter.

    Args:
        code_names: by the keys of their accounts the experts whom the page does not call by name.
    """
    if not request.user.is_counter:
        return {}
    seen = Letter.objects.visible_to(request.user).filter(pk__in=letters.values("pk"))
    newest = list(listed(seen)[: MOST_SHOWN + 1])
    rows = [row_of(one, code_names.get(one.reader_id or 0, "")) for one in newest[:MOST_SHOWN]]
    return {
        "letters": rows,
        "has_older_letters": len(newest) > MOST_SHOWN,
    }


def letter_told(request: Request, letter: Letter) -> HttpResponse:
    """Show what a letter says that nobody at the counter has to tell."""
    context = {
        "row": row_of(letter),
        "letter": letter,
        "order": order_of(letter.about),
        "tabs": tabs(request, "people"),
    }
    return render(request, "counter/letters/letter.html", context)
