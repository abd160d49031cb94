"""Making two organisations one, with all that is theirs, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.common import lock_experts, lock_orders
from luukku.audit.actions import record, record_all
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.orders.models import Order
from luukku.orders.states import LED_STATES
from luukku.organisations import actions as organisations
from luukku.organisations.models import MemberRole, Membership, Organisation, Unit
from luukku.workbench.actions.unifying import lock_holding, note_taken_back, point
from luukku.workbench.models import Joined, Merged
from luukku.workbench.queries.joining import BELONGS
from luukku.workbench.queries.unifying import rows_named

MEMBERSHIPS = "organisations.Membership.user"  # in ``moved`` of a merge
# The acts that are said of each row which goes along and comes back.
SAID = {
    "orders.Order.organisation": "orders",
    "experts.Expert.background_organisation": "experts",
}


class JoinedOn(Refused):
    """What the other's is now has been joined with a third one: that is taken back first."""

    words = _(
        "The organisation has been joined with a third one since. Take that back first, then this one."
    )


def join_organisation(
    double: Organisation, into: Organisation, *, reason: str, by: User, at: datetime
) -> Joined:
    """Let ``into`` have the orders, people, units, experts, questions and notes of ``double``, which ends.

    Args:
        reason: how the counter knows that the two are one.

    Raises:
        PermissionDenied, WrongState: as in ``organisations.actions.join``; nothing has changed.
        NotJoined: ``organisations.queries.why_not_joined`` says why; nothing has changed.
    """
    with transaction.atomic():
        double, into = _lock(double, into)
        was, had = double.state, list(into.memberships.values_list("pk", flat=True))
        organisations.join(double, into, by=by, at=at)
        joined = Joined(double=double, into=into, reason=reason, was=was, by=by, at=at)
        joined.moved = _give("join", double, into, by=by, at=at)
        units = _let_have_units(into)
        came = into.memberships.exclude(pk__in=had)
        joined.added = list(came.order_by("pk").values_list("pk", flat=True))
        _let_return(came, double)
        joined.save()
        record("workbench.join", by=by, about=into, at=at, data={"new": double.pk, "units": units})
    return joined


def part(joined: Joined, *, by: User, at: datetime) -> Joined:
    """Give ``double`` back what came from it and is ``into``'s still, and let it be in the state where it was.

    Whoever got a role in ``into`` by the joining has it no more and is told, unless they have been named its contact
    person, lead its orders or answer for its experts since. What has come to ``into`` since stays there. Taking it
    back again changes nothing.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.part``.
        JoinedOn: ``into`` has been joined with a third one since.
    """
    with transaction.atomic():
        double, into = _lock(joined.double, joined.into)
        if not by.has_perm("workbench.part", joined):
            raise PermissionDenied("workbench.part")
        holding = lock_holding(joined, gone_on=JoinedOn)
        if holding is None:
            return joined
        joined = holding
        _give("part", into, double, only=joined.moved, by=by, at=at)
        units = _let_have_units(double) + _let_have_units(into)
        for member in _ending(joined, into):
            organisations.remove_member(member, by=by, at=at)
        organisations.part(double, was=joined.was, into=into, by=by, at=at)
        note_taken_back(joined, by=by, at=at)
        data = {"new": double.pk, "units": units}
        record("workbench.part", by=by, about=into, at=at, data=data)
    return joined


def _lock(*two: Organisation) -> list[Organisation]:
    """Return the organisations as they are now; no other act changes them until the transaction ends.

    Their orders are locked with them, and the experts behind whom they stand.
    """
    keys = [one.pk for one in two]
    organisations = Organisation.objects.filter(pk__in=keys).order_by("pk")
    locked = organisations.select_for_update(no_key=True).in_bulk()
    lock_orders(Order.objects.filter(organisation__in=keys).values_list("pk", flat=True))
    behind = Expert.objects.filter(background_organisation__in=keys)
    lock_experts(behind.values_list("pk", flat=True))
    return [locked[key] for key in keys]


def _give(
    act: str,
    old: Organisation,
    new: Organisation,
    *,
    only: Mapping[str, list[int]] | None = None,
    by: User,
    at: datetime,
) -> dict[str, list[int]]:
    """Point what is ``old``'s, of that the keys ``only``, at ``new``; each order and expert tells of it.

    Return the keys of what was pointed, by the names of ``BELONGS``.
    """
    moved = {name: point(name, old, new, only=only) for name in BELONGS}
    for name, room in SAID.items():
        rows, _field = rows_named(name)
        gone = rows.filter(pk__in=moved[name]).order_by("pk")
        said = [(one, {"from": old.pk, "to": new.pk}) for one in gone]
        record_all(f"{room}.{act}", by=by, about=said, at=at)
    return moved


def _let_have_units(organisation: Organisation) -> list[int]:
    """Let each order and role of the organisation name a unit of its own, called as the one that it named.

    Return the keys of the orders whose unit is another row by that.
    """
    changed = {}
    for rows in (organisation.orders, organisation.memberships):
        others = rows.exclude(unit=None).exclude(unit__organisation=organisation)
        theirs = changed[rows.model] = dict(others.order_by("pk").values_list("pk", "unit"))
        for unit in Unit.objects.filter(pk__in=set(theirs.values())).order_by("pk"):
            own, _made = Unit.objects.get_or_create(
                organisation=organisation,
                name=unit.name,
                defaults={"municipality": unit.municipality},
            )
            rows.filter(unit=unit).update(unit=own)
    return list(changed[Order])


def _let_return(came: QuerySet[Membership], double: Organisation) -> None:
    """Let what came of a membership of ``double`` that a merge of accounts had moved go back with it."""
    people = came.values("user")
    merges = Merged.objects.holding().filter(into__in=people).order_by("pk")
    for merged in merges.select_for_update(of=("self",), no_key=True):
        was = double.memberships.filter(pk__in=merged.moved[MEMBERSHIPS])
        its = came.filter(user=merged.into_id, role__in=was.values("role"))
        merged.moved[MEMBERSHIPS] += its.order_by("pk").values_list("pk", flat=True)
        merged.save(update_fields=["moved"])


def _ending(joined: Joined, into: Organisation) -> list[Membership]:
    """Return the roles that came by the joining and have been used for nothing that stays with ``into``."""
    led = Order.objects.in_state(*LED_STATES).filter(organisation=into).values("contact")
    answered = Expert.objects.filter(background_organisation=into).exclude(responsible_person=None)
    is_used = (
        Q(is_contact=True)
        | Q(role=MemberRole.ORDERER, user__in=led)
        | Q(role=MemberRole.BACKGROUND, user__in=answered.values("responsible_person"))
    )
    mine = into.memberships.filter(pk__in=joined.added).exclude(is_used)
    return list(mine.select_related("organisation", "user").order_by("pk"))
