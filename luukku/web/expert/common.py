"""What every page of the expert's desk needs."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from luukku.experts.models import Expert


def own_expert(request: HttpRequest) -> Expert:
    """Return the profile of the person behind ``request``."""
    return get_object_or_404(
        Expert.objects.select_related("user", "municipality__county", "background_organisation"),
        user=request.user,
    )


def tabs(current: str) -> list[dict[str, object]]:
    """Return the desk's tabs, ``current`` marked."""
    rows = [
        ("desk", _("Desk")),
        ("calls", _("Open calls")),
        ("tasks", _("My tasks")),
        ("profile", _("My profile")),
    ]
    return [
        {"label": label, "url": reverse(f"expert:{name}"), "is_current": name == current}
        for name, label in rows
    ]
