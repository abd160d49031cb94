"""Keys of Finnish words: what a word is found by, whatever its case and wherever it stands in a compound.

A key is one of

- ``velka``      the dictionary form of a word;
- ``+velka``     a part of a compound (velkaneuvonta);
- ``~velka``     what a word is derived from (velkaantua); ``~koti-ton`` where the suffix turns it into a lack,
  ``~kuntou=`` where only the family has that stem (kuntoutua, kuntouttaa).

Voikko gives them. Where it cannot be loaded, simplemma gives dictionary forms and compounds stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, lru_cache

from luukku.search.finnish.derivations import roots_in, roots_of
from luukku.search.finnish.voikko import (
    SHORTEST_PART,
    Case,
    Reading,
    bases_of,
    has_voikko,
    likely,
    readings_of,
)

SHORTEST_TAIL = 5  # of a word that Voikko does not know: nepsy|haasteista


@dataclass(frozen=True)
class Word:
    """What a word is found by, and by what it finds others."""

    bases: tuple[str, ...]
    parts: tuple[str, ...]
    roots: tuple[str, ...]
    part_roots: tuple[str, ...]
    is_known: bool

    def stored(self) -> set[str]:
        """Keys of the word in a text."""
        keys = set(self.bases) | {f"+{part}" for part in self.parts}
        return keys | {f"~{root}" for root in (*self.roots, *self.part_roots)}

    def asked(self) -> set[str]:
        """Keys that answer the word in a question."""
        keys = {f"{mark}{base}" for base in self.bases for mark in ("", "+", "~")}
        for root in self.roots:
            keys |= {f"~{root}", root, f"+{root}"}
        return keys


@lru_cache(maxsize=200_000)
def word(text: str, case: Case = Case.PLAIN) -> Word:
    """Return the keys of one Finnish word."""
    if not has_voikko():
        return _by_simplemma(text)
    readings = likely(readings_of(text if text.isupper() else text.lower()), text.lower(), case)
    if not readings:
        return _guessed(text.lower())
    bases, parts, roots, part_roots = [], [], [], []
    for reading in readings:
        bases.append(reading.base)
        own = roots_in(reading)
        if len(reading.parts) == 1:
            roots += own
            continue
        parts += _parts(reading)
        # With its hyphen: pakko-oireinen, pakko-oire.
        head = reading.base[: -len(reading.parts[-1])]
        tail_roots = [root for base in bases_of(reading.parts[-1]) for root in roots_of(base)]
        part_roots += tail_roots
        roots += [r if r.startswith(head) else f"{head}{r}" for r in (*tail_roots, *own)]
    known = dict.fromkeys(bases)
    return Word(
        tuple(known),
        tuple(part for part in dict.fromkeys(parts) if part not in known),
        tuple(root for root in dict.fromkeys(roots) if root not in known),
        tuple(dict.fromkeys(part_roots)),
        True,
    )


def _parts(reading: Reading) -> list[str]:
    parts = list(reading.parts)
    pieces: list[str] = []
    for number, part in enumerate(parts):
        bases = bases_of(part)
        if not bases and number < len(reading.bases) == len(parts) - 1:
            bases = (reading.bases[number],)
        pieces += bases or (part,)
    for start in range(len(parts)):  # mielenterveys|kuntoutuja, mielen|terveyskuntoutuja
        for end in range(start + 2, len(parts) + 1):
            if end - start < len(parts):
                joined = "".join(parts[start:end])
                pieces += bases_of(joined) or (joined,)
    return [part for part in pieces if len(part) >= SHORTEST_PART]


def _guessed(text: str) -> Word:
    """Return keys of a word that Voikko does not know: a known tail parts it, else its cases are cut."""
    text = text.strip("-")
    if "-" in text or ":" in text:
        pieces = [piece for piece in re.split(r"[-:]", text) if len(piece) >= SHORTEST_PART]
        bases = [base for piece in pieces for base in (bases_of(piece) or (piece,))]
        return Word((text,), tuple(dict.fromkeys(bases)), (), (), False)
    for at in range(3, len(text) - SHORTEST_TAIL + 1):
        tail = [
            r for r in readings_of(text[at:]) if not r.is_name and len(r.parts) == 1 and not r.rank
        ]
        if tail:
            head, tails = text[:at], dict.fromkeys(reading.base for reading in tail)
            roots = [root for base in tails for root in roots_of(base)]
            parts = [*(bases_of(head) or (head,)), *tails]
            return Word(
                (*(head + base for base in tails), *_cut_to_s(text)),
                tuple(parts),
                tuple(head + root for root in roots),
                tuple(roots),
                False,
            )
    return Word(tuple(dict.fromkeys((text, _cut(text), *_cut_to_s(text)))), (), (), (), False)


_CASES = re.compile(
    r"(?:ssa|ssä|sta|stä|lla|llä|lta|ltä|lle|ksi|na|nä|tta|ttä|ista|istä|issa|issä|ille|illa|illä|iin|"
    r"ien|jen|iden|ita|itä|ja|jä|oita|öitä|in|an|än|en|on|un|yn|n|t|a|ä)$"
)


def _cut(text: str) -> str:
    """Return ``text`` without what looks like the ending of a case."""
    cut = _CASES.sub("", text)
    return cut if len(cut) > SHORTEST_PART else text


_TO_S = re.compile(r"(?<=[aeiouyäö])(?:ks[ei]\w*|st[aä])$")


def _cut_to_s(text: str) -> list[str]:
    """Return what ``text`` may be a form of when its word ends with s: lupuksen, lupusta → lupus."""
    cut = _TO_S.sub("s", text)
    return [cut] if cut != text and len(cut) > SHORTEST_PART else []


@cache
def _lemmatize() -> Callable[[str, str], str]:
    from simplemma import lemmatize  # noqa: PLC0415 -- only where Voikko is missing: its words weigh 400 MB

    return lemmatize


def _by_simplemma(text: str) -> Word:
    lowered = text.lower()
    base = _lemmatize()(lowered, "fi").lower()
    return Word((base,), (), (), (), base != lowered)
