"""Fixtures of the tests through the web."""

import pytest
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
