"""Puts what somebody typed back into a form of a page as it is served, whichever form it is."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from django.http import HttpRequest
from django.template.loader import render_to_string

EMPTY = "empty"  # in an address: its writer begins anew
_EMPTY = re.compile(rf"[?&]{EMPTY}$")
_LANGUAGE = re.compile(r"^/(fi|sv|en)(?=/)")
NOT_PUT_BACK = {"csrfmiddlewaretoken", "form_token"}
MACHINES = {"version", "shown", "came_from", "seen", "used", "act", "next", "language"}
# Numbers, keys and codes with a low line, which nobody writes; a code of one word may be a word, and is shown.
_CODE = re.compile(r"\d+|[0-9a-f-]{32,36}|[a-z0-9]+(_[a-z0-9]+)+")
NEVER = {"password", "file", "submit", "button", "image", "reset"}


@dataclass(frozen=True)
class Filled:
    """A form as it was sent: where to, each name with its values, and the names of files."""

    action: str
    fields: list[tuple[str, list[str]]]
    files: list[str]

    @property
    def is_blank(self) -> bool:
        """Whether the form had fields to fill in, and nothing was written or chosen in any of them."""
        return bool(self.fields) and not any(
            value.strip() for name, many in self.fields if name not in MACHINES for value in many
        )

    def words(self) -> list[str]:
        """Return what was written rather than chosen, for a page that has no such form any more."""
        written = [
            value.strip()
            for name, many in self.fields
            if name not in MACHINES and not name.startswith("keep_")
            for value in many
        ]
        return [value for value in written if len(value) > 1 and not _CODE.fullmatch(value)]


def bare(address: str) -> str:
    """Return an address without its language (whoever signs in may read in another one), and whether it is empty."""
    return _EMPTY.sub("", _LANGUAGE.sub("", address))[:1000]


def emptied(address: str) -> str:
    """Return the address of the same page with nothing put back into its forms."""
    plain = _EMPTY.sub("", address)
    return f"{plain}{'&' if '?' in plain else '?'}{EMPTY}"


def refill(html: str, filled: Filled, request: HttpRequest) -> str:
    """Return the page with the form filled in as it was sent, and a word about it before the form.

    Where the page has no such form any more, what was written stands before the page's own words.
    """
    finder = _Finder(request.path, filled)
    finder.feed(html)
    if finder.best is not None and filled.is_blank:
        return html
    context = {
        "filled": filled,
        "has_form": finder.best is not None,
        "empty": emptied(request.get_full_path()),
    }
    notice = render_to_string("ui/_put_back.html", context)
    if finder.best is None:
        start = html.find('<div class="wrap">', html.find("<main"))
        at = html.find(">", start) + 1
        return f"{html[:at]}{notice}{html[at:]}"
    writer = _Writer(finder.best, filled, notice, opened=finder.around.get(finder.best, ()))
    writer.feed(html)
    writer.close()
    if writer.can_write and not writer.is_changed:  # all of it stands there anyway
        return html
    return "".join(writer.out)


class _Finder(HTMLParser):
    """Finds which form of the page it is: sent to the same address, with most of the names."""

    def __init__(self, path: str, filled: Filled) -> None:
        super().__init__()
        self.path, self.action = path, filled.action
        self.names = {name for name, _values in filled.fields}
        self.number, self.is_here = -1, False
        self.found: Counter[int] = Counter()
        self.details, self.inside = 0, list[int]()
        self.around: dict[int, tuple[int, ...]] = {}  # in which <details> each form stands

    @property
    def best(self) -> int | None:
        """The number of the form on the page; None where there is none."""
        most = self.found.most_common(1)
        return most[0][0] if most else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "form":
            self.number += 1
            self.around[self.number] = tuple(self.inside)
            self.is_here = (at.get("method") or "").lower() == "post" and self._goes(
                at.get("action") or self.path
            )
            if self.is_here:
                self.found[self.number] += 0
        elif tag == "details":
            self.inside.append(self.details)
            self.details += 1
        elif self.is_here and (at.get("name") in self.names or self._goes(at.get("formaction"))):
            self.found[self.number] += 1

    def _goes(self, action: str | None) -> bool:
        return bool(action) and bare(urlsplit(urljoin(self.path, action)).path) == self.action

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.is_here = False
        elif tag == "details" and self.inside:
            self.inside.pop()


class _Writer(HTMLParser):
    """Writes the page as it was, but for the controls of one form, which is shown where it was folded away.

    Attributes:
        can_write: the form has a field to write in.
        is_changed: something was written or chosen that the page's own form does not say.
    """

    def __init__(
        self, number: int, filled: Filled, notice: str, *, opened: tuple[int, ...] = ()
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.details, self.opened = -1, opened
        self.can_write = self.is_changed = False
        self.options: list[tuple[str, bool]] = []
        self.text = self.written = ""
        self.left, self.notice = number, notice
        self.values = {name: list(values) for name, values in filled.fields}
        self.out: list[str] = []
        self.is_here = self.skips = False
        self.select: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        source = self.get_starttag_text() or ""
        if tag == "form":
            self.is_here, self.left = self.left == 0, self.left - 1
            if self.is_here:
                self.out.append(self.notice)
        elif self.is_here:
            source = self._changed(tag, dict(attrs), source)
        if tag == "details":
            self.details += 1
            if self.details in self.opened and not self.is_here and "open" not in dict(attrs):
                source = source[:-1] + " open>"
        self.out.append(source)

    handle_startendtag = handle_starttag

    def _changed(self, tag: str, at: dict[str, str | None], source: str) -> str:
        name = at.get("name") or ""
        if tag == "details" and "open" not in at:
            return source[:-1] + " open>"
        if tag == "option" and self.select is not None:
            was = "selected" in at
            at.pop("selected", None)
            self.options.append((at.get("value") or "", was))
            if (at.get("value") or "") in self.select:
                at["selected"] = None
            return _tag(tag, at)
        if not name or name in NOT_PUT_BACK:
            return source
        if tag == "select":
            self.select, self.options = self.values.get(name, []), []
            return source
        if tag == "textarea":
            self.out.append(source)
            self.skips, self.can_write, self.text = True, True, ""
            written = self._next(name)
            self.written = written
            return "\n" + escape(written)
        if tag != "input" or at.get("type") in NEVER:
            return source
        if at.get("type") in {"checkbox", "radio"}:
            was = "checked" in at
            at.pop("checked", None)
            if (at.get("value") or "on") in self.values.get(name, []):
                at["checked"] = None
            self.is_changed |= was != ("checked" in at)
        else:
            stood, at["value"] = at.get("value") or "", self._next(name)
            if at.get("type") != "hidden":
                self.can_write = True
                self.is_changed |= stood != at["value"]
        return _tag(tag, at)

    def _next(self, name: str) -> str:
        values = self.values.get(name)
        return values.pop(0) if values else ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.is_changed |= self.skips and self.text.strip() != escape(self.written).strip()
            self.skips = False
        elif tag == "select":
            self.is_changed |= self.select is not None and self._is_chosen_anew(self.select)
            self.select = None
        elif tag == "form":
            self.is_here = False
        self.out.append(f"</{tag}>")

    def _is_chosen_anew(self, chosen: list[str]) -> bool:
        """Whether the list that has just been read shows something else than ``chosen`` of itself."""
        shown = [value for value, was in self.options if was] or [
            value for value, _was in self.options[:1]
        ]
        return sorted(shown) != sorted(chosen)

    def _as_it_was(self, text: str) -> None:
        if self.skips:
            self.text += text
        else:
            self.out.append(text)

    def handle_data(self, data: str) -> None:
        self._as_it_was(data)

    def handle_entityref(self, name: str) -> None:
        self._as_it_was(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._as_it_was(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _tag(tag: str, at: dict[str, str | None]) -> str:
    attributes = "".join(
        f" {name}" if value is None else f' {name}="{escape(value)}"' for name, value in at.items()
    )
    return f"<{tag}{attributes}>"
