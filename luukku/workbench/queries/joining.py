"""Which organisations have been made one."""

from __future__ import annotations

from django.db.models import Q

from luukku.accounts.models import User
from luukku.organisations.models import Organisation
from luukku.workbench.models import Joined, JoinedQuerySet

# What is an organisation's, and goes with it when two become one; its people get roles of their own in the other.
# In the order of the locks: what names a unit after the units, experts after orders.
BELONGS = (
    "organisations.Unit.organisation",
    "orders.Order.organisation",
    "experts.Expert.background_organisation",
    "events.Event.organiser",
    "events.Series.organiser",
    "coping.YearlyTalk.organisation",
    "training.PracticeLecture.school",
    "training.ThreadMessage.organisation",
    "training.ThreadDecision.organisation",
    "readiness.Device.organisation",
    "readiness.Loan.lender",
    "guidance.HandOver.organisation",
    "guidance.Message.organisation",
    "workbench.InternalNote.organisation",
)


def joinings_of(organisation: Organisation, *, viewer: User) -> JoinedQuerySet:
    """Return what ``viewer`` may see of the joinings that hold of ``organisation``, the newest first."""
    found = Joined.objects.visible_to(viewer).holding()
    found = found.filter(Q(double=organisation) | Q(into=organisation))
    return found.select_related("double", "into", "by").order_by("-at", "-pk")
