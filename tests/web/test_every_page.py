"""What every page owes, whoever looks: its links lead somewhere, it is valid HTML, its forms arrive.

Each role walks through the demo world once; the tests look at what it saw, and send what it found. Whatever is to
hold of every page of every role has its test here, so that nobody walks again for it.
"""

import re
from collections import Counter

import pytest
from django.core.cache import caches
from django.db import transaction
from django.urls import resolve
from django.utils import translation

from tests.web.kit.forms.found import PEOPLE, walk
from tests.web.kit.forms.fuzz import submissions
from tests.web.valid import faults

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module", params=PEOPLE)
def walked(world, request, django_db_blocker):
    """One role's walk. It is made outside the tests, so that its session outlives them."""
    caches["pages"].clear()
    with django_db_blocker.unblock(), translation.override("en"):
        return walk(request.param)


def test_every_link_works(walked):
    bad = [(page.url, page.status) for page in walked.pages if page.status != 200]

    assert bad == []
    assert len(walked.pages) > 8


def test_pages_are_valid_html(walked):
    bad = Counter()
    for page in walked.pages:
        path = re.sub(r"\d+", "N", page.url.split("?")[0])
        bad.update((fault, path) for fault in faults(page.text))

    assert bad == Counter()


# Forms whose values are a suggestion, or begin something: nobody else's writing can be put back by them.
NO_EDIT = {
    "counter:order-propose", "counter:offer-answer", "counter:question", "counter:question-hand-over", "counter:order-give-up",
    "counter:question-follow", "counter:question-close", "counter:answer-new", "counter:question-new",
    "counter:order-new", "counter:organisation-new", "counter:person-new", "counter:add-member",
    "counter:person-seen", "orderer:found", "public:advice", "public:practice-new", "counter:switch", "public:advice-accessibility",
    "public:advice-feedback", "counter:add-unit", "orderer:unit-add",
    "counter:talk", "orderer:talk", "counter:programme-new", "orderer:programme-new", "counter:run-new", "orderer:run-new",
    "orderer:our-event-new", "counter:thread-decide", "orderer:thread-decide",
}  # fmt: skip


def test_every_form_that_shows_what_stands_carries_its_version(walked):
    bad = []
    for form in walked.post_forms():
        if not form.token("form_token"):
            continue
        shown = [f for f in form.fields if f.kind != "hidden" and f.is_on and f.value]
        names = {f.name for f in form.fields}
        path = form.action.partition("?")[0]
        with translation.override(translation.get_language_from_path(path)):
            where = resolve(path).view_name
        if shown and "version" not in names and where not in NO_EDIT:
            bad.append((form.page, where, sorted(f.name for f in shown)))

    assert bad == []


def acts(form):
    return {form.action, *(to for _name, _value, to in form.buttons if to)}


def test_the_address_of_every_act_leads_to_a_page(walked):
    client, bad, seen = walked.browser(), [], 0

    for form in walked.post_forms():
        for url in acts(form):
            response = client.get(url, follow=True)
            seen += 1
            if response.status_code not in {200, 410}:
                bad.append((form.page, url, response.status_code, response.redirect_chain))

    assert bad == []
    assert seen > 1


def ways(form):
    """Return (address, data) for each button of the form."""
    sent = form.data()
    for name, value, to in form.buttons or [("", "", "")]:
        yield to or form.action, sent | ({name: [value]} if name else {})


def test_every_form_of_every_page_is_taken(walked):
    """With its own token, from the page as it is served."""
    client, bad, sent = walked.browser(), [], 0

    for form in walked.post_forms():
        for url, data in ways(form):
            with transaction.atomic():
                response = client.post(url, data)
                transaction.set_rollback(True)
            sent += 1
            if response.status_code in {403, 404, 405} or response.status_code >= 500:
                bad.append((form.page, url, response.status_code))
            if walked.who != "anonymous" and "_auth_user_id" not in client.session:
                client = walked.browser()

    assert bad == []
    assert sent > 1


def test_forms_take_whatever_is_sent(walked):
    """No fault, and what was written is shown again; ``soak/forms.py`` asks much more."""
    bad = [sent for sent in submissions(walked, seed="forms", most=60) if sent.wrong]

    assert bad == [], "\n".join(f"{sent.url}: {sent.wrong}" for sent in bad)
