"""Pages that are mostly text: articles, news, stories, questions, materials, what the law asks for."""

from __future__ import annotations

from typing import ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from luukku.content.blocks import Entries
from luukku.content.models.base import ContentPage
from luukku.content.models.pictures import Pictured
from luukku.content.rendering import plain


class ArticlePage(Pictured, ContentPage):
    """A plain page."""

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class StoryPage(Pictured, ContentPage):
    """Somebody's own story, with or without a video."""

    reads_as = "story"
    homes = ("stories",)
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    consent_given = models.BooleanField(
        _("the person has read this and agrees to it being public"), default=False
    )
    first_panels = [FieldPanel("consent_given")]

    class Meta:
        verbose_name = _("story")
        verbose_name_plural = _("stories")

    def clean(self) -> None:
        """A story is published only with its teller's yes."""
        super().clean()
        if not self.consent_given:
            raise ValidationError(
                {"consent_given": _("A story needs the yes of the person whose story it is.")}
            )


class NewsPage(Pictured, ContentPage):
    """A piece of news."""

    homes = ("news",)
    schema_type = "NewsArticle"
    reads_as = "news"
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")


class FaqPage(ContentPage):
    """Questions that people ask, with answers."""

    entries = StreamField(Entries(), blank=True, verbose_name=_("questions and answers"))

    reads_as = "faq"
    schema_type = "FAQPage"
    first_panels = [FieldPanel("entries")]

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("questions and answers")

    def own_words(self) -> str:
        """The questions and the answers."""
        return plain(self.entries)


class MaterialsPage(ContentPage):
    """Things to download and to print."""

    reads_as = "article"
    schema_type = "CollectionPage"

    class Meta:
        verbose_name = _("materials")
        verbose_name_plural = _("materials")


class PrivacyPage(ContentPage):
    """What is kept about people, why and how long."""

    parent_page_types: ClassVar[list[str]] = ["content.StartPage"]

    class Meta:
        verbose_name = _("privacy notice")
        verbose_name_plural = _("privacy notices")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """There is one in each language, made by the program."""
        return False


class AccessibilityPage(ContentPage):
    """The accessibility statement that the law asks for."""

    parent_page_types: ClassVar[list[str]] = ["content.StartPage"]

    class Meta:
        verbose_name = _("accessibility statement")
        verbose_name_plural = _("accessibility statements")

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """There is one in each language, made by the program."""
        return False
