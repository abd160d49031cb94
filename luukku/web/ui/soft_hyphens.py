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
KEPT = frozenset({"script", "style", "textarea", "title", "option", "pre", "code", "svg"})
_NAME = re.compile(r"[a-z][a-z0-9]*")
_TAG = re.compile(r"""(?:[^>"']|"[^"]*"|'[^']*')*>""")
_WORD = re.compile(rf"(?<![\w@./&#-])[^\W\d_]{{{LONG},}}(?![\w@]|[.:/]\w)")
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
    """Return the page with soft hyphens in long words: ``LONG`` in narrow places, ``LONGER`` everywhere.

    It is cut at each "<": most pieces are a tag with nothing to read behind it, and are looked at no further.
    """
    narrow: list[str] = []  # the narrow element that is open, once for each of its name inside it
    kept = ""  # how the piece begins that ends an element whose text stays as it is
    pieces = page.split("<")
    for n, piece in enumerate(pieces):
        if kept and not piece.startswith(kept):
            continue
        kept, text_at = "", 0
        if piece.startswith("/"):
            text_at = piece.find(">") + 1
            if narrow and piece[1 : text_at - 1] == narrow[-1]:
                narrow.pop()
        elif tag := _NAME.match(piece):
            if (name := tag[0]) in KEPT:
                kept = f"/{name}"
                continue
            text_at = _end_of_tag(piece)
            if _is_narrow(name, piece[:text_at], narrow):
                narrow.append(name)
        elif piece.startswith("!"):
            continue  # a comment, the kind of document
        if len(piece) - text_at >= LONG and _WORD.search(piece, text_at):
            pieces[n] = piece[:text_at] + _parted(piece[text_at:], is_narrow=bool(narrow))
    return "<".join(pieces)


def _is_narrow(name: str, tag: str, narrow: list[str]) -> bool:
    """Return whether a narrow place begins with ``tag``, or in one an element of the same name."""
    if narrow:
        return name == narrow[-1] and not tag.endswith("/>")
    return name in NARROW or NARROW_CLASSES.search(tag) is not None


def _end_of_tag(piece: str) -> int:
    """Return where the tag ends with which ``piece`` begins; a ">" in quotes ends none."""
    end = piece.find(">") + 1
    if piece.count('"', 0, end) % 2 or piece.count("'", 0, end) % 2:
        whole = _TAG.match(piece)
        end = whole.end() if whole else len(piece)
    return end or len(piece)


def _parted(text: str, *, is_narrow: bool) -> str:
    def part(match: re.Match[str]) -> str:
        word = match[0]
        is_long = is_narrow or len(word) >= LONGER
        return hyphenated(word, is_narrow=is_narrow) if is_long else word

    return _WORD.sub(part, text)
