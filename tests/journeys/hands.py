"""Two ways of getting along: by the keyboard alone, and without JavaScript.

A journey is written once with a hand's words (open, press, write, choose, tick, unfold) and walked both ways.
Things are called by their accessible names, as a screen reader says them.
"""

from __future__ import annotations

import re
from datetime import date, time

from playwright.sync_api import Browser, ElementHandle, Locator, Page

from tests import patience

MOST_TABS = 150
# What stands under the fingers: is it the wished one, or a radio button of its group, and does its focus show.
FOCUSED = """wished => {
    const one = document.activeElement;
    if (!one || one === document.body) return {found: false, kin: false, told: "", fault: ""};
    const told = one.outerHTML.slice(0, 120);
    const shows = (part) => {
        const style = getComputedStyle(part);
        return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
    };
    const card = one.closest(".door");  // a whole card that is one link shows it by its frame
    const rects = [...one.getClientRects()];
    const seen = rects.some((box) => {
        const x = box.left + box.width / 2, y = box.top + box.height / 2;
        if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
        const top = document.elementFromPoint(x, y);
        return top && (one.contains(top) || top.contains(one));
    });
    const fault = !shows(one) && !(card && shows(card)) ? "focus does not show"
        : !seen ? "focus is out of sight or covered" : "";
    const kin = one.type === "radio" && wished.type === "radio" && wished.name === one.name;
    return {found: one === wished, kin, told, fault};
}"""


def _begins(name: str) -> re.Pattern[str]:
    return re.compile(rf"^\s*{re.escape(name)}(?!\w)")


class Hand:
    """A person at a browser of ours; what both ways have in common."""

    has_script: bool
    width: int

    def __init__(self, browser: Browser, start: str) -> None:
        self.start = start
        self.context = browser.new_context(
            java_script_enabled=self.has_script,
            locale="fi-FI",
            timezone_id="Europe/Helsinki",
            viewport={"width": self.width, "height": 800},
        )
        self.context.set_default_timeout(patience.MILLISECONDS)  # machines are shared
        self.page: Page = self.context.new_page()

    def open(self, address: str) -> None:
        """Type an address, or follow a letter's link."""
        self.page.goto(self.start + address if address.startswith("/") else address)

    def link(self, name: str) -> None:
        """Follow a link."""
        self._activate(self.page.get_by_role("link", name=_begins(name)))

    def press(self, name: str) -> None:
        """Press a button that sends a form."""
        self._activate(self.page.get_by_role("button", name=_begins(name)))

    def write(self, name: str, text: str, *, enter: bool = False) -> None:
        """Fill in a field; with ``enter`` send the form from it."""
        self._write(self.page.get_by_label(_begins(name)).locator("visible=true"), text)
        if enter:
            with self.page.expect_navigation():
                self.page.keyboard.press("Enter")

    def date(self, name: str, day: date) -> None:
        """Fill in a day."""
        ways = [f"{day:%d%m%Y}", f"{day:%m%d%Y}"]
        self._write_parts(self.page.get_by_label(_begins(name)), day.isoformat(), ways)

    def time(self, name: str, clock: str) -> None:
        """Fill in a time given as 13:00."""
        ways = [clock, f"{time.fromisoformat(clock):%I%M%p}"]
        self._write_parts(self.page.get_by_label(_begins(name)), clock, ways)

    def menu(self, name: str) -> None:
        """Follow a link of the header's menu."""
        self._unfold_menu()
        self._activate(self.page.locator("header").get_by_role("link", name=_begins(name)))

    def search(self, words: str) -> None:
        """Search from the header."""
        self._unfold_menu()
        if self.page.locator("header .find").locator("visible=true").count():
            self.write("Hakusanat", words, enter=True)
        else:
            self.link("Hae")
            self.write("Mitä etsit?", words, enter=True)

    def language(self, name: str) -> None:
        """Change the language."""
        self._unfold_menu()
        self.press(name)

    def choose(self, name: str, option: str) -> None:
        """Choose from a drop-down list."""
        self._choose(self.page.get_by_role("combobox", name=_begins(name)), option)

    def tick(self, name: str, *, within: str = "", role: str = "checkbox") -> None:
        """Tick a box or choose a radio button, where needed in the group called ``within``."""
        where = self.page.get_by_role("group", name=_begins(within)) if within else self.page
        self._tick(where.get_by_role(role, name=_begins(name)))

    def unfold(self, name: str) -> None:
        """Open what is folded behind ``name``."""
        self._unfold(self.page.locator("summary", has_text=_begins(name)))

    def reads(self, text: str) -> bool:
        """Whether the page says ``text``."""
        return text in self.page.locator("body").inner_text().replace("\xad", "")

    def pause(self) -> None:
        """Nobody fills a form in two seconds; robots do."""
        self.page.wait_for_timeout(2100)


class Keyboard(Hand):
    """Tab, Enter, Space, arrows and letters; looks at each stop whether focus is to be seen."""

    has_script, width = True, 1280

    def _reach(self, wanted: Locator) -> None:
        """Go on by Tab until the first of ``wanted``, or a radio button of its group, has focus."""
        element = wanted.first.element_handle()  # found once: names are slow to work out
        first = None
        for _n in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            here = element.evaluate(FOCUSED)
            assert not here["fault"], f"{self.page.url}: {here['fault']}: {here['told']}"
            if here["found"]:
                return
            if here["kin"]:
                self._arrow_to(element)
                return
            if first and here["told"] == first:
                break  # once round the page
            first = first or here["told"]
        raise AssertionError(f"{self.page.url}: Tab never reached {wanted}")

    def _arrow_to(self, element: ElementHandle) -> None:
        for _n in range(20):
            self.page.keyboard.press("ArrowDown")
            if element.evaluate(FOCUSED)["found"]:
                return
        raise AssertionError(f"The arrows never reached {element}")

    def _activate(self, wanted: Locator) -> None:
        self._reach(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def _write(self, wanted: Locator, text: str) -> None:
        self._reach(wanted)
        self.page.keyboard.type(text)

    def _choose(self, wanted: Locator, option: str) -> None:
        self._reach(wanted)
        self.page.keyboard.type(option)
        assert wanted.evaluate("one => one.selectedOptions[0].label") == option

    def _tick(self, wanted: Locator) -> None:
        self._reach(wanted)
        if not wanted.first.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.first.is_checked()

    def _unfold(self, wanted: Locator) -> None:
        self._reach(wanted)
        self.page.keyboard.press("Enter")

    def _unfold_menu(self) -> None:
        """The menu stands in a row on a wide screen."""

    def _write_parts(self, wanted: Locator, value: str, ways: list[str]) -> None:
        """Type into the parts of a day or a time, in the order in which this browser shows them."""
        self._reach(wanted)
        for typed in ways:
            self.page.keyboard.type(typed.replace(":", ""))
            if wanted.first.input_value() == value:
                return
            for _part in range(2):  # back to the first part; the outermost one stops at its field
                self.page.keyboard.press("ArrowLeft")
        raise AssertionError(f"{wanted} does not take {value}: {wanted.first.input_value()}")


class NoScript(Hand):
    """A phone whose browser runs no JavaScript."""

    has_script, width = False, 360

    def _activate(self, wanted: Locator) -> None:
        with self.page.expect_navigation():
            wanted.first.click()

    def _write(self, wanted: Locator, text: str) -> None:
        wanted.first.fill(text)

    def _choose(self, wanted: Locator, option: str) -> None:
        wanted.select_option(label=option)

    def _tick(self, wanted: Locator) -> None:
        wanted.first.check()

    def _unfold(self, wanted: Locator) -> None:
        wanted.first.click()

    def _unfold_menu(self) -> None:
        self.unfold("Valikko")

    def _write_parts(self, wanted: Locator, value: str, _ways: list[str]) -> None:
        wanted.first.fill(value)


WAYS = {"keyboard": Keyboard, "without JavaScript": NoScript}
