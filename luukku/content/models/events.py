"""Events."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel

from luukku.content.models.about import AboutEvent, about
from luukku.content.models.base import ContentPage
from luukku.content.models.pictures import Pictured


class EventPage(AboutEvent, Pictured, ContentPage):
    """What an event is like, in more words and with pictures."""

    event = about(blank=False)

    homes = ("events",)
    schema_type = "Event"
    reads_as = "event"
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [FieldPanel("event")]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")

    def own_words(self) -> str:
        """What the event says of itself."""
        return self.event_words()
