"""The yearly talk: that it was held, never what was said."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.coping.models import YearlyTalk
from luukku.coping.queries import days
from luukku.core.known import known
from luukku.core.refused import Refused
from luukku.core.times import helsinki
from luukku.experts.models import Expert
from luukku.organisations.models import MemberRole
from luukku.organisations.queries import stands_for

KEEP_TALKS = timedelta(days=3 * 365)


class NotHeldYet(Refused):
    """A talk is written down once it has been held."""

    words = _("Write the talk down when it has been held: the day cannot be ahead.")
    field = "held_on"


class HeldTooLongAgo(Refused):
    """What is older than the talks are kept is not written down."""

    words = _("This day is over three years ago. Look at the year.")
    field = "held_on"


class NextOutOfReach(Refused):
    """The next one is later than this one, and within a year of it."""

    words = _("The next talk is within a year of this one, and after it.")
    field = "next_by"


class NotOneOfThem(Refused):
    """Whoever talked stands for the expert's background organisation."""

    words = _("Choose somebody of the expert’s background organisation.")
    field = "held_by"


def note_talk(
    expert: Expert, *, held_on: date, held_by: User, next_by: date, by: User, at: datetime
) -> YearlyTalk:
    """Write down that ``held_by`` has talked with ``expert``; writing the same day again corrects it.

    Raises:
        PermissionDenied: ``by`` neither stands behind the expert nor is at the counter, or is the expert.
        NotHeldYet, HeldTooLongAgo, NextOutOfReach, NotOneOfThem: as their words say.
    """
    if not by.has_perm("coping.note_talk", expert):
        raise PermissionDenied("coping.note_talk")
    organisation = known(expert.background_organisation)
    if held_on > helsinki(at).date():
        raise NotHeldYet
    if held_on < helsinki(at - KEEP_TALKS).date():
        raise HeldTooLongAgo
    if not held_on < next_by <= held_on + days("talk_days"):
        raise NextOutOfReach
    if not stands_for(held_by, organisation, MemberRole.BACKGROUND):
        raise NotOneOfThem
    with transaction.atomic():
        said = {"held_by": held_by, "next_by": next_by}
        own = YearlyTalk.objects.filter(expert=expert, organisation=organisation, held_on=held_on)
        talk, is_new = own.get_or_create(
            defaults={
                **said,
                "expert": expert,
                "organisation": organisation,
                "held_on": held_on,
                "noted_by": by,
                "noted_at": at,
            }
        )
        if is_new or own.exclude(**said).update(**said, noted_by=by, noted_at=at):
            record("coping.note_talk", by=by, about=talk, at=at)
    return talk


def remove_talk(talk: YearlyTalk, *, by: User, at: datetime) -> None:
    """Take back what was written down by mistake.

    Raises:
        PermissionDenied: ``by`` neither stands behind the expert nor is at the counter.
    """
    if not by.has_perm("coping.remove_talk", talk):
        raise PermissionDenied("coping.remove_talk")
    with transaction.atomic():
        record("coping.remove_talk", by=by, about=talk, at=at)
        talk.delete()


def forget_talks(*, at: datetime) -> int:
    """Delete the talks of over three years ago; return how many."""
    old = YearlyTalk.objects.filter(held_on__lt=helsinki(at - KEEP_TALKS).date())
    return old.delete()[0]
