"""What is shown of a document that answers: its title and a stretch of its text, the answering words marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from luukku.search import finnish
from luukku.search.keys import Asked, lexemes
from luukku.search.queries.meanings import Stands

SNIPPET = 220  # letters


@dataclass(frozen=True)
class Hit:
    """One result."""

    kind: str
    object_id: str
    title: str
    url: str
    snippet: SafeString
    marked_title: SafeString
    via: str = ""  # the everyday word that led here
    tier: int = 0  # 0 the whole word in the title … 3 by a part, a relative or a beginning
    matched: tuple[str, ...] = ()  # the words that answered, as they stand


def hits(
    rows: Sequence[tuple[Any, ...]],
    words: Sequence[Asked],
    wanted: frozenset[str],
    stands: Stands,
    language: str,
) -> list[Hit]:
    """Return each row as it is shown, the words that answer the keys ``wanted`` marked."""
    leads = stands.via(words)
    own = frozenset().union(*(word.keys for word in words))
    found = []
    for kind, object_id, title, url, body, everyday, tier in rows:
        marked_title, in_title = _marked(title, wanted, language)
        text = everyday if kind == "theme" else body
        snippet, in_text = _snippet(text, wanted, language)
        via = ""
        if leads and not _marked(f"{title}\n{text}", own, language)[1]:
            via = " · ".join(f"{word} → {theme}" for word, theme in leads)
        found.append(
            Hit(
                kind, object_id, title, url, snippet, marked_title, via, tier,
                tuple(dict.fromkeys([*in_title, *in_text])),
            )
        )  # fmt: skip
    return found


def _spans(text: str, wanted: frozenset[str], language: str) -> list[tuple[int, int]]:
    """Return where the words of ``text`` stand that answer ``wanted``."""
    if language == "fi":
        spans = []
        for match, case in finnish.matches_in(text):
            if not wanted.isdisjoint(finnish.word(match[0].strip("-"), case).stored()):
                spans.append(match.span())
        return spans
    spoken = list(finnish.matches_in(text))
    stems = lexemes([match[0].lower() for match, _case in spoken], language)
    return [
        match.span()
        for (match, _case), found in zip(spoken, stems, strict=True)
        if not wanted.isdisjoint(found)
    ]


def _marked(text: str, wanted: frozenset[str], language: str) -> tuple[SafeString, list[str]]:
    """Return ``text`` escaped, with the words that answer marked, and those words."""
    return _mark(text, _spans(text, wanted, language), 0, len(text))


def _mark(
    text: str, spans: Sequence[tuple[int, int]], start: int, end: int
) -> tuple[SafeString, list[str]]:
    parts, at, found = [], start, []
    for first, last in spans:
        if first >= start and last <= end:
            parts += [escape(text[at:first]), f"<mark>{escape(text[first:last])}</mark>"]
            found.append(text[first:last])
            at = last
    parts.append(escape(text[at:end]))
    return mark_safe("".join(parts)), found  # noqa: S308 -- each part is escaped


def _snippet(text: str, wanted: frozenset[str], language: str) -> tuple[SafeString, list[str]]:
    """Return a stretch of ``text`` around the first word that answers, marked and escaped."""
    spans = _spans(text, wanted, language)
    start = max(0, spans[0][0] - SNIPPET // 3) if spans else 0
    if start:
        start = text.rfind(" ", 0, start) + 1
    end = min(len(text), start + SNIPPET)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + 1)
    marked, found = _mark(text, spans, start, end)
    snippet = f"{'… ' if start else ''}{marked}{' …' if end < len(text) else ''}"
    return mark_safe(snippet), found  # noqa: S308 -- what is marked is escaped
