"""Inviting those who have been without peers."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from luukku.accounts.models import User
from luukku.coping.models import Invitation
from luukku.coping.notices import PeersInvited
from luukku.coping.queries import open_meetings, to_invite
from luukku.coping.states import INVITE
from luukku.core.refused import Refused
from luukku.events.models import Event
from luukku.experts.models import Expert
from luukku.notices.actions import tell_all
from luukku.privacy.models import Purpose
from luukku.privacy.queries import who_says_yes_to
from luukku.workflow.actions import acting

KEEP_INVITATIONS = timedelta(days=2 * 365)


class NotOpenToPeers(Refused):
    """Experts cannot sign up for it."""

    words = _("Experts cannot sign up for this event now, or it is full, so nobody can be invited.")


class NobodyChosen(Refused):
    """An invitation has a reader."""

    words = _("Choose at least one expert.")
    field = "experts"


class InvitedAlready(Refused):
    """Nobody is written to twice about one meeting."""

    words = _("Everybody whom you chose comes or has been invited meanwhile.")
    is_news = True


def invite(event: Event, *, experts: Collection[int], by: User, at: datetime) -> int:
    """Invite ``experts`` (keys) to a peer meeting; who has been invited or comes already is passed over.

    Return how many were invited.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
        WrongState: it is not open for signing up.
        NotOpenToPeers, NobodyChosen, InvitedAlready: as their words say.
    """
    if not experts:
        raise NobodyChosen
    keys: list[int] = []
    with acting(event, INVITE, by=by, at=at, data={"experts": keys}) as event:
        if not open_meetings(at).filter(pk=event.pk).exists():
            raise NotOpenToPeers
        active = Expert.objects.active().filter(pk__in=experts)
        invited = to_invite(event, active, at=at)
        if not invited:
            raise InvitedAlready
        Invitation.objects.bulk_create(
            Invitation(event=event, expert=one, invited_at=at, invited_by=by) for one in invited
        )
        by_mail = who_says_yes_to(Purpose.EMAIL, [one.user_id for one in invited])
        told = [
            (PeersInvited(event, one, is_mailed=one.user_id in by_mail), one.user)
            for one in invited
        ]
        tell_all(told, at=at)
        keys.extend(one.pk for one in invited)
    return len(invited)


def forget_invitations(*, at: datetime) -> int:
    """Delete the invitations of over two years ago; return how many."""
    return Invitation.objects.filter(invited_at__lt=at - KEEP_INVITATIONS).delete()[0]
