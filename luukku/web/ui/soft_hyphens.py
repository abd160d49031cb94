"""Long words of Finnish pages can be parted at the end of a line: a soft hyphen shows only where a line breaks.

Only what is read gets them: no field, no attribute, no title, no letter and no file. Whoever copies a word from a page
brings them along, so what is searched by and what is typed loses them (``core.text.clean``).
``docs/decisions/0038-soft-hyphens.md`` says why here and not in each template.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from luukku.search.finnish import hyphenated

LONG, LONGER = 12, 16  # letters: in narrow places, and everywhere
NARROW = frozenset(
    {"h1", "h2", "h3", "h4", "th", "td", "dt", "dd", "caption", "legend", "summary", "button"}
)
NARROW_CLASSES = re.compile(r"""class="[^"]*\b(?:stat|ds-tag|ds-button|chips)\b""")
_PIECES = re.compile(
    r"<(?P<kept>script|style|textarea|title|option|pre|code|svg)\b.*?</(?P=kept)\s*>|<!--.*?-->"
    r"""|<(?P<tag>/?[a-z][a-z0-9]*)(?:[^>"']|"[^"]*"|'[^']*')*>"""
    rf"|(?<![\w@./&#-])(?P<word>[^\W\d_]{{{LONG},}})(?![\w@]|[.:/]\w)",
    re.S | re.I,
)
FINNISH = b'lang="fi"'


class SoftHyphenMiddleware:
    """Puts soft hyphens into the long words of every whole page in Finnish."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and hyphenate what is shown."""
        response = self.get_response(request)
        is_page = not response.streaming and response.get("Content-Type", "").startswith(
            "text/html"
        )
        if is_page and FINNISH in response.content[:200]:
            response.content = hyphenate(response.content.decode())
        return response


def hyphenate(page: str) -> str:
    """Return the page with soft hyphens in long words: ``LONG`` in narrow places, ``LONGER`` everywhere."""
    narrow: list[str] = []  # the narrow element that is open, once for each of its name inside it

    def piece(match: re.Match[str]) -> str:
        whole, tag, word = match[0], match["tag"], match["word"]
        if word is not None:
            is_long = narrow or len(word) >= LONGER
            return hyphenated(word, is_narrow=bool(narrow)) if is_long else word
        if tag is not None:
            _follow(narrow, tag.lower(), whole)
        return whole

    return _PIECES.sub(piece, page)


def _follow(narrow: list[str], tag: str, whole: str) -> None:
    if narrow and tag.startswith("/"):
        if tag[1:] == narrow[-1]:
            narrow.pop()
    elif narrow:
        if tag == narrow[-1] and not whole.endswith("/>"):
            narrow.append(tag)
    elif tag in NARROW or NARROW_CLASSES.search(whole):
        narrow.append(tag)
