"""axe finds nothing on any page: every role, three languages, two widths, empty, filled and with errors."""

import io
import re
from collections import deque
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve

from luukku.accounts.models import Role, User
from luukku.config.management.commands.load_demo import DOMAIN
from tests.factories.accounts import make_person
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation

AXE = (Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js").read_text()
LINK = re.compile(r'href="(/(?:fi|sv|en)/[^"#?]*)')
LEFT_OUT = re.compile(
    r"/account/(?!login|signup|password/reset/$|email/|2fa/$|login/code)|\.ics$|/logout/"
)
WIDTHS = (320, 1280)
BACKEND = "django.contrib.auth.backends.ModelBackend"
DEMO = {
    "coordinator": "koordinaattori", "orderer": "tilaaja1", "expert": "kokemus1",
    "background": "jarjesto1", "admin": "yllapito",
}  # fmt: skip
START = [
    "/{lang}/",
    "/{lang}/desk/",
    "/{lang}/me/",
    "/{lang}/ui/",
    "/{lang}/expert/start/",
    "/{lang}/no-such-page/",
]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def person(role, data):
    """Return who looks: somebody of the demo, or somebody with nothing yet."""
    if role == "anonymous":
        return None
    if data == "filled":
        return User.objects.get(email=f"{DEMO[role]}@{DOMAIN}")
    if role in {"coordinator", "admin"}:
        return make_person(roles=[Role(role)])
    if role == "expert":
        return make_expert().user
    return make_organisation().members.first()


def pages(client, lang):
    """Return one address for each kind of page that the person can reach, found by following links."""
    waiting, seen, kinds = deque(s.format(lang=lang) for s in START), set(), {}
    while waiting and len(seen) < 160:
        url = waiting.popleft()
        if url in seen or LEFT_OUT.search(url) or not url.startswith(f"/{lang}/"):
            continue
        seen.add(url)
        response = client.get(url)
        if response.status_code in {301, 302, 303}:
            waiting.append(response["Location"].split("?")[0])
        elif response.status_code in {200, 404} and b"<html" in response.content:
            kind = "404" if response.status_code == 404 else resolve(url).view_name
            match = None if kind == "404" else resolve(url)
            part = match.kwargs.get("section") or match.kwargs.get("step") if match else ""
            kinds.setdefault((kind, part), url)
            waiting.extend(LINK.findall(response.content.decode()))
    return sorted(kinds.values())


def scan(page):
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
    )
    return [(v["id"], [n["html"][:150] for n in v["nodes"][:3]]) for v in found]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
@pytest.mark.parametrize("data", ["filled", "empty"])
@pytest.mark.parametrize("role", ["anonymous", *DEMO])
def test_axe_finds_nothing(live_server, browser_page, record_property, role, data, lang):
    if data == "filled":
        call_command("load_demo", experts=10, orders=12, stdout=io.StringIO())
    client, user = Client(), person(role, data)
    if user:
        client.force_login(user, backend=BACKEND)
        browser_page.context.add_cookies(
            [
                {
                    "name": "sessionid",
                    "value": client.cookies["sessionid"].value,
                    "url": live_server.url,
                }
            ]
        )
    bad, scans = [], 0

    for url in pages(client, lang):
        browser_page.goto(live_server.url + url)
        browser_page.evaluate(AXE)
        for width in WIDTHS:
            browser_page.set_viewport_size({"width": width, "height": 900})
            scans += 1
            bad += [(url, width, *violation) for violation in scan(browser_page)]
            if browser_page.evaluate("document.documentElement.scrollWidth") > width:
                bad.append((url, width, "wider than the window", []))
        form = browser_page.query_selector("main form.form button:not([name])")
        if lang == "fi" and form and form.is_visible() and not re.search("/account/|/ui/", url):
            with browser_page.expect_navigation():
                form.click()
            if browser_page.query_selector(".error-summary"):
                browser_page.evaluate(AXE)
                scans += 1
                bad += [(url, "error", *violation) for violation in scan(browser_page)]

    record_property("scans", scans)
    print(f"axe scans: {scans}")  # noqa: T201 -- the closing note counts them
    assert bad == []
    assert scans > 10
