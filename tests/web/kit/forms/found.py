"""Forms as a browser finds them on a page, and the pages of each role."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urljoin, urlsplit

from django.test import Client

from luukku.accounts.models import User
from luukku.config.demo import DOMAIN

PEOPLE = {
    "anonymous": None,
    "coordinator": "koordinaattori",
    "orderer": "tilaaja1",
    "expert": "kokemus1",
    "background": "jarjesto1",
    "steering": "ohjausryhma",
    "admin": "yllapito",
}
LINK = re.compile(r'href="(/(?:fi|sv|en)/[^"#]*)')
LEFT_OUT = re.compile(r"/account/|\.ics$")
VOID = {"input", "br", "img", "meta", "link", "hr", "source", "col", "wbr", "area", "track"}


@dataclass
class Field:
    """One control of a form: what it is called, what stands in it, what else may be chosen."""

    name: str
    kind: str
    value: str = ""
    is_on: bool = True  # whether a browser sends it as it stands
    options: list[str] = field(default_factory=list)


@dataclass
class FoundForm:
    """One form: where it goes and what a browser sends."""

    page: str
    method: str
    action: str
    fields: list[Field] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)  # name, value, formaction

    def data(self) -> dict[str, list[str]]:
        """Return what a browser sends when nothing is changed."""
        sent: dict[str, list[str]] = {}
        for one in self.fields:
            if one.is_on:
                sent.setdefault(one.name, []).append(one.value)
        return sent

    def token(self, name: str) -> str:
        """Return the value of a hidden field; "" where there is none."""
        return next((one.value for one in self.fields if one.name == name), "")

    @property
    def shape(self) -> tuple[str, tuple[str, ...]]:
        """What makes two forms alike: the address without numbers and keys, and the names of fields."""
        path = re.sub(r"\d+", "N", urlsplit(self.action).path)
        path = re.sub(r"/l/(\w+)/[^/]+/", r"/l/\1/KEY/", path)
        names = sorted({re.sub(r"\d+", "N", one.name) for one in self.fields})
        return path, (*names, *sorted({button[0] for button in self.buttons}))


class _Finder(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, []
        self.form = self.area = self.select = None

    def handle_starttag(self, tag, attrs):
        at = {name: value if value is not None else "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.page, at.get("action") or self.page)
            self.form = FoundForm(self.page, at.get("method", "get").lower(), action)
            self.forms.append(self.form)
        elif self.form is None:
            return
        elif tag == "input" and at.get("name"):
            kind = at.get("type", "text")
            can_be_off = kind in {"checkbox", "radio"}
            value = at.get("value", "on" if can_be_off else "")
            self.form.fields.append(
                Field(at["name"], kind, value, not can_be_off or "checked" in at)
            )
        elif tag == "textarea" and at.get("name"):
            self.area = Field(at["name"], "textarea")
            self.form.fields.append(self.area)
        elif tag == "select" and at.get("name"):
            self.select = Field(at["name"], "select")
            self.form.fields.append(self.select)
        elif tag == "option" and self.select is not None:
            value = at.get("value", "")
            if not self.select.options or "selected" in at:
                self.select.value = value
            self.select.options.append(value)
        elif tag == "button" and at.get("type", "submit") == "submit":
            to = urljoin(self.page, at["formaction"]) if at.get("formaction") else ""
            self.form.buttons.append((at.get("name", ""), at.get("value", ""), to))

    def handle_data(self, data):
        if self.area is not None:
            self.area.value += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "textarea" and self.area is not None:
            self.area.value = self.area.value.removeprefix("\n")
            self.area = None
        elif tag == "select":
            self.select = None


def forms_in(html: str, page: str) -> list[FoundForm]:
    """Return the forms of a page."""
    finder = _Finder(page)
    finder.feed(html)
    return finder.forms


def signed_in(who: str) -> Client:
    """Return a browser of the demo world's person; forms are checked for their token as in earnest."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    if PEOPLE[who]:
        client.force_login(
            User.objects.get(email=f"{PEOPLE[who]}@{DOMAIN}"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    return client


@dataclass(frozen=True)
class Page:
    """What an address answered that did not lead on; ``text`` is "" of what is no page."""

    url: str
    status: int
    text: str


@dataclass
class Walk:
    """The pages that one role's links lead to, and the browser that saw them."""

    who: str
    pages: list[Page]
    cookies: SimpleCookie

    def browser(self) -> Client:
        """Return a browser as it was after the walk: what stands in its forms may be sent."""
        client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        client.cookies = SimpleCookie({name: morsel.value for name, morsel in self.cookies.items()})
        return client

    @cached_property
    def _post_forms(self) -> tuple[FoundForm, ...]:
        found = {}
        for page in self.pages:
            for form in forms_in(page.text, page.url):
                if form.method == "post":
                    found.setdefault(form.shape, form)
        return tuple(found.values())

    def post_forms(self) -> tuple[FoundForm, ...]:
        """Return one form of each shape that the pages hold and that acts; read once, for each test of the walk."""
        return self._post_forms


def walk(who: str, *, most: int = 250) -> Walk:
    """Follow every link that a person of the demo world sees, to at most ``most`` addresses."""
    client, waiting, seen, found = signed_in(who), deque(["/fi/", "/fi/desk/"]), set(), []
    while waiting and len(seen) < most:
        url = waiting.popleft().replace("&amp;", "&")
        if url in seen or LEFT_OUT.search(url):
            continue
        seen.add(url)
        answer = client.get(url)
        if answer.status_code in {301, 302, 303}:
            waiting.append(answer["Location"])
            continue
        is_page = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
        found.append(Page(url, answer.status_code, answer.content.decode() if is_page else ""))
        waiting.extend(LINK.findall(found[-1].text))
    return Walk(who, found, client.cookies)
