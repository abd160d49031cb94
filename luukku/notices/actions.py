"""Saying things to people: written in the transaction that gave the reason, sent after it, at least once."""

import logging
from datetime import datetime, time, timedelta
from email.utils import format_datetime
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from luukku.audit.actions import record
from luukku.core.times import helsinki
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.notices.notice import KINDS, Notice

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 8
DIGEST_CLOCK = time(8)  # Helsinki


def tell(
    notice: Notice, *, to: models.Model, at: datetime, not_before_at: datetime | None = None
) -> Letter:
    """Write ``notice`` to ``to`` in their language and by the channel they chose, in this transaction.

    Telling the same thing (same ``notice.key``) to the same person again changes nothing.
    """
    return _write(
        notice,
        reader=to,
        email=to.email or "",
        language=to.language,
        channel=_channel(notice, to),
        at=at,
        not_before_at=not_before_at,
    )


def tell_address(
    notice: Notice, email: str, *, language: str, at: datetime, not_before_at: datetime | None = None
) -> Letter:
    """Write ``notice`` to somebody without an account."""
    return _write(
        notice,
        reader=None,
        email=email,
        language=language,
        channel=Channel.MAIL,
        at=at,
        not_before_at=not_before_at,
    )


def _channel(notice: Notice, to: models.Model) -> Channel:
    if not to.email:  # the counter tells them by phone or post what they must know
        return Channel.PAPER if notice.is_must_know else Channel.DESK
    if notice.is_must_know:
        return Channel.MAIL
    choice = NoticeChoice.objects.filter(user=to, kind=notice.kind).first()
    return Channel(choice.channel) if choice else notice.default


def _write(
    notice: Notice,
    *,
    reader: models.Model | None,
    email: str,
    language: str,
    channel: Channel,
    at: datetime,
    not_before_at: datetime | None,
) -> Letter:
    with translation.override(language):
        label, path = notice.action() or ("", "")
        letter = Letter(
            key=f"{notice.key}:{reader.pk if reader else email}",
            kind=notice.kind,
            reader=reader,
            email=email,
            language=language,
            channel=channel,
            subject=notice.subject(),
            body="\n\n".join(notice.lines()),
            link=f"{settings.LUUKKU_BASE_URL}{path}" if path else "",
            link_label=label,
            calendar=notice.calendar(),
            message_id=f"<{uuid4()}@{settings.LUUKKU_BASE_URL.split('//')[1].split(':')[0]}>",
            made_at=at,
            not_before_at=not_before_at or at,
            sent_at=at if channel == Channel.DESK else None,
        )
    Letter.objects.bulk_create([letter], ignore_conflicts=True)  # the key refuses a second one
    return Letter.objects.get(key=letter.key)


def send_outbox(*, at: datetime) -> dict[str, int]:
    """Send every letter that is due, each in a transaction of its own, and count what happened.

    A letter is marked sent only after the mail server took it: a crash in between sends it again with
    the same Message-ID, never loses it.
    """
    counts = {"sent": 0, "failed": 0}
    tried: list[int] = []
    while True:
        with transaction.atomic():
            letter = (
                Letter.objects.due(at)
                .exclude(pk__in=tried)
                .select_for_update(skip_locked=True)
                .order_by("not_before_at", "pk")
                .first()
            )
            if letter is None:
                return counts
            tried.append(letter.pk)
            counts["sent" if _send(letter, at=at) else "failed"] += 1


def _send(letter: Letter, *, at: datetime) -> bool:
    try:
        _mail(letter, letter.subject, letter.body, at=at).send()
    except OSError as error:  # smtplib's errors are OSErrors too
        _failed(letter, error, at=at)
        return False
    letter.sent_at = at
    letter.save(update_fields=["sent_at"])
    return True


def _failed(letter: Letter, error: OSError, *, at: datetime) -> None:
    letter.attempts += 1
    letter.last_error = type(error).__name__  # the text may hold an address
    letter.not_before_at = at + timedelta(minutes=2**letter.attempts)
    if letter.attempts >= MOST_ATTEMPTS:
        letter.channel = Channel.PAPER  # a person at the counter takes over
    letter.save(update_fields=["attempts", "last_error", "not_before_at", "channel"])
    log.warning("Letter %s not sent: %s", letter.pk, letter.last_error)


def _mail(letter: Letter, subject: str, body: str, *, at: datetime) -> EmailMultiAlternatives:
    with translation.override(letter.language):
        kind = KINDS.get(letter.kind)
        settings_link = ""
        if letter.reader_id and kind is not None and not kind.is_must_know:
            settings_link = f"{settings.LUUKKU_BASE_URL}{reverse('notice-settings')}"
        context = {
            "paragraphs": body.split("\n\n"),
            "link": letter.link,
            "link_label": letter.link_label,
            "language": letter.language,
            "subject": subject,
            "settings_link": settings_link,
        }
        headers = {
            "Message-ID": letter.message_id,
            "Date": format_datetime(letter.made_at),
            "Auto-Submitted": "auto-generated",
        }
        if settings_link:
            headers["List-Unsubscribe"] = f"<{settings_link}>"
        mail = EmailMultiAlternatives(
            subject,
            render_to_string("notices/letter.txt", context),
            to=[letter.email],
            headers=headers,
        )
        mail.attach_alternative(render_to_string("notices/letter.html", context), "text/html")
    if letter.calendar:
        method = "CANCEL" if "METHOD:CANCEL" in letter.calendar else "REQUEST"
        mail.attach("kokemustehtava.ics", letter.calendar, f"text/calendar; method={method}")
    return mail


def send_digests(*, at: datetime) -> int:
    """Send each reader one mail with the letters they want to read once a day; return how many mails."""
    if helsinki(at).time() < DIGEST_CLOCK:
        return 0
    waiting = Letter.objects.filter(channel=Channel.DIGEST, sent_at=None, not_before_at__lte=at)
    count = 0
    for reader_id in waiting.order_by("reader_id").values_list("reader_id", flat=True).distinct():
        with transaction.atomic():
            letters = list(
                waiting.filter(reader_id=reader_id).select_for_update(skip_locked=True).order_by("made_at", "pk")
            )
            if not letters:
                continue
            first = letters[0]
            with translation.override(first.language):
                subject = _("Your news from Kokemusluukku")
            body = "\n\n".join(f"{letter.subject}\n\n{letter.body}\n\n{letter.link}".strip() for letter in letters)
            first.link, first.link_label, first.calendar = "", "", ""
            try:
                _mail(first, subject, body, at=at).send()
            except OSError as error:
                log.warning("Digest not sent: %s", type(error).__name__)
                continue
            waiting.filter(pk__in=[letter.pk for letter in letters]).update(sent_at=at)
            count += 1
    return count


def forget_unsent(key: str) -> int:
    """Withdraw planned letters whose key begins with ``key``: the task they remind of is off."""
    return Letter.objects.filter(key__startswith=f"{key}:", sent_at=None).delete()[0]


def choose(user: models.Model, kind: str, channel: Channel, *, by: models.Model, at: datetime) -> None:
    """Let ``user`` get notices of ``kind`` by ``channel`` from now on.

    Raises:
        PermissionDenied: ``by`` is neither the person nor the counter.
        ValueError: the kind must be known to its reader, or there is none such.
    """
    if by.pk != user.pk and not by.is_counter:
        raise PermissionDenied("notices.choose")
    if kind not in KINDS or KINDS[kind].is_must_know or channel == Channel.PAPER:
        raise ValueError(kind)
    with transaction.atomic():
        choice, _made = NoticeChoice.objects.update_or_create(
            user=user, kind=kind, defaults={"channel": channel}
        )
        record("notices.choose", by=by, about=choice, at=at, data={"kind": kind, "channel": str(channel)})


def mark_read(user: models.Model, *, at: datetime) -> None:
    """Note that ``user`` has seen the letters on their desk."""
    Letter.objects.filter(reader=user, read_at=None).update(read_at=at)


def deliver(letter: Letter, *, by: models.Model, at: datetime) -> None:
    """Note that the counter has told a letter by phone or post.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.is_counter:
        raise PermissionDenied("notices.deliver")
    with transaction.atomic():
        if Letter.objects.on_paper().filter(pk=letter.pk).update(sent_at=at):
            record("notices.deliver", by=by, about=letter, at=at)
