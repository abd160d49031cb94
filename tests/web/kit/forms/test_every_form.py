"""Every form of every page of every role arrives: with its own token, from the page as it is served."""

import pytest
from django.db import transaction

from tests.web.kit.forms.found import PEOPLE, post_forms, signed_in

pytestmark = pytest.mark.django_db


def ways(form):
    """Return (address, data) for each button of the form."""
    sent = form.data()
    for name, value, to in form.buttons or [("", "", "")]:
        yield to or form.action, sent | ({name: [value]} if name else {})


@pytest.mark.slow
@pytest.mark.parametrize("who", PEOPLE)
def test_every_form_of_every_page_is_taken(world, who):
    client, bad, sent = signed_in(who), [], 0

    for form in post_forms(client):
        for url, data in ways(form):
            with transaction.atomic():
                response = client.post(url, data)
                transaction.set_rollback(True)
            sent += 1
            if response.status_code in {403, 404, 405} or response.status_code >= 500:
                bad.append((form.page, url, response.status_code))
            if who != "anonymous" and "_auth_user_id" not in client.session:
                client = signed_in(who)

    assert bad == []
    assert sent > 1
