"""Saying things to people: written in the transaction that gave the reason, sent after it, at least once."""

import logging
from collections.abc import Iterable
from datetime import datetime, time, timedelta
from hashlib import sha256
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from types import TracebackType

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage, get_connection
from django.db import models, transaction
from django.utils import translation

from luukku.audit.actions import record
from luukku.core.queue import enqueue_once
from luukku.core.times import helsinki, instant
from luukku.notices.mail import digest_mail, letter_mail, new_message_id
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.notices.notice import KINDS, Notice

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 10  # 2, 4, 8 … minutes apart: the counter takes over after 17 hours
MOST_DIGEST_ATTEMPTS = 96  # a day of quarters of an hour
DIGEST_CLOCK = time(8)  # Helsinki
LONGEST_SUBJECT = 150


class Unreachable(Exception):
    """The mail server does not answer: not the fault of any letter."""


def tell(
    notice: Notice, *, to: models.Model, at: datetime, not_before_at: datetime | None = None
) -> Letter:
    """Write ``notice`` to ``to`` in their language and by the channel they chose, in this transaction.

    Telling the same thing (same ``notice.key``) to the same person again changes nothing.
    """
    letter = _letter_to(notice, to, _channel(notice, to), at=at, not_before_at=not_before_at or at)
    _keep([letter], at=at)
    return Letter.objects.get(key=letter.key)


def tell_all(told: Iterable[tuple[Notice, models.Model]], *, at: datetime) -> None:
    """Tell each (notice, reader) as ``tell`` does; as many queries for many as for one."""
    told = list(told)
    choices = NoticeChoice.objects.filter(user__in={to.pk for _notice, to in told})
    chosen = {(one.user_id, one.kind): Channel(one.channel) for one in choices}
    letters = [
        _letter_to(
            notice,
            to,
            _channel_of(notice, to, chosen.get((to.pk, notice.kind))),
            at=at,
            not_before_at=at,
        )
        for notice, to in told
    ]
    _keep(letters, at=at)


def _letter_to(
    notice: Notice, to: models.Model, channel: Channel, *, at: datetime, not_before_at: datetime
) -> Letter:
    return _letter(
        notice,
        reader=to,
        email="",
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
        key=f"{notice.key}:{address}",
        language=language,
        channel=Channel.MAIL,
        at=at,
        not_before_at=not_before_at or at,
    )
    _keep([letter], at=at)
    return Letter.objects.get(key=letter.key)


def _channel(notice: Notice, to: models.Model) -> Channel:
    is_asked = to.is_active and to.email and not notice.is_must_know
    choices = NoticeChoice.objects.filter(user=to, kind=notice.kind)
    choice = choices.first() if is_asked else None
    return _channel_of(notice, to, Channel(choice.channel) if choice else None)


def _channel_of(notice: Notice, to: models.Model, chosen: Channel | None) -> Channel:
    if not to.is_active:  # the account is closed: kept, and read if it is opened again
        return Channel.DESK
    if not to.email:  # the counter tells them by phone or post what they must know, and only that
        return Channel.PAPER if notice.is_must_know else Channel.DESK
    if notice.is_must_know:
        return Channel.MAIL
    return chosen or notice.default_channel()


def _letter(
    notice: Notice,
    *,
    reader: models.Model | None,
    email: str,
    key: str,
    language: str,
    channel: Channel,
    at: datetime,
    not_before_at: datetime,
) -> Letter:
    with translation.override(language):
        label, path = notice.action() or ("", "")
        return Letter(
            key=key,
            kind=notice.kind,
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
            made_at=at,
            not_before_at=not_before_at,
            sent_at=at if channel == Channel.DESK and not_before_at <= at else None,
        )


def _keep(letters: list[Letter], *, at: datetime) -> None:
    Letter.objects.bulk_create(letters, ignore_conflicts=True)  # the key refuses a second one
    if any(one.channel == Channel.MAIL and one.not_before_at <= at for one in letters):
        transaction.on_commit(_wake_worker, robust=True)


def _wake_worker() -> None:
    """Have the outbox sent soon; when this fails, or without a worker, letters wait for the next run."""
    enqueue_once("luukku.notices.tasks.send_waiting")


class _Post:
    """One way to the mail server for a whole run, opened when there is something to send."""

    def __init__(self) -> None:
        self.connection = get_connection()

    def __enter__(self) -> "_Post":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.connection.close()

    def send(self, mail: EmailMessage) -> None:
        """Hand ``mail`` to the server; once this returns, the server has taken it.

        Raises:
            Unreachable: there is no server to hand it to.
            Exception: whatever the server or the mail itself had to object.
        """
        try:
            self.connection.open()
        except OSError as error:  # smtplib's errors are OSErrors too
            raise Unreachable(type(error).__name__) from error
        try:
            self.connection.send_messages([mail])
        except Exception:
            self.connection.close()  # the next letter starts afresh
            raise


def is_server_there() -> bool:
    """Return whether the mail server can be reached now."""
    try:
        with get_connection() as connection:
            connection.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("The mail server cannot be reached: %s", type(error).__name__)
        return False
    return True


def send_outbox(*, at: datetime) -> dict[str, int]:
    """Send every letter that is due, each in a transaction of its own, and count what happened.

    A letter is marked sent only after the mail server took it: a crash in between sends it again with
    the same Message-ID, never loses it. Several workers may do this at once. When the mail server
    cannot be reached, the run ends and the next one begins with the next letter.
    """
    counts = {"sent": 0, "failed": 0}
    with _Post() as post:
        try:
            while (is_sent := _send_next(post, at=at)) is not None:
                counts["sent" if is_sent else "failed"] += 1
        except Unreachable:
            counts["failed"] += 1
    return counts


def _send_next(post: _Post, *, at: datetime) -> bool | None:
    """Send the letter that has waited longest; return whether it left, or None when nothing is due.

    Raises:
        Unreachable: the mail server; the letter has been put off.
    """
    unreachable = None
    with transaction.atomic():
        letter = (
            Letter.objects.due(at)
            .select_related("reader")
            .select_for_update(skip_locked=True, of=("self",))
            .order_by("not_before_at", "pk")
            .first()
        )
        if letter is None:
            return None
        address = letter.reader.email if letter.reader else letter.email
        if not address:  # has given up their address since
            _put_off(letter, "NoAddress", is_final=True, at=at)
            return False
        try:
            post.send(letter_mail(letter, to=address, at=at))
        except Unreachable as error:
            _put_off(letter, str(error), is_final=False, at=at)
            unreachable = error
        except Exception as error:  # one letter that cannot be sent must not hold up the others
            _put_off(letter, _name(error), is_final=_is_final(error), at=at)
            return False
        else:
            letter.sent_at = at
            letter.save(update_fields=["sent_at"])
            return True
    raise unreachable  # after the commit


def _put_off(letter: Letter, reason: str, *, is_final: bool, at: datetime) -> None:
    letter.attempts += 1
    letter.last_error = reason
    letter.not_before_at = at + timedelta(minutes=2**letter.attempts)
    if is_final or letter.attempts >= MOST_ATTEMPTS:
        letter.channel = Channel.PAPER  # a person at the counter takes over
    letter.save(update_fields=["attempts", "last_error", "not_before_at", "channel"])
    log.warning("Letter %s not sent: %s", letter.pk, reason)


def _is_final(error: Exception) -> bool:
    """Whether the server says that there is no such address."""
    return isinstance(error, SMTPRecipientsRefused) and _code(error) >= 500


def _name(error: Exception) -> str:
    """Return what went wrong without the error's own words: they may hold an address."""
    return f"{type(error).__name__} {_code(error) or ''}".strip()


def _code(error: Exception) -> int:
    if isinstance(error, SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0


def send_digests(*, at: datetime) -> int:
    """Send each reader one mail with what has gathered until eight o'clock; return how many mails left.

    A letter written later waits for the next morning, so nobody gets more than one such mail a day.
    """
    waiting = Letter.objects.filter(
        channel=Channel.DIGEST, sent_at=None, not_before_at__lte=_last_digest_clock(at)
    )
    readers = list(waiting.order_by("reader_id").values_list("reader_id", flat=True).distinct())
    count = 0
    with _Post() as post:
        try:
            for reader_id in readers:
                count += _send_digest(post, waiting.filter(reader_id=reader_id), at=at)
        except Unreachable as error:
            log.warning("Digests not sent: %s", error)
    return count


def _last_digest_clock(at: datetime) -> datetime:
    here = helsinki(at)
    day = here.date() if here.time() >= DIGEST_CLOCK else here.date() - timedelta(days=1)
    return instant(day, DIGEST_CLOCK)


def _send_digest(post: _Post, waiting: models.QuerySet[Letter], *, at: datetime) -> bool:
    with transaction.atomic():
        # No SKIP LOCKED: a second worker waits here, then finds nothing, instead of sending a part.
        letters = list(
            waiting.select_related("reader")
            .select_for_update(of=("self",))
            .order_by("made_at", "pk")
        )
        if not letters:
            return False
        these = Letter.objects.filter(pk__in=[letter.pk for letter in letters])
        address = letters[0].reader.email
        if not address:
            these.update(channel=Channel.DESK, sent_at=at)
            return False
        try:
            post.send(digest_mail(letters, to=address, at=at))
        except Unreachable:
            raise
        except Exception as error:
            these.update(attempts=models.F("attempts") + 1, last_error=_name(error))
            these.filter(attempts__gte=MOST_DIGEST_ATTEMPTS).update(
                channel=Channel.DESK, sent_at=at
            )
            log.warning("Digest of letter %s not sent: %s", letters[0].pk, _name(error))
            return False
        these.update(sent_at=at)
        return True


def forget_unsent(key: str) -> int:
    """Withdraw planned letters whose key begins with ``key``: the task they remind of is off."""
    return Letter.objects.filter(key__startswith=f"{key}:", sent_at=None).delete()[0]


def choose(
    user: models.Model, kind: str, channel: Channel, *, by: models.Model, at: datetime
) -> None:
    """Let ``user`` get notices of ``kind`` by ``channel`` from now on.

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
        record(
            "notices.choose",
            by=by,
            about=choice,
            at=at,
            on_behalf_of=None if by.pk == user.pk else user,
            data={"kind": kind, "channel": str(channel)},
        )


def mark_read(user: models.Model, *, at: datetime) -> int:
    """Note that ``user`` has seen the letters on their desk; return how many were new."""
    return Letter.objects.unread(user, at).update(read_at=at)


def deliver(letter: Letter, *, by: models.Model, at: datetime) -> bool:
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
