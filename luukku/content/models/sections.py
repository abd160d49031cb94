"""Pages that lead to others: the first page and the sections."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from luukku.content.models.base import ContentPage
from luukku.content.models.events import EventPage
from luukku.events.models import Audience
from luukku.events.states import OPEN_EVENTS

NEWEST_FIRST = ("news", "practices", "stories")


class StartPage(ContentPage):
    """The first page; its five doors are built in, the rest is written."""

    reads_as = "start"
    schema_type = "WebSite"
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = [
        "content.SectionPage",
        "content.ArticlePage",
        "content.TrainingPage",
        "content.FaqPage",
        "content.MaterialsPage",
    ]

    class Meta:
        verbose_name = _("start page")
        verbose_name_plural = _("start pages")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """There is one in each language, made by the program."""
        return False


class SectionPage(ContentPage):
    """A page that leads to the pages below it, the newest first where they are news."""

    reads_as = "section"
    schema_type = "CollectionPage"
    subpage_types: ClassVar[list[str]] = [
        "content.SectionPage",
        "content.ArticlePage",
        "content.ModelPage",
        "content.PracticePage",
        "content.StoryPage",
        "content.NewsPage",
        "content.EventPage",
        "content.TrainingPage",
        "content.FaqPage",
        "content.MaterialsPage",
        "content.TaskTypePage",
    ]

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")

    def below(self, *, at: datetime) -> models.QuerySet[Page]:
        """Return the published pages below: the newest news first, of events those to come."""
        if self.slug == "events":
            return (
                EventPage.objects.live()
                .child_of(self)
                .filter(event__state__in=OPEN_EVENTS, event__ends_at__gt=at)
                .exclude(event__audience=Audience.INVITED)
                .select_related("event")
                .order_by("event__starts_at", "pk")
            )
        pages = Page.objects.live().child_of(self)
        if self.slug in NEWEST_FIRST:
            return pages.order_by("-first_published_at", "-pk")
        return pages.order_by("path")

    def fresh_until(self, *, at: datetime) -> datetime | None:
        """An event that has ended is not listed any more."""
        if self.slug != "events":
            return None
        return self.below(at=at).aggregate(first=models.Min("event__ends_at"))["first"]
