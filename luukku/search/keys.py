"""Keys of a text in its language: Finnish by Voikko, Swedish and English by PostgreSQL's own dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from luukku.core.text import clean, fold
from luukku.search import finnish

CONFIG = {"sv": "swedish", "en": "english"}
MOST_WORDS = 8
LONGEST_QUERY = 200
SHORTEST_BEGINNING = 4
# Words that say how things hang together; left out when there are others.
STOP_FI = frozenset({
    "ja", "tai", "eli", "sekä", "mutta", "että", "jos", "kun", "niin", "myös", "on", "ei", "se", "ne",
    "tämä", "nämä", "joka", "mikä", "kuka", "miten", "mitä", "missä", "mistä", "mihin", "olla", "oma",
    "minä", "sinä", "hän", "me", "te", "he", "voida", "saada", "haluta", "kanssa", "vai", "tuo", "kuinka",
})  # fmt: skip
TITLE, EVERYDAY = "^", "&"  # a key of the title; of the everyday words
THEME = "#"


@dataclass(frozen=True)
class Asked:
    """One word of a question."""

    text: str
    keys: frozenset[str]
    bases: tuple[str, ...]
    is_known: bool

    def beginnings(self) -> list[str]:
        """Return what words of the index may begin with to answer this one."""
        return [b for b in dict.fromkeys((self.text, *self.bases)) if len(b) >= SHORTEST_BEGINNING]


def asked_words(question: str, language: str) -> list[Asked]:
    """Return the words of a question with the keys that answer each; little words only when alone."""
    question = clean(question)[:LONGEST_QUERY]
    tokens = [token.strip("-") for token, _case in finnish.words_of(question)]
    if language == "fi":
        asked = [_asked_finnish(token) for token in dict.fromkeys(tokens)]
    else:
        asked = _asked_elsewhere(list(dict.fromkeys(t.lower() for t in tokens)), language)
    telling = [word for word in asked if not set(word.bases) & _stop(language)]
    return (telling or asked)[:MOST_WORDS]


def _asked_finnish(token: str) -> Asked:
    word = finnish.word(token, finnish.Case.ASKED)
    return Asked(token.lower(), frozenset(word.asked()), word.bases, word.is_known)


def _asked_elsewhere(tokens: Sequence[str], language: str) -> list[Asked]:
    stems = lexemes(tokens, language)
    return [
        Asked(token, frozenset(bases), tuple(sorted(bases)), True)
        for token, bases in zip(tokens, stems, strict=True)
        if bases
    ]


def stored_keys(text: str, language: str) -> set[str]:
    """Return the keys that a text is found by."""
    if language == "fi":
        return finnish.keys_of(text)
    return lexemes([text], language)[0]


def name_words(name: str, language: str) -> list[list[str]]:
    """Return the keys of a name word by word, without the parts of compounds and without little words."""
    if language != "fi":
        words = [sorted(keys) for keys in lexemes(_split(name), language)]
        return [keys for keys in words if keys]
    spelled = []
    for token in _split(name):
        word = finnish.word(token.strip("-"), finnish.Case.ASKED)
        if not set(word.bases) & STOP_FI:
            spelled.append(sorted({*word.bases, *(f"~{root}" for root in word.roots)}))
    return spelled


def _stop(language: str) -> frozenset[str]:
    return STOP_FI if language == "fi" else frozenset()  # PostgreSQL leaves its own out


def _split(text: str) -> list[str]:
    return [token for token, _case in finnish.words_of(text)]


def lexemes(texts: Sequence[str], language: str) -> list[set[str]]:
    """Return PostgreSQL's stems of each text, with and without their accents; one statement."""
    if not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tsvector_to_array(to_tsvector(%s::regconfig, t))"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS u (t, n) ORDER BY n",
            [CONFIG[language], list(texts)],
        )
        return [{*stems, *map(fold, stems)} for (stems,) in cursor.fetchall()]


_PLAIN = re.compile(r"^[^\W\d_]+(?:-[^\W\d_]+)*$")


def plain_words(question: str, language: str) -> str:
    """Return the words of a question that may be kept: dictionary forms, no numbers, no addresses, few."""
    spoken = " ".join(
        part for part in clean(question).split() if "@" not in part and "/" not in part
    )
    words = [
        word.bases[0] if language == "fi" else word.text for word in asked_words(spoken, language)
    ]
    return " ".join(word for word in words if _PLAIN.match(word))


def index_words(texts: Iterable[str], language: str) -> dict[str, bool]:
    """Return the words of ``texts`` for comparing with what people type, and whether each is known."""
    bases: dict[str, bool] = {}
    for text in texts:
        for token, case in finnish.words_of(text):
            token = token.strip("-")
            if language == "fi":
                word = finnish.word(token, case)
                for base in word.bases:
                    bases[base[:80]] = word.is_known
            elif len(token) > 2:
                bases[token.lower()[:80]] = True
    return bases
