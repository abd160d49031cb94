"""The picture that is shown when a page is shared: its title on our paper, in our own letters."""

from __future__ import annotations

from hashlib import sha256
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
PAPER, WATER, APRICOT = "#fbf7f0", "#0a3b3f", "#f3b67d"
MARGIN, LARGEST, SMALLEST, MOST_LINES = 90, 84, 44, 4
LAYOUT = "1"  # another number when the look changes: addresses of cards are kept for a year


def card_key(title: str) -> str:
    """Return what a card's address ends with: the same for the same title and look."""
    return sha256(f"{LAYOUT}:{title}".encode()).hexdigest()[:12]


def draw_card(title: str, *, font_file: Path) -> bytes:
    """Return a PNG of 1200 × 630 with ``title``, as large as fits."""
    image = Image.new("RGB", SIZE, PAPER)
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, SIZE[0], 14), fill=APRICOT)
    pen.rounded_rectangle((MARGIN, 488, MARGIN + 64, 552), radius=16, fill=WATER)
    pen.pieslice((MARGIN + 16, 500, MARGIN + 48, 532), 180, 360, fill=APRICOT)
    pen.rectangle((MARGIN + 16, 516, MARGIN + 48, 540), fill=APRICOT)
    pen.text(
        (MARGIN + 88, 520), "Kokemusluukku", font=_font(font_file, 40, 650), fill=WATER, anchor="lm"
    )
    for size in range(LARGEST, SMALLEST - 1, -4):
        font = _font(font_file, size, 700)
        lines = _lines(title, font)
        if len(lines) <= MOST_LINES:
            break
    lines = lines[:MOST_LINES]
    for number, line in enumerate(lines):
        pen.text((MARGIN, MARGIN + number * size * 1.15), line, font=font, fill=WATER)
    kept = BytesIO()
    image.quantize(64).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _font(file: Path, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(str(file), size)
    font.set_variation_by_axes([weight])
    return font


def _lines(title: str, font: ImageFont.FreeTypeFont) -> list[str]:
    lines: list[str] = []
    for word in title.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and font.getlength(longer) <= SIZE[0] - 2 * MARGIN:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
