"""Trainings."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from luukku.content.models.about import AboutEvent
from luukku.content.models.base import ContentPage
from luukku.content.models.pictures import Pictured


class TrainingPage(AboutEvent, Pictured, ContentPage):
    """What a training is, for whom, and how one applies."""

    extent = models.CharField(
        _("extent"), max_length=120, blank=True, help_text=_("With its source.")
    )
    applying = models.TextField(_("how one applies"), max_length=1000, blank=True)

    reads_as = "training"
    homes = ("training", "fi", "sv", "en")
    first_panels = [FieldPanel("event"), FieldPanel("extent"), FieldPanel("applying")]

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    def own_words(self) -> str:
        """Extent and application, and what the training says of itself."""
        return f"{self.extent} {self.applying} {self.event_words()}".strip()
