"""Saying things to people: written in the transaction that gave the reason, sent after it, at least once."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import translation

from luukku.core.person import Person
from luukku.core.queue import enqueue_once
from luukku.notices.actions.by_phone import told_beside
from luukku.notices.mail import new_message_id
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.notices.notice import Notice

LONGEST_SUBJECT = 150


def tell(
    notice: Notice, *, to: Person, at: datetime, not_before_at: datetime | None = None
) -> Letter:
    """Write ``notice`` to ``to`` in their language and by the channel they chose, in this transaction.

    Telling the same thing (same ``notice.key``) to the same person again changes nothing. Earlier letters
    that ``notice`` overtakes are not sent any more.
    """
    letter = _letter_to(notice, to, _channel(notice, to), at=at, not_before_at=not_before_at or at)
    return _keep([letter], [notice], at=at)[0]


def tell_all(told: Iterable[tuple[Notice, Person]], *, at: datetime) -> None:
    """Tell each (notice, reader) as ``tell`` does; as many queries for many as for one."""
    plan_all([(notice, to, at) for notice, to in told], at=at)


def plan_all(told: Iterable[tuple[Notice, Person, datetime]], *, at: datetime) -> None:
    """Tell each (notice, reader, not before when) as ``tell`` does; as many queries for many as for one."""
    told = list(told)
    choices = NoticeChoice.objects.filter(user__in={to.pk for _notice, to, _day in told})
    chosen = {(one.user_id, one.kind): Channel(one.channel) for one in choices}
    letters = [
        _letter_to(
            notice,
            to,
            _channel_of(notice, to, chosen.get((to.pk, notice.kind))),
            at=at,
            not_before_at=day,
        )
        for notice, to, day in told
    ]
    _keep(letters, [notice for notice, _to, _day in told], at=at)


def _letter_to(
    notice: Notice, to: Person, channel: Channel, *, at: datetime, not_before_at: datetime
) -> Letter:
    return _letter(
        notice,
        reader=to,
        email="",
        name=str(to.pk),
        key=f"{notice.key}:{to.pk}",
        language=to.language,
        channel=channel,
        at=at,
        not_before_at=not_before_at,
    )


def tell_address(
    notice: Notice,
    email: str,
    *,
    language: str,
    at: datetime,
    not_before_at: datetime | None = None,
) -> Letter:
    """Write ``notice`` to somebody without an account."""
    address = sha256(email.lower().encode()).hexdigest()[:32]  # the key is no place for an address
    letter = _letter(
        notice,
        reader=None,
        email=email,
        name=address,
        key=f"{notice.key}:{address}",
        language=language,
        channel=Channel.MAIL,
        at=at,
        not_before_at=not_before_at or at,
    )
    return _keep([letter], [notice], at=at)[0]


def _channel(notice: Notice, to: Person) -> Channel:
    is_asked = to.is_active and to.email and not notice.is_must_know
    choices = NoticeChoice.objects.filter(user=to, kind=notice.kind)
    choice = choices.first() if is_asked else None
    return _channel_of(notice, to, Channel(choice.channel) if choice else None)


def _channel_of(notice: Notice, to: Person, chosen: Channel | None) -> Channel:
    if not to.is_active:  # the account is closed: kept, and read if it is opened again
        return Channel.DESK
    if not to.email:  # the counter tells them by phone or post what must be told, and only that
        return Channel.PAPER if notice.is_told() else Channel.DESK
    if notice.is_must_know:
        return Channel.MAIL
    return chosen or notice.channel_for(to)


def _letter(
    notice: Notice,
    *,
    reader: Person | None,
    email: str,
    name: str,
    key: str,
    language: str,
    channel: Channel,
    at: datetime,
    not_before_at: datetime,
) -> Letter:
    with translation.override(language):
        label, path = notice.action() or ("", "")
        about = notice.about()
        return Letter(
            key=key,
            kind=notice.kind,
            about=about,
            lane=f"{name}/{about}" if about else key,
            reader=reader,
            email=email,
            language=language,
            channel=channel,
            subject=" ".join(str(notice.subject()).split())[:LONGEST_SUBJECT],
            body="\n\n".join(str(line) for line in notice.lines()),
            link=f"{settings.LUUKKU_BASE_URL}{path}" if path else "",
            link_label=label,
            calendar=notice.calendar(),
            message_id=new_message_id(),
            can_wait=notice.can_wait(at),
            is_secret=notice.is_secret,
            made_at=at,
            not_before_at=not_before_at,
            expires_at=notice.expires_at(),
            sent_at=at if channel == Channel.DESK and not_before_at <= at else None,
        )


def _keep(letters: list[Letter], notices: list[Notice], *, at: datetime) -> list[Letter]:
    Letter.objects.bulk_create(letters, ignore_conflicts=True)  # the key refuses a second one
    if any(one.channel == Channel.MAIL and one.not_before_at <= at for one in letters):
        transaction.on_commit(_wake_worker, robust=True)
    by_key = {one.key: one for one in Letter.objects.filter(key__in=[one.key for one in letters])}
    kept = [by_key[one.key] for one in letters]
    _overtake(list(zip(kept, notices, strict=True)), at=at)
    return kept


def _overtake(told: list[tuple[Letter, Notice]], *, at: datetime) -> None:
    """Send no more what is no longer true: it stays on its reader's desk, and a planned letter is gone."""
    untrue = [
        Q(key__startswith=f"{key}:", reader=letter.reader_id, email=letter.email, pk__lt=letter.pk)
        for letter, notice in told
        if letter.channel in {Channel.MAIL, Channel.PAPER}  # what reaches nobody stands for nothing
        for key in notice.overtakes()
    ]
    if not untrue:
        return
    beside = told_beside(told, at=at)
    earlier = Letter.objects.filter(Q(*untrue, _connector=Q.OR), sent_at=None).exclude(
        pk__in=beside
    )
    earlier.filter(not_before_at__gt=at).delete()
    earlier.update(channel=Channel.DESK, sent_at=at)


def _wake_worker() -> None:
    """Have the outbox sent soon; when this fails, or without a worker, letters wait for the next run."""
    enqueue_once("luukku.notices.tasks.send_waiting")


def forget_unsent(key: str) -> int:
    """Withdraw planned letters whose key begins with ``key``: the task they remind of is off."""
    return Letter.objects.filter(key__startswith=f"{key}:", sent_at=None).delete()[0]


def forget_told(keys: Iterable[str], *, at: datetime) -> None:
    """Take away what this very act told at ``at`` under ``keys``: it says all of it in one letter instead."""
    begin = [Q(key__startswith=f"{key}:") for key in keys]
    if begin:  # no condition would be every letter
        Letter.objects.filter(Q(*begin, _connector=Q.OR), made_at=at).delete()
