"""What search engines and social media ask for: map of the site, what to leave out, pictures to share."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, SubElement, tostring

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import translation
from wagtail.documents.views.serve import serve
from wagtail.models import Page

from luukku.content.cards import card_key, draw_card
from luukku.content.queries import EASY, is_shown, published, with_easy
from luukku.content.rendering import regional
from luukku.core.known import known
from luukku.web.kit.access import EVERYONE, page

OTHERS = (
    "public:task-types",
    "public:calls",
    "public:programmes",
    "public:advice",
    "public:order-start",
)
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
A_YEAR = 365 * 24 * 3600
CLOSED = (
    "cms/",
    "*/account/",
    "*/counter/",
    "*/desk/",
    "*/expert/",
    "*/l/",
    "*/me/",
    "*/orderer/",
    "*/order/",
)
FILMS = "videos/"  # with their captions; documents have a view of their own
PICTURES = "images/"  # made sizes: the public has those of what is published
EDITORS_ONLY = ("original_images/", "avatar_images/")


@page(EVERYONE)
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every page that anybody may read, easy versions too, with its translations; two queries."""
    root = Element("urlset", {"xmlns": SITEMAP, "xmlns:xhtml": XHTML})
    groups: dict[object, list[tuple[str, str, datetime | None]]] = {}
    easy = with_easy()
    for row in published():
        if row.pk in easy:
            groups.setdefault((row.translation_key, EASY), []).append(
                (row.locale.language_code, f"{row.url_path}{EASY}", row.last_published_at)
            )
        groups.setdefault(row.translation_key, []).append(
            (row.locale.language_code, row.url_path, row.last_published_at)
        )
    for name in OTHERS:
        groups[name] = [(code, _in(code, name), None) for code, _label in settings.LANGUAGES]
    seen = set()
    for versions in groups.values():
        for _code, address, changed_at in versions:
            if address in seen:
                continue
            seen.add(address)
            url = SubElement(root, "url")
            SubElement(url, "loc").text = f"{settings.LUUKKU_BASE_URL}{address}"
            if changed_at:
                SubElement(url, "lastmod").text = changed_at.date().isoformat()
            for code, other, _changed in versions if len(versions) > 1 else ():
                link = {"rel": "alternate", "hreflang": code}
                SubElement(url, "xhtml:link", link | {"href": f"{settings.LUUKKU_BASE_URL}{other}"})
    text = tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(text, content_type="application/xml")


def _in(code: str, name: str) -> str:
    with translation.override(code):
        return reverse(name)


@page(EVERYONE)
def robots(request: HttpRequest) -> HttpResponse:
    """What machines leave alone, and where the map is."""
    lines = ["User-agent: *", *(f"Disallow: /{path}" for path in CLOSED), ""]
    lines.append(f"Sitemap: {settings.LUUKKU_BASE_URL}/sitemap.xml")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@page(EVERYONE)
def card(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """The picture of a page for sharing; drawn once, then kept as a file."""
    told = get_object_or_404(Page.objects.live().select_related("locale"), pk=pk)
    with translation.override(told.locale.language_code):
        title = regional(told.title)
    if key != card_key(title):
        raise Http404
    name = f"cards/{key}.png"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            picture = file.read()
    else:
        picture = draw_card(title, font_file=_font())
        default_storage.save(name, ContentFile(picture))
    response = HttpResponse(picture, content_type="image/png")
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return response


def _font() -> Path:
    return Path(known(finders.find("ui/fonts/atkinson.woff2")))


@page(EVERYONE)
def media(request: HttpRequest, path: str) -> HttpResponse:
    """A picture, a video or its captions; a part of it where the browser asks for a part.

    Originals of pictures, and pictures that no published page shows, are there for editors alone.
    """
    is_open = path.startswith(FILMS) or (path.startswith(PICTURES) and is_shown(path))
    if not (is_open or _is_for_editor(request, path)):
        raise Http404
    try:
        size, file = default_storage.size(path), default_storage.open(path)
    except (
        OSError,
        ValueError,
        SuspiciousFileOperation,
    ) as error:  # none, a folder, no name of a file
        raise Http404 from error
    response = FileResponse(file)
    if path.endswith(".vtt"):
        response["Content-Type"] = "text/vtt; charset=utf-8"
    response["Cache-Control"] = f"public, max-age={A_YEAR}, immutable" if is_open else "no-store"
    response["Accept-Ranges"] = "bytes"
    wanted = _range(request.headers.get("Range", ""), size)
    if wanted is None:
        return response
    first, last = wanted
    file.seek(first)
    part = FileResponse(_Part(file, last - first + 1), status=206, headers=dict(response.headers))
    part["Content-Length"] = str(last - first + 1)
    part["Content-Range"] = f"bytes {first}-{last}/{size}"
    return part


def _is_for_editor(request: HttpRequest, path: str) -> bool:
    return path.startswith((PICTURES, *EDITORS_ONLY)) and request.user.has_perm("content.write")


LONGEST_RANGE = 40  # two numbers of 64 bits and the dash


def _range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a single range that can be given; None: the whole file."""
    unit, _equals, span = header.partition("=")
    first, dash, last = span.partition("-")
    if unit != "bytes" or not dash or not (first + last).isdecimal() or len(span) > LONGEST_RANGE:
        return None
    if not first:
        start, end = max(size - int(last), 0), size - 1
    else:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


class _Part:
    """A file that ends earlier."""

    def __init__(self, file: File, length: int) -> None:
        self.file, self.left = file, length

    def read(self, size: int) -> bytes:
        """Return at most ``size`` bytes of what is left."""
        piece = self.file.read(min(size, self.left))
        self.left -= len(piece)
        return piece

    def close(self) -> None:
        """Let the file go."""
        self.file.close()


@page(EVERYONE)
def document(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """A file to download, as Wagtail hands it out, without the encoding called "None" that it then names."""
    response = serve(request, pk, name)
    if response.headers.get("Content-Encoding") == "None":
        del response.headers["Content-Encoding"]
    return response
