"""Hearing distress in what somebody writes: suicide, crisis, violence, an overdose, acute need.

Words come from ``data/distress.toml``; three languages at once, because people mix them. It errs on the side of
hearing: a calm box too many costs an orderer a glance, one too few may cost a life. It decides nothing else, and
what it hears is kept nowhere.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from rapidfuzz.distance import OSA

NEAR = 6  # words of one entry stand within so many
LONGEST = 20_000  # characters that are read
SHORTEST_MISSPELT = 6  # letters; shorter words are too like others
_WORD = re.compile(r"[^\W_]+")


class Sign(StrEnum):
    """What the words tell of."""

    SUICIDE = "suicide"
    CRISIS = "crisis"
    VIOLENCE = "violence"
    SUBSTANCES = "substances"
    NEED = "need"


@dataclass(frozen=True)
class _Stem:
    """One form of a word: how it begins, what it holds (``*``), or the word itself (``$``)."""

    text: str
    is_within: bool
    is_whole: bool

    def answers(self, word: str, plain: str) -> bool:
        asked = plain if self.text.isascii() else word
        if self.is_whole:
            found = asked.endswith(self.text) if self.is_within else asked == self.text
        else:
            found = self.text in asked if self.is_within else asked.startswith(self.text)
        return found or self._is_misspelt(asked)

    def _is_misspelt(self, asked: str) -> bool:
        size = len(self.text)
        if self.is_whole or size < SHORTEST_MISSPELT or len(asked) < size - 1:
            return False
        if asked.startswith(_not_misspelt()):
            return False
        if asked[0] != self.text[0] and asked[1:2] != self.text[1:2]:
            return False
        most = 1 if size < 9 else 2
        # An ending follows the stem: its beginning may be a letter shorter or longer than the stem.
        return any(
            OSA.distance(asked[:length], self.text, score_cutoff=most) <= most
            for length in (size - 1, size, size + 1)
        )


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "data" / "distress.toml").read_text())


@cache
def _entries() -> tuple[tuple[Sign, tuple[tuple[_Stem, ...], ...]], ...]:
    return tuple(
        (sign, tuple(tuple(map(_stem, part.split("|"))) for part in entry.split()))
        for sign in Sign
        for entry in _data()[sign]["entries"]
    )


@cache
def _not_misspelt() -> tuple[str, ...]:
    return tuple(_data()["others"]["beginnings"])


def _stem(text: str) -> _Stem:
    return _Stem(text.strip("*$"), text.startswith("*"), text.endswith("$"))


def plain(text: str) -> str:
    """Return ``text`` in small letters without accents: ä, å → a, ö → o."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def signs_of(text: str) -> frozenset[Sign]:
    """Return the kinds of distress that ``text`` tells of; none for most texts."""
    # I can't, I can’t: one word. Zero-width and other odd letters part nothing.
    text = re.sub(r"['’´`\u200b-\u200f\u00ad]", "", text[:LONGEST]).casefold()
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    places = _Places(words)
    return frozenset(sign for sign, entry in _entries() if places.hold(entry))


class _Places:
    """Where in a text the stems stand; each stem is looked for once."""

    def __init__(self, words: list[str]) -> None:
        self.at: dict[str, list[int]] = {}
        for place, word in enumerate(words):
            self.at.setdefault(word, []).append(place)
        self.plain = {word: plain(word) for word in self.at}
        self.found: dict[_Stem, tuple[int, ...]] = {}

    def of(self, stem: _Stem) -> tuple[int, ...]:
        if stem not in self.found:
            self.found[stem] = tuple(
                place
                for word, places in self.at.items()
                if stem.answers(word, self.plain[word])
                for place in places
            )
        return self.found[stem]

    def hold(self, entry: tuple[tuple[_Stem, ...], ...]) -> bool:
        """Return whether every part of ``entry`` stands in the text, each another word, near each other."""
        parts = []
        for part in entry:
            places = {place for stem in part for place in self.of(stem)}
            if not places:
                return False
            parts.append(places)
        return any(_reached(parts[1:], {first}) for first in parts[0])


def _reached(parts: list[set[int]], taken: set[int]) -> bool:
    if not parts:
        return True
    near = range(max(taken) - NEAR, min(taken) + NEAR + 1)
    return any(
        _reached(parts[1:], taken | {place})
        for place in near
        if place in parts[0] and place not in taken
    )
