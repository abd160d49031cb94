"""axe finds nothing on any written page: every one that ships, and each kind with every piece it may hold."""

import re

import pytest
from django.utils import timezone
from wagtail.models import Page

from luukku.content.models import PAGE_TYPES, ContentPage, StartPage
from luukku.events.models import Kind
from luukku.events.states import EventState
from luukku.taxonomy.models import TaskType
from tests.factories.content import fill_page, make_page
from tests.factories.events import make_event
from tests.web.axe import Eye

pytestmark = [
    pytest.mark.browser,
    pytest.mark.hyphens,
    pytest.mark.django_db(transaction=True),
]
PLAYER = re.compile(r"^https://(www\.youtube-nocookie\.com|player\.vimeo\.com)/")


def written(lang):
    """Return every published page of the language."""
    pages = Page.objects.live().filter(locale__language_code=lang, depth__gt=1).order_by("path")
    return [page for page in pages.specific() if isinstance(page, ContentPage)]


def addresses(pages):
    return [a for page in pages for a in [page.address, *[page.easy_address] * page.has_easy]]


def one_of_each_kind(lang):
    """Make a page of every kind with all that it may hold."""
    now = timezone.now()
    needed = {
        "event": {"event": make_event(now, address="Pori, kirjasto")},
        "training": {"event": make_event(now, kind=Kind.BASIC, state=EventState.CANCELLED)},
        "task_type": {"task_type": TaskType.objects.get(code="talk")},
        "story": {"consent_given": True},
        "practice": {"done": "Ohjattiin yhdessä.", "changed": "Moni jäi loppuun asti."},
    }
    start = StartPage.objects.get(slug=lang, depth=2)
    pages = [make_page(k, f"full-{k}", parent=start, **needed.get(k, {})) for k in PAGE_TYPES]
    return [fill_page(page, is_easy=lang == "fi") for page in pages]


@pytest.mark.parametrize("lang", ["fi", "sv", "en"])
def test_axe_finds_nothing_on_written_pages(live_server, chromium_to_look, record_property, lang):
    context = chromium_to_look.new_context(locale="fi-FI")
    asked = []  # what was asked of other hosts
    context.on("request", lambda request: PLAYER.match(request.url) and asked.append(request.url))
    eye = Eye(context.new_page(), live_server.url)
    for url in addresses(written(lang)):
        eye.look_at(url)

    full = one_of_each_kind(lang)
    for url in addresses(full):
        eye.look_at(url)
    pieces = {block.block_type for block in full[0].body}
    assert pieces == set(full[0].body.stream_block.child_blocks)
    assert asked == []

    eye.page.goto(eye.start + full[0].address)
    context.route(PLAYER, played)  # not before: a browser that is routed keeps no file
    eye.page.click("button[name=video]")  # the reader says yes to the video that lies elsewhere
    eye.page.wait_for_selector("iframe")
    eye.page.wait_for_load_state()  # its styles too: without them it is wider than the window
    eye.look(f"with a player: {eye.page.url}")
    make_page("article", "only-here", parent=StartPage.objects.get(slug=lang, depth=2))
    for other in {"fi", "sv", "en"} - {lang}:
        eye.look_at(f"/{other}/only-here/")
    context.close()

    record_property("looks", eye.looks)
    record_property("scans", eye.scans)
    assert eye.bad == [], "\n".join(map(str, eye.bad))
    assert len(asked) == 1
    assert eye.looks > 2 * len(PAGE_TYPES)


def played(route):
    page = "<!doctype html><html lang='en'><title>Player</title><main><h1>Player</h1></main></html>"
    route.fulfill(body=page, content_type="text/html")
