"""Looking at pages with axe, at both widths: at every page, and with axe once for each shape of a page."""

import re
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from tests.web.cut_words import CUT

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
# By its address, so that Chromium keeps what it has read and made of it; sent each time, it is read each time.
BRING = """(address) => new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.onload = () => { script.remove(); resolve(); };
    script.onerror = () => reject(new Error(`${address} is not served`));
    script.src = address;
    document.head.append(script);
})"""
SHAPE = (Path(__file__).resolve().parent / "shape.js").read_text()
SENDS = "main form.form button:not([name])"
ENDS = re.compile(r"/(cancel|leave|close)/$")  # sending them ends what others look at
WIDTHS = (320, 1280)
# Shapes that axe has seen in this process. Another language, role or number of rows is mostly the same shape.
KNOWN = set()


def bring_axe(page):
    """Put axe into the page, unless it is there."""
    if page.evaluate("typeof axe") != "undefined":
        return
    if page.url.startswith("http"):
        page.evaluate(BRING, f"{settings.STATIC_URL}{AXE.name}")
    else:  # a page that nobody serves
        page.evaluate(AXE.read_text())


def scan(page):
    """Return what axe finds, too small targets included."""
    bring_axe(page)
    found = page.evaluate(
        """async () => (await axe.run(document, {
            resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
        })).violations"""
    )
    return [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in found]


class Seen(NamedTuple):
    """What a page answered."""

    status: int | None  # None where nobody was asked: a page within its address
    has_form: bool


class Eye:
    """Looks at pages at both widths and remembers what it saw."""

    def __init__(self, page, start):
        self.page, self.start, self.bad = page, start, []
        self.looks = self.scans = 0  # at how many pages, twice each; how often with axe

    def look_at(self, url, *, who="anonymous"):
        """Open the page and look at it; return what it answered, and whether it has a form to send."""
        answer = self.page.goto(self.start + url)
        self.look(f"{who}: {url}")
        has_form = self.page.evaluate("sends => document.querySelector(sends) !== null", SENDS)
        return Seen(answer and answer.status, has_form)

    def look(self, what):
        """Open what is folded and look: with axe at what it has not seen, at the width of everything."""
        # Beginning at the width where the page stands: laying it out anew takes as long as looking.
        now = (self.page.viewport_size or {}).get("width")
        for width in sorted(WIDTHS, key=lambda width: width != now):
            if width != now:
                self.page.set_viewport_size({"width": width, "height": 900})
            self.looks += 1
            # Only `evaluate`: what waits for or asks for elements puts Playwright's own script into the page first,
            # which takes as long as looking.
            shape, is_wide = self.page.evaluate(SHAPE, width)
            if is_wide:
                self.bad.append((what, width, "wider than the window", []))
            if "/fi/" in self.page.url and (cut := self.page.evaluate(CUT)):
                self.bad.append((what, width, "words cut without a hyphen", cut[:5]))
            if (width, shape) not in KNOWN:
                KNOWN.add((width, shape))
                self.scans += 1
                self.bad += [(what, width, *violation) for violation in scan(self.page)]

    def look_at_error(self, url):
        """Send the page's form as it is; when it comes back with errors, look again and return True."""
        if ENDS.search(url) or re.search("/account/2fa|/account/email|/ui/", url):
            return False
        self.page.goto(self.start + url)
        form = self.page.query_selector(SENDS)
        if not form or not form.is_visible():
            return False
        with self.page.expect_navigation():
            form.click()
        if has_errors := self.page.evaluate("document.querySelector('.error-summary') !== null"):
            self.look(f"{url} with errors")
        return has_errors
