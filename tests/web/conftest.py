"""Fixtures of the tests through the web."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction

from tests.harness import settle


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demo world, given back as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", experts=14, orders=14, stdout=io.StringIO())
        settle()
        yield
        transaction.set_rollback(True)
