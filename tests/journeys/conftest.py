"""A browser as people have it."""

import pytest

from tests import patience


@pytest.fixture
def usual_page(chromium):
    """A page in a browser that keeps pages for the back button as people's browsers do."""
    browser = chromium.browser_type.launch(
        executable_path="/usr/bin/chromium",
        args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        ignore_default_args=["--disable-back-forward-cache"],
    )
    context = browser.new_context(locale="fi-FI", timezone_id="Europe/Helsinki")
    context.set_default_timeout(patience.MILLISECONDS)
    yield context.new_page()
    browser.close()
