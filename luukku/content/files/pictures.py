"""Pictures are drawn anew from their pixels: nothing but the pixels, the right way up, is left."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageCms, ImageOps

MOST_PIXELS = 50_000_000  # a decoded pixel takes four bytes and there are a few copies at a time
FORMAT_OF = {
    "jpg": "JPEG",
    "jpeg": "JPEG",
    "png": "PNG",
    "gif": "GIF",
    "webp": "WEBP",
    "avif": "AVIF",
}
SAVED_AS: dict[str, dict[str, Any]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "PNG": {"optimize": False},
    "WEBP": {"quality": 90},
    "AVIF": {"quality": 80},
}


def is_jpeg(head: bytes) -> bool:
    """Whether it begins like a JPEG picture."""
    return head.startswith(b"\xff\xd8\xff")


def is_png(head: bytes) -> bool:
    """Whether it begins like a PNG picture."""
    return head.startswith(b"\x89PNG\r\n\x1a\n")


def is_gif(head: bytes) -> bool:
    """Whether it begins like a GIF picture."""
    return head.startswith((b"GIF87a", b"GIF89a"))


def is_webp(head: bytes) -> bool:
    """Whether it begins like a WebP picture."""
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


def is_avif(head: bytes) -> bool:
    """Whether it begins like an AVIF picture or a row of them."""
    return head[4:12] in {b"ftypavif", b"ftypavis"}


def clean(file: BinaryIO, ending: str) -> BytesIO:
    """Return the picture drawn anew in its own format.

    Raises:
        ValidationError: it has too many pixels or moves.
    """
    wanted = FORMAT_OF[ending]
    # Only the header is read here: nothing is decoded before its size is known.
    with _opened(file, wanted) as picture:
        # A telephone's JPEG may carry a second picture for depth (MPO): the first one is the picture.
        if getattr(picture, "n_frames", 1) > 1 and picture.format != "MPO":
            raise ValidationError(
                _(
                    "The picture moves. Moving pictures cannot be sent here: save one still picture of it."
                )
            )
        kept = BytesIO()
        _redrawn(picture, wanted).save(kept, wanted, **SAVED_AS.get(wanted, {}))
    return kept


def _opened(file: BinaryIO, wanted: str) -> Image.Image:
    """Return the picture with its header read; Pillow has a limit of its own beside ours."""
    try:
        picture = Image.open(file, formats=[wanted, *(["MPO"] if wanted == "JPEG" else [])])
        is_too_large = picture.width * picture.height > MOST_PIXELS
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        is_too_large = True
    if is_too_large:
        raise ValidationError(
            _(
                "The picture has too many pixels. Make it smaller, for example 3000 pixels wide, "
                "and send that one."
            )
        )
    return picture


def _redrawn(picture: Image.Image, wanted: str) -> Image.Image:
    """Return the pixels alone, upright and in sRGB: without the notes that Pillow would carry along."""
    picture.load()
    profile = picture.info.get("icc_profile")
    picture = ImageOps.exif_transpose(picture)
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    mode = "RGBA" if has_alpha and wanted != "JPEG" else "RGB"
    if profile and picture.mode in {"RGB", "RGBA", "CMYK"}:
        picture = _in_srgb(picture, profile, mode)
    plain = Image.new(mode, picture.size)
    plain.paste(picture.convert(mode))
    return plain


def _in_srgb(picture: Image.Image, profile: bytes, mode: str) -> Image.Image:
    try:
        done = ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode=mode,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):  # colours a little off are no harm
        return picture
    return done or picture  # None only where the picture itself is to be changed
