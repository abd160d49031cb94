"""Finding: documents by their keys, open calls and expert cards by what the question's words stand for."""

from luukku.search.queries.documents import Filters, Results, search
from luukku.search.queries.finding import CALLS, EXPERTS, KINDS, Choice, Finding, find
from luukku.search.queries.meanings import Meaning, Stands, what_words_stand_for
from luukku.search.queries.misses import suggestions, waiting_misses
from luukku.search.queries.open import CallQuery, ExpertQuery, calls, experts
from luukku.search.queries.passages import Hit
from luukku.search.queries.reading import WIDE_DAYS, readers_of_cards

__all__ = [
    "CALLS",
    "EXPERTS",
    "KINDS",
    "WIDE_DAYS",
    "CallQuery",
    "Choice",
    "ExpertQuery",
    "Filters",
    "Finding",
    "Hit",
    "Meaning",
    "Results",
    "Stands",
    "calls",
    "experts",
    "find",
    "readers_of_cards",
    "search",
    "suggestions",
    "waiting_misses",
    "what_words_stand_for",
]
