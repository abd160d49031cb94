"""An organisation that came a second time, with a guest's order, becomes one with the first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record_all
from luukku.organisations.actions import add_member
from luukku.organisations.models import Organisation
from luukku.organisations.queries import may_be_same
from luukku.organisations.states import JOIN
from luukku.workflow.actions import moving


def join_organisation(
    new: Organisation, into: Organisation, *, by: User, at: datetime
) -> Organisation:
    """Move the orders and people of ``new``, which nobody has checked, to ``into``; ``new`` ends.

    Its people stand for ``into`` in the same roles from now on and are told so.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: ``new`` has been checked already, or joined.
        ValueError: ``into`` has ended or has neither name nor business ID in common, or ``new`` does more than order.
    """
    with transaction.atomic():
        both = Organisation.objects.filter(pk__in=[new.pk, into.pk]).order_by("pk")
        locked = {one.pk: one for one in both.select_for_update(no_key=True)}
        with moving(new, JOIN, by=by, at=at, data={"into": into.pk}) as new:
            into = locked[into.pk]
            if into not in may_be_same(new):
                raise ValueError(into.pk)
            for member in new.memberships.select_related("user").order_by("pk"):
                add_member(into, member.user, role=member.role, by=by, at=at)
            orders = list(new.orders.select_for_update(no_key=True).order_by("pk"))
            new.orders.update(organisation=into, unit=None)
            said = [(order, {"from": new.pk, "to": into.pk}) for order in orders]
            record_all("orders.join", by=by, about=said, at=at)
    return into
