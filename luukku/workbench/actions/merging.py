"""Making two accounts of one person one, and taking it back."""

from __future__ import annotations

from datetime import datetime

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.notices.actions import tell
from luukku.organisations.models import Membership
from luukku.workbench.models import Merged
from luukku.workbench.notices import AccountsMerged, MergeTakenBack
from luukku.workbench.queries import MOVES, why_not_merged


class NotMerged(Refused):
    """The two cannot become one; the words say why and what helps."""


class MergedOn(Refused):
    """Whoever the history belongs to now has been made one with a third account: that is taken back first."""

    words = _(
        "The account has been made one with a third one since. Take that back first, then this one."
    )


def merge(double: User, into: User, *, reason: str, by: User, at: datetime) -> Merged:
    """Let ``into`` have the orders, questions, feedback, letters and memberships of ``double``, and close ``double``.

    Both are told. What ``double`` has done in the audit log, and who has seen it, stays in its name.

    Args:
        reason: how the counter knows that the two are one person.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.merge``, or is one of the two.
        NotMerged: ``queries.why_not_merged`` says why; nothing has changed.
    """
    if not by.has_perm("workbench.merge", double) or not by.has_perm("workbench.merge", into):
        raise PermissionDenied("workbench.merge")
    with transaction.atomic():
        double, into = _lock(double, into)
        if words := why_not_merged(double, into):
            raise NotMerged(words)
        merged = Merged(double=double, into=into, reason=reason, by=by, at=at)
        merged.moved = {name: _move(name, double, into) for name in MOVES}
        merged.save()
        # Told first: nobody tells a closed account anything. Its own letters are with ``into`` by now.
        tell(AccountsMerged(merged, double), to=double, at=at)
        tell(AccountsMerged(merged, into), to=into, at=at)
        _open(double, is_open=False)
        record("workbench.merge", by=by, about=double, at=at, data={"into": into.pk})
    return merged


def take_back(merged: Merged, *, by: User, at: datetime) -> Merged:
    """Give ``double`` back what came from it and is ``into``'s still, and open its account; both are told.

    What has come to ``into`` since stays there. Taking it back again changes nothing.

    Raises:
        PermissionDenied: ``by`` lacks the rule ``workbench.take_back``.
        MergedOn: ``into`` has been made one with a third account since.
    """
    if not by.has_perm("workbench.take_back", merged):
        raise PermissionDenied("workbench.take_back")
    with transaction.atomic():
        double, into = _lock(merged.double, merged.into)
        merged = Merged.objects.select_for_update(of=("self",)).get(pk=merged.pk)
        if merged.taken_back_at is not None:
            return merged
        if Merged.objects.holding().filter(double=into).exists():
            raise MergedOn
        for name, keys in merged.moved.items():
            rows, field = _rows(name)
            rows.filter(pk__in=keys, **{field: into}).update(**{field: double})
        merged.taken_back_by, merged.taken_back_at = by, at
        merged.save(update_fields=["taken_back_by", "taken_back_at"])
        _open(double, is_open=True)
        tell(MergeTakenBack(merged, double), to=double, at=at)
        tell(MergeTakenBack(merged, into), to=into, at=at)
        record("workbench.take_back", by=by, about=double, at=at, data={"from": into.pk})
    return merged


def _lock(*people: User) -> list[User]:
    """Return the people as they are now; nobody points a new row at them until the transaction ends."""
    found = {
        one.pk: one
        for one in User.objects.filter(pk__in=[one.pk for one in people])
        .order_by("pk")
        .select_for_update()
    }
    return [found[one.pk] for one in people]


def _rows(name: str) -> tuple[models.QuerySet, str]:
    label, field = name.rsplit(".", 1)
    return apps.get_model(label)._base_manager.all(), field


def _move(name: str, double: User, into: User) -> list[int]:
    """Point the rows of ``double`` at ``into``; return their keys."""
    rows, field = _rows(name)
    mine = rows.filter(**{field: double})
    if rows.model is Membership:
        # A role that both have stays where it is: it would stand twice.
        theirs = into.memberships.filter(
            organisation=models.OuterRef("organisation"), role=models.OuterRef("role")
        )
        mine = mine.exclude(models.Exists(theirs))
    keys = list(mine.order_by("pk").values_list("pk", flat=True))
    rows.filter(pk__in=keys).update(**{field: into})
    return keys


def _open(user: User, *, is_open: bool) -> None:
    """Let ``user`` sign in, by a code first, or not; every session ends."""
    user.is_active = is_open
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
