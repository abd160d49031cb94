"""Hearing distress in what somebody writes: suicide, crisis, violence, an overdose, acute need.

Words come from ``data/distress.toml``; three languages at once, because people mix them. It errs on the side of
hearing: a calm box too many costs an orderer a glance, one too few may cost a life. It decides nothing else, and
what it hears is kept nowhere.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

NEAR = 6  # words of one entry stand within so many
LONGEST = 20_000  # characters that are read
SHORTEST_MISSPELT = 6  # letters; shorter words are too like others
SHORTEST_TWO_SLIPS = 10  # letters
SHORTEST_INSIDE = 7  # letters of what may be misspelt within a longer word
SHORTEST_PARTED = 8  # letters of what is heard when somebody writes it in two words
END = "."  # stands in a text where a clause ends, and in an entry for that place
# I can't, I can’t: one word, as is su*cide. Zero-width and other odd letters part nothing.
_PARTS_NOTHING = re.compile(r"['’´`*\u200b-\u200f\u00ad]")
_WORD = re.compile(r"[^\W_]+|[.,:;!?()\n]+")
_DRAWN_OUT = re.compile(r"(\w)\1\1+")  # haluuuun


class Sign(StrEnum):
    """What the words tell of."""

    SUICIDE = "suicide"
    CRISIS = "crisis"
    VIOLENCE = "violence"
    SUBSTANCES = "substances"
    NEED = "need"
    HEALTH = "health"


@dataclass(frozen=True)
class _Stem:
    """One form of a word: how it begins, what it holds (``*``), or the word itself (``$``)."""

    text: str
    is_within: bool
    is_whole: bool

    def stands_in(self, word: str) -> bool:
        if self.is_whole:
            return word.endswith(self.text) if self.is_within else word == self.text
        return self.text in word if self.is_within else word.startswith(self.text)

    def misspelt_of(self, words: _Words) -> set[str]:
        """Return those of ``words`` that are this one with a slip or two."""
        size = len(self.text)
        if self.is_whole or size < SHORTEST_MISSPELT:
            return set()
        most = 1 if size < SHORTEST_TWO_SLIPS else 2
        # An ending follows the stem: its beginning may be a letter shorter or longer than the stem.
        places = {
            word
            for length in (size - 1, size, size + 1)
            for word in _near(self.text, words.beginnings(length), most)
            if word[0] == self.text[0] or word[1:2] == self.text[1:2]
        }
        if self.is_within and size >= SHORTEST_INSIDE:
            places.update(_near(self.text, words.insides(size), 1))
        return places


def _near(text: str, parts: dict[str, list[str]], most: int) -> Iterator[str]:
    """Yield the words of those ``parts`` that are ``text`` but for so many slips."""
    near = extract(text, parts.keys(), scorer=OSA.distance, score_cutoff=most, limit=None)
    for part, _distance, _place in near:
        yield from parts[part]


class _Words:
    """The distinct words of a text that may be misspelt, by their parts."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = [word for word in words if not word.startswith(_others())]
        self.parts: dict[tuple[str, int], dict[str, list[str]]] = {}

    def beginnings(self, length: int) -> dict[str, list[str]]:
        return self._parts("beginnings", length, lambda word: [word[:length]])

    def insides(self, size: int) -> dict[str, list[str]]:
        return self._parts("insides", size, lambda word: _insides(word, size))

    def _parts(
        self, kind: str, size: int, cut: Callable[[str], Iterable[str]]
    ) -> dict[str, list[str]]:
        if (kind, size) not in self.parts:
            parts = self.parts[kind, size] = {}
            for word in self.words:
                for part in cut(word):
                    parts.setdefault(part, []).append(word)
        return self.parts[kind, size]


def _insides(word: str, size: int) -> list[str]:
    return [word[start : start + size] for start in range(3, len(word) - size + 1)]


_Choice = tuple[_Stem, ...]  # one of these
_Part = tuple[tuple[_Choice, ...], ...]  # one of these rows of words


@cache
def _data() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((Path(__file__).parent / "data" / "distress.toml").read_text())


@cache
def _entries() -> tuple[tuple[Sign, tuple[_Part, ...]], ...]:
    return tuple(
        (sign, tuple(map(_part, entry.split())))
        for sign in Sign
        for entry in _data()[sign]["entries"]
    )


def _part(text: str) -> _Part:
    """Read ``a|b+c``: the word a, or b and next to it c; ``@name`` is one of the words so named."""
    return tuple(
        tuple(tuple(map(_stem, _named(word))) for word in row.split("+")) for row in text.split("|")
    )


def _named(word: str) -> list[str]:
    return " ".join(_data()["words"][word[1:]]).split() if word.startswith("@") else [word]


@cache
def _others() -> tuple[str, ...]:
    return tuple(_data()["others"]["beginnings"])


def _stem(text: str) -> _Stem:
    return _Stem(text.strip("*$"), text.startswith("*"), text.endswith("$"))


def plain(text: str) -> str:
    """Return ``text`` in small letters without accents: ä, å → a, ö → o."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def signs_of(text: str) -> frozenset[Sign]:
    """Return the kinds of distress that ``text`` tells of; none for most texts."""
    text = unicodedata.normalize("NFC", _PARTS_NOTHING.sub("", text[:LONGEST]).casefold())
    words = [word if word[0].isalnum() else END for word in _WORD.findall(text)]
    places = _Places([*words, END])
    return frozenset(sign for sign, entry in _entries() if places.hold(entry))


def _spellings(word: str) -> set[str]:
    """Return ``word``, and it without its drawn-out letters: haluuuun may be haluun or halun."""
    return {word, _DRAWN_OUT.sub(r"\1\1", word), _DRAWN_OUT.sub(r"\1", word)}


class _Places:
    """Where in a text the stems stand; each stem is looked for once."""

    def __init__(self, words: list[str]) -> None:
        self.at: dict[str, set[int]] = {}
        self.parted: dict[str, set[int]] = {}
        for place, word in enumerate(words):
            for spelling in _spellings(word):
                self.at.setdefault(spelling, set()).add(place)
                self.at.setdefault(plain(spelling), set()).add(place)
        for place, (word, following) in enumerate(pairwise(words)):
            if END not in {word, following}:
                self.parted.setdefault(plain(word + following), set()).add(place)
        self.misspelt = _Words(self.at)
        self.found: dict[_Stem, set[int]] = {}

    def of(self, stem: _Stem) -> set[int]:
        if stem not in self.found:
            heard = self.misspelt.words if stem.is_within else self.at
            words = {word for word in heard if stem.stands_in(word)}
            words |= stem.misspelt_of(self.misspelt)
            places = [self.at[word] for word in words]
            if len(stem.text) >= SHORTEST_PARTED:
                places += [at for word, at in self.parted.items() if stem.text in word]
            self.found[stem] = set().union(*places)
        return self.found[stem]

    def of_part(self, part: _Part) -> set[int]:
        """Return where one of the rows of ``part`` begins."""
        places: set[int] = set()
        for row in part:
            first, *others = (set().union(*map(self.of, choice)) for choice in row)
            places |= {
                place
                for place in first
                if all(place + step in at for step, at in enumerate(others, 1))
            }
        return places

    def hold(self, entry: tuple[_Part, ...]) -> bool:
        """Return whether every part of ``entry`` stands in the text, each another word, near each other."""
        parts = []
        for part in entry:
            places = self.of_part(part)
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
