"""From stored blocks to HTML: links of a whole page opened by one query, anchors, the region's word."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any, overload
from urllib.parse import urlsplit

from django.utils.html import conditional_escape, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.utils.translation import get_language
from wagtail.blocks import StreamValue
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.models import Page
from wagtail.rich_text import expand_db_html

from luukku.taxonomy.words import in_words_of_region

# The sizes that pictures are made in when a page is published; nothing is made while a page is read.
SPECS = ("width-480", "width-960", "width-1600")
CARD = "fill-480x320"  # on lists
SHARED = "fill-1200x630|format-jpeg"  # where the page is shared
MAIN_SPECS = (*SPECS, CARD, SHARED)  # of a page's own picture
HEADING = re.compile(r"<h2([^>]*)>(.*?)</h2>", re.S)
TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True)
class Heading:
    """A heading that one can jump to."""

    anchor: str
    text: str


@dataclass(frozen=True)
class Shown:
    """Blocks as HTML, and the headings within."""

    html: SafeString = field(default_factory=lambda: mark_safe(""))
    headings: list[Heading] = field(default_factory=list)
    player: str = ""  # the host of the video that the reader has asked for


def address_of(page: Page) -> str:
    """Return the page's address: the roots of the trees are called like the languages, no query is needed."""
    return page.url_path


@overload
def regional(text: SafeString) -> SafeString: ...
@overload
def regional(text: str) -> str: ...
def regional(text: str) -> str:
    """Return Finnish text with the region's word for an expert; tags and addresses stay."""
    if get_language() != "fi" or not text:
        return text
    safe = isinstance(text, SafeString)
    parts = TAG.split(text) if safe else [text]
    done = "".join(
        part if part.startswith("<") and safe else in_words_of_region(part) for part in parts
    )
    return mark_safe(done) if safe else done  # noqa: S308 -- was safe before words were put in it


def shown(blocks: StreamValue, **context: Any) -> Shown:
    """Return ``blocks`` as HTML; one query for all links, one for the pictures' sizes, where there are any."""
    if not blocks:
        return Shown()
    context["renditions"] = _renditions(pictures_in(blocks))
    context.setdefault("show_video", None)
    html = "".join(f"{conditional_escape(block.render_as_block(context))}\n" for block in blocks)
    html = mark_safe(expand_db_html(html))  # noqa: S308 -- blocks escape; the editor lets only known tags through
    done = with_anchors(regional(html))
    return replace(done, player=_player(blocks, context["show_video"]))


def _player(blocks: StreamValue, wanted: int | None) -> str:
    """Return the host whose frame the page holds: only of a video on the page that the reader asked for."""
    for block in blocks if wanted else ():
        if block.block_type == "video" and block.value and block.value.pk == wanted:
            parts = urlsplit(block.value.player)
            return f"{parts.scheme}://{parts.hostname}" if parts.hostname else ""
    return ""


@dataclass(frozen=True)
class Question:
    """A question with its answer as HTML."""

    anchor: str
    question: str
    answer: SafeString


def questions(entries: StreamValue) -> list[Question]:
    """Return questions and answers; one query for the links of them all."""
    cut = "<!-- next -->"
    html = expand_db_html(cut.join(entry.value["answer"].source for entry in entries))
    made: list[Question] = []
    taken: set[str] = set()
    for entry, answer in zip(entries, html.split(cut), strict=False):
        question = regional(entry.value["question"])
        anchor = _anchor(question, taken)
        text = mark_safe(answer)  # noqa: S308 -- the editor lets only known tags through
        made.append(Question(anchor, question, regional(text)))
    return made


def _anchor(text: str, taken: set[str]) -> str:
    anchor = base = slugify(text)[:60].strip("-") or "part"
    number = 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


def with_anchors(html: str) -> Shown:
    """Give each second-level heading an anchor, once a name."""
    headings: list[Heading] = []
    taken = {"contents", "sources", "main"}  # of the page around it

    def name(match: re.Match) -> str:
        text = unescape(strip_tags(match[2])).strip()
        anchor = _anchor(text, taken)
        headings.append(Heading(anchor, text))
        return f'<h2 id="{anchor}"{match[1]}>{match[2]}</h2>'

    return Shown(mark_safe(HEADING.sub(name, html)), headings)  # noqa: S308 -- only ids are put in


def plain(blocks: StreamValue) -> str:
    """Return the words of ``blocks`` and nothing else: for search and for summaries. No query of its own."""
    if not blocks:
        return ""
    parts = [
        str(text)
        for block in blocks
        for text in block.block.get_searchable_content(block.value)
        if text is not None  # a field of a block that nobody has filled
    ]
    return " ".join(unescape(strip_tags(part.replace("<", " <"))) for part in parts)


def pictures_in(blocks: StreamValue) -> list[AbstractImage]:
    """Return the pictures of ``blocks``, the ones shown before videos included; what is gone is left out."""
    images = [block.value["image"] for block in blocks if block.block_type == "picture"]
    videos = [block.value for block in blocks if block.block_type == "video" and block.value]
    return [picture for picture in [*images, *(video.poster for video in videos)] if picture]


@dataclass(frozen=True)
class MainPicture:
    """A page's own picture, and the sizes of it that have been made, by their names.

    ``words`` say what it tells; empty where it is decoration.
    """

    image: AbstractImage
    words: str
    made: dict[str, AbstractRendition]

    @property
    def card(self) -> AbstractRendition | None:
        """The size for lists."""
        return self.made.get(CARD)

    @property
    def shared(self) -> AbstractRendition | None:
        """The size for sharing; None before the page is published."""
        return self.made.get(SHARED)

    @property
    def widths(self) -> list[AbstractRendition]:
        """The whole picture in its sizes, the narrowest first."""
        return [self.made[spec] for spec in SPECS if spec in self.made]


def main_pictures(told: dict[int, tuple[AbstractImage, str]]) -> dict[int, MainPicture]:
    """Return the pictures of pages (image and words by page) with their sizes; one query where there are any."""
    if not told:
        return {}
    model = next(iter(told.values()))[0].get_rendition_model()
    made: dict[int, dict[str, AbstractRendition]] = {}
    for rendition in model.objects.filter(
        image__in=[image for image, _words in told.values()], filter_spec__in=MAIN_SPECS
    ):
        made.setdefault(rendition.image_id, {})[rendition.filter_spec] = rendition
    return {
        page: MainPicture(image, words, made.get(image.pk, {}))
        for page, (image, words) in told.items()
    }


def _renditions(pictures: list[AbstractImage]) -> dict[int, list]:
    ids = {picture.pk for picture in pictures}
    if not ids:
        return {}
    model = type(pictures[0]).get_rendition_model()
    by_image: dict[int, list] = {}
    for rendition in model.objects.filter(image_id__in=ids, filter_spec__in=SPECS).order_by(
        "width"
    ):
        by_image.setdefault(rendition.image_id, []).append(rendition)
    return by_image
