"""What the editor adds to a kind of task."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from luukku.content.models.base import ContentPage
from luukku.taxonomy.models import TaskType


class TaskTypePage(ContentPage):
    """What the editor adds to a task type: an example, a video. The rest comes from the vocabulary."""

    task_type = models.ForeignKey(
        TaskType, on_delete=models.PROTECT, related_name="pages", verbose_name=_("task type")
    )
    fee_range = models.CharField(
        _("fee range"),
        max_length=120,
        blank=True,
        help_text=_("Empty until the region has agreed on its fees: then nothing is shown."),
    )

    reads_as = "task_type"
    homes = ("tasks",)
    schema_type = "Service"
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [FieldPanel("task_type", read_only=True), FieldPanel("fee_range")]

    class Meta:
        verbose_name = _("page of a task type")
        verbose_name_plural = _("pages of task types")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """There is one for each task type, made by the program."""
        return False

    def own_words(self) -> str:
        """What the vocabulary says, in the page's language."""
        with translation.override(self.locale.language_code):
            kind = self.task_type
            return " ".join(
                [
                    kind.summary,
                    kind.what_it_is,
                    kind.what_it_is_not,
                    kind.orderer_prepares,
                    kind.expert_needs,
                ]
            )
