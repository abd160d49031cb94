"""Looking for signs of load each night, and what is done about one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record_all
from luukku.coping.models import Flag, FlagKind, Invitation, YearlyTalk
from luukku.coping.notices import FlagRaised
from luukku.coping.queries import Evidence, days, is_new, seen_to, stands
from luukku.coping.states import ACT, ASK_TALK, DISMISS, END, REOPEN, FlagState
from luukku.core.refused import Refused
from luukku.experts.models import Expert
from luukku.notices.actions import tell_all
from luukku.privacy.models import Purpose
from luukku.privacy.queries import who_says_yes_to
from luukku.workflow.actions import acting, move_all, moving

KEEP_ENDED = timedelta(days=365)


class ReasonMissing(Refused):
    """The counter puts a sign aside for a reason that the expert may read."""

    words = _("Write why it can be put aside. The expert can read it.")
    field = "reason"


def look(*, at: datetime) -> int:
    """Make the signs of load what the tasks, feedback and offers say at ``at``; return how many are new.

    A sign ends when its cause has ended. What somebody has talked about or put aside stays so until there is
    something new; then the old sign ends and another one begins, which the expert sees first. Doing it again
    changes nothing. The number of queries is the same for one expert and for many.
    """
    machine = User.objects.machine()
    with transaction.atomic():
        live = Flag.objects.live().order_by("pk").select_for_update(no_key=True, of=("self",))
        by_kind: dict[str, dict[int, Flag]] = {kind: {} for kind in FlagKind.values}
        for flag in live:
            by_kind[flag.kind][flag.expert_id] = flag
        seen, over, changed, new = seen_to(), [], [], []
        for kind in FlagKind:
            evidence_of = stands(kind, at=at)
            for expert, flag in by_kind[kind].items():
                now = evidence_of.get(expert)
                if now is None or (
                    flag.settled_by_id and is_new(kind, now, seen=seen[expert, kind.value])
                ):
                    over.append(flag.pk)
                elif flag.settled_by_id is None and set(flag.evidence) != now:
                    flag.evidence = sorted(now)
                    changed.append(flag)
            new += _new(kind, evidence_of, by_kind[kind], set(over), seen, at=at)
        move_all(Flag.objects.filter(pk__in=over), END, by=machine, at=at)
        Flag.objects.bulk_update(changed, ["evidence"])
        _raise(new, by=machine, at=at)
        _pass_on(by=machine, at=at)
    return len(new)


def _new(
    kind: FlagKind,
    evidence_of: Evidence,
    live: dict[int, Flag],
    over: set[int],
    seen: Mapping[tuple[int, str], frozenset[int]],
    *,
    at: datetime,
) -> list[Flag]:
    """Return the signs of ``kind`` that begin: where none stands, or the one that stood has just ended."""
    return [
        Flag(
            expert_id=expert,
            kind=kind,
            evidence=sorted(evidence),
            raised_at=at,
            state_changed_at=at,
        )
        for expert, evidence in sorted(evidence_of.items())
        if (expert not in live or live[expert].pk in over)
        and is_new(kind, evidence, seen=seen.get((expert, kind.value), frozenset()))
    ]


def _raise(flags: Iterable[Flag], *, by: User, at: datetime) -> None:
    """Keep new signs and tell their experts."""
    made = Flag.objects.bulk_create(flags)
    record_all(
        "coping.raise", by=by, about=[(flag, {"kind": str(flag.kind)}) for flag in made], at=at
    )
    experts = Expert.objects.select_related("user").in_bulk([flag.expert_id for flag in made])
    people = [(flag, experts[flag.expert_id].user) for flag in made]
    by_mail = who_says_yes_to(Purpose.EMAIL, [person.pk for _flag, person in people])
    told = [(FlagRaised(flag, is_mailed=person.pk in by_mail), person) for flag, person in people]
    tell_all(told, at=at)


def _pass_on(*, by: User, at: datetime) -> None:
    """Show the counter the signs that their experts have had time to see first and have left open."""
    due = Flag.objects.filter(
        state=FlagState.RAISED, passed_on_at=None, raised_at__lte=at - days("counter_after_days")
    )
    flags = list(due.order_by("pk"))
    Flag.objects.filter(pk__in=[flag.pk for flag in flags]).update(passed_on_at=at)
    record_all("coping.pass_on", by=by, about=[(flag, {}) for flag in flags], at=at)


def ask_talk(flag: Flag, *, by: User, at: datetime) -> Flag:
    """Ask the counter to call about it: the counter sees it at once; asking again changes nothing.

    Raises:
        PermissionDenied, WrongState: as in ``workflow.actions.acting``.
    """
    with acting(flag, ASK_TALK, by=by, at=at) as flag:
        if flag.talk_asked_at is None:
            flag.talk_asked_at, flag.passed_on_at = at, flag.passed_on_at or at
            flag.save(update_fields=["talk_asked_at", "passed_on_at"])
    return flag


def act(flag: Flag, *, by: User, at: datetime) -> Flag:
    """Note that somebody at the counter has talked with the expert.

    Raises:
        PermissionDenied, WrongState: as in ``workflow.actions.moving``.
    """
    with moving(flag, ACT, by=by, at=at) as flag:
        flag.settled_by = by
    return flag


def dismiss(flag: Flag, *, reason: str = "", by: User, at: datetime) -> Flag:
    """Put the sign aside until there is something new; experts need give no reason.

    Raises:
        PermissionDenied, WrongState: as in ``workflow.actions.moving``.
        ReasonMissing: ``by`` is not the expert and gives none.
    """
    with moving(flag, DISMISS, by=by, at=at) as flag:
        if not reason and flag.expert.user_id != by.pk:
            raise ReasonMissing
        flag.settled_by, flag.reason = by, reason
    return flag


def reopen(flag: Flag, *, by: User, at: datetime) -> Flag:
    """Take back that it was talked about or put aside.

    Raises:
        PermissionDenied, WrongState: as in ``workflow.actions.moving``.
    """
    with moving(flag, REOPEN, by=by, at=at) as flag:
        flag.settled_by, flag.reason = None, ""
    return flag


def forget(expert: Expert, *, by: User) -> None:
    """Delete every sign of ``expert`` and all talks and invitations, whose profile is being erased.

    Raises:
        PermissionDenied: ``by`` may not erase the profile.
    """
    if not by.has_perm("experts.erase", expert):
        raise PermissionDenied("experts.erase")
    Flag.objects.filter(expert=expert).delete()
    YearlyTalk.objects.filter(expert=expert).delete()
    Invitation.objects.filter(expert=expert).delete()


def forget_ended(*, at: datetime) -> int:
    """Delete the signs that ended a year ago; return how many."""
    old = Flag.objects.filter(state=FlagState.ENDED, state_changed_at__lt=at - KEEP_ENDED)
    return old.delete()[0]
