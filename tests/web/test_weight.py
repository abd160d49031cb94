"""What a page weighs on the wire, served as in production, and that it asks no other host."""

from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client

from tests.config.conftest import eventually, manage  # noqa: F401 -- a fixture
from tests.config.test_serve import free_port, get
from tests.factories.assignments import make_offer, make_search
from tests.factories.experts import make_expert

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]
MOST_BYTES = 150_000  # without images
PAGES = {
    "start": "/fi/",
    "easy Finnish": "/fi/easy/",
    "section": "/fi/training/",
    "article": "/fi/what-is/",
    "operating model": "/fi/model/order/",
    "task types": "/fi/tasks/",
    "task type": "/fi/tasks/lecture/",
    "good practices": "/fi/practices/",
    "good practice": "/fi/practices/pair-work/",
    "questions and answers": "/fi/faq/",
    "accessibility statement": "/fi/accessibility/",
    "search with hits": "/fi/search/?q=kokemus",
    "open calls": "/fi/calls/",
    "advice": "/fi/advice/",
    "where to start": "/fi/where/",
    "sign-in": "/fi/account/login/",
    "wizard, first step": "/fi/order/{order}/what/",
    "wizard, themes": "/fi/order/{order}/who/",
    "expert's desk": "/fi/expert/",
    "expert's themes": "/fi/expert/profile/experiences/",
}
BACKEND = "django.contrib.auth.backends.ModelBackend"


def guest_with_a_draft():
    client = Client()
    first = client.post("/fi/order/")["Location"]
    answer = client.post(first, {"title": "Puheenvuoro", "go": "back"})
    assert answer.status_code == 303
    return client.cookies["sessionid"].value, answer["Location"].split("/")[3]


def session_of(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client.cookies["sessionid"].value


def load(context, url):
    """Return what the page at ``url`` asked for, and the kind and bytes on the wire of each answer."""
    page, asked, finished = context.new_page(), [], []
    page.on("request", lambda one: asked.append(one.url))  # the refused ones, too
    page.on("requestfinished", lambda one: finished.append(one))
    answer = page.goto(url, wait_until="networkidle")
    assert (answer.status, page.url) == (200, url)
    return asked, [(one.resource_type, one.sizes()["responseBodySize"]) for one in finished]


def test_page_is_light_and_asks_no_other_host(chromium, manage, record_property):  # noqa: F811 -- the fixture is imported by its name
    expert = make_expert()
    make_search()
    make_offer(expert=expert)
    guest, order = guest_with_a_draft()
    sessions = {"wizard": guest, "expert's": session_of(expert.user)}
    port = free_port()
    home = f"http://127.0.0.1:{port}"
    manage("serve", "--port", str(port), LUUKKU_BASE_URL=home, SECRET_KEY=settings.SECRET_KEY)
    eventually(lambda: (get(port, "/health/ready") or [0])[0] == 200)
    weights, strangers = {}, []

    for name, path in PAGES.items():
        context = chromium.new_context(locale="fi-FI")  # nothing is in the cache
        if session := sessions.get(name.split(",")[0].split(" ")[0]):
            context.add_cookies([{"name": "sessionid", "value": session, "url": home}])
        asked, came = load(context, home + path.format(order=order))
        context.close()
        strangers += [(name, url) for url in asked if urlsplit(url).netloc != f"127.0.0.1:{port}"]
        weights[name] = sum(size for kind, size in came if kind != "image")
        assert {kind for kind, _size in came} >= {"document", "stylesheet", "script", "font"}

    record_property("weights", weights)
    for name, weight in sorted(weights.items(), key=lambda item: -item[1]):
        print(f"{weight / 1000:7.1f} kB  {name}")  # noqa: T201 -- the closing note tells them
    assert strangers == []
    assert {name: weight for name, weight in weights.items() if weight > MOST_BYTES} == {}
