"""The region's own word for an expert, in every text that people read.

Texts are written with one word; at start-up the loaded Finnish catalogue gets the chosen one instead,
form by form. Nothing is asked of the database.
"""

import re
import tomllib

from django.conf import settings
from django.utils.translation import trans_real

from luukku.taxonomy.actions import DATA


def forms() -> dict[str, list[str]]:
    """Return the inflected forms of each alternative, all in one order."""
    table = tomllib.loads((DATA / "words.toml").read_text())
    table.pop("forms")
    return table


def chosen_word() -> str:
    """Return the word for this counter: LUUKKU_EXPERT_WORD, or the region's choice.

    Raises:
        ValueError: the word is none of the alternatives.
    """
    word = settings.LUUKKU_EXPERT_WORD
    if not word:
        file = DATA / "regions" / f"{settings.LUUKKU_REGION}.toml"
        word = tomllib.loads(file.read_text())["expert_word"] if file.is_file() else next(iter(forms()))
    if word not in forms():
        raise ValueError(f"LUUKKU_EXPERT_WORD is none of {', '.join(forms())}: {word}")
    return word


def replaced(text: str, word: str) -> str:
    """Return ``text`` with the default word in every form, also inside compounds, made ``word``."""
    table = forms()
    default = next(iter(table))
    if word == default:
        return text
    pairs = dict(zip(table[default], table[word], strict=True))
    longest_first = sorted(pairs, key=len, reverse=True)
    pattern = re.compile("|".join(longest_first), re.IGNORECASE)

    def swap(match: re.Match) -> str:
        new = pairs[match[0].lower()]
        return new.capitalize() if match[0][0].isupper() else new

    return pattern.sub(swap, text)


def teach_catalogue(word: str) -> None:
    """Make Django's Finnish catalogue speak with ``word``."""
    if word == next(iter(forms())):
        return
    for catalogue in trans_real.translation("fi")._catalog._catalogs:
        for key, text in catalogue.items():
            if isinstance(text, str):
                catalogue[key] = replaced(text, word)
