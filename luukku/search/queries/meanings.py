"""What the words of a question stand for: themes, task types, places, languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from luukku.search.keys import Asked
from luukku.search.models import DocumentName, NameOf


@dataclass(frozen=True)
class Meaning:
    """A name that words of the question answer."""

    what: NameOf
    code: str
    label: str
    places: frozenset[int]  # of the words in the question
    leads_to: str = ""  # the theme's name, when an everyday word led to it
    keys: frozenset[str] = frozenset()  # what else then answers those words


@dataclass(frozen=True)
class Stands:
    """What the question's words stand for."""

    meanings: tuple[Meaning, ...]

    def of(self, what: NameOf) -> list[str]:
        """Return the codes of ``what``; everyday words count as their themes."""
        whats = {what, NameOf.SYNONYM} if what == NameOf.THEME else {what}
        return list(dict.fromkeys(m.code for m in self.meanings if m.what in whats))

    def places(self, *whats: NameOf) -> set[int]:
        """Return where in the question words stand that name one of ``whats``."""
        return set().union(*(m.places for m in self.meanings if m.what in whats))

    def via(self, words: Sequence[Asked]) -> list[tuple[str, str]]:
        """Return the everyday words as they were typed, and the themes that they lead to."""
        named = {m.code for m in self.meanings if m.what == NameOf.THEME}
        found = {
            m.leads_to: " ".join(words[place].text for place in sorted(m.places))
            for m in self.meanings
            if m.what == NameOf.SYNONYM and m.code not in named
        }
        return [(typed, theme) for theme, typed in found.items()]


def what_words_stand_for(words: Sequence[Asked], language: str) -> Stands:
    """Return the themes, task types, places and languages that the words name, in whatever case; one query."""
    asked = [_naming_keys(word) for word in words]
    every = sorted(set().union(*asked))
    if not every:
        return Stands(())
    names = DocumentName.objects.filter(
        Q(language=language) | Q(of=NameOf.MUNICIPALITY), keys__overlap=every
    )
    meanings = []
    for name in names.order_by("pk"):
        places = _places(name.words, asked)
        if places:
            meanings.append(
                Meaning(
                    NameOf(name.of),
                    name.code,
                    name.label,
                    frozenset(places),
                    name.leads_to,
                    frozenset(name.leads_to_keys),
                )
            )
    return Stands(tuple(_widest(meanings)))


def _naming_keys(word: Asked) -> set[str]:
    """Return a word's keys without those that reach compounds: "ongelma" names no "päihdeongelma"."""
    return set(word.bases) | {key for key in word.keys if key.startswith("~")}


def _places(name: Sequence[Sequence[str]], asked: Sequence[set[str]]) -> set[int]:
    """Return where in the question each word of a name stands; nothing when one is missing."""
    places = set()
    for keys in name:
        found = next((place for place, word in enumerate(asked) if not word.isdisjoint(keys)), None)
        if found is None:
            return set()
        places.add(found)
    return places


def _widest(meanings: Sequence[Meaning]) -> list[Meaning]:
    """Leave out what a longer name explains: "psyykkinen sairaus" is not also "sairaus"."""
    return [m for m in meanings if not any(m.places < other.places for other in meanings)]
