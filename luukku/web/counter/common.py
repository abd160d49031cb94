"""What every page of the counter needs."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.core.text import clean


def tabs(request: HttpRequest, current: str) -> list[dict[str, object]]:
    """Return the tabs that the person may open, ``current`` marked."""
    rows = []
    if request.user.is_counter:
        rows = [
            ("queue", _("Queue")),
            ("orders", _("Orders")),
            ("experts", _("Experts")),
            ("organisations", _("Organisations")),
            ("people", _("People")),
            ("words", _("Words")),
        ]
    elif request.user.is_admin:
        rows = [("people", _("People"))]
    rows.append(("home", _("Figures")))
    return [
        {"label": label, "url": reverse(f"counter:{name}"), "is_current": name == current}
        for name, label in rows
    ]


def searched(request: HttpRequest) -> str:
    """Return the words that a list is searched by, without what the database refuses."""
    return clean(request.GET.get("q", "")).strip()
