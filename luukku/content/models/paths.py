"""The operating model, step by step."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField

from luukku.content.blocks import Path
from luukku.content.models.base import ContentPage
from luukku.content.rendering import plain


class ModelPage(ContentPage):
    """The operating model as the path of one role."""

    steps = StreamField(Path(), blank=True, verbose_name=_("steps"))

    reads_as = "model"
    homes = ("model",)
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [FieldPanel("steps")]

    class Meta:
        verbose_name = _("path of the operating model")
        verbose_name_plural = _("paths of the operating model")

    def own_words(self) -> str:
        """The steps."""
        return plain(self.steps)
