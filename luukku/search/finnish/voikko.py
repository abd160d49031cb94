"""Voikko's readings of a word, and the likeliest of them. A handle of Voikko belongs to one thread."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

SHORTEST_PART = 3
_handles = threading.local()
_MORPHEME = re.compile(r"\+([^+(]*)(?:\(([^)]*)\))?")


class Case(StrEnum):
    """What a word's first letter says."""

    PLAIN = "plain"  # small: no name
    NAME = "name"  # a capital within a sentence
    EITHER = "either"  # a capital at the beginning of a sentence
    ASKED = "asked"  # people type names small


@dataclass(frozen=True)
class Reading:
    """One way to understand a word."""

    base: str
    is_name: bool
    is_verb: bool
    is_adjective: bool
    parts: tuple[str, ...]  # of the word as it stands; one when it is no compound
    bases: tuple[str, ...]  # of the parts but the last, as Voikko gives them
    chain: tuple[str, ...]  # of the last part: its stem, then what has been added to it
    rank: int  # 0 for the likeliest


@cache
def _library() -> Any:
    try:
        import libvoikko  # noqa: PLC0415 -- the system's library may be missing

        libvoikko.Voikko("fi").terminate()
    except Exception:
        return None
    return libvoikko


def has_voikko() -> bool:
    """Return whether Voikko and its Finnish dictionary can be loaded here."""
    return _library() is not None


def _handle() -> Any:
    if not hasattr(_handles, "voikko"):
        _handles.voikko = _library().Voikko("fi")
        _handles.voikko.setNoUglyHyphenation(True)
    return _handles.voikko


@lru_cache(maxsize=50_000)
def readings_of(text: str) -> tuple[Reading, ...]:
    """Return every way to understand a word; none where Voikko does not know it."""
    return tuple(dict.fromkeys(_reading(raw) for raw in _handle().analyze(text)))


def _reading(raw: dict[str, str]) -> Reading:
    word_ = raw.get("WORDBASES", "")
    structure = raw.get("STRUCTURE", "")
    base = raw["BASEFORM"]
    chain, bases = [], []
    for surface, stem in _MORPHEME.findall(word_):
        if stem.startswith("+"):
            chain.append(stem)
        elif stem or not chain:
            if chain:
                bases.append(chain[0])
            chain = [(stem or surface).replace("=", "").lower()]
    doubtful = "POSSESSIVE" in raw or raw.get("COMPARISON") in {"comparative", "superlative"}
    doubtful = doubtful or raw.get("MOOD") == "imperative" or "FOCUS" in raw
    doubtful = doubtful or (
        raw.get("PARTICIPLE") is not None and base.endswith(("va", "vä", "ma", "mä"))
    )
    return Reading(
        base.lower(),
        "i" in structure[:2],
        raw.get("CLASS") == "teonsana",
        raw.get("CLASS") in {"laatusana", "nimisana_laatusana"},
        tuple(_split(base, structure)),
        tuple(bases),
        tuple(chain),
        int(doubtful),
    )


def _split(base: str, structure: str) -> list[str]:
    """Return the lengths' worth of letters of each part; the last one is the base's own end."""
    lengths = [len(part.replace(":", "").replace("-", "")) for part in structure.split("=")[1:]]
    parts, at = [], 0
    for length in lengths[:-1]:
        parts.append(base[at : at + length].lower().strip("-"))
        at += length
        if base[at : at + 1] == "-":
            at += 1
    return [*parts, base[at:].lower().strip("-")]


def likely(readings: Iterable[Reading], text: str, case: Case) -> list[Reading]:
    """Return the readings worth keeping: names where a capital says so, no far-fetched ones."""
    candidates = list(readings)
    if len(candidates) < 2:
        return candidates
    names = [reading for reading in candidates if reading.is_name]
    if case == Case.NAME and names:
        candidates = names
    elif case == Case.PLAIN and len(names) < len(candidates):
        candidates = [reading for reading in candidates if not reading.is_name]
    elif case == Case.ASKED:  # who types a dictionary form means it: syöpä, not syödä
        candidates = [r for r in candidates if r.base == text and not r.is_verb] or candidates
    best = min(reading.rank for reading in candidates)
    candidates = [reading for reading in candidates if reading.rank == best]
    shortest = min(len(reading.parts) for reading in candidates)
    return [reading for reading in candidates if len(reading.parts) == shortest]


@lru_cache(maxsize=50_000)
def bases_of(text: str) -> tuple[str, ...]:
    """Return the dictionary forms of a part of a compound."""
    chosen = likely(readings_of(text), text, Case.PLAIN)
    exact = [reading.base for reading in chosen if reading.base == text]
    return tuple(dict.fromkeys(exact or [reading.base for reading in chosen]))


def every_base_of(text: str) -> tuple[str, ...]:
    """Return every dictionary form that ``text`` may be an inflected form of, names included; () for no word."""
    return tuple(dict.fromkeys(reading.base for reading in readings_of(text)))


def is_word(text: str, *, or_name: bool = False) -> bool:
    """Whether ``text`` is a dictionary form; names only where ``or_name``."""
    return any(r.base == text and (or_name or not r.is_name) for r in readings_of(text))


def syllables(word: str) -> list[str]:
    """Return the parts between which a line may end, none of them a lone vowel. Voikko must be there."""
    marks = _handle().getHyphenationPattern(word)
    return _cut(word, [n for n, mark in enumerate(marks) if mark == "-"])


def compound_parts(word: str) -> list[str]:
    """Return the words that a compound is made of, as they stand in it; one where it is none or is not known."""
    read = _handle().analyze(word)
    structure = read[0]["STRUCTURE"] if read else ""
    lengths = [len(part) for part in structure.split("=")[1:]]
    return _cut(word, [sum(lengths[:n]) for n in range(1, len(lengths))])


def _cut(word: str, at: list[int]) -> list[str]:
    return [word[start:end] for start, end in pairwise([0, *at, len(word)])]
