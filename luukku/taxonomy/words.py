"""The region's own word for an expert, in every Finnish text that people read.

Texts are written with one word; the loaded Finnish catalogue gets the chosen one at start-up, and texts of
the reference data get it when they are read, form by form. Nothing is asked of the database.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import trans_real

DATA = Path(__file__).parent / "data"


@cache
def forms() -> dict[str, list[str]]:
    """Return the inflected forms of each alternative, all in one order; the first is the default."""
    table = tomllib.loads((DATA / "words.toml").read_text(encoding="utf-8"))
    return {word: inflected for word, inflected in table.items() if word != "forms"}


def default_word() -> str:
    """Return the word that our texts are written with."""
    return next(iter(forms()))


def chosen_word() -> str:
    """Return the word for this counter: LUUKKU_EXPERT_WORD, or the region's choice.

    Raises:
        ValueError: the word is none of the alternatives.
    """
    word = settings.LUUKKU_EXPERT_WORD or _word_of_region(settings.LUUKKU_REGION)
    if word not in forms():
        raise ValueError(f"The word for an expert is none of {', '.join(forms())}: {word}")
    return word


def replaced(text: str, word: str) -> str:
    """Return ``text`` with the default word in every form, also inside compounds, made ``word``."""
    if word == default_word():
        return text
    pattern, pairs = _replacer(word)

    def swap(match: re.Match) -> str:
        new = pairs[match[0].lower()]
        if match[0].isupper():
            return new.upper()
        return new.capitalize() if match[0][0].isupper() else new

    return pattern.sub(swap, text)


def in_words_of_region(text: str) -> str:
    """Return the Finnish ``text`` with the word that this counter has chosen."""
    return replaced(text, chosen_word())


def teach_catalogue(word: str) -> None:
    """Make Django's Finnish catalogue speak with ``word``."""
    if word == default_word():
        return
    finnish = trans_real.translation("fi")
    for catalogue in finnish._catalog._catalogs:  # type: ignore[attr-defined]  # not in the stubs
        for key, text in catalogue.items():
            if isinstance(text, str):
                catalogue[key] = replaced(text, word)


@cache
def _word_of_region(region: str) -> str:
    file = DATA / "regions" / f"{region}.toml"
    if not file.is_file():
        return default_word()
    return tomllib.loads(file.read_text(encoding="utf-8"))["expert_word"]


@cache
def _replacer(word: str) -> tuple[re.Pattern, dict[str, str]]:
    pairs = dict(zip(forms()[default_word()], forms()[word], strict=True))
    return re.compile("|".join(sorted(pairs, key=len, reverse=True)), re.IGNORECASE), pairs
