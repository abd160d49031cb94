"""Making two accounts of one person one, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.assignments.actions.common import lock_experts, lock_orders
from luukku.audit.actions import record, record_all
from luukku.core.refused import Refused
from luukku.events.actions import let_overlap
from luukku.feedback.models import Feedback
from luukku.notices.actions import tell
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.organisations.models import Membership, Organisation
from luukku.workbench.actions.unifying import lock_holding, note_taken_back, point
from luukku.workbench.models import Merged
from luukku.workbench.notices import AccountsMerged, MergeTakenBack
from luukku.workbench.queries import MOVES, why_not_merged

LETTERS = "notices.Letter.reader"
# In ``moved``: who became the contact person by it.
CONTACTS = "organisations.Membership.is_contact"


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
        merged.moved = {CONTACTS: _name_contact(double, into, by=by, at=at)}
        let_overlap(double, into)
        merged.moved |= {name: point(name, double, into) for name in MOVES}
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
        if not by.has_perm("workbench.take_back", merged):
            raise PermissionDenied("workbench.take_back")
        holding = lock_holding(merged, gone_on=MergedOn)
        if holding is None:
            return merged
        merged = holding
        named = into.memberships.filter(pk__in=merged.moved.get(CONTACTS, []), is_contact=True)
        _let_be_contact(named, is_contact=False, by=by, at=at)
        for name in MOVES:
            point(name, into, double, only=merged.moved)
        note_taken_back(merged, by=by, at=at)
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
    by_key = User.objects.filter(pk__in=keys).order_by("pk").select_for_update().in_bulk()
    theirs = Order.objects.filter(Q(contact__in=keys) | Q(made_by__in=keys))
    lock_orders(theirs.values_list("pk", flat=True))
    told_of = Feedback.objects.filter(given_by__in=keys)  # whose rows of supply stand on it
    lock_experts(told_of.values_list("assignment__expert", flat=True))
    return [by_key[key] for key in keys]


def _name_contact(double: User, into: User, *, by: User, at: datetime) -> list[int]:
    """Let ``into`` be the contact person where ``double`` was in a role that both have; return the rows."""
    was = double.memberships.filter(
        is_contact=True, organisation=models.OuterRef("organisation"), role=models.OuterRef("role")
    )
    both = into.memberships.filter(models.Exists(was), is_contact=False)
    return _let_be_contact(both, is_contact=True, by=by, at=at)


def _let_be_contact(
    rows: models.QuerySet[Membership], *, is_contact: bool, by: User, at: datetime
) -> list[int]:
    """Let the roles ``rows`` be a contact person's, or not, audited as ``name_contact`` is; return their keys."""
    memberships = list(rows.order_by("pk"))
    keys = [one.pk for one in memberships]
    Membership.objects.filter(pk__in=keys).update(is_contact=is_contact)
    said = [(one, {"is_contact": is_contact}) for one in memberships]
    record_all("organisations.name_contact", by=by, about=said, at=at)
    return keys


def _open(user: User, *, is_open: bool) -> None:
    """Let ``user`` sign in, by a code first, or not; every session ends."""
    user.is_active = is_open
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
