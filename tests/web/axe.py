"""Looking at pages with axe, at both widths."""

import re
from pathlib import Path

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text()
ENDS = re.compile(r"/(cancel|leave|close)/$")  # sending them ends what others look at
WIDTHS = (320, 1280)


def scan(page):
    """Open what is folded, and return what axe finds, too small targets included."""
    page.evaluate(
        "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
    )
    found = page.evaluate(
        """async () => (await axe.run(document, {
            resultTypes: ["violations"], rules: {"target-size": {enabled: true}},
        })).violations"""
    )
    return [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in found]


class Eye:
    """Looks at pages at both widths and remembers what it saw."""

    def __init__(self, page, start):
        self.page, self.start, self.scans, self.bad = page, start, 0, []

    def look_at(self, url, *, who="anonymous"):
        """Open the page and look at it."""
        self.page.goto(self.start + url)
        self.look(f"{who}: {url}")

    def look(self, what):
        self.page.evaluate(AXE)
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.scans += 1
            self.bad += [(what, width, *violation) for violation in scan(self.page)]
            if self.page.evaluate("document.documentElement.scrollWidth") > width:
                self.bad.append((what, width, "wider than the window", []))

    def look_at_error(self, url):
        """Send the page's form as it is; look again when it comes back with errors."""
        if ENDS.search(url) or re.search("/account/2fa|/account/email|/ui/", url):
            return
        self.page.goto(self.start + url)
        form = self.page.query_selector("main form.form button:not([name])")
        if not form or not form.is_visible():
            return
        with self.page.expect_navigation():
            form.click()
        if self.page.query_selector(".error-summary"):
            self.look(f"{url} with errors")
