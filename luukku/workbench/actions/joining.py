"""Making two organisations one, with all that is theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record_all
from luukku.experts.models import Expert
from luukku.guidance.models import HandOver, Message
from luukku.orders.actions import join_organisation as join_orders
from luukku.organisations.models import Organisation
from luukku.workbench.models import InternalNote


def join_organisation(
    new: Organisation, into: Organisation, *, by: User, at: datetime
) -> Organisation:
    """Let ``into`` have the orders, people, units, experts, questions and notes of ``new``; ``new`` ends.

    Raises:
        PermissionDenied, WrongState, NotJoined: as in ``organisations.actions.join``; nothing has changed.
    """
    with transaction.atomic():
        into = join_orders(new, into, by=by, at=at)
        behind = list(Expert.objects.filter(background_organisation=new).order_by("pk"))
        Expert.objects.filter(background_organisation=new).update(background_organisation=into)
        said = [(expert, {"from": new.pk, "to": into.pk}) for expert in behind]
        record_all("experts.join", by=by, about=said, at=at)
        for model in (HandOver, Message, InternalNote):
            model.objects.filter(organisation=new).update(organisation=into)
    return into
