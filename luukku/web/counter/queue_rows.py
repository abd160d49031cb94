"""A row of the queue in words."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from luukku.core.text import tel
from luukku.core.times import helsinki
from luukku.workbench.queries import Row, fitting

WEEKS_FROM = 14  # days; from here on weeks say more


def shown(row: Row, assignee: str, query: str) -> dict[str, object]:
    """Return what stands in a row, in words: a template takes several times as long to find and to format it."""
    duty, called = row.duty, row.called
    starts_at = duty.starts_at and helsinki(duty.starts_at)
    language = get_language()
    return {
        "name": row.name,
        "url": _url(duty.kind, duty.key, language) + query,
        "label": str(duty.label),
        "title": called.title,
        "phone": called.phone,
        "tel": tel(called.phone),
        "whom": called.name,
        "starts": starts_at
        and f"{_day_words(starts_at.date(), language)} {time_format(starts_at, 'G.i')}",
        "due": _day_words(helsinki(duty.due).date(), language),
        "waited": waited(duty.since) if duty.tells_wait else "",
        "assignee": assignee,
        "acts": " ".join(fitting(duty.kind)),
    }


@lru_cache(maxsize=5000)
def _url(kind: str, key: int, _language: str | None) -> str:
    return reverse("counter:queue-open", args=[kind, key])


@lru_cache(maxsize=2000)
def _day_words(day: date, _language: str | None) -> str:
    return date_format(day, "D j.n.")


def waited(since: datetime) -> str:
    """Say how long something has waited, in one unit and never more than it has."""
    now = timezone.now()
    days = max((now - since).days, 0)
    if days == 0:
        is_today = helsinki(since).date() >= helsinki(now).date()
        return _("came today") if is_today else _("came yesterday")
    if days < WEEKS_FROM:
        return ngettext("waited %(n)s day", "waited %(n)s days", days) % {"n": days}
    weeks = days // 7
    return ngettext("waited %(n)s week", "waited %(n)s weeks", weeks) % {"n": weeks}
