"""A coordinator at the counter's desk."""

import pytest

from tests.factories.accounts import make_coordinator


@pytest.fixture
def coordinator():
    return make_coordinator()


@pytest.fixture
def counter(client, coordinator):
    client.force_login(coordinator, backend="django.contrib.auth.backends.ModelBackend")
    return client
