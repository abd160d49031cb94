"""What every page has."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    MultiFieldPanel,
    ObjectList,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from luukku.content.blocks import Body, EasyBody
from luukku.content.editing import AddressInput, LanguagePanel, PageForm
from luukku.content.moments import SchedulePanel
from luukku.content.previews import preview
from luukku.content.rendering import address_of, plain

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
    reads_as: ClassVar[str] = "article"  # what search and the surface that shows it know it as
    schema_type: ClassVar[str] = "Article"
    private_page_options: ClassVar[list[str]] = []  # every published page is public
    show_in_menus_default = False
    parent_page_types: ClassVar[list[str]] = ["content.SectionPage", "content.StartPage"]
    subpage_types: ClassVar[list[str]] = []

    base_form_class = PageForm
    first_panels: ClassVar[list] = []
    content_panels = [TitleFieldPanel("title", placeholder=False), FieldPanel("intro")]
    easy_panels = [FieldPanel("easy_title"), FieldPanel("easy_intro"), FieldPanel("easy_body")]
    promote_panels = [
        MultiFieldPanel(
            [
                FieldPanel(
                    "slug",
                    widget=AddressInput,
                    help_text=_(
                        "The end of the address. Empty: made from the title. Translations have the same."
                    ),
                ),
                FieldPanel("seo_title"),
                FieldPanel(
                    "search_description",
                    help_text=_("At most 155 characters; shown by search engines and on cards."),
                ),
            ],
            heading=_("For search engines and sharing"),
        )
    ]
    settings_panels = [SchedulePanel()]
    search_fields = [
        *Page.search_fields,
        index.SearchField("intro"),
        index.SearchField("body"),
    ]

    class Meta:
        abstract = True

    @classmethod
    def can_create_at(cls, parent: Page) -> bool:
        """Whether an editor may make such a page below ``parent``: each kind has its section, and that no other."""
        if cls.homes:
            return super().can_create_at(parent) and parent.slug in cls.homes
        return super().can_create_at(parent) and parent.slug not in _homes()

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
                    LanguagePanel(),
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
        """Keep the description short enough to be shown whole, and ``easy`` for us."""
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
    def preview_modes(self) -> list[tuple[str, str | Promise]]:
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

    def serve_preview(self, request: object, mode_name: str) -> object:
        """Answer an editor's preview as the surface that shows pages does; Wagtail calls this."""
        return preview(self, request, mode_name)


def _homes() -> set[str]:
    """Return the names of the sections that one kind of page has for itself."""
    return {name for kind in ContentPage.__subclasses__() for name in kind.homes} - set(
        LANGUAGE_CODES
    )
