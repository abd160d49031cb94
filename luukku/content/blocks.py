"""The pieces that a page is written with; each has one look, in ``content/blocks/*.html``."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from wagtail.blocks import (
    CharBlock,
    ChoiceBlock,
    ListBlock,
    PageChooserBlock,
    RichTextBlock,
    StreamBlock,
    StructBlock,
    StructBlockValidationError,
    StructValue,
    TextBlock,
)
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from luukku.content.rendering import address_of

SENTENCES = ["bold", "italic", "link", "document-link", "ol", "ul"]
TEXT = ["h2", "h3", *SENTENCES, "blockquote"]
# What a reader may have done already; ``queries.PROGRESS`` knows how each is found out.
PROGRESS = [
    ("has_account", _("Has an account")),
    ("organisation_founded", _("Has told which organisation they order for")),
    ("organisation_vetted", _("Their organisation has been checked")),
    ("order_drafted", _("Has begun an order")),
    ("order_sent", _("Has sent an order")),
    ("order_staffed", _("An expert has been found for their order")),
    ("task_done", _("A task has been done")),
    ("feedback_given", _("Has given feedback")),
    ("change_told", _("Has told what changed")),
    ("profile_started", _("Has begun a profile")),
    ("profile_sent", _("Has sent the profile to the counter")),
    ("in_bank", _("Is an expert whom one can order")),
    ("offer_answered", _("Has answered an offer")),
    ("contact_named", _("Has named a contact person")),
    ("expert_backed", _("Backs an expert")),
]


class Text(RichTextBlock):
    """Paragraphs, headings, lists. Links are opened for the whole page at once, see ``rendering``."""

    def __init__(self, features: list[str] | None = None, **kwargs: object) -> None:
        super().__init__(features=features or TEXT, **kwargs)

    class Meta:
        label = _("Text")
        icon = "pilcrow"
        template = "content/blocks/text.html"


class Target(StructValue):
    """Where a link leads."""

    @property
    def href(self) -> str:
        """The address of the page that was chosen, or the address that was typed."""
        return address_of(self["page"]) if self.get("page") else self.get("address", "")


class Leads(StructBlock):
    """What leads somewhere: to a page of ours or to an address."""

    is_needed = True

    page = PageChooserBlock(required=False, label=_("Page"))
    address = CharBlock(
        required=False,
        max_length=500,
        label=_("Or an address"),
        help_text=_(
            "An address in this service begins with /fi/, /sv/ or /en/; others with https://."
        ),
    )

    def clean(self, value: StructValue) -> StructValue:
        """Ask for one of the two, and for an address that a browser may open."""
        cleaned = super().clean(value)
        address, errors = (cleaned.get("address") or "").strip(), {}
        if address and cleaned.get("page"):
            errors["address"] = ValidationError(_("Choose a page or give an address, not both."))
        elif address and not address.startswith(
            ("/fi/", "/sv/", "/en/", "https://", "tel:", "mailto:")
        ):
            errors["address"] = ValidationError(
                _("An address begins with /fi/, /sv/, /en/ or https://.")
            )
        elif not address and not cleaned.get("page") and self.is_needed:
            errors["page"] = ValidationError(_("Choose where this leads."))
        if errors:
            raise StructBlockValidationError(errors)
        return cleaned

    def get_searchable_content(self, value: StructValue) -> list[str]:
        """Return the words that are read: neither the address nor what an editor chose of a list."""
        unread = (ChoiceBlock, PageChooserBlock)
        return [
            text
            for name, block in self.child_blocks.items()
            if name != "address" and not isinstance(block, unread)
            for text in block.get_searchable_content(value.get(name))
        ]

    class Meta:
        value_class = Target


class Button(Leads):
    """The page's one next step."""

    label = CharBlock(max_length=60, label=_("Words on the button"))

    class Meta:
        label = _("Button")
        icon = "link"
        template = "content/blocks/button.html"
        value_class = Target
        help_text = _("One button on a page is best: what the reader does next.")


class Note(StructBlock):
    """A calm box beside the text."""

    text = RichTextBlock(features=SENTENCES, label=_("Text"))

    class Meta:
        label = _("Calm box")
        icon = "info-circle"
        template = "content/blocks/note.html"


class Steps(StructBlock):
    """What happens, one step after the other."""

    steps = ListBlock(RichTextBlock(features=SENTENCES), label=_("Steps"), min_num=2)

    class Meta:
        label = _("Steps")
        icon = "list-ol"
        template = "content/blocks/steps.html"


class Quote(StructBlock):
    """Somebody's own words, with the permission to show them."""

    words = TextBlock(label=_("Words"), max_length=800)
    who = CharBlock(
        required=False,
        max_length=120,
        label=_("Whose"),
        help_text=_("Only with the person’s own yes. “A teacher” is enough."),
    )

    class Meta:
        label = _("Quotation")
        icon = "openquote"
        template = "content/blocks/quote.html"


class Picture(StructBlock):
    """A picture with words for those who do not see it."""

    image = ImageBlock(
        label=_("Picture"),
        help_text=_(
            "Say in words what the picture tells. Mark it as decoration only if nothing is lost without it."
        ),
    )
    caption = CharBlock(required=False, max_length=200, label=_("Text below the picture"))

    class Meta:
        label = _("Picture")
        icon = "image"
        template = "content/blocks/picture.html"


class Files(StructBlock):
    """Something to download."""

    files = ListBlock(
        StructBlock(
            [
                ("file", DocumentChooserBlock(label=_("File"))),
                ("about", CharBlock(required=False, max_length=300, label=_("What it is for"))),
            ]
        ),
        label=_("Files"),
        min_num=1,
    )

    class Meta:
        label = _("Files to download")
        icon = "download"
        template = "content/blocks/files.html"


class Body(StreamBlock):
    """What a page may hold."""

    text = Text()
    note = Note()
    steps = Steps()
    button = Button()
    quote = Quote()
    picture = Picture()
    video = SnippetChooserBlock(
        "content.Video", label=_("Video"), icon="media", template="content/blocks/video.html"
    )
    files = Files()


class EasyBody(StreamBlock):
    """What a page in easy Finnish may hold: less."""

    text = Text()
    note = Note()
    steps = Steps()
    button = Button()
    picture = Picture()
    video = SnippetChooserBlock(
        "content.Video", label=_("Video"), icon="media", template="content/blocks/video.html"
    )


class PathStep(Leads):
    """A step of the operating model: who does what, how long, what it costs, what one gets."""

    is_needed = False

    title = CharBlock(max_length=80, label=_("What is done"))
    text = TextBlock(max_length=800, label=_("How"))
    who = CharBlock(max_length=120, label=_("Who does it"))
    duration = CharBlock(max_length=120, label=_("How long it takes"))
    cost = CharBlock(max_length=200, label=_("What it costs"))
    gets = CharBlock(max_length=200, label=_("What you get"))
    action_label = CharBlock(max_length=60, required=False, label=_("Words on the button"))
    done = ChoiceBlock(
        choices=PROGRESS,
        required=False,
        label=_("Done when the reader …"),
        help_text=_("A reader who is signed in sees which steps are behind."),
    )

    class Meta:
        label = _("Step")
        icon = "tick"
        value_class = Target


class Path(StreamBlock):
    """The steps of one role."""

    step = PathStep()


class Entry(StructBlock):
    """A question that people ask, and its answer."""

    question = CharBlock(max_length=200, label=_("Question"))
    answer = RichTextBlock(features=SENTENCES, label=_("Answer"))

    class Meta:
        label = _("Question and answer")
        icon = "help"


class Entries(StreamBlock):
    """Questions and answers."""

    entry = Entry()
