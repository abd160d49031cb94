"""What a person at the counter tells together: news that came before anybody had been told of the earlier one."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q
from django.utils import translation

from luukku.notices.models import Channel, Letter
from luukku.notices.notice import Notice


def told_beside(told: list[tuple[Letter, Notice]], *, at: datetime) -> list[int]:
    """Tell nobody the end of what nobody told them, and leave to be told what is news beside the newer.

    Returns:
        The keys of the earlier letters that are still told, with words that are true now.
    """
    by_phone = [
        (letter, notice)
        for letter, notice in told
        if letter.channel == Channel.PAPER and letter.sent_at is None
    ]
    asked = [(letter, *_beginnings(notice)) for letter, notice in by_phone]
    if not any(ended or beside for _letter, ended, beside in asked):
        return []
    earlier = _earlier(asked)
    kept = []
    for (letter, notice), (_letter, ended, beside) in zip(by_phone, asked, strict=True):
        before = [
            one for one in earlier if one.reader_id == letter.reader_id and one.pk < letter.pk
        ]
        of_ended = _of(before, ended)
        if of_ended and _is_untold(of_ended[-1]):
            Letter.objects.filter(pk=letter.pk).update(channel=Channel.DESK, sent_at=at)
        for one in filter(_is_untold, _of(before, beside)):
            if _retell(one, notice.retold()):
                kept.append(one.pk)
    return kept


def _beginnings(notice: Notice) -> tuple[list[str], list[str]]:
    """Return how the keys begin of what ``notice`` ends, and of what is news beside it."""
    beside = [f"{kind}:{notice.thing()}" for kind in notice.news_beside]
    return notice.takes_back(), beside


def _earlier(asked: Collection[tuple[Letter, list[str], list[str]]]) -> list[Letter]:
    """Return what was told before under any of the keys to any of the readers, oldest first."""
    those = [
        Q(key__startswith=f"{key}:", reader=letter.reader_id, pk__lt=letter.pk)
        for letter, ended, beside in asked
        for key in (*ended, *beside)
    ]
    # Locked: whoever reads one out at the same moment has told it before, or does so after, with the new words.
    rows = Letter.objects.select_for_update(no_key=True).order_by("pk")
    return list(rows.filter(Q(*those, _connector=Q.OR)))


def _of(letters: list[Letter], keys: list[str]) -> list[Letter]:
    return [one for one in letters if any(one.key.startswith(f"{key}:") for key in keys)]


def _is_untold(letter: Letter) -> bool:
    return letter.channel == Channel.PAPER and letter.sent_at is None


def _retell(letter: Letter, notice: Notice) -> bool:
    """Let ``letter`` say what ``notice`` says now; return False of one that has been told meanwhile."""
    with translation.override(letter.language):
        body = "\n\n".join(str(line) for line in notice.lines())
    return bool(Letter.objects.filter(pk=letter.pk, sent_at=None).update(body=body))
