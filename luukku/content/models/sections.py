"""Pages that lead to others: the first page and the sections."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.core.paginator import Paginator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from luukku.content.models.base import ContentPage
from luukku.content.models.events import EventPage

FIRST_WAYS = ("what-is", "practices", "model")  # "I am new", what others do, step by step
BEHIND_DOORS = ("become", "tasks", "privacy", "accessibility")  # linked from every page already
NEWEST_FIRST = ("news", "practices", "stories")
MOST_ON_A_PAGE = 20
LATEST_NEWS = 3


class StartPage(ContentPage):
    """The first page; its five doors are built in, the rest is written."""

    template_name = "start"
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

    def neighbours(self) -> tuple[list[Page], dict[str, str]]:
        """Ask for the translations and for what is near by one query: this page is opened most."""
        latest = (
            Page.objects.live()
            .filter(url_path__startswith=f"{self.url_path}news/", depth=self.depth + 2)
            .order_by("-first_published_at", "-pk")[:LATEST_NEWS]
        )
        self.near = list(
            Page.objects.live()
            .filter(
                Q(path__startswith=self.path, depth=self.depth + 1)
                | Q(pk__in=latest.values("pk"))
                | Q(translation_key=self.translation_key)
            )
            .exclude(pk=self.pk)
            .only("title", "slug", "url_path", "search_description", "depth", "first_published_at")
            .order_by("path")
        )
        others = [page for page in self.near if page.depth == self.depth]
        return [], {page.slug: page.url_path for page in others}

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Give the ways in that lie behind no door, and the latest news."""
        context = super().get_context(request, *args, **kwargs)
        ways = {page.slug: page for page in self.near if page.depth == self.depth + 1}
        news = sorted(
            (page for page in self.near if page.depth > self.depth + 1),
            key=lambda page: (page.first_published_at, page.pk),
            reverse=True,
        )
        return context | {
            "ways": [ways[slug] for slug in FIRST_WAYS if slug in ways],
            "more": [page for slug, page in ways.items() if slug not in FIRST_WAYS + BEHIND_DOORS],
            "news": news,
        }

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """There is one in each language, made by the program."""
        return False


class SectionPage(ContentPage):
    """A page that leads to the pages below it, the newest first where they are news."""

    template_name = "section"
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
                .filter(ends_at__gt=at)
                .order_by("starts_at", "pk")
            )
        pages = Page.objects.live().child_of(self)
        if self.slug in NEWEST_FIRST:
            return pages.order_by("-first_published_at", "-pk")
        return pages.order_by("path")

    def fresh_until(self, *, at: datetime) -> datetime | None:
        """An event that has ended is not listed any more."""
        if self.slug != "events":
            return None
        return self.below(at=at).aggregate(first=models.Min("ends_at"))["first"]

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Give a screenful of the pages below."""
        context = super().get_context(request, *args, **kwargs)
        below = self.below(at=timezone.now()) if self.pk else Page.objects.none()
        return context | {
            "below": Paginator(below, MOST_ON_A_PAGE).get_page(request.GET.get("page")),
            "is_dated": self.slug == "news",
            "is_events": self.slug == "events",
            "is_practices": self.slug == "practices",
            "has_feed": self.slug in {"news", "events"},
        }
