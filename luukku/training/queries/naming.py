"""Whether words name somebody: what is told in numbers must not tell who they were."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from luukku.accounts.models import User
from luukku.core.reading import unseen
from luukku.training.models import Run

# What Finnish puts behind a name: a case, then whose it is or a small word.
_CASES = "n|[aä]|t[aä]|tt[aä]|l?l[aä]|lt[aä]|lle|s?s[aä]|st[aä]|ksi|n[aä]|[aeiouyäö]n|seen|h[aeiouyäö]n|t|ien|jen"
_BEHIND = "ni|si|ns[aä]|mme|nne|kin|k[aä][aä]n|k[oö]|h[aä]n"
_ENDING = re.compile(f"({_CASES})?({_BEHIND})?")
# A consonant grows weak before most of those; the longest first.
_WEAK = [
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("lt", "ll"), ("rt", "rr"), ("mp", "mm"),
    ("k", ""), ("p", "v"), ("t", "d"),
]  # fmt: skip
_VOWELS = "aeiouyäöå"


def named_in(words: str, run: Run) -> str:
    """Return where ``words`` name one who has applied for ``run`` with both names, as it is written there; or "".

    Names are found in either order, and bent as Finnish does it where they are written with capitals. A first name
    alone is not looked for: it can be anybody's.
    """
    people = User.objects.filter(training_applications__run=run).order_by("pk").distinct()
    with unseen():  # only what the writer has written themselves is said back
        names = [name.split() for name in people.values_list("name", flat=True)]
    for first, second in _pairs(re.findall(r"[\w'’-]+", words)):
        for name in names:
            if len(name) < 2:
                continue
            own, family = name[0], name[-1]
            if (is_name(first, own) and is_name(second, family)) or (
                is_name(first, family) and is_name(second, own)
            ):
                return f"{first} {second}"
    return ""


def _pairs(said: list[str]) -> Iterator[tuple[str, str]]:
    """Return words that stand beside each other, or with one capitalised word between."""
    for n, word in enumerate(said):
        near = said[n + 1 : n + 3]
        for other in near if near and near[0][0].isupper() else near[:1]:
            yield word, other


def is_name(word: str, name: str) -> bool:
    """Return whether ``word`` is ``name`` in some form: Virtasen of Virtanen, Virralle of Virta, Mäen of Mäki."""
    said = word.casefold()
    if said == name.casefold():
        return True
    return word[:1].isupper() and any(
        said.startswith(stem) and _ENDING.fullmatch(said[len(stem) :])
        for stem in _stems(name.casefold())
    )


@lru_cache(maxsize=4096)
def _stems(name: str) -> tuple[str, ...]:
    """Return what may stand before the endings of ``name``."""
    if name.endswith("nen"):
        return (name[:-3] + "s", name[:-3] + "se")
    if name[-1] not in _VOWELS:
        stems = [name, name + "i", name + "e"]
        if len(name) > 1 and name.endswith("s"):
            stems += [name[:-1] + "kse", name[:-1] + name[-2]]  # Lukaksen, Eliaan
        return tuple(stems)
    forms = {name, name[:-1] + "e"} if name.endswith("i") else {name}  # Lehti: Lehden
    return tuple(forms | {weak for form in forms for weak in _weakened(form)})


def _weakened(form: str) -> Iterator[str]:
    """Return ``form`` with the consonant before its last vowel grown weak, where it can: Virta, virra."""
    body, vowel = form[:-1], form[-1]
    for strong, weak in _WEAK:
        if body.endswith(strong):
            yield body[: -len(strong)] + weak + vowel
            return
