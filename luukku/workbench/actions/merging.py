"""Making two accounts of one person one, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.common import lock_experts, lock_orders
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.feedback.models import Feedback
from luukku.notices.actions import tell
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.organisations.models import Membership, Organisation
from luukku.workbench.models import Merged
from luukku.workbench.notices import AccountsMerged, MergeTakenBack
from luukku.workbench.queries import MOVES, rows_of_person, why_not_merged

LETTERS = "notices.Letter.reader"
CONTACTS = (
    "organisations.Membership.is_contact"  # in ``moved``: who became the contact person by it
)


class NotMerged(Refused):
    """The two cannot become one; the words say why and what helps."""


class MergedOn(Refused):
    """Whoever the history belongs to now has been made one with a third account: that is taken back first."""

    words = _(
        "The account has been made one with a third one since. Take that back first, then this one."
    )


def merge(double: User, into: User, *, reason: str, by: User, at: datetime) -> Merged:
    """Let ``into`` have the orders, questions, feedback, letters, memberships and profile of ``double``; it is closed.

    Both are told. What ``double`` has done in the audit log, and who has seen it, stays in its name.

    Args:
        reason: how the counter knows that the two are one person.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.merge`` on ``double``, or is one of the two.
        NotMerged: ``queries.why_not_merged`` says why; nothing has changed.
    """
    with transaction.atomic():
        double, into = _lock(double, into)
        if not by.has_perm("workbench.merge", double) or by.pk == into.pk:
            raise PermissionDenied("workbench.merge")
        if words := why_not_merged(double, into):
            raise NotMerged(words)
        merged = Merged(double=double, into=into, reason=reason, by=by, at=at)
        merged.moved = {CONTACTS: _name_contact(double, into)}
        merged.moved |= {name: _move(name, double, into) for name in MOVES}
        merged.save()
        # A link in a letter that has not left opens for the account that it was made for, and for no other.
        letters = Letter.objects.filter(pk__in=merged.moved[LETTERS], sent_at=None)
        letters.update(link="", link_label="")
        # Told first: nobody tells a closed account anything. Its own letters are with ``into`` by now.
        tell(AccountsMerged(merged, double), to=double, at=at)
        tell(AccountsMerged(merged, into), to=into, at=at)
        _open(double, is_open=False)
        record("workbench.merge", by=by, about=double, at=at, data={"into": into.pk})
        record("workbench.merge", by=by, about=into, at=at, data={"double": double.pk})
    return merged


def take_back(merged: Merged, *, by: User, at: datetime) -> Merged:
    """Give ``double`` back what came from it and is ``into``'s still, and open its account; both are told.

    What has come to ``into`` since stays there. Taking it back again changes nothing.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.take_back``.
        MergedOn: ``into`` has been made one with a third account since.
    """
    with transaction.atomic():
        double, into = _lock(merged.double, merged.into)
        merged = Merged.objects.select_for_update(of=("self",)).get(pk=merged.pk)
        if not by.has_perm("workbench.take_back", merged):
            raise PermissionDenied("workbench.take_back")
        if merged.taken_back_at is not None:
            return merged
        if Merged.objects.holding().filter(double=into).exists():
            raise MergedOn
        into.memberships.filter(pk__in=merged.moved.pop(CONTACTS, [])).update(is_contact=False)
        for name in merged.moved:
            _move(name, into, double, only=merged.moved[name])
        merged.taken_back_by, merged.taken_back_at = by, at
        merged.save(update_fields=["taken_back_by", "taken_back_at"])
        _open(double, is_open=True)
        tell(MergeTakenBack(merged, double), to=double, at=at)
        tell(MergeTakenBack(merged, into), to=into, at=at)
        record("workbench.take_back", by=by, about=double, at=at, data={"from": into.pk})
    return merged


def _lock(*people: User) -> list[User]:
    """Return the people as they are now; nobody points a new row at them until the transaction ends.

    What is theirs is locked with them, each kind in its turn; letters come last, as they move.
    """
    keys = [one.pk for one in people]
    belong = Membership.objects.filter(user__in=keys).values("organisation")
    list(Organisation.objects.filter(pk__in=belong).order_by("pk").select_for_update(no_key=True))
    found = User.objects.filter(pk__in=keys).order_by("pk").select_for_update().in_bulk()
    theirs = Order.objects.filter(Q(contact__in=keys) | Q(made_by__in=keys))
    lock_orders(theirs.values_list("pk", flat=True))
    told_of = Feedback.objects.filter(given_by__in=keys)  # whose rows of supply stand on it
    lock_experts(told_of.values_list("assignment__expert", flat=True))
    return [found[key] for key in keys]


def _move(name: str, old: User, new: User, *, only: list[int] | None = None) -> list[int]:
    """Point the rows of ``old``, or those with the keys ``only``, at ``new``; return their keys.

    A row that would stand twice then, such as a role that both have, stays where it is.
    """
    rows, field = rows_of_person(name)
    mine = rows.filter(**{field: old}) if only is None else rows.filter(**{field: old}, pk__in=only)
    for rule in rows.model._meta.constraints:
        if isinstance(rule, models.UniqueConstraint) and field in rule.fields:
            others = {one: models.OuterRef(one) for one in rule.fields if one != field}
            when = rule.condition or models.Q()
            twin = rows.filter(when, **{field: new}, **others)
            mine = mine.exclude(when & models.Exists(twin))
    locked = mine.order_by("pk").select_for_update(of=("self",), no_key=True)
    keys = list(locked.values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(**{field: new})
    return keys


def _name_contact(double: User, into: User) -> list[int]:
    """Let ``into`` be the contact person where ``double`` was in a role that both have; return the rows."""
    was = double.memberships.filter(
        is_contact=True, organisation=models.OuterRef("organisation"), role=models.OuterRef("role")
    )
    both = into.memberships.filter(models.Exists(was), is_contact=False)
    keys = list(both.order_by("pk").values_list("pk", flat=True))
    into.memberships.filter(pk__in=keys).update(is_contact=True)
    return keys


def _open(user: User, *, is_open: bool) -> None:
    """Let ``user`` sign in, by a code first, or not; every session ends."""
    user.is_active = is_open
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
