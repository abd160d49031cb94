"""The pages that come with the program: reading ``data/<language>/<path>.md`` into blocks."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import translation
from markdown_it import MarkdownIt

DATA = Path(__file__).parent / "data"
LANGUAGES = ("fi", "sv", "en")
FENCE = re.compile(r"^::: *(\w+) *(\S*)[ \t]*\n(.*?)^::: *$", re.M | re.S)
QUESTION = re.compile(r"^## +(.+?) *$", re.M)
LINK = re.compile(r'<a href="((?:page|url):[^"]*)">')
ITEM = re.compile(r"<li>\s*(.*?)\s*</li>", re.S)
_markdown = MarkdownIt("commonmark", {"html": False})

# Gives the key of a page by its path, in the language that is being loaded.
Keys = Callable[[str], int]


class BadPage(Exception):
    """A file cannot be read as a page; says which and why."""


@dataclass(frozen=True)
class PageFile:
    """One page as it lies in the files, easy version included."""

    language: str
    name: str  # e.g. "model/order"
    head: dict[str, Any]
    body: str
    easy: dict[str, Any] | None
    easy_body: str
    digest: str

    @property
    def kind(self) -> str:
        """What type of page it is."""
        return str(self.head["type"])

    @property
    def position(self) -> int:
        """Where among its neighbours it stands."""
        return int(self.head.get("position", 100))


def page_files(root: Path = DATA) -> Iterator[PageFile]:
    """Yield every page, those above before those below, in the order of their positions.

    Raises:
        BadPage: a file has no head, or misses what every page needs.
    """
    for language in LANGUAGES:
        files = []
        for path in (root / language).rglob("*.md"):
            name = path.relative_to(root / language).with_suffix("").as_posix()
            if not name.endswith(".easy"):
                files.append(_read(path, language, name))
        files.sort(
            key=lambda file: (file.name != "start", file.name.count("/"), file.position, file.name)
        )
        yield from files


def _read(path: Path, language: str, name: str) -> PageFile:
    text = path.read_text(encoding="utf-8")
    head, body = _parts(text, path)
    if missing := {"title", "type"} - head.keys():
        raise BadPage(f"{path}: {', '.join(sorted(missing))} missing")
    easy_path, easy, easy_body = path.with_suffix(".easy.md"), None, ""
    if easy_path.is_file():
        easy_text = easy_path.read_text(encoding="utf-8")
        easy, easy_body = _parts(easy_text, easy_path)
        text += easy_text
    digest = sha256(text.encode()).hexdigest()
    return PageFile(language, name, head, body, easy, easy_body, digest)


def _parts(text: str, path: Path) -> tuple[dict[str, Any], str]:
    match = re.match(r"\+\+\+\n(.*?)^\+\+\+ *\n?", text, re.M | re.S)
    if match is None:
        raise BadPage(f"{path}: no head between +++")
    try:
        return tomllib.loads(match[1]), text[match.end() :].strip()
    except tomllib.TOMLDecodeError as error:
        raise BadPage(f"{path}: {error}") from error


def blocks(text: str, language: str, keys: Keys) -> list[tuple[str, object]]:
    """Return Markdown as (kind, raw value) pairs of blocks."""
    made: list[tuple[str, object]] = []
    end = 0
    for match in FENCE.finditer(text):
        made += _text(text[end : match.start()], language, keys)
        made.append(_fenced(match[1], match[2], match[3].strip(), language, keys))
        end = match.end()
    return made + _text(text[end:], language, keys)


def entries(text: str, language: str, keys: Keys) -> tuple[str, list[tuple[str, object]]]:
    """Return what stands before the first question, and questions with answers as blocks."""
    before, *rest = QUESTION.split(text)
    made: list[tuple[str, object]] = [
        ("entry", {"question": question, "answer": html(answer, language, keys)})
        for question, answer in zip(rest[::2], rest[1::2], strict=True)
    ]
    return before, made


def steps(rows: list[dict[str, str]], language: str, keys: Keys) -> list[tuple[str, object]]:
    """Return the steps of the operating model as blocks."""
    made: list[tuple[str, object]] = []
    for row in rows:
        step = {key: value for key, value in row.items() if key != "action"}
        made.append(("step", step | _target(str(row.get("action", "")), language, keys)))
    return made


def html(text: str, language: str, keys: Keys) -> str:
    """Return Markdown as the editor's own HTML, links to pages and named addresses resolved."""

    def link(match: re.Match) -> str:
        target = _target(match[1], language, keys)
        if target["page"]:
            return f'<a linktype="page" id="{target["page"]}">'
        return f'<a href="{target["address"]}">'

    return LINK.sub(link, _markdown.render(text)).strip()


def _text(text: str, language: str, keys: Keys) -> list[tuple[str, object]]:
    return [("text", html(text, language, keys))] if text.strip() else []


def _fenced(kind: str, argument: str, text: str, language: str, keys: Keys) -> tuple[str, object]:
    if kind == "note":
        return "note", {"text": html(text, language, keys)}
    if kind == "button":
        return "button", {"label": text} | _target(argument, language, keys)
    if kind == "steps":
        items = [
            re.sub(r"^<p>(.*)</p>$", r"\1", item, flags=re.S)
            for item in ITEM.findall(html(text, language, keys))
        ]
        return "steps", {"steps": [f"<p>{item}</p>" for item in items]}
    if kind == "quote":
        return "quote", {"words": text, "who": ""}
    raise BadPage(f"::: {kind} is no block")


def _target(target: str, language: str, keys: Keys) -> dict[str, Any]:
    """Return the page or the address that ``page:path``, ``url:name`` or a plain address leads to.

    Raises:
        BadPage: there is no such page or address.
    """
    kind, _colon, name = target.partition(":")
    if kind == "page":
        return {"page": keys(name), "address": ""}
    if kind == "url":
        name, _mark, query = name.partition("?")
        view, *arguments = name.split()
        try:
            with translation.override(language):
                address = reverse(view, args=arguments)
        except NoReverseMatch as error:
            raise BadPage(f"{target}: no such address") from error
        return {"page": None, "address": f"{address}?{query}" if query else address}
    return {"page": None, "address": target}
