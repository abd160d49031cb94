"""What every page of the expert's desk needs."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.experts.models import Expert
from luukku.web.kit.request import Request


def own_expert(request: Request) -> Expert:
    """Return the profile of the person behind ``request``."""
    return get_object_or_404(
        Expert.objects.of(request.user).select_related(
            "user", "municipality__county", "background_organisation", "responsible_person"
        )
    )


def tabs(current: str) -> list[dict[str, object]]:
    """Return the desk's tabs, ``current`` marked."""
    rows = [
        ("desk", _("Desk")),
        ("offers", _("Offers to me")),
        ("calls", _("Open calls")),
        ("tasks", _("My tasks")),
        ("calendar", _("Calendar")),
        ("profile", _("My profile")),
        ("settings", _("Settings")),
    ]
    return [
        {"label": label, "url": reverse(f"expert:{name}"), "is_current": name == current}
        for name, label in rows
    ]


def show(
    request: Request, template: str, current: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """Render a page of this desk under the tab ``current``."""
    return render(request, template, context | {"tabs": tabs(current)}, status=status)
