"""The three ways by which an offer is answered."""

import pytest
from django.urls import reverse

from luukku.core.links import Link, sign
from tests.factories.accounts import make_coordinator, show_who_is_there

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def open_page(client):
    """Sign in as the way needs; return the address that shows the dates and the one that takes the answers."""

    def open_page(way, offer):
        if way == "link":
            url = reverse(
                "public:offer-link", args=[sign(Link("offer", offer.pk, offer.expert.user_id))]
            )
            return url, url
        user = offer.expert.user if way == "desk" else make_coordinator()
        client.force_login(user, backend=BACKEND)
        show_who_is_there(client)
        if way == "desk":
            names = ("expert:offer", "expert:offer-dates")
        else:
            names = ("counter:offer-answer", "counter:offer-answer")
        return tuple(reverse(name, args=[offer.pk]) for name in names)

    return open_page
