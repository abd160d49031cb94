"""Making two organisations one, with all that is theirs."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from luukku.accounts.models import User
from luukku.audit.actions import record_all
from luukku.experts.models import Expert
from luukku.guidance.models import HandOver, Message
from luukku.orders.actions import join_organisation as join_orders
from luukku.organisations.models import Membership, Organisation
from luukku.workbench.models import InternalNote, Merged

MEMBERSHIPS = "organisations.Membership.user"  # in ``moved`` of a merge


def join_organisation(
    new: Organisation, into: Organisation, *, by: User, at: datetime
) -> Organisation:
    """Let ``into`` have the orders, people, units, experts, questions and notes of ``new``; ``new`` ends.

    Raises:
        PermissionDenied, WrongState, NotJoined: as in ``organisations.actions.join``; nothing has changed.
    """
    with transaction.atomic():
        had = list(into.memberships.values_list("pk", flat=True))
        into = join_orders(new, into, by=by, at=at)
        came = into.memberships.exclude(pk__in=had)
        _let_return(came, new)
        behind = list(Expert.objects.filter(background_organisation=new).order_by("pk"))
        Expert.objects.filter(background_organisation=new).update(background_organisation=into)
        said = [(expert, {"from": new.pk, "to": into.pk}) for expert in behind]
        record_all("experts.join", by=by, about=said, at=at)
        for model in (HandOver, Message, InternalNote):
            model.objects.filter(organisation=new).update(organisation=into)
    return into


def _let_return(came: QuerySet[Membership], new: Organisation) -> None:
    """Let what came of a membership of ``new`` that a merge of accounts had moved go back with it."""
    people = came.values("user")
    for merged in Merged.objects.holding().filter(into__in=people).order_by("pk"):
        was = new.memberships.filter(pk__in=merged.moved[MEMBERSHIPS])
        its = came.filter(user=merged.into_id, role__in=was.values("role"))
        merged.moved[MEMBERSHIPS] += its.order_by("pk").values_list("pk", flat=True)
        merged.save(update_fields=["moved"])
