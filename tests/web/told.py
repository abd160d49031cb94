"""What a browser is told, without what is another in every answer, so that two answers can be compared."""

import re
from urllib.parse import quote

# What is another in every answer: tokens of forms and scripts, the length, where advice leads back. Each by itself: an
# expression that begins with plain letters is looked for ten times as fast as one of many.
OTHER = [
    re.compile(one)
    for one in (
        r'(csrfmiddlewaretoken" value=")\w+', r'(X-CSRFToken": ")\w+', r'(nonce=")[^"]+', r"('nonce-)[^']+",
        r"(csrftoken=)\w+", r"(expires=)[^;]+", r'(form_token" value=")[\w-]+', r'(name="shown" value=")[^"]+',
        r"('Content-Length', ')\d+", r'(/advice/\?from=)[^"]+',
    )
]  # fmt: skip


def told(answer, path, numbers=()):
    """Return everything that a browser gets, but for ``OTHER``, the address itself and its ``numbers``."""
    text = f"{answer.status_code}\n{sorted(answer.headers.items())}\n{answer.cookies}\n"
    text += answer.getvalue().decode(errors="replace")
    for one in (path, quote(path, safe="")):
        text = re.sub(rf"{re.escape(one)}(?!\w)", "HERE", text)
    for number in numbers:
        text = re.sub(rf"(?<=/|F){number}(?=/|%)", "N", text)
    for other in OTHER:
        text = other.sub(r"\1T", text)
    return text


def difference(one, other):
    """Return the first lines of two texts that differ."""
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return next(((a[:300], b[:300]) for a, b in lines if a != b), (len(one), len(other)))


def refusal(name, roles):
    """Return what makes two addresses refuse alike who is signed in: the surface, and to whom they are open."""
    return (name.partition(":")[0], *sorted(roles))
