"""Finnish business IDs (Y-tunnus): seven digits, a hyphen and a check digit."""

import re

WEIGHTS = (7, 9, 10, 5, 8, 4, 2)


def is_business_id(text: str) -> bool:
    """Return whether ``text`` is a business ID whose check digit is right."""
    if not re.fullmatch(r"[0-9]{7}-[0-9]", text):
        return False
    rest = sum(int(digit) * weight for digit, weight in zip(text, WEIGHTS, strict=False)) % 11
    return rest != 1 and int(text[-1]) == (11 - rest if rest else 0)
