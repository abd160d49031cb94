"""The outbox leaves: claim, send, mark. Nothing is locked in the database while the mail server is spoken to.

A claim is an advisory lock of this worker's own session on a lane (a reader and a matter). It ends with the
session: a worker that is killed leaves nothing claimed, and its letter is sent again under the same Message-ID.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from smtplib import (
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from types import TracebackType

from django.core.mail import EmailMessage, get_connection
from django.db import connection, models, transaction

from luukku.core.times import end_of_quiet, helsinki, instant
from luukku.notices.mail import daily_message_id, digest_mail, letter_mail
from luukku.notices.models import Channel, Letter

log = logging.getLogger(__name__)
LONGEST_PAUSE = 30  # minutes; 2, 4, 8, 16, 30, 30 … apart
MOST_ATTEMPTS = 36  # of one letter while the server takes others: some 17 hours
MOST_DIGEST_ATTEMPTS = 96  # a day of quarters of an hour
MOST_HANG_UPS = 2  # of one run of daily mails: twice is no fault of one mail
SLICE = 50  # letters looked up at once
DIGEST_CLOCK = time(8)  # Helsinki
OUTBOX = 0x6C75756B  # "luuk": the space of our advisory locks
# What a server says of the address itself (RFC 5321, 3463). 5.7 speaks of rules: a relay that is closed to us.
NO_SUCH_ADDRESS = frozenset({550, 551, 553})
CLOSING = 421


class Unreachable(Exception):
    """The mail server does not do its work; ``has_begun`` tells whether it had taken the call."""

    def __init__(self, reason: str, *, has_begun: bool) -> None:
        super().__init__(reason)
        self.has_begun = has_begun


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
            Unreachable: there is no server to hand it to, it fell silent, hung up or takes nothing from us.
            Exception: whatever the server or the mail itself had to object.
        """
        try:
            self.connection.open()
        except OSError as error:  # smtplib's errors are OSErrors too
            raise Unreachable(_name(error), has_begun=False) from error
        try:
            self.connection.send_messages([mail])
        except Exception as error:
            self.connection.close()  # the next letter starts afresh
            if _is_servers(error):
                raise Unreachable(_name(error), has_begun=True) from error
            raise


def is_server_there() -> bool:
    """Return whether the mail server can be reached now."""
    try:
        with get_connection() as post:
            post.open()
    except OSError as error:  # smtplib's errors are OSErrors too
        log.warning("The mail server cannot be reached: %s", type(error).__name__)
        return False
    return True


def send_outbox(*, at: datetime, most: int | None = None) -> dict[str, int]:
    """Send the letters that are due, codes first, and count what happened.

    A letter is marked sent only after the mail server took it: a crash in between sends it again with
    the same Message-ID, never loses it. Several workers may do this at once. A reader's letters about one
    matter leave in the order they were written. When the mail server cannot be reached, the run ends, and no
    letter is the worse for it. A code whose time is over is deleted instead.

    Args:
        most: end the run after about so many letters; None for all.
    """
    _end_late(at=at)
    counts = {"sent": 0, "failed": 0}
    tried: set[str] = set()  # lanes that failed or that another worker has
    with _Post() as post:
        try:
            while most is None or counts["sent"] + counts["failed"] < most:
                due = Letter.objects.due(at).exclude(lane__in=tried)
                waiting = list(due.order_by("-is_secret", "pk").values_list("pk", "lane")[:SLICE])
                if not waiting:
                    break
                for pk, lane in waiting:
                    is_sent = _send_if_alone(post, pk, lane, at=at)
                    if is_sent is not None:
                        counts["sent" if is_sent else "failed"] += 1
                    if not is_sent:
                        tried.add(lane)
        except Unreachable:
            counts["failed"] += 1
    return counts


def _end_late(*, at: datetime) -> None:
    """Send no more what would come too late: codes are deleted, the rest stays on its reader's desk.

    Waits for nobody: a letter that an act holds is overtaken or withdrawn just now, or is looked at in the next run.
    """
    with transaction.atomic():
        late = Letter.objects.filter(sent_at=None, expires_at__lte=at)
        free = late.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)
        these = Letter.objects.filter(pk__in=list(free))
        forgotten = these.filter(is_secret=True).delete()[0]
        these.update(channel=Channel.DESK, sent_at=at)
    if forgotten:
        log.warning("%s codes not sent: their time was over", forgotten)


@contextmanager
def _alone(lane: str) -> Iterator[bool]:
    """Claim ``lane``; tell whether this worker has it to itself until the end of the block."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [OUTBOX, lane])
        [is_ours] = cursor.fetchone()
    try:
        yield is_ours
    finally:
        if is_ours:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [OUTBOX, lane])


def _send_if_alone(post: _Post, pk: int, lane: str, *, at: datetime) -> bool | None:
    """Send the letter unless another worker has its lane or has been faster, which is None."""
    with _alone(lane) as is_ours:
        letter = Letter.objects.due(at).filter(pk=pk).select_related("reader").first()
        if not is_ours or letter is None:
            return None
        return _send(post, letter, at=at)


def _send(post: _Post, letter: Letter, *, at: datetime) -> bool:
    """Send ``letter`` and mark it; return whether it left.

    Raises:
        Unreachable: the mail server; the letter waits as before.
    """
    address = letter.reader.email if letter.reader else letter.email
    if not address:  # has given up their address since
        _give_to_counter(letter, "NoAddress")
        return False
    try:
        post.send(letter_mail(letter, to=address, at=at))
    except Unreachable as error:
        if error.has_begun:  # twice: it may be this letter that the server stumbles over
            _put_off(letter, str(error), pause=2 if letter.tried_at else 0, at=at)
        else:
            _note(letter, str(error))
        raise
    except Exception as error:  # one letter that cannot be sent must not hold up the others
        if _is_final(error) and not letter.is_secret:
            _give_to_counter(letter, _name(error))
        else:
            _put_off(letter, _name(error), pause=2, at=at)
        return False
    this = Letter.objects.filter(pk=letter.pk)
    if letter.is_secret:
        this.delete()
    else:
        # It has left, though somebody overtook it while the server was spoken to.
        this.update(channel=Channel.MAIL, sent_at=at)
    return True


def _put_off(letter: Letter, reason: str, *, pause: int, at: datetime) -> None:
    """Try ``letter`` again after ``pause`` minutes, longer each time that it fails while others are taken.

    A server that takes nothing says nothing about the letter: that is no attempt, and leads to no paper.
    """
    attempts = letter.attempts + _takes_others(letter)
    minutes = min(pause * 2**attempts, LONGEST_PAUSE)
    retry_at = at + timedelta(minutes=minutes) if minutes else None
    _note(letter, reason, attempts=attempts, tried_at=at, retry_at=retry_at)
    if attempts >= MOST_ATTEMPTS and not letter.is_secret:
        _give_to_counter(letter, reason)


def _takes_others(letter: Letter) -> bool:
    """Whether the server has taken a mail since ``letter`` was tried last, or written."""
    since = letter.tried_at or letter.made_at
    mails = Letter.objects.filter(channel__in=[Channel.MAIL, Channel.DIGEST])
    return mails.filter(sent_at__gte=since).exists()


def _give_to_counter(letter: Letter, reason: str) -> None:
    """Let a person tell it by phone or post: the fault is the letter's own."""
    _note(letter, reason, channel=Channel.PAPER)


def _note(letter: Letter, reason: str, **fields: object) -> None:
    # Not save(): while the server was spoken to, the letter may have been overtaken.
    still = Letter.objects.filter(pk=letter.pk, sent_at=None, channel=Channel.MAIL)
    still.update(last_error=reason, **fields)
    log.warning("Letter %s not sent: %s", letter.pk, reason)


def _is_servers(error: Exception) -> bool:
    """Whether the server itself is in trouble: silent, hung up, closing, or taking nothing from our address."""
    if isinstance(error, SMTPServerDisconnected | SMTPSenderRefused):
        return True
    if isinstance(error, SMTPRecipientsRefused | SMTPResponseException):
        return _code(error) == CLOSING
    return isinstance(error, OSError)


def _is_final(error: Exception) -> bool:
    """Whether the server says that there is no such address."""
    if not isinstance(error, SMTPRecipientsRefused):
        return False
    words = next(iter(error.recipients.values()))[1]
    return _code(error) in NO_SUCH_ADDRESS and not words.lstrip().startswith(b"5.7")


def _name(error: Exception) -> str:
    """Return what went wrong without the error's own words: they may hold an address."""
    return f"{type(error).__name__} {_code(error) or ''}".strip()


def _code(error: Exception) -> int:
    if isinstance(error, SMTPRecipientsRefused):
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, SMTPResponseException) else 0


def send_digests(*, at: datetime) -> int:
    """Send each reader one mail with what has gathered until eight o'clock; return how many mails left.

    A letter written later waits for the next morning, so nobody gets more than one such mail a day, and none
    in the quiet hours. A mail over which the server stumbles holds up no other: who was tried longest ago is first.
    """
    if end_of_quiet(at) is not None:
        return 0
    waiting = Letter.objects.filter(
        channel=Channel.DIGEST, sent_at=None, not_before_at__lte=_last_digest_clock(at)
    )
    tried = waiting.values("reader_id").annotate(last=models.Max("tried_at"))
    longest_ago = models.F("last").asc(nulls_first=True)
    readers = list(tried.order_by(longest_ago, "reader_id").values_list("reader_id", flat=True))
    count = hang_ups = 0
    with _Post() as post:
        for reader_id in readers:
            try:
                with _alone(daily_lane(reader_id)) as is_ours:
                    if is_ours:
                        count += _send_digest(post, waiting.filter(reader_id=reader_id), at=at)
            except Unreachable as error:
                log.warning("Digests not sent: %s", error)
                hang_ups += 1
                if not error.has_begun or hang_ups == MOST_HANG_UPS:
                    break
    return count


def daily_lane(reader_id: int) -> str:
    """Return what a worker claims while it sends the reader's daily mail."""
    return f"daily/{reader_id}"


def _last_digest_clock(at: datetime) -> datetime:
    here = helsinki(at)
    day = here.date() if here.time() >= DIGEST_CLOCK else here.date() - timedelta(days=1)
    return instant(day, DIGEST_CLOCK)


def _send_digest(post: _Post, waiting: models.QuerySet[Letter], *, at: datetime) -> bool:
    # A mail that was begun earlier and may have left is sent again as it was, under its name; the rest follows.
    begun = waiting.exclude(daily_id="").order_by("pk").first()
    letters = list(
        waiting.filter(daily_id=begun.daily_id if begun else "")
        .select_related("reader")
        .order_by("made_at", "pk")
    )
    if not letters:
        return False
    these = Letter.objects.filter(pk__in=[letter.pk for letter in letters], sent_at=None)
    reader = letters[0].reader
    if reader is None or not reader.email:
        these.update(channel=Channel.DESK, sent_at=at)
        return False
    daily_id = begun.daily_id if begun else daily_message_id(letters)
    these.update(daily_id=daily_id)
    try:
        post.send(digest_mail(letters, to=reader.email, at=at, message_id=daily_id))
    except Unreachable as error:
        if error.has_begun:  # it may be this mail that the server stumbles over
            is_own = _takes_others(letters[0])
            _put_off_digest(these, str(error), is_own=is_own, at=at)
        raise
    except Exception as error:
        _put_off_digest(these, _name(error), is_own=True, at=at)
        log.warning("Digest of letter %s not sent: %s", letters[0].pk, _name(error))
        return False
    these.update(sent_at=at)
    return True


def _put_off_digest(
    these: models.QuerySet[Letter], reason: str, *, is_own: bool, at: datetime
) -> None:
    """Try the mail again in a later run, for a day where the fault is its own; then it stays on the desk."""
    these.update(attempts=models.F("attempts") + int(is_own), last_error=reason, tried_at=at)
    these.filter(attempts__gte=MOST_DIGEST_ATTEMPTS).update(channel=Channel.DESK, sent_at=at)
