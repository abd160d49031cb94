"""Where a long Finnish word may be parted at the end of a line: browsers do not know, Voikko does."""

from __future__ import annotations

from functools import lru_cache

from luukku.search.finnish.voikko import compound_parts, has_voikko, syllables

SOFT_HYPHEN = "\N{SOFT HYPHEN}"
LONGEST = 20  # letters that stand together where there is room
MOST_KEPT = 20_000  # words of pages: a few megabytes


@lru_cache(maxsize=MOST_KEPT)
def hyphenated(word: str, *, is_narrow: bool = True) -> str:
    """Return ``word`` with a soft hyphen wherever it may be parted; as it is where Voikko is missing.

    Where there is room (not ``is_narrow``) a compound is parted between its words only, as it is read best, unless
    one of them is as long as ``LONGEST`` itself. In narrow places it is parted by syllables.
    """
    if not has_voikko():
        return word
    parts = compound_parts(word)
    is_readable = not is_narrow and max(map(len, parts)) < LONGEST
    return SOFT_HYPHEN.join(parts if is_readable else syllables(word))
