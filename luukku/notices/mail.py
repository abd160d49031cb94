"""How letters look as mail. Nothing is sent here."""

import re
from collections.abc import Sequence
from datetime import datetime
from email.charset import QP, Charset
from email.utils import format_datetime, formataddr
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import uuid4

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from luukku.core.counter import counter
from luukku.core.links import Link, sign
from luukku.notices.models import Letter
from luukku.notices.notice import KINDS

DAILY = "daily"  # stands for the daily mail where a kind of letter is named
# Quoted-printable: a relay without 8BITMIME, or with short lines, changes nothing in it.
_UTF8 = Charset("utf-8")
_UTF8.body_encoding = QP
_METHOD = re.compile(r"^METHOD:(\w+)", re.MULTILINE)


def new_message_id() -> str:
    """Return a Message-ID that no other letter has."""
    return _message_id(uuid4().hex)


def letter_mail(letter: Letter, *, to: str, at: datetime) -> EmailMultiAlternatives:
    """Return ``letter`` as a mail; the same Message-ID every time."""
    kind = KINDS.get(letter.kind)
    is_optional = kind is not None and not kind.is_must_know
    mail = _mail(
        [letter],
        subject=letter.subject,
        is_digest=False,
        stops_for=letter.reader_id if is_optional else None,
        message_id=letter.message_id,
        language=letter.language,
        to=to,
        at=at,
    )
    if letter.calendar:
        method = _METHOD.search(letter.calendar)
        parameter = f"; method={method[1]}" if method else ""
        mail.attach("kokemusluukku.ics", letter.calendar, f"text/calendar{parameter}")
    return mail


def daily_message_id(letters: Sequence[Letter]) -> str:
    """Return the Message-ID of a daily mail that begins with these letters."""
    digest = sha256("\n".join(letter.message_id for letter in letters).encode()).hexdigest()
    return _message_id(digest[:32])


def digest_mail(
    letters: Sequence[Letter], *, to: str, at: datetime, message_id: str
) -> EmailMultiAlternatives:
    """Return one mail with all ``letters`` of one reader."""
    language = letters[-1].language
    with translation.override(language):
        subject = _("Your news from Kokemusluukku")
    return _mail(
        letters,
        subject=subject,
        is_digest=True,
        stops_for=letters[0].reader_id,
        message_id=message_id,
        language=language,
        to=to,
        at=at,
    )


def _message_id(unique: str) -> str:
    return f"<{unique}@{urlsplit(settings.LUUKKU_BASE_URL).hostname}>"


def _mail(
    letters: Sequence[Letter],
    *,
    subject: str,
    is_digest: bool,
    stops_for: int | None,
    message_id: str,
    language: str,
    to: str,
    at: datetime,
) -> EmailMultiAlternatives:
    headers = {
        "Message-ID": message_id,
        "Date": format_datetime(at),
        "Auto-Submitted": "auto-generated",
    }
    with translation.override(language):
        settings_link = ""
        if stops_for is not None:
            settings_link = f"{settings.LUUKKU_BASE_URL}{reverse('notice-settings')}"
            stop = stop_path(DAILY if is_digest else letters[0].kind, stops_for)
            headers["List-Unsubscribe"] = f"<{settings.LUUKKU_BASE_URL}{stop}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
        context = {
            "counter": (contact := counter()),
            "language": language,
            "subject": subject,
            "is_digest": is_digest,
            "letters": [(letter, letter.body.split("\n\n")) for letter in letters],
            "settings_link": settings_link,
        }
        text = render_to_string("notices/letter.txt", context)
        html = render_to_string("notices/letter.html", context)
    reply_to = [formataddr((contact.name, contact.email))] if contact.email else None
    mail = EmailMultiAlternatives(subject, text, to=[to], headers=headers, reply_to=reply_to)
    mail.encoding = _UTF8
    mail.attach_alternative(html, "text/html")
    return mail


def stop_path(kind: str, person_id: int) -> str:
    """Return the path of the page that stops letters of ``kind`` to the person, without signing in."""
    token = sign(Link(f"stop.{kind}", 0, person_id))
    return reverse("public:stop-letters", args=[kind, token])
