"""Letters and choices, read back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from luukku.core.compiled import AT, Given, Instant, once
from luukku.core.person import Person
from luukku.core.reading import unseen
from luukku.core.times import end_of_quiet
from luukku.notices.models import HELD, Channel, Letter, NoticeChoice
from luukku.notices.notice import KINDS

LATE = timedelta(minutes=5)


class Fate(models.TextChoices):
    """What has become of a letter."""

    WAITS = "waits", _("Waits to be sent")
    SENT = "sent", _("Sent by e-mail")
    TRIED = "tried", _("Not sent yet; tried again")
    FAILED = "failed", _("E-mail failed: to be told by phone or post")
    BY_POST = "by_post", _("To be told by phone or post")
    LATER = "later", _("The counter tells it later by phone or post")
    TOLD = "told", _("Told by phone or post")
    ON_DESK = "on_desk", _("Only on the person’s own desk")
    PASSED = "passed", _("Not told: newer news took its place")
    NO_MAIL = "no_mail", _("Not told: the person has no e-mail")
    OVER = "over", _("Not sent: its time had passed")


@dataclass(frozen=True)
class Choice:
    """How one kind of notice reaches a person."""

    kind: str
    label: str
    channel: Channel


def letters_of(user: Person, *, at: datetime) -> models.QuerySet[Letter]:
    """Return what has been said to ``user``, newest first."""
    return Letter.objects.said_to(user).filter(not_before_at__lte=at).order_by("-made_at", "-pk")


def letters_to(person: Person) -> models.QuerySet[Letter]:
    """Return every letter to ``person``."""
    return Letter.objects.filter(reader=person)


def letters_about(matter: str, *, beside: Collection[str] = ()) -> models.QuerySet[Letter]:
    """Return every letter about ``matter``, and those that tell of several of ``beside`` at once.

    Such a letter is filed under the first of what it tells of (``Notice``: its key says "all").
    """
    together = Q(about__in=beside, key__contains=":all-")
    return Letter.objects.filter(Q(about=matter) | together)


def listed(letters: models.QuerySet[Letter]) -> models.QuerySet[Letter]:
    """Return ``letters`` as a list shows them: newest first, with their readers, without their words."""
    rows = letters.select_related("reader").defer("body", "link", "calendar")
    return rows.order_by("-made_at", "-pk")


def fate_of(letter: Letter, *, at: datetime) -> tuple[Fate, datetime]:
    """Return what has become of ``letter`` by ``at``, and since when."""
    if letter.channel == Channel.PAPER:
        if letter.sent_at is not None:
            return Fate.TOLD, letter.sent_at
        since = letter.not_before_at if _is_planned(letter) else letter.made_at
        if since > at:
            return Fate.LATER, since
        return (Fate.FAILED if letter.last_error else Fate.BY_POST), since
    if letter.channel == Channel.DESK:
        return _fate_on_desk(letter), letter.made_at
    if letter.sent_at is not None:
        return Fate.SENT, letter.sent_at
    if letter.expires_at is not None and letter.expires_at <= at:
        return Fate.OVER, letter.expires_at
    if letter.last_error:
        return Fate.TRIED, letter.tried_at or letter.made_at
    return Fate.WAITS, max(letter.made_at, letter.not_before_at)


def _is_planned(letter: Letter) -> bool:
    return letter.not_before_at > letter.made_at + HELD


def _fate_on_desk(letter: Letter) -> Fate:
    """Return what has become of what stands on a desk: nobody reads it there who has no e-mail to sign in by."""
    with unseen():  # whether there is an address is not the address
        can_sign_in = letter.reader is None or bool(letter.reader.email)
    if can_sign_in:
        return Fate.ON_DESK
    if letter.expires_at and letter.sent_at and letter.expires_at <= letter.sent_at:
        return Fate.OVER
    notice = KINDS.get(letter.kind)
    return Fate.PASSED if notice and notice.is_told() else Fate.NO_MAIL


def unread_count(user: Person, *, at: datetime) -> int:
    """Return how many letters ``user`` has not marked as read."""
    return Letter.objects.unread(user, at).count()


def paper_queue(at: datetime | None = None) -> models.QuerySet[Letter]:
    """Return letters that the counter has to tell by phone or post, oldest first; ``at``: planned ones, too."""
    return Letter.objects.on_paper(at).select_related("reader").order_by("made_at", "pk")


def on_paper_of(at: datetime) -> list[Person]:
    """Return to whom a person at the counter has to tell what was done at ``at``: e-mail does not reach them."""
    letters = paper_queue().filter(made_at=at).exclude(reader=None)
    return list({letter.reader.pk: letter.reader for letter in letters if letter.reader}.values())


def paper_beside(letter: Letter, *, at: datetime | None = None) -> list[Letter]:
    """Return what the counter has to tell to the letter's reader in one call, ``letter`` among it, oldest first."""
    if letter.reader_id is None:
        return [letter]
    waiting = list(paper_queue(at).filter(reader=letter.reader_id))
    return waiting if letter in waiting else [letter, *waiting]


def choices_of(user: Person) -> list[Choice]:
    """Return every kind that concerns ``user`` or was chosen, and whose channel may be chosen, with what holds now."""
    chosen = dict(NoticeChoice.objects.filter(user=user).values_list("kind", "channel"))
    return [
        Choice(kind, str(notice.label), Channel(chosen.get(kind) or notice.default_for(user)))
        for kind, notice in sorted(KINDS.items())
        if not notice.is_must_know and (kind in chosen or notice.concerns(user))
    ]


def mail_late_since(*, at: datetime) -> datetime | None:
    """Return since when mail that should leave at once has not left, or None: the server or the worker is away.

    One letter's own fault is no outage: it has its own pause, and the others of its lane wait for it.
    """
    morning = end_of_quiet(at)
    late = _late_by_day(at=at) if morning is None else _late_by_night(at=at, morning=morning)
    return late[0][0] if late else None


def _late(morning: Instant | None) -> models.QuerySet[Letter, Any]:
    waiting = Letter.objects.first_of_lane(AT, morning).filter(
        can_wait=False, retry_at=None, not_before_at__lte=AT - LATE
    )
    return waiting.order_by("not_before_at").values_list("not_before_at")[:1]


_late_by_day = once(lambda: _late(None))
_late_by_night = once(lambda: _late(Given("morning", models.DateTimeField())))
