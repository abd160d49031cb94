"""Keys of Finnish words: what a word is found by, whatever its case and wherever it stands in a compound.

A key is one of

- ``velka``      the dictionary form of a word;
- ``+velka``     a part of a compound (velkaneuvonta);
- ``~velka``     what a word is derived from (velkaantua); ``~koti-ton`` where the suffix turns it into a lack,
  ``~kuntou=`` where only the family has that stem (kuntoutua, kuntouttaa).

Voikko gives them. Where it cannot be loaded, simplemma gives dictionary forms and compounds stay whole.
A Voikko handle belongs to one thread.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache

SHORTEST_PART = 3
SHORTEST_TAIL = 5  # of a word that Voikko does not know: nepsy|haasteista
_handles = threading.local()
_MORPHEME = re.compile(r"\+([^+(]*)(?:\(([^)]*)\))?")
_LACK = {"+ton", "+tön"}
# Words that come from the other word by their letters, not by their meaning.
NOT_DERIVED = frozenset({
    "omaisuus", "läheisyys", "toimisto", "osoite", "vastaus", "kuulo", "laitos", "asema", "varsinainen",
    "asiantuntija", "tuntija", "kirjallisuus", "todellisuus", "mahdollisuus", "yhteys", "saatava", "kiusaus", "romaani",
})  # fmt: skip
NOT_FROM = {
    "vanhemmuus": "vanha", "kuntoutua": "kunto", "kuntouttaa": "kunto", "kotoutua": "koto", "raskaus": "raskas",
    "omainen": "oma",
}  # fmt: skip
# Endings of words that Voikko takes whole, and what may stand before them; tried in order.
_ENDINGS = (
    ("aantua", ("a",)), ("antua", ("",)), ("ääntyä", ("ä",)), ("äntyä", ("",)), ("utua", ("",)),
    ("ytyä", ("",)), ("oitua", ("a", "o")), ("öityä", ("e", "ö", "ä")), ("stua", ("s",)), ("styä", ("s",)),
    ("isti", ("i", "")), ("ismi", ("i", "")), ("lainen", ("",)), ("läinen", ("",)), ("llinen", ("",)),
    ("inen", ("",)), ("eus", ("i",)), ("eys", ("i",)), ("uus", ("i",)), ("yys", ("i",)), ("mus", ("a", "ä")),
    ("mys", ("a", "ä")), ("la", ("",)), ("lä", ("",)), ("ata", ("i",)), ("ota", ("o",)),
    ("oottinen", ("oosi",)), ("aattinen", ("a",)), ("ktinen", ("ksia",)), ("ptinen", ("psia",)),
    ("maani", ("mania",)), ("itys", ("e",)),
)  # fmt: skip
# Somebody with an illness, -ikko: what stands before it, and what the illness ends with; tried in order.
_SUFFERERS = (
    ("aat", ("a",)), ("oot", ("oosi",)), ("eet", ("etes",)), ("kt", ("ksia",)), ("pt", ("psia",)),
    ("oon", ("ooninen",)), ("", ("ia",)),
)  # fmt: skip
_LONG = re.compile(r"(aa|ee|ii|oo|uu|yy|ää|öö)(?=[^aeiouyäö]$)")
_OF_A_PLACE = ("lainen", "läinen")  # porilainen
_VERB = re.compile(r"(?:ttaa|ttää|tua|tyä|taa|tää)$")


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


@cache
def _library() -> object | None:
    try:
        import libvoikko  # noqa: PLC0415 -- the system's library may be missing

        libvoikko.Voikko("fi").terminate()
    except Exception:
        return None
    return libvoikko


def has_voikko() -> bool:
    """Return whether Voikko and its Finnish dictionary can be loaded here."""
    return _library() is not None


def _handle() -> object:
    if not hasattr(_handles, "voikko"):
        _handles.voikko = _library().Voikko("fi")
    return _handles.voikko


class Case(StrEnum):
    """What a word's first letter says."""

    PLAIN = "plain"  # small: no name
    NAME = "name"  # a capital within a sentence
    EITHER = "either"  # a capital at the beginning of a sentence
    ASKED = "asked"  # people type names small


@lru_cache(maxsize=200_000)
def word(text: str, case: Case = Case.PLAIN) -> Word:
    """Return the keys of one Finnish word."""
    if not has_voikko():
        return _by_simplemma(text)
    readings = _likely(_readings(text if text.isupper() else text.lower()), text.lower(), case)
    if not readings:
        return _guessed(text.lower())
    bases, parts, roots, part_roots = [], [], [], []
    for reading in readings:
        bases.append(reading.base)
        own = _roots(reading)
        if len(reading.parts) == 1:
            roots += own
            continue
        parts += _parts(reading)
        head = reading.base[
            : -len(reading.parts[-1])
        ]  # with its hyphen: pakko-oireinen, pakko-oire
        tail_roots = [root for base in _bases(reading.parts[-1]) for root in _roots_of(base)]
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


@lru_cache(maxsize=50_000)
def _readings(text: str) -> tuple[Reading, ...]:
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


def _likely(readings: Iterable[Reading], text: str, case: Case) -> list[Reading]:
    """Return the readings worth keeping: names where a capital says so, no far-fetched ones."""
    found = list(readings)
    if len(found) < 2:
        return found
    names = [reading for reading in found if reading.is_name]
    if case == Case.NAME and names:
        found = names
    elif case == Case.PLAIN and len(names) < len(found):
        found = [reading for reading in found if not reading.is_name]
    elif case == Case.ASKED:  # who types a dictionary form means it: syöpä, not syödä
        found = [r for r in found if r.base == text and not r.is_verb] or found
    best = min(reading.rank for reading in found)
    found = [reading for reading in found if reading.rank == best]
    shortest = min(len(reading.parts) for reading in found)
    return [reading for reading in found if len(reading.parts) == shortest]


@lru_cache(maxsize=50_000)
def _bases(text: str) -> tuple[str, ...]:
    """Return the dictionary forms of a part of a compound."""
    found = _likely(_readings(text), text, Case.PLAIN)
    exact = [reading.base for reading in found if reading.base == text]
    return tuple(dict.fromkeys(exact or [reading.base for reading in found]))


def _parts(reading: Reading) -> list[str]:
    parts = list(reading.parts)
    found = []
    for number, part in enumerate(parts):
        bases = _bases(part)
        if not bases and number < len(reading.bases) == len(parts) - 1:
            bases = (reading.bases[number],)
        found += bases or (part,)
    for start in range(len(parts)):  # mielenterveys|kuntoutuja, mielen|terveyskuntoutuja
        for end in range(start + 2, len(parts) + 1):
            if end - start < len(parts):
                joined = "".join(parts[start:end])
                found += _bases(joined) or (joined,)
    return [part for part in found if len(part) >= SHORTEST_PART]


def _roots(reading: Reading) -> list[str]:
    if reading.is_name or reading.base in NOT_DERIVED or not reading.chain:
        return []  # Nakkila is no place of nakki
    stem, *added = reading.chain
    if not added:
        is_whole = len(reading.parts) == 1 or not reading.bases  # skitso=freenikko is one word
        return _stripped(reading.base) if is_whole else []
    if _LACK & set(added):
        return [f"{stem}-ton"]
    roots = [root for root in (stem, *_stripped(stem)) if len(root) >= SHORTEST_PART]
    if added == ["+inen"] and stem.endswith("i") and _is_word(f"{stem}a"):
        roots.append(f"{stem}a")  # psykiatrinen is of psykiatria as well as of a psykiatri
    return [root for root in roots if NOT_FROM.get(reading.base) != root]


@lru_cache(maxsize=50_000)
def _roots_of(base: str) -> tuple[str, ...]:
    readings = [reading for reading in _readings(base) if reading.base == base]
    return tuple(dict.fromkeys(root for reading in readings for root in _roots(reading)))


@lru_cache(maxsize=50_000)
def _stripped(base: str) -> list[str]:
    """Return the words that ``base``, which Voikko takes whole, comes from by a living suffix."""
    if base in NOT_DERIVED:
        return []
    found = []
    for ending, befores in _ENDINGS:
        if base.endswith(ending):
            for before in befores:
                stem = base[: -len(ending)] + before
                is_there = _is_word(stem, or_name=ending in _OF_A_PLACE)
                if len(stem) >= SHORTEST_PART and NOT_FROM.get(base) != stem and is_there:
                    found.append(stem)
            if found:
                break
    if base.endswith(("ikko", "ikkö")):
        found += _illness(base[:-4])
    if _VERB.search(base):
        stem = _VERB.sub("", base)
        if len(stem) > SHORTEST_PART:
            is_quality = any(r.base == stem and r.is_adjective for r in _readings(stem))
            found.append(stem if is_quality else f"{stem}=")  # raitis; koulu= of kouluttaa
    return found


def _illness(stem: str) -> list[str]:
    """Return what somebody called ``stem``-ikko has: keliaak → keliakia, epilept → epilepsia, kroon → krooninen."""
    stems = dict.fromkeys((stem, _LONG.sub(lambda match: match[0][0], stem)))
    for before, afters in _SUFFERERS:
        for one in stems:
            for after in afters if one.endswith(before) else ():
                illness = f"{one[: len(one) - len(before)]}{after}"
                if _is_word(illness):
                    return [illness]
    return []


def _is_word(text: str, *, or_name: bool = False) -> bool:
    return any(r.base == text and (or_name or not r.is_name) for r in _readings(text))


def _guessed(text: str) -> Word:
    """Return keys of a word that Voikko does not know: a known tail parts it, else its cases are cut."""
    text = text.strip("-")
    if "-" in text or ":" in text:
        pieces = [piece for piece in re.split(r"[-:]", text) if len(piece) >= SHORTEST_PART]
        bases = [base for piece in pieces for base in (_bases(piece) or (piece,))]
        return Word((text,), tuple(dict.fromkeys(bases)), (), (), False)
    for at in range(3, len(text) - SHORTEST_TAIL + 1):
        tail = [
            r for r in _readings(text[at:]) if not r.is_name and len(r.parts) == 1 and not r.rank
        ]
        if tail:
            head, bases = text[:at], dict.fromkeys(reading.base for reading in tail)
            roots = [root for base in bases for root in _roots_of(base)]
            parts = [*(_bases(head) or (head,)), *bases]
            return Word(
                (*(head + base for base in bases), *_cut_to_s(text)),
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
def _lemmatize() -> object:
    from simplemma import lemmatize  # noqa: PLC0415 -- only where Voikko is missing: its words weigh 400 MB

    return lemmatize


def _by_simplemma(text: str) -> Word:
    lowered = text.lower()
    base = _lemmatize()(lowered, "fi").lower()
    return Word((base,), (), (), (), base != lowered)


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
        found = word(token, case)
        keys |= found.stored()
        if heads and found.parts:
            for head in heads:
                keys |= word(f"{head}{_tail(token)}".lower()).stored()
            heads = []
    return keys


def _tail(token: str) -> str:
    readings = [reading for reading in _readings(token.lower()) if len(reading.parts) > 1]
    return token[sum(map(len, readings[0].parts[:-1])) :] if readings else token
