"""Pages that the counter writes, videos with captions, and what was shipped with the program."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import FileExtensionValidator
from django.db import models
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
)
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import GroupApprovalTask, Page
from wagtail.search import index
from wagtail.snippets.models import register_snippet

from luukku.content.blocks import Body, EasyBody, Entries, Path
from luukku.content.rendering import address_of, plain, questions, regional, shown
from luukku.core.constraints import one_of
from luukku.feedback.models import WhatChanged
from luukku.taxonomy.models import Service, TaskType, Theme

LONG_ENOUGH_FOR_CONTENTS = 3  # headings
FIRST_WAYS = ("what-is", "practices", "model")  # "I am new", what others do, step by step
BEHIND_DOORS = ("become", "tasks", "privacy", "accessibility")  # linked from every page already
NEWEST_FIRST = ("news", "practices", "stories")
MOST_ON_A_PAGE = 20
LATEST_NEWS = 3
LANGUAGE_CODES = [code for code, _name in settings.LANGUAGES]


class ContentPage(Page):
    """What every page has: an introduction, a body, an easy version in Finnish, and its sources."""

    intro = models.TextField(
        _("introduction"),
        blank=True,
        max_length=600,
        help_text=_("One or two sentences: what this page is about, and for whom."),
    )
    body = StreamField(Body(), blank=True, verbose_name=_("content"))
    easy_title = models.CharField(_("title in easy Finnish"), max_length=120, blank=True)
    easy_intro = models.TextField(_("introduction in easy Finnish"), max_length=600, blank=True)
    easy_body = StreamField(
        EasyBody(),
        blank=True,
        verbose_name=_("content in easy Finnish"),
        help_text=_("One thing in a sentence. Short lines, known words."),
    )
    sources = models.TextField(
        _("sources"),
        blank=True,
        help_text=_("One source on each line: who says so, the year, the address."),
    )

    homes: ClassVar[tuple[str, ...]] = ()  # names of the sections where pages of this kind belong
    schema_type: ClassVar[str] = "Article"
    private_page_options: ClassVar[list[str]] = []  # every published page is public
    show_in_menus_default = False
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage", "content.StartPage"]
    subpage_types: ClassVar[list[str]] = []

    first_panels: ClassVar[list] = []
    content_panels = [FieldPanel("title"), FieldPanel("intro")]
    easy_panels = [FieldPanel("easy_title"), FieldPanel("easy_intro"), FieldPanel("easy_body")]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel("slug", help_text=_("In English, the same in every language.")),
                FieldPanel("seo_title"),
                FieldPanel(
                    "search_description",
                    help_text=_("At most 155 characters; shown by search engines and on cards."),
                ),
            ],
            heading=_("For search engines and sharing"),
        )
    ]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Whether an editor may make such a page below ``parent``: each kind has its section."""
        return super().can_create_at(parent) and (not cls.homes or parent.slug in cls.homes)

    @classmethod
    def panels_between(cls) -> list:
        """Return the fields that only this kind of page has."""
        return cls.first_panels

    @classmethod
    def get_edit_handler(cls) -> TabbedInterface:
        """Lay the editor's page out: what is read, the easy version, how it is found, when it is shown."""
        tabs = [
            ObjectList(
                [
                    *cls.content_panels,
                    *cls.panels_between(),
                    FieldPanel("body"),
                    FieldPanel("sources"),
                ],
                heading=_("Content"),
            ),
            ObjectList(cls.easy_panels, heading=_("Easy Finnish")),
            ObjectList(cls.promote_panels, heading=_("Finding and sharing")),
            ObjectList(cls.settings_panels, heading=_("Publishing")),
        ]
        return TabbedInterface(tabs, base_form_class=cls.base_form_class).bind_to_model(cls)

    def clean(self) -> None:
        """Keep the description short enough to be shown whole, the roots' names and ``easy`` for us."""
        super().clean()
        if len(self.search_description) > 155:
            raise ValidationError(
                {"search_description": _("At most 155 characters: the rest would not be shown.")}
            )
        if self.slug == "easy":
            raise ValidationError({"slug": _("This address is needed for easy Finnish.")})

    @property
    def address(self) -> str:
        """Where the page is read."""
        return address_of(self)

    @property
    def easy_address(self) -> str:
        """Where its easy version is read."""
        return f"{self.url_path}easy/"

    @property
    def has_easy(self) -> bool:
        """Whether there is an easy version."""
        return bool(self.easy_body)

    @property
    def source_lines(self) -> list[str]:
        """The sources, one by one."""
        return [line.strip() for line in self.sources.splitlines() if line.strip()]

    @property
    def preview_modes(self) -> list[tuple[str, str]]:
        """What an editor may look at before publishing."""
        return [("", _("The page")), ("easy", _("Easy Finnish"))]

    def fresh_until(self, *, at: datetime) -> datetime | None:
        """Return when time alone makes it another page than at ``at``; None where it does not."""
        return None

    def words(self) -> str:
        """Return everything that is read on the page, without mark-up: for search."""
        return " ".join(filter(None, [self.intro, plain(self.body), self.own_words()]))

    def own_words(self) -> str:
        """Return the words of the fields that only this kind has."""
        return ""

    def easy_words(self) -> str:
        """Return everything that is read in the easy version."""
        return " ".join(filter(None, [self.easy_intro, plain(self.easy_body)]))

    def get_template(self, request: HttpRequest, *args: object, **kwargs: object) -> str:
        """Return the template of this kind; the easy version has one for all."""
        if kwargs.get("easy"):
            return "content/easy.html"
        return f"content/{self.template_name}.html"

    template_name: ClassVar[str] = "article"

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Return all that the templates need; the queries are counted in ``tests/content``."""
        easy = bool(kwargs.get("easy"))
        body = shown(
            self.easy_body if easy else self.body, show_video=_number(request.GET.get("video"))
        )
        crumbs, languages = self.neighbours()
        return {
            "page": self,
            "self": self,
            "request": request,
            "heading": regional(self.easy_title if easy and self.easy_title else self.title),
            "intro": regional(self.easy_intro if easy else self.intro),
            "body": body,
            "contents": body.headings if len(body.headings) >= LONG_ENOUGH_FOR_CONTENTS else [],
            "crumbs": crumbs,
            "languages": languages,
            "is_easy": easy,
            "has_feed": False,
            "is_preview": getattr(request, "is_preview", False),
        }

    def neighbours(self) -> tuple[list[Page], dict[str, str]]:
        """Return the pages above this one, and the addresses of its translations; one query."""
        above = [self.path[:end] for end in range(self.steplen * 2, len(self.path), self.steplen)]
        rows = (
            Page.objects.filter(
                Q(path__in=above) | Q(translation_key=self.translation_key), live=True
            )
            .select_related("locale")
            .only("title", "url_path", "path", "translation_key", "locale__language_code")
            .order_by("path")
        )
        crumbs, languages = [], {}
        for row in rows:
            if row.path in above:
                crumbs.append(row)
            elif row.pk != self.pk:
                languages[row.locale.language_code] = row.url_path
        return crumbs, languages

    def serve(self, request: HttpRequest, *args: object, **kwargs: object) -> TemplateResponse:
        """Answer with the page, or with its easy version."""
        request.is_preview = False
        context = self.get_context(request, *args, **kwargs)
        response = TemplateResponse(request, self.get_template(request, *args, **kwargs), context)
        player = context["body"].player
        if player:  # the reader has said yes to this one: only now, only on this answer
            response._csp_update = {"frame-src": [player]}
        return response

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        """Answer with the page as it would be, in its own language."""
        easy = mode_name == "easy"
        with translation.override(self.locale.language_code):
            request.LANGUAGE_CODE = self.locale.language_code
            return TemplateResponse(
                request,
                self.get_template(request, easy=easy),
                self.get_context(request, easy=easy),
            ).render()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


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


class ArticlePage(ContentPage):
    """A plain page."""

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")


class ModelPage(ContentPage):
    """The operating model as the path of one role."""

    steps = StreamField(Path(), blank=True, verbose_name=_("steps"))

    template_name = "model"
    homes = ("model",)
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [FieldPanel("steps")]

    class Meta:
        verbose_name = _("path of the operating model")
        verbose_name_plural = _("paths of the operating model")

    def own_words(self) -> str:
        """The steps."""
        return plain(self.steps)

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Give the steps; the view adds what the reader has done."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"steps": [block.value for block in self.steps], "done": frozenset()}


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

    template_name = "task_type"
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

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Give the vocabulary's words and the good practices of the task type."""
        context = super().get_context(request, *args, **kwargs)
        practices = (
            PracticePage.objects.live()
            .filter(task_types=self.task_type_id, locale=self.locale_id)
            .order_by("-first_published_at", "-pk")[:5]
        )
        return context | {"task_type": self.task_type, "practices": practices}


class TrainingPage(ContentPage):
    """What a training is, for whom, and how one applies."""

    extent = models.CharField(
        _("extent"), max_length=120, blank=True, help_text=_("With its source.")
    )
    applying = models.TextField(_("how one applies"), max_length=1000, blank=True)

    template_name = "training"
    homes = ("training", "fi", "sv", "en")
    first_panels = [FieldPanel("extent"), FieldPanel("applying")]

    class Meta:
        verbose_name = _("training")
        verbose_name_plural = _("trainings")

    def own_words(self) -> str:
        """Extent and application."""
        return f"{self.extent} {self.applying}"


class PracticePage(ContentPage):
    """A good practice: what was done and what changed. Anybody signed in may send one."""

    done = models.TextField(
        _("what was done"), max_length=4000, help_text=_("Who did what, with whom and how often.")
    )
    changed = models.TextField(
        _("what changed"),
        max_length=4000,
        help_text=_("Also a small thing counts. Say how you know it."),
    )
    contact = models.CharField(
        _("contact"),
        max_length=200,
        blank=True,
        help_text=_("Who tells more. Only what may be public; empty: the counter."),
    )
    themes = ParentalManyToManyField(Theme, blank=True, verbose_name=_("themes"), related_name="+")
    services = ParentalManyToManyField(
        Service, blank=True, verbose_name=_("services"), related_name="+"
    )
    task_types = ParentalManyToManyField(
        TaskType, blank=True, verbose_name=_("task types"), related_name="practices"
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="practices",
    )
    what_changed = models.ForeignKey(
        WhatChanged,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="practices",
    )

    template_name = "practice"
    homes = ("practices",)
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [
        FieldPanel("done"),
        FieldPanel("changed"),
        FieldPanel("contact"),
        FieldPanel("task_types"),
        FieldPanel("services"),
        FieldPanel("themes"),
    ]

    class Meta:
        verbose_name = _("good practice")
        verbose_name_plural = _("good practices")

    def own_words(self) -> str:
        """What was done and what changed, with the names of what it is about."""
        with translation.override(self.locale.language_code):
            names = [item.name for item in self.about()]
        return " ".join([self.done, self.changed, *names])

    def about(self) -> Iterable[Theme | Service | TaskType]:
        """Return themes, services and task types; three queries."""
        return [*self.task_types.all(), *self.services.all(), *self.themes.all()]

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Give the words with the region's name for an expert, and what the practice is about."""
        context = super().get_context(request, *args, **kwargs)
        return context | {
            "done": regional(self.done),
            "changed": regional(self.changed),
            "task_types": list(self.task_types.all()),
            "about": [item.name for item in [*self.services.all(), *self.themes.all()]],
        }


class StoryPage(ContentPage):
    """Somebody's own story, with or without a video."""

    template_name = "story"
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


class NewsPage(ContentPage):
    """A piece of news."""

    homes = ("news",)
    schema_type = "NewsArticle"
    template_name = "news"
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]

    class Meta:
        verbose_name = _("piece of news")
        verbose_name_plural = _("news")


class EventPage(ContentPage):
    """What happens, where and when."""

    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    place = models.CharField(
        _("place"),
        max_length=200,
        blank=True,
        help_text=_("Address and how one gets in; or: remotely."),
    )
    address_online = models.URLField(_("link for taking part remotely"), blank=True)

    homes = ("events",)
    schema_type = "Event"
    template_name = "event"
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage"]
    first_panels = [
        FieldRowPanel([FieldPanel("starts_at"), FieldPanel("ends_at")]),
        FieldPanel("place"),
        FieldPanel("address_online"),
    ]

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=models.F("starts_at")), name="event_page_ends_after_start"
            )
        ]

    def clean(self) -> None:
        """An event ends after it begins."""
        super().clean()
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise ValidationError({"ends_at": _("An event ends after it begins.")})

    def own_words(self) -> str:
        """The place."""
        return self.place


class FaqPage(ContentPage):
    """Questions that people ask, with answers."""

    entries = StreamField(Entries(), blank=True, verbose_name=_("questions and answers"))

    template_name = "faq"
    schema_type = "FAQPage"
    first_panels = [FieldPanel("entries")]

    class Meta:
        verbose_name = _("questions and answers")
        verbose_name_plural = _("questions and answers")

    def own_words(self) -> str:
        """The questions and the answers."""
        return plain(self.entries)

    def get_context(
        self, request: HttpRequest, *args: object, **kwargs: object
    ) -> dict[str, object]:
        """Give the entries as HTML, all links opened at once."""
        context = super().get_context(request, *args, **kwargs)
        return context | {"entries": questions(self.entries)}


class MaterialsPage(ContentPage):
    """Things to download and to print."""

    template_name = "article"
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


PAGE_TYPES: dict[str, type[ContentPage]] = {
    "start": StartPage,
    "section": SectionPage,
    "article": ArticlePage,
    "model": ModelPage,
    "task_type": TaskTypePage,
    "training": TrainingPage,
    "practice": PracticePage,
    "story": StoryPage,
    "news": NewsPage,
    "event": EventPage,
    "faq": FaqPage,
    "materials": MaterialsPage,
    "privacy": PrivacyPage,
    "accessibility": AccessibilityPage,
}


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


class EmbedHost(models.TextChoices):
    """Where a video may lie that we do not keep ourselves."""

    YOUTUBE = "youtube", "YouTube"
    VIMEO = "vimeo", "Vimeo"


# The address that plays a video, without cookies where the host offers that.
PLAYERS = {
    EmbedHost.YOUTUBE: "https://www.youtube-nocookie.com/embed/",
    EmbedHost.VIMEO: "https://player.vimeo.com/video/",
}


class ShownPicture(models.Model):
    """A picture that a page shows as it was last published; of other pictures nothing is given to the public."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    image = models.ForeignKey(get_image_model_string(), on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["image", "page"], name="one_row_per_shown_picture")
        ]

    def __str__(self) -> str:
        return f"picture {self.image_id} on page {self.page_id}"


@register_snippet
class Video(index.Indexed, models.Model):
    """A video that everybody can follow: captions and a transcript are not optional."""

    title = models.CharField(_("title"), max_length=120)
    language = models.CharField(
        _("language"),
        max_length=2,
        default="fi",
        choices=[("fi", "suomi"), ("sv", "svenska"), ("en", "English")],
    )
    file = models.FileField(
        _("file"),
        upload_to="videos/",
        blank=True,
        validators=[FileExtensionValidator(["mp4", "webm"])],
        help_text=_("MP4 or WebM, kept by us. Nothing is told to anybody else."),
    )
    captions = models.FileField(
        _("captions"),
        upload_to="videos/",
        blank=True,
        validators=[FileExtensionValidator(["vtt"])],
        help_text=_("A WebVTT file. A file of ours is not shown without."),
    )
    address = models.URLField(
        _("or an address at YouTube or Vimeo"),
        blank=True,
        help_text=_("Nothing is loaded from there before the reader says so."),
    )
    has_captions_there = models.BooleanField(
        _("I have checked that the video has good captions there"), default=False
    )
    transcript = models.TextField(
        _("transcript"), help_text=_("Everything that is said, and what is seen where it matters.")
    )
    poster = models.ForeignKey(
        get_image_model_string(),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture shown first"),
    )

    panels = [
        FieldPanel("title"),
        FieldPanel("language"),
        FieldPanel("file"),
        FieldPanel("captions"),
        FieldPanel("address"),
        FieldPanel("has_captions_there"),
        FieldPanel("transcript"),
        FieldPanel("poster"),
    ]
    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        verbose_name = _("video")
        verbose_name_plural = _("videos")
        constraints = [
            models.CheckConstraint(
                condition=Q(file="") ^ Q(address=""), name="video_either_file_or_address"
            ),
            models.CheckConstraint(
                condition=~Q(captions="") | Q(has_captions_there=True), name="video_has_captions"
            ),
            models.CheckConstraint(condition=~Q(transcript=""), name="video_has_transcript"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Ask for exactly one source, for captions in the right form, and for an address that we know."""
        super().clean()
        errors: dict[str, object] = {}
        if bool(self.file) == bool(self.address):
            errors["file"] = _("Give a file or an address, and only one of them.")
        elif self.file and not self.captions:
            errors["captions"] = _("Captions are needed: without them many people are left out.")
        elif self.address and not self.has_captions_there:
            errors["has_captions_there"] = _("A video is shown only with captions.")
        if self.address and self.host is None:
            errors["address"] = _("Give the address of one video at YouTube or Vimeo.")
        if self.captions and not self._captions_are_vtt():
            errors["captions"] = _("This is not a WebVTT file: its first line says WEBVTT.")
        if errors:
            raise ValidationError(errors)

    def _captions_are_vtt(self) -> bool:
        self.captions.seek(0)
        start = self.captions.read(9).lstrip(b"\xef\xbb\xbf")
        self.captions.seek(0)
        return start.startswith(b"WEBVTT")

    @property
    def host(self) -> tuple[EmbedHost, str] | None:
        """Return where the video lies and its key there; None where we do not know the address."""
        parts = urlsplit(self.address)
        name, path = (parts.hostname or "").removeprefix("www."), parts.path.strip("/")
        key, where = "", None
        if name in {"youtube.com", "m.youtube.com", "youtube-nocookie.com"}:
            where = EmbedHost.YOUTUBE
            key = parse_qs(parts.query).get("v", [""])[0] or path.removeprefix("embed/")
        elif name == "youtu.be":
            where, key = EmbedHost.YOUTUBE, path
        elif name in {"vimeo.com", "player.vimeo.com"}:
            where, key = EmbedHost.VIMEO, path.removeprefix("video/")
        if where is None or not key.replace("-", "").replace("_", "").isalnum():
            return None
        return where, key

    @property
    def host_label(self) -> str:
        """The name of the host, for the reader who decides."""
        return str(self.host[0].label) if self.host else ""

    @property
    def player(self) -> str:
        """The address of the player at the host."""
        return PLAYERS[self.host[0]] + self.host[1] if self.host else ""

    def language_name(self) -> str:
        """The captions' language in its own words."""
        return dict(self._meta.get_field("language").choices)[self.language]


class SecondPairOfEyes(GroupApprovalTask):
    """Somebody else at the counter looks before it is published; nobody approves their own page."""

    class Meta:
        verbose_name = _("second pair of eyes")
        verbose_name_plural = _("second pairs of eyes")

    def get_actions(self, obj: Page, user: object) -> list:
        """Give no acts to the person who asked for the look."""
        state = obj.current_workflow_state
        if state is not None and state.requested_by_id == user.pk:
            return []
        return super().get_actions(obj, user)

    @classmethod
    def get_description(cls) -> str:
        """What the editor reads about it."""
        return gettext("Somebody else at the counter reads the page before it is published")
