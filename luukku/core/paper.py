"""Pages as PDF, by WeasyPrint, where the machine has pango. Slow to load and heavy: for the worker."""

from __future__ import annotations

import base64
import logging
from functools import lru_cache
from pathlib import Path

import qrcode
from django.contrib.staticfiles import finders
from PIL import ImageFile
from qrcode.image.svg import SvgPathImage

from luukku.core.known import known

FONT = "ui/fonts/atkinson.woff2"
log = logging.getLogger(__name__)


def write_pdf(html: str) -> bytes | None:
    """Return ``html`` as a tagged PDF (PDF/UA-1), or None where the machine lacks pango.

    Nothing is fetched: what the page needs stands in it as ``data:``.
    """
    # Loading it makes Pillow take cut pictures for whole ones, in the whole process: an upload would pass then.
    takes_cut_ones = ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        from weasyprint import HTML  # noqa: PLC0415 -- half a second, and it asks the machine for pango
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 -- needs pango, and only the worker writes papers
    except OSError:
        log.warning("No PDF is written: this machine lacks pango")
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = takes_cut_ones
    written: bytes = HTML(
        string=html, url_fetcher=URLFetcher(allowed_protocols={"data"})
    ).write_pdf(pdf_variant="pdf/ua-1")
    return written


def qr_code(text: str) -> str:
    """Return ``text`` as a picture that a phone reads, as an address for an ``img``."""
    made = qrcode.make(text, image_factory=SvgPathImage, border=0)
    return "data:image/svg+xml;base64," + base64.b64encode(made.to_string()).decode()


@lru_cache(maxsize=1)
def font() -> str:
    """Return the font of papers as an address for a style sheet."""
    kept = Path(known(finders.find(FONT))).read_bytes()
    return "data:font/woff2;base64," + base64.b64encode(kept).decode()
