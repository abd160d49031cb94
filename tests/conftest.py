"""Fixtures that every test may use. Scenarios live in ``tests/factories``."""

import gc
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection
from django.utils import timezone, translation

from luukku.web.ui import soft_hyphens
from tests import patience
from tests.harness import (
    end_other_sessions,
    keep_reference_data,
    let_browsers_keep_static_files,
    over_budget,
    seconds_by_room,
    shuffle_unordered,
    template_database,
)  # fmt: skip

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # playwright's loop runs beside the tests


# What takes longest, begun first: no worker is to be left with it at the end. The first makes the house that others copy.
LONGEST = (
    "config/test_outage.py", "web/test_axe.py", "web/test_seen.py", "web/test_every_page.py", "web/test_not_there.py",
    "config/test_upgrade.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """Put files with what is long before the others; `make test` hands out whole files in this order."""
    first = {name: n for n, name in enumerate(LONGEST)}
    long = {item.path for item in items if {"slow", "browser"} & item.keywords.keys()}
    items.sort(key=lambda item: (
        first.get("/".join(item.path.parts[-2:]), len(LONGEST)), item.path not in long
    ))  # fmt: skip


def pytest_terminal_summary(terminalreporter):
    """Say where the time went; ``docs/explanation/testing.md`` says what a room may take."""
    reports = [
        report for reports in terminalreporter.stats.values() for report in reports
        if isinstance(report, pytest.TestReport)
    ]  # fmt: skip
    if (told := seconds_by_room(reports)).total() > 60:
        rooms = ", ".join(f"{room} {seconds:.0f}" for room, seconds in told.most_common())
        terminalreporter.write_line(f"seconds by room: {rooms}; all {told.total():.0f}")
        if over := over_budget(told):
            terminalreporter.write_line(f"over their budget: {', '.join(over)}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    """Copy the database of tables and reference data, made once, instead of making one."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Give every test the real reference data."""
    # pytest-django makes the database only when a test is marked; never touch the real one.
    is_ours = connection.settings_dict["NAME"].startswith("test_")
    if is_ours:
        with django_db_blocker.unblock():
            keep_reference_data()
    gc.collect()
    gc.freeze()  # what the set-up made stays: the collector need not walk it in every test
    gc.set_threshold(
        20_000
    )  # a page makes thousands of things and leaves none: it looked after each 700 (7 % to 4 %)
    yield
    gc.collect()
    if is_ours:
        with django_db_blocker.unblock():
            end_other_sessions()


NOON = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _its_moment(request):
    """Let a test whose moment is told, by ``AT`` in its file or by ``at``, live an hour before it.

    What it leaves to "now" would else lie after its moment one day.
    """
    moment = NOON if "at" in request.fixturenames else getattr(request.module, "AT", None)
    if isinstance(moment, datetime):
        with time_machine.travel(moment - timedelta(hours=1)):
            yield
    else:
        yield


@pytest.fixture(autouse=True)
def _strict(monkeypatch, request):
    """Shuffle what has no order; start every test in English and with no page kept, whatever was before."""
    shuffle_unordered(monkeypatch, request.node.nodeid)
    caches["pages"].clear()
    if (
        request.node.get_closest_marker("hyphens") is None
    ):  # most tests look for words as they are written
        monkeypatch.setattr(soft_hyphens, "hyphenate", lambda page: page)
    with translation.override("en"):
        yield


@pytest.fixture
def at():
    """An instant for domain tests: Tuesday 1 December 2026, noon in Helsinki."""
    return NOON


@pytest.fixture
def now():
    """The real instant, for tests through the web."""
    return timezone.now()


FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
# What Chromium is to do without. The next page comes into the same frame: a new one is a quarter of opening a page.
# The rest Playwright names, too; of two lists Chromium heeds the last.
NOT_NEEDED = (
    "RenderDocument", "PaintHolding", "HttpsUpgrades", "MediaRouter", "OptimizationHints", "NetworkTimeServiceQuerying",
    "PreconnectToSearch", "DestroyProfileOnBrowserClose",
)  # fmt: skip


@pytest.fixture(scope="session")
def playwright():
    """What drives the browsers."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, let_browsers_keep_static_files():
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright):
    """Debian's Chromium; `make test` installs it."""
    browser = playwright.chromium.launch(
        executable_path="/usr/bin/chromium",
        args=[*FLAGS, f"--disable-features={','.join(NOT_NEEDED)}"],
    )
    yield browser
    browser.close()


# A script runs once in a page that soon goes: compiling what has run often takes more than it gives, of axe a third.
PLAIN_SCRIPTS = "--js-flags=--no-maglev,--no-turbofan"


@pytest.fixture(scope="session")
def chromium_to_look(playwright):
    """The same engine for looking at page after page: without windows, where that package of Debian's is there.

    It opens a page in half the time. Who types and clicks does it in ``chromium``.
    """
    browser = playwright.chromium.launch(
        executable_path=shutil.which("chromium-headless-shell") or "/usr/bin/chromium",
        args=[*FLAGS, PLAIN_SCRIPTS, f"--disable-features={','.join(NOT_NEEDED)}"],
    )
    yield browser
    browser.close()


@pytest.fixture
def browser_page(chromium):
    """A page of its own, with nothing remembered."""
    context = chromium.new_context(locale="fi-FI", timezone_id="Europe/Helsinki")
    context.set_default_timeout(patience.MILLISECONDS)
    yield context.new_page()
    context.close()
