"""Which organisations have been made one, and what was the one's."""

from __future__ import annotations

from django.apps import apps
from django.db.models import Q, QuerySet

from luukku.accounts.models import User
from luukku.organisations.models import Organisation
from luukku.workbench.models import Joined, JoinedQuerySet

# What is an organisation's, and goes with it when two become one; its people get roles of their own in the other.
BELONGS = (
    "organisations.Unit.organisation",
    "orders.Order.organisation",
    "experts.Expert.background_organisation",
    "guidance.HandOver.organisation",
    "guidance.Message.organisation",
    "workbench.InternalNote.organisation",
)


def rows_of_organisation(name: str) -> tuple[QuerySet, str]:
    """Return all rows of one of ``BELONGS`` and the field that names the organisation."""
    label, field = name.rsplit(".", 1)
    return apps.get_model(label)._base_manager.all(), field


def keys_of(organisation: Organisation) -> dict[str, list[int]]:
    """Return the keys of all that is the organisation's, by the names of ``BELONGS``."""
    found = {}
    for name in BELONGS:
        rows, field = rows_of_organisation(name)
        mine = rows.filter(**{field: organisation}).order_by("pk")
        found[name] = list(mine.values_list("pk", flat=True))
    return found


def joinings_of(organisation: Organisation, *, viewer: User) -> JoinedQuerySet:
    """Return what ``viewer`` may see of the joinings that hold of ``organisation``, the newest first."""
    found = Joined.objects.visible_to(viewer).holding()
    found = found.filter(Q(new=organisation) | Q(into=organisation))
    return found.select_related("new", "into", "by").order_by("-at", "-pk")
