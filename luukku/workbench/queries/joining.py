"""Which organisations may be made one, and which have been."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.organisations import queries as organisations
from luukku.organisations.models import Organisation
from luukku.workbench.models import Joined, JoinedQuerySet

# What is an organisation's, and goes with it when two become one; its people get roles of their own in the other.
# In the order of the locks: what names a unit after the units, experts after orders.
BELONGS = (
    "organisations.Unit.organisation",
    "orders.Order.organisation",
    "experts.Expert.background_organisation",
    "guidance.HandOver.organisation",
    "guidance.Message.organisation",
    "workbench.InternalNote.organisation",
)
JOINED_ALREADY = _("It has been joined with another already. Take that back first.")


def why_not_joined(double: Organisation, into: Organisation) -> str:
    """Return why ``double`` cannot become one with ``into``, and what helps; "" if it can.

    One that has been joined already may have been opened again: what it was is the other's still.
    """
    if Joined.objects.holding().filter(double=double).exists():
        return str(JOINED_ALREADY)
    return organisations.why_not_joined(double, into)


def joinings_of(organisation: Organisation, *, viewer: User) -> JoinedQuerySet:
    """Return what ``viewer`` may see of the joinings that hold of ``organisation``, the newest first."""
    found = Joined.objects.visible_to(viewer).holding()
    found = found.filter(Q(double=organisation) | Q(into=organisation))
    return found.select_related("double", "into", "by").order_by("-at", "-pk")
