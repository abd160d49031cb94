"""Making two organisations one, with all that is theirs, and taking it back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record, record_all
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.orders.actions import join_organisation as join_orders
from luukku.orders.models import Order
from luukku.orders.states import LED_STATES
from luukku.organisations import actions as organisations
from luukku.organisations.models import MemberRole, Membership, Organisation, Unit
from luukku.workbench.models import Joined, Merged
from luukku.workbench.queries.joining import BELONGS, keys_of, rows_of_organisation

MEMBERSHIPS = "organisations.Membership.user"  # in ``moved`` of a merge
UNITS, ORDERS, EXPERTS = BELONGS[:3]
NOTED_BACK = {ORDERS: "orders.part", EXPERTS: "experts.part"}


class JoinedOn(Refused):
    """What the other's is now has been joined with a third one: that is taken back first."""

    words = _(
        "The organisation has been joined with a third one since. Take that back first, then this one."
    )


def join_organisation(
    new: Organisation, into: Organisation, *, reason: str, by: User, at: datetime
) -> Joined:
    """Let ``into`` have the orders, people, units, experts, questions and notes of ``new``; ``new`` ends.

    Args:
        reason: how the counter knows that the two are one.

    Raises:
        PermissionDenied, WrongState, NotJoined: as in ``organisations.actions.join``; nothing has changed.
    """
    with transaction.atomic():
        new, into = _lock(new, into)
        joined = Joined(new=new, into=into, reason=reason, was=new.state, by=by, at=at)
        joined.moved, had = keys_of(new), list(into.memberships.values_list("pk", flat=True))
        into = join_orders(new, into, by=by, at=at)
        said = [(one, {"from": new.pk, "to": into.pk}) for one in _rows(joined, EXPERTS)]
        for name in set(BELONGS) - {UNITS, ORDERS}:
            _point(name, joined.moved[name], new, into)
        record_all("experts.join", by=by, about=said, at=at)
        came = into.memberships.exclude(pk__in=had)
        joined.added = list(came.order_by("pk").values_list("pk", flat=True))
        _let_return(came, new)
        joined.save()
        record("workbench.join", by=by, about=into, at=at, data={"new": new.pk})
    return joined


def part(joined: Joined, *, by: User, at: datetime) -> Joined:
    """Give ``new`` back what came from it and is ``into``'s still, and let it be in the state where it was.

    Whoever got a role in ``into`` by the joining has it no more and is told, unless they have been named its contact
    person, lead its orders or answer for its experts since. What has come to ``into`` since stays there. Taking it
    back again changes nothing.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.part``.
        JoinedOn: ``into`` has been joined with a third one since.
    """
    if not by.has_perm("workbench.part", joined):
        raise PermissionDenied("workbench.part")
    with transaction.atomic():
        new, into = _lock(joined.new, joined.into)
        joined = Joined.objects.select_for_update(of=("self",)).get(pk=joined.pk)
        if joined.taken_back_at is not None:
            return joined
        if Joined.objects.holding().filter(new=into).exists():
            raise JoinedOn
        _give_back(joined, new, into, by=by, at=at)
        for one in (new, into):
            _let_have_units(one)
        for member in _ending(joined, into):
            organisations.remove_member(member, by=by, at=at)
        organisations.part(new, was=joined.was, into=into, by=by, at=at)
        joined.taken_back_by, joined.taken_back_at = by, at
        joined.save(update_fields=["taken_back_by", "taken_back_at"])
        record("workbench.part", by=by, about=into, at=at, data={"new": new.pk})
    return joined


def _let_return(came: QuerySet[Membership], new: Organisation) -> None:
    """Let what came of a membership of ``new`` that a merge of accounts had moved go back with it."""
    people = came.values("user")
    for merged in Merged.objects.holding().filter(into__in=people).order_by("pk"):
        was = new.memberships.filter(pk__in=merged.moved[MEMBERSHIPS])
        its = came.filter(user=merged.into_id, role__in=was.values("role"))
        merged.moved[MEMBERSHIPS] += its.order_by("pk").values_list("pk", flat=True)
        merged.save(update_fields=["moved"])


def _lock(*two: Organisation) -> list[Organisation]:
    """Return the organisations as they are now; no other act changes them until the transaction ends."""
    found = Organisation.objects.filter(pk__in=[one.pk for one in two]).order_by("pk")
    locked = {one.pk: one for one in found.select_for_update(no_key=True)}
    return [locked[one.pk] for one in two]


def _rows(joined: Joined, name: str) -> Iterable[Order | Expert]:
    rows, _field = rows_of_organisation(name)
    return list(rows.filter(pk__in=joined.moved[name]).order_by("pk"))


def _point(name: str, keys: list[int], old: Organisation, new: Organisation) -> list[int]:
    """Point those of the rows ``keys`` that are ``old``'s at ``new``; return their keys.

    A unit stays where the other has one of its name.
    """
    rows, field = rows_of_organisation(name)
    mine = rows.filter(pk__in=keys, **{field: old})
    if name == UNITS:
        mine = mine.exclude(name__in=new.units.values("name"))
    moved = list(mine.order_by("pk").values_list("pk", flat=True))
    rows.filter(pk__in=moved).update(**{field: new})
    return moved


def _give_back(
    joined: Joined, new: Organisation, into: Organisation, *, by: User, at: datetime
) -> None:
    for name in BELONGS:
        moved = _point(name, joined.moved[name], into, new)
        if act := NOTED_BACK.get(name):
            rows = rows_of_organisation(name)[0].filter(pk__in=moved).order_by("pk")
            said = [(one, {"from": into.pk, "to": new.pk}) for one in rows]
            record_all(act, by=by, about=said, at=at)


def _let_have_units(organisation: Organisation) -> None:
    """Let each order and role of the organisation name a unit of its own, called as the one that it named."""
    for model in (Order, Membership):
        rows = model._base_manager.filter(organisation=organisation)
        others = rows.exclude(unit=None).exclude(unit__organisation=F("organisation"))
        keys = set(others.values_list("unit", flat=True))
        for theirs in Unit.objects.filter(pk__in=keys).order_by("pk"):
            own, _made = Unit.objects.get_or_create(
                organisation=organisation,
                name=theirs.name,
                defaults={"municipality": theirs.municipality},
            )
            rows.filter(unit=theirs).update(unit=own)


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
