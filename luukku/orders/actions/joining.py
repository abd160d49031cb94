"""An organisation that came a second time, with a guest's order, becomes one with the first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record_all
from luukku.orders.models import Order
from luukku.organisations import actions as organisations
from luukku.organisations.models import Organisation


def join_organisation(
    new: Organisation, into: Organisation, *, by: User, at: datetime
) -> Organisation:
    """Move the orders and people of ``new`` to ``into``, which is the same organisation; ``new`` ends.

    Raises:
        PermissionDenied, WrongState, NotJoined: as in ``organisations.actions.join``.
    """
    with transaction.atomic():
        into = organisations.join(new, into, by=by, at=at)
        orders = list(new.orders.select_for_update(no_key=True).order_by("pk"))
        new.orders.update(organisation=into)
        for unit in new.units.all():  # stayed behind: ``into`` has one of its name
            Order.objects.filter(unit=unit).update(unit=into.units.get(name=unit.name))
        said = [(order, {"from": new.pk, "to": into.pk}) for order in orders]
        record_all("orders.join", by=by, about=said, at=at)
    return into
