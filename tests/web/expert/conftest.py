"""An expert at their desk."""

import pytest

from tests.factories.accounts import show_who_is_there
from tests.factories.experts import make_blank_expert, make_expert

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def expert(db):
    """Somebody in the bank."""
    return make_expert()


@pytest.fixture
def desk(client, expert):
    """A browser in which ``expert`` has signed in."""
    client.force_login(expert.user, backend=BACKEND)
    return show_who_is_there(client)


@pytest.fixture
def beginner(db):
    """Somebody who has just begun a profile."""
    return make_blank_expert()


@pytest.fixture
def blank_desk(client, beginner):
    """A browser in which ``beginner`` has signed in."""
    client.force_login(beginner.user, backend=BACKEND)
    return client


@pytest.fixture
def sign_in(client):
    """Sign somebody in; returns the browser."""

    def sign_in(user):
        client.force_login(user, backend=BACKEND)
        return show_who_is_there(client)

    return sign_in
