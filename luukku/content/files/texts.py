"""Plain text: captions, tables and notes."""

from __future__ import annotations

import re
from io import BytesIO
from typing import BinaryIO

BOM = b"\xef\xbb\xbf"
NOTE = re.compile(r"(?ms)^NOTE\b.*?(?:\n\n|\Z)")


def is_vtt(head: bytes) -> bool:
    """Whether it begins like captions."""
    return head.removeprefix(BOM).startswith(b"WEBVTT")


def is_text(head: bytes) -> bool:
    """Whether it may be text; nobody can tell for sure from its beginning."""
    return b"\x00" not in head


def clean(file: BinaryIO, _ending: str) -> BinaryIO:
    """Return the text as it is; raise ValueError where it is no text."""
    _text(file.read())
    return file


def clean_vtt(file: BinaryIO, _ending: str) -> BinaryIO:
    """Return the captions without the notes that programs and people leave for each other."""
    text = _text(file.read()).replace("\r\n", "\n").replace("\r", "\n")
    return BytesIO(NOTE.sub("", text).encode())


def _text(data: bytes) -> str:
    if b"\x00" in data:
        raise ValueError("no text")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")
