"""Finnish words by their keys, whatever their case and wherever they stand in a compound."""

from luukku.search.finnish.hyphens import hyphenated
from luukku.search.finnish.texts import keys_of, matches_in, words_of
from luukku.search.finnish.voikko import Case, every_base_of, has_voikko
from luukku.search.finnish.words import Word, word

__all__ = [
    "Case",
    "Word",
    "every_base_of",
    "has_voikko",
    "hyphenated",
    "keys_of",
    "matches_in",
    "word",
    "words_of",
]
