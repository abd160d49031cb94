"""What readers choose and read, and what the counter tells in our stead."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models, transaction

from luukku.audit.actions import record
from luukku.core.person import Person
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.notices.notice import KINDS
from luukku.notices.queries import choices_of


def choose(user: Person, kind: str, channel: Channel, *, by: Person, at: datetime) -> None:
    """Let ``user`` get notices of ``kind`` by ``channel`` from now on, those already written but not sent, too.

    Raises:
        PermissionDenied: ``by`` is neither the person nor the counter.
        ValueError: the kind must be known to its reader, or there is none such.
    """
    if not by.has_perm("notices.choose", user):
        raise PermissionDenied("notices.choose")
    if kind not in KINDS or KINDS[kind].is_must_know or channel == Channel.PAPER:
        raise ValueError(kind)
    with transaction.atomic():
        choice, _made = NoticeChoice.objects.update_or_create(
            user=user, kind=kind, defaults={"channel": channel}
        )
        waiting = Letter.objects.filter(
            reader=user, kind=kind, sent_at=None, channel__in=[Channel.MAIL, Channel.DIGEST]
        )
        if channel == Channel.DESK:
            waiting.filter(not_before_at__lte=at).update(channel=channel, sent_at=at)
        waiting.update(channel=channel)
        record(
            "notices.choose",
            by=by,
            about=choice,
            at=at,
            on_behalf_of=None if by.pk == user.pk else user,
            data={"kind": kind, "channel": str(channel)},
        )


def keep_on_desk(reader: Person, *, at: datetime) -> int:
    """Let nothing that waits for ``reader`` leave any more: it is read on the desk, if the account is opened again."""
    waiting = Letter.objects.filter(reader=reader, sent_at=None).exclude(channel=Channel.DESK)
    return waiting.update(channel=Channel.DESK, sent_at=at)


def stop_daily(user: Person, *, at: datetime) -> None:
    """Let what ``user`` got in one daily mail come to their desk only, as they ask by the mail's own link."""
    for choice in choices_of(user):
        if choice.channel == Channel.DIGEST:
            choose(user, choice.kind, Channel.DESK, by=user, at=at)


def mark_read(user: Person, *, at: datetime) -> int:
    """Note that ``user`` has seen the letters on their desk; return how many were new."""
    return Letter.objects.unread(user, at).update(read_at=at)


def deliver(letter: Letter, *, by: Person, at: datetime) -> bool:
    """Note that the counter has told a letter by phone or post; return False if somebody already had.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("notices.deliver", letter):
        raise PermissionDenied("notices.deliver")
    with transaction.atomic():
        is_first = Letter.objects.on_paper().filter(pk=letter.pk).update(sent_at=at) == 1
        if is_first:
            record("notices.deliver", by=by, about=letter, at=at)
    return is_first


def forget_old(*, before: datetime) -> int:
    """Delete the letters that reached their readers before ``before``; return how many.

    What was planned for the desk is there from its time on, and nobody sends it.
    """
    there = models.Q(channel=Channel.DESK, sent_at=None, not_before_at__lt=before)
    return Letter.objects.filter(models.Q(sent_at__lt=before) | there).delete()[0]
