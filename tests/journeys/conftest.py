"""A browser as people have it."""

import pytest

from tests import patience


@pytest.fixture(scope="session")
def usual_browser(chromium):
    """A browser that keeps pages for the back button as people's browsers do."""
    browser = chromium.browser_type.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    yield browser
    browser.close()


@pytest.fixture
def usual_page(usual_browser):
    """A page in a context of its own."""
    context = usual_browser.new_context(locale="fi-FI", timezone_id="Europe/Helsinki")
    context.set_default_timeout(patience.MILLISECONDS)
    yield context.new_page()
    context.close()
