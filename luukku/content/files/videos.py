"""Videos keep picture and sound; where, when and with what they were shot is written over in place.

Boxes change neither place nor length, so that whatever points into the file still points right.
"""

from __future__ import annotations

from typing import BinaryIO

MOVING = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"moof", b"traf", b"edts"}
TELLING = {b"udta", b"meta", b"uuid", b"free", b"skip", b"Xtra", b"XMP_"}
DATED = {b"mvhd", b"tkhd", b"mdhd"}
PLAYED = {b"vide", b"soun", b"text", b"sbtl", b"subt"}  # other tracks carry places and movements
SEGMENT, VOID = 0x18538067, 0xEC
TAGS, ATTACHMENTS, INFO, TRACKS, TRACK = 0x1254C367, 0x1941A469, 0x1549A966, 0x1654AE6B, 0xAE
OPENED = {INFO, TRACKS, TRACK}
ELEMENTS_TELLING = {TAGS, ATTACHMENTS} | {
    0x7BA9, 0x4461, 0x7384, 0x5741, 0x4D80,  # title, date, file name, programs
    0x536E, 0x258688, 0x3A9697, 0x3B4040, 0x26B240,  # names of a track and its coder, and where that is from
}  # fmt: skip


def is_mp4(head: bytes) -> bool:
    """Whether it begins like an MP4 video."""
    return head[4:8] == b"ftyp" and head[8:12] not in {b"avif", b"avis", b"heic", b"mif1"}


def is_webm(head: bytes) -> bool:
    """Whether it begins like a WebM video."""
    return head.startswith(b"\x1a\x45\xdf\xa3")


def clean_mp4(file: BinaryIO, _ending: str) -> BinaryIO:
    """Write over every box that tells of place, camera, author or time; raise ValueError if it is broken."""
    kinds = set(_boxes(file, 0, _length(file)))
    if not kinds & {b"moov", b"moof"}:
        raise ValueError("no film in it")
    return file


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _boxes(file: BinaryIO, start: int, end: int, handler: bytes | None = None) -> list[bytes]:
    """Clean the boxes between ``start`` and ``end``, of a track with ``handler``; return their kinds."""
    kinds = []
    while start + 8 <= end:
        file.seek(start)
        head = file.read(16)
        size, kind, header = int.from_bytes(head[:4]), head[4:8], 8
        if size == 1:
            size, header = int.from_bytes(head[8:16]), 16
        elif size == 0:
            size = end - start
        if size < header or start + size > end:
            raise ValueError("a box is cut off")
        inner, after = start + header, start + size
        if kind == b"trak":
            handler = _handler(file, inner, after)
        if kind in TELLING or (kind == b"trak" and handler not in {None, *PLAYED}):
            _blank(file, start, header, after)
        elif kind in DATED:
            _undate(file, inner)
        elif kind == b"hdlr":
            _zero(file, min(inner + 12, after), after)  # its maker and name
        elif kind == b"stsd":
            _uncode(file, inner, after, is_picture=handler == b"vide")
        elif kind in MOVING:
            _boxes(file, inner, after, handler)
        kinds.append(kind)
        start = after
    return kinds


def _handler(file: BinaryIO, start: int, end: int) -> bytes | None:
    """Return what the track is, picture, sound, words or else; None if it does not tell."""
    file.seek(start)
    data = file.read(min(end - start, 1 << 20))
    place = data.find(b"hdlr")
    return None if place < 0 else data[place + 12 : place + 16]


def _uncode(file: BinaryIO, start: int, end: int, *, is_picture: bool) -> None:
    """Take the maker and the name of the coder out of each description of how the track is coded."""
    start += 8
    while start + 8 <= end:
        file.seek(start)
        size = int.from_bytes(file.read(4))
        if size < 8 or start + size > end:
            raise ValueError("a description is cut off")
        inner, after = start + 8, start + size
        if inner + 16 <= after:
            _zero(file, inner + 12, inner + 16)
        if is_picture and inner + 74 <= after:
            _zero(file, inner + 42, inner + 74)
        start = after


def _blank(file: BinaryIO, start: int, header: int, after: int) -> None:
    file.seek(start + 4)
    file.write(b"free")
    _zero(file, start + header, after)


def _zero(file: BinaryIO, start: int, end: int) -> None:
    file.seek(start)
    while start < end:
        n = min(end - start, 1 << 20)
        file.write(b"\x00" * n)
        start += n


def _undate(file: BinaryIO, inner: int) -> None:
    """Take away when it was made and changed: two numbers of four bytes, of eight in version 1."""
    file.seek(inner)
    length = 16 if file.read(1) == b"\x01" else 8
    file.seek(inner + 4)
    file.write(b"\x00" * length)


def clean_webm(file: BinaryIO, _ending: str) -> BinaryIO:
    """Write over tags, attachments and what tells of author and time; raise ValueError if it is broken."""
    end = _length(file)
    _kind, _start, after = _element(file, 0, end)  # EBML: the door looked
    kind, start, after = _element(file, after, end)
    if kind != SEGMENT:
        raise ValueError("no film in it")
    _elements(file, start, after)
    return file


def _elements(file: BinaryIO, start: int, end: int) -> None:
    while start < end:
        kind, inner, after = _element(file, start, end)
        if kind in ELEMENTS_TELLING:
            _void(file, start, after)
        elif kind in OPENED:
            _elements(file, inner, after)
        start = after


def _element(file: BinaryIO, start: int, end: int) -> tuple[int, int, int]:
    """Return the element's kind, where its content begins, and where it ends; unknown length: at ``end``."""
    file.seek(start)
    head = file.read(12)
    if not head or not head[0]:
        raise ValueError("no element")
    n = 9 - head[0].bit_length()
    if len(head) <= n or not head[n]:
        raise ValueError("no length")
    m = 9 - head[n].bit_length()
    size = int.from_bytes(head[n : n + m]) & ((1 << 7 * m) - 1)
    inner = start + n + m
    after = end if size == (1 << 7 * m) - 1 else inner + size
    if after > end:
        raise ValueError("an element is cut off")
    return int.from_bytes(head[:n]), inner, after


def _void(file: BinaryIO, start: int, after: int) -> None:
    """Make the element an empty one of the same length."""
    length = after - start
    m = 1 if length - 2 < 127 else 8
    content = length - 1 - m
    file.seek(start)
    file.write(bytes([VOID]) + (content | (1 << 7 * m)).to_bytes(m))
    _zero(file, start + 1 + m, after)
