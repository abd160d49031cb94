"""The expert's own test of taking part remotely, and the help that is wished for in it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.readiness.models import ITEMS, NEWEST, Readiness


class NothingWished(Refused):
    """Somebody was faster, or the expert needs no help any more."""

    words = _("No help is wished for any more: somebody has practised already, or it works now.")
    is_news = True


def try_out(
    expert: Expert,
    *,
    works: Collection[str],
    helps: Collection[str],
    kinds: Collection[str],
    by: User,
    at: datetime,
) -> Readiness:
    """Keep what ``expert`` has tried in place of an earlier test.

    A wish for help waits from when it was first said; a test without wishes settles it. One that named nothing
    (``ask_help``) waits on until everything works.

    Raises:
        PermissionDenied: ``by`` is neither the expert nor at the counter, where it is told by phone.
    """
    if not by.has_perm("readiness.try_out", expert):
        raise PermissionDenied("readiness.try_out")
    order = [item.value for item in ITEMS[NEWEST]]
    said = {
        "version": NEWEST,
        "works": sorted(set(works), key=order.index),
        "helps": sorted(set(helps), key=order.index),
        "kinds": sorted(kinds),
    }
    with transaction.atomic():
        Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
        wished_at = _wished_since(expert, helps, works_all=set(order) <= set(works), at=at)
        test, _is_new = Readiness.objects.update_or_create(
            expert=expert,
            defaults={
                **said,
                "tried_at": at,
                "wished_at": wished_at,
                "practised_at": None,
                "practised_by": None,
            },
        )
        record(
            "readiness.try_out",
            by=by,
            about=test,
            at=at,
            on_behalf_of=expert.user if by.pk != expert.user_id else None,
            data={"version": NEWEST},
        )
    return test


def _wished_since(
    expert: Expert, helps: Collection[str], *, works_all: bool, at: datetime
) -> datetime | None:
    """Return since when help is wished for, after a test with these wishes; None: nothing is wished for any more."""
    earlier = Readiness.objects.filter(expert=expert, practised_at=None).first()
    still = earlier.wished_at if earlier else None
    is_general = bool(earlier and still and not earlier.helps)
    return (still or at) if helps or (is_general and not works_all) else None


def ask_help(expert: Expert, *, by: User, at: datetime) -> Readiness:
    """Keep that ``expert`` would like help, whatever has been tried or answered; asking again changes nothing.

    Raises:
        PermissionDenied: as in ``try_out``.
    """
    if not by.has_perm("readiness.try_out", expert):
        raise PermissionDenied("readiness.try_out")
    with transaction.atomic():
        Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
        test = Readiness.objects.filter(expert=expert).first()
        if test is not None and test.wished_at is not None and test.practised_at is None:
            return test
        if test is None:
            test = Readiness(expert=expert, version=NEWEST, works=[], helps=[], kinds=[])
        elif (
            test.practised_at is not None
        ):  # what was helped with then is not what is wished for now
            test.helps = []
        test.wished_at, test.practised_at, test.practised_by = at, None, None
        test.save()
        behalf = expert.user if by.pk != expert.user_id else None
        record("readiness.ask_help", by=by, about=test, at=at, on_behalf_of=behalf)
    return test


def need_no_help(expert: Expert, *, by: User, at: datetime) -> None:
    """Take back the wish for help; answers that were given stay, and again nothing changes.

    Raises:
        PermissionDenied: as in ``try_out``.
    """
    if not by.has_perm("readiness.try_out", expert):
        raise PermissionDenied("readiness.try_out")
    with transaction.atomic():
        Expert.objects.select_for_update(no_key=True).get(pk=expert.pk)
        # Locked: somebody at the counter may note the practice just now.
        rows = Readiness.objects.waiting().select_for_update(no_key=True, of=("self",))
        test = rows.filter(expert=expert).first()
        if test is None:
            return
        behalf = expert.user if by.pk != expert.user_id else None
        record("readiness.need_no_help", by=by, about=test, at=at, on_behalf_of=behalf)
        if test.tried_at is None:
            test.delete()
            return
        test.helps, test.wished_at = [], None
        test.save(update_fields=["helps", "wished_at"])


def note_practice(test: Readiness, *, by: User, at: datetime) -> Readiness:
    """Note that ``by`` has practised together with the expert; the wish waits no longer.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or is the expert.
        NothingWished: as its words say.
    """
    with transaction.atomic():
        test = Readiness.objects.select_for_update(no_key=True).get(pk=test.pk)
        if not by.has_perm("readiness.note_practice", test):
            raise PermissionDenied("readiness.note_practice")
        if test.wished_at is None or test.practised_at is not None:
            raise NothingWished
        test.practised_at, test.practised_by = at, by
        test.save(update_fields=["practised_at", "practised_by"])
        record("readiness.note_practice", by=by, about=test, at=at)
    return test
