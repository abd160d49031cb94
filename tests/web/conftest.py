"""Fixtures of the tests through the web."""

import io

import pytest
from django.core.management import call_command
from django.db import transaction
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

from luukku.content.models import Video


@pytest.fixture
def pages_as_they_were(transactional_db):
    """Take away what a test with a server has written: a flush leaves the pages."""
    made = (Page, Video, get_image_model(), get_document_model())
    before = {model: set(model.objects.values_list("pk", flat=True)) for model in made}
    yield
    for model in made:
        for one in model.objects.exclude(pk__in=before[model]).order_by("-pk"):
            if model.objects.filter(pk=one.pk).exists():  # not gone with its parent
                one.delete()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """The demo world, given back as it was."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", experts=14, orders=14, stdout=io.StringIO())
        yield
        transaction.set_rollback(True)
