"""Which kind a file is, by what lies in it; each kind has one function that takes the traces away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath
from typing import BinaryIO

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from luukku.content.files import documents, pictures, texts, videos

MEGA = 1024 * 1024
HEAD_BYTES = 64


class Unfit(ValidationError):
    """The file is none that we take; the words say what to do about it."""


@dataclass(frozen=True)
class Kind:
    """One kind of file: how it begins, how its name ends, how large it may be and how it is cleaned."""

    is_it: Callable[[bytes], bool]
    endings: frozenset[str]
    largest_bytes: int
    clean: Callable[[BinaryIO, str], BinaryIO]


KINDS = (
    Kind(pictures.is_jpeg, frozenset({"jpg", "jpeg"}), 10 * MEGA, pictures.clean),
    Kind(pictures.is_png, frozenset({"png"}), 10 * MEGA, pictures.clean),
    Kind(pictures.is_gif, frozenset({"gif"}), 10 * MEGA, pictures.clean),
    Kind(pictures.is_webp, frozenset({"webp"}), 10 * MEGA, pictures.clean),
    Kind(pictures.is_avif, frozenset({"avif"}), 10 * MEGA, pictures.clean),
    Kind(documents.is_pdf, frozenset({"pdf"}), 30 * MEGA, documents.clean_pdf),
    Kind(documents.is_zip, frozenset(documents.MAIN_PART), 30 * MEGA, documents.clean_office),
    Kind(videos.is_mp4, frozenset({"mp4"}), 500 * MEGA, videos.clean_mp4),
    Kind(videos.is_webm, frozenset({"webm"}), 500 * MEGA, videos.clean_webm),
    Kind(texts.is_vtt, frozenset({"vtt"}), MEGA, texts.clean_vtt),
    Kind(texts.is_text, frozenset({"csv", "txt"}), 10 * MEGA, texts.clean),
)
ENDINGS = sorted(ending for kind in KINDS for ending in kind.endings)
LARGEST_BYTES = max(kind.largest_bytes for kind in KINDS)


def cleaned(file: BinaryIO, name: str, *, size: int) -> BinaryIO:
    """Return the file without place, camera, author and other traces; it may be ``file`` itself, changed.

    Args:
        name: what the file is called; its ending must fit what lies in the file.
        size: bytes.

    Raises:
        Unfit: another kind than its name says, none of ours, too large, or broken.
    """
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise Unfit(
            _("Files of this kind cannot be sent here. These can: %(kinds)s.")
            % {"kinds": ", ".join(ENDINGS)}
        )
    file.seek(0)
    head = file.read(HEAD_BYTES)
    kind = next((kind for kind in KINDS if kind.is_it(head)), None)
    if kind is None or ending not in kind.endings:
        raise Unfit(
            _(
                "The name ends in .%(ending)s, but what lies in the file is something else or broken. "
                "Open the file, save it anew as .%(ending)s and send that one."
            )
            % {"ending": ending}
        )
    if size > kind.largest_bytes:
        raise Unfit(
            _("The file is too large: %(size)s. The most is %(most)s.")
            % {"size": filesizeformat(size), "most": filesizeformat(kind.largest_bytes)}
        )
    file.seek(0)
    try:
        clean_file = kind.clean(file, ending)
    except ValidationError as error:
        raise Unfit(error.messages) from error
    except Exception as error:
        raise Unfit(
            _(
                "The file is broken or only a part of it came through. Save it anew and send it again."
            )
        ) from error
    clean_file.seek(0)
    return clean_file
