"""Every link that a person sees leads somewhere, in every role."""

import io
import re
from collections import deque

import pytest
from django.core.management import call_command
from django.test import Client

from luukku.accounts.models import User
from luukku.config.management.commands.load_demo import DOMAIN

LINK = re.compile(r'href="(/(?:fi|sv|en)/[^"#]*)')
LEFT_OUT = re.compile(r"/account/|\.ics$")
PEOPLE = {
    "anonymous": None,
    "coordinator": "koordinaattori",
    "orderer": "tilaaja1",
    "expert": "kokemus1",
    "background": "jarjesto1",
    "steering": "ohjausryhma",
    "admin": "yllapito",
}


@pytest.fixture
def demo(db):
    call_command("load_demo", experts=14, orders=14, stdout=io.StringIO())


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_crawl_every_link_works(demo, who):
    client = Client()
    if PEOPLE[who]:
        client.force_login(
            User.objects.get(email=f"{PEOPLE[who]}@{DOMAIN}"),
            backend="django.contrib.auth.backends.ModelBackend",
        )
    waiting, seen, bad = deque(["/fi/", "/fi/desk/"]), set(), []

    while waiting and len(seen) < 250:
        url = waiting.popleft()
        if url in seen or LEFT_OUT.search(url):
            continue
        seen.add(url)
        response = client.get(url.replace("&amp;", "&"))
        if response.status_code in {301, 302, 303}:
            waiting.append(response["Location"])
        elif response.status_code != 200:
            bad.append((url, response.status_code))
        else:
            waiting.extend(LINK.findall(response.content.decode()))

    assert bad == []
    assert len(seen) > 8
