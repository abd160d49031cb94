"""Words of a Finnish text, where they stand and by what keys each is found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from luukku.search.finnish.voikko import Case, readings_of
from luukku.search.finnish.words import word

_TOKEN = re.compile(r"[^\W_]+(?:[-:’'][^\W_]+)*-?")
_SENTENCE_ENDS = re.compile(r"(?:^|[.!?:;•\n”\"(–])\s*$")
SHORTEST_WORD = 2


def matches_in(text: str) -> Iterator[tuple[re.Match, Case]]:
    """Yield where each word of ``text`` stands, with what its first letter says."""
    end = 0
    for match in _TOKEN.finditer(text):
        if len(match[0]) >= SHORTEST_WORD:
            if not match[0][0].isupper():
                yield match, Case.PLAIN
            elif _SENTENCE_ENDS.search(text[max(0, end - 1) : match.start()]):
                yield match, Case.EITHER
            else:
                yield match, Case.NAME
        end = match.end()


def words_of(text: str) -> Iterator[tuple[str, Case]]:
    """Yield each word of ``text`` with what its first letter says."""
    for match, case in matches_in(text):
        yield match[0], case


def keys_of(text: str) -> set[str]:
    """Return the keys of all words of a Finnish ``text``; ``mielenterveys- ja päihdeongelmat`` are two words."""
    keys, heads = set(), []
    for token, case in words_of(text):
        if token.endswith("-"):
            heads.append(token.strip("-"))
            keys |= word(token.strip("-"), case).stored()
            continue
        reading = word(token, case)
        keys |= reading.stored()
        if heads and reading.parts:
            for head in heads:
                keys |= word(f"{head}{_tail(token)}".lower()).stored()
            heads = []
    return keys


def _tail(token: str) -> str:
    readings = [reading for reading in readings_of(token.lower()) if len(reading.parts) > 1]
    return token[sum(map(len, readings[0].parts[:-1])) :] if readings else token
