"""What a word is derived from by a living suffix: velkaantua is of velka, epileptikko of epilepsia."""

from __future__ import annotations

import re
from functools import lru_cache

from luukku.search.finnish.voikko import SHORTEST_PART, Reading, is_word, readings_of

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


def roots_in(reading: Reading) -> list[str]:
    """Return what the word, read so, is derived from; ``koti-ton`` where it is the lack of it."""
    if reading.is_name or reading.base in NOT_DERIVED or not reading.chain:
        return []  # Nakkila is no place of nakki
    stem, *added = reading.chain
    if not added:
        is_whole = len(reading.parts) == 1 or not reading.bases  # skitso=freenikko is one word
        return _stripped(reading.base) if is_whole else []
    if _LACK & set(added):
        return [f"{stem}-ton"]
    roots = [root for root in (stem, *_stripped(stem)) if len(root) >= SHORTEST_PART]
    if added == ["+inen"] and stem.endswith("i") and is_word(f"{stem}a"):
        roots.append(f"{stem}a")  # psykiatrinen is of psykiatria as well as of a psykiatri
    return [root for root in roots if NOT_FROM.get(reading.base) != root]


@lru_cache(maxsize=50_000)
def roots_of(base: str) -> tuple[str, ...]:
    """Return what a dictionary form is derived from."""
    readings = [reading for reading in readings_of(base) if reading.base == base]
    return tuple(dict.fromkeys(root for reading in readings for root in roots_in(reading)))


@lru_cache(maxsize=50_000)
def _stripped(base: str) -> list[str]:
    """Return the words that ``base``, which Voikko takes whole, comes from by a living suffix."""
    if base in NOT_DERIVED:
        return []
    stems: list[str] = []
    for ending, befores in _ENDINGS:
        if base.endswith(ending):
            for before in befores:
                stem = base[: -len(ending)] + before
                is_there = is_word(stem, or_name=ending in _OF_A_PLACE)
                if len(stem) >= SHORTEST_PART and NOT_FROM.get(base) != stem and is_there:
                    stems.append(stem)
            if stems:
                break
    if base.endswith(("ikko", "ikkö")):
        stems += _illness(base[:-4])
    if _VERB.search(base):
        stem = _VERB.sub("", base)
        if len(stem) > SHORTEST_PART:
            is_quality = any(r.base == stem and r.is_adjective for r in readings_of(stem))
            stems.append(stem if is_quality else f"{stem}=")  # raitis; koulu= of kouluttaa
    return stems


def _illness(stem: str) -> list[str]:
    """Return what somebody called ``stem``-ikko has: keliaak → keliakia, epilept → epilepsia, kroon → krooninen."""
    stems = dict.fromkeys((stem, _LONG.sub(lambda match: match[0][0], stem)))
    for before, afters in _SUFFERERS:
        for one in stems:
            for after in afters if one.endswith(before) else ():
                illness = f"{one[: len(one) - len(before)]}{after}"
                if is_word(illness):
                    return [illness]
    return []
