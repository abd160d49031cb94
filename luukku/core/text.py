"""Text from people: keep what they meant, drop what could mislead or break a page."""

import re
import unicodedata
from collections.abc import Collection
from decimal import ROUND_HALF_UP, Decimal

from django.utils.formats import number_format

# Marks that turn the reading direction of all that follows (a name could rewrite a page); plain
# Arabic or Hebrew needs none of them.
_DIRECTION_MARKS = dict.fromkeys(map(ord, "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_PARTING = {0xAD: None}  # soft hyphens: our own pages have them in long words, which people copy
# Letters and signs by their class that nevertheless show nothing: Hangul's fillers and Braille's empty cell.
_BLANKS = frozenset("\u115f\u1160\u3164\uffa0\u2800")


def clean(text: str) -> str:
    """Return ``text`` in NFC without control characters, direction overrides and soft hyphens, line ends as \\n.

    A text in which nothing can be seen is empty, whatever signs it holds.
    """
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROLS.sub("", text).translate(_DIRECTION_MARKS | _PARTING)
    return text if any(map(_is_seen, text)) else ""


def _is_seen(sign: str) -> bool:
    """Return whether ``sign`` shows something of its own: no space, no joiner, no mark that needs a letter."""
    return unicodedata.category(sign)[0] not in "CMZ" and sign not in _BLANKS


def fold(text: str) -> str:
    """Return ``text`` for comparing words: case and accents folded, spaces single."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


ONE_THING = re.compile(r"[+\d][\d\s()./+-]*|\S+@\S*")  # a telephone number, a day, an address


def parts_of(words: str) -> list[str]:
    """Return the parts of what is looked for, each of which must be found: words, or one thing written with spaces."""
    return [words] if ONE_THING.fullmatch(words) else words.split()


def key_in(text: str) -> int | None:
    """Return the number that ``text`` writes in digits, None for what can be no key of a row."""
    is_key = text.isascii() and text.isdigit() and len(text) < 18
    return int(text) if is_key else None


NUMBERED = re.compile(r"(?:([^\W\d]+)\s*)?#?\s*([1-9]\d{0,16})")


def number_in(words: str, called: Collection[str]) -> int | None:
    """Return the number that ``words`` say, "45", "#45" or "Tilaus 45"; None for other words.

    Args:
        called: the words, in small letters, that may stand before it; "" where none need stand there.
    """
    said = NUMBERED.fullmatch(words)
    return key_in(said[2]) if said and (said[1] or "").lower() in called else None


def tel(number: str) -> str:
    """Return the address by which a number is called, "tel:+358401234567"; empty where there is no number."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign == "+")
    return f"tel:{digits}" if digits else ""


def in_hours(minutes: int) -> str:
    """Say minutes as hours the way people write them here, to a tenth: "12", "1,5"."""
    tenths = (Decimal(minutes) / 6).quantize(Decimal(1), ROUND_HALF_UP)
    return number_format(tenths / 10, 0 if tenths % 10 == 0 else 1)


def whole_hours(minutes: int) -> int:
    """Return minutes as whole hours, half an hour up: 90 are 2, 29 are 0."""
    return int((Decimal(minutes) / 60).quantize(Decimal(1), ROUND_HALF_UP))


def in_euros(amount: Decimal) -> str:
    """Return an amount the way people write it here: "150 €", "12,50 €"; it never breaks over two lines."""
    decimals = 0 if amount == amount.to_integral_value() else 2
    return f"{number_format(amount, decimal_pos=decimals, force_grouping=True)}\N{NO-BREAK SPACE}€"
