"""Pages are valid HTML: what the Nu checker found once, and what it would find next."""

import re
from collections import Counter
from html.parser import HTMLParser

from tests.web.kit.forms.found import VOID

NOT_EMPTY = {"action", "href", "src", "id", "for", "name"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
CLOSED_BY_OTHERS = {"p", "li", "dt", "dd", "option", "tr", "td", "th", "thead", "tbody"}


class Checker(HTMLParser):
    def __init__(self):
        super().__init__()
        self.bad, self.ids, self.fors, self.open, self.sections = [], Counter(), [], [], []

    def handle_starttag(self, tag, attrs):
        names = Counter(name for name, _value in attrs)
        at = dict(attrs)
        self.bad += [f"<{tag}> {name} twice" for name, n in names.items() if n > 1]
        self.bad += [f'<{tag}> {name}=""' for name in NOT_EMPTY & at.keys() if at[name] == ""]
        for name in ("href", "action", "src"):
            if re.search(r"\s", at.get(name) or ""):
                self.bad.append(f"<{tag}> {name} with a space: {at[name]!r}")
        if at.get("id"):
            self.ids[at["id"]] += 1
        if tag == "label" and "for" in at:
            self.fors.append(at["for"])
        if tag in HEADINGS:
            self.sections = [True] * len(self.sections)
        if tag not in VOID:
            self.open.append(tag)
        if tag == "section":
            self.sections.append("aria-label" in at or "aria-labelledby" in at)

    def handle_endtag(self, tag):
        if tag in VOID:
            self.bad.append(f"</{tag}>")
            return
        while self.open and self.open[-1] != tag and self.open[-1] in CLOSED_BY_OTHERS:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.bad.append(f"</{tag}> closes nothing")
        if tag == "section" and not self.sections.pop():
            self.bad.append("a section without a heading")

    def close(self):
        super().close()
        self.bad += [f"id {one!r} {n} times" for one, n in self.ids.items() if n > 1]
        self.bad += [
            f"label for {one!r}, which is nowhere" for one in self.fors if one not in self.ids
        ]
        self.bad += [f"<{tag}> is never closed" for tag in self.open if tag not in CLOSED_BY_OTHERS]


def faults(text):
    """Return what is not valid in a page."""
    checker = Checker()
    checker.feed(text)
    checker.close()
    return checker.bad
