"""What was shipped with the program."""

from __future__ import annotations

from django.db import models
from wagtail.models import Page

from luukku.content.models.base import LANGUAGE_CODES
from luukku.core.constraints import one_of


class Shipped(models.Model):
    """A page that came with the program, as it was last written by the loader.

    ``page`` is NULL when an editor has deleted it: it does not come back.
    """

    language = models.CharField(max_length=2)
    name = models.CharField(max_length=200)  # the file's path without its ending
    digest = models.CharField(max_length=64)
    page = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="shipped")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "name"], name="one_shipped_page_per_name"),
            one_of("language", LANGUAGE_CODES, name="shipped_language"),
        ]

    def __str__(self) -> str:
        return f"{self.language}/{self.name}"
