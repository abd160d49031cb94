"""Files as telephones, cameras and offices make them: with place, camera and author in them.

picture_file("JPEG")          # bytes of a picture with a place, a camera, words
docx_file(author="Maija")     # a text document with its writer's name in several places
pdf_file(author="Maija")
mp4_file()                    # the smallest film with a place in it
"""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    StreamObject,
    TextStringObject,
)

CAMERA, WORDS = "Kamera-9000", "salainen-sana"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a>{WORDS}</a></x:xmpmeta>'.encode()


def exif(*, orientation: int = 1) -> Image.Exif:
    """A place, a camera and a way up."""
    notes = Image.Exif()
    notes[0x0110], notes[0x0112] = CAMERA, orientation
    place = notes.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "N", (61.0, 29.0, 7.0), "E", (21.0, 47.0, 50.0)
    return notes


def picture_file(
    kind: str = "JPEG",
    *,
    size: tuple[int, int] = (60, 30),
    orientation: int = 1,
    profile: bytes = b"",
) -> bytes:
    """A picture, red on the left and blue on the right; ``profile`` says which colours the numbers mean."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    kept, more = BytesIO(), {"icc_profile": profile} if profile else {}
    if kind != "GIF":
        more["exif"] = exif(orientation=orientation)
    if kind == "PNG":
        notes = PngInfo()
        notes.add_text("Author", WORDS)
        more["pnginfo"] = notes
    elif kind == "GIF":
        more["comment"] = WORDS.encode()
    else:
        more["xmp"] = XMP
    picture.save(kept, kind, **more)
    return kept.getvalue()


def moving_file(kind: str) -> bytes:
    """Two pictures after each other."""
    first, second, kept = (
        Image.new("RGB", (9, 9), "red"),
        Image.new("RGB", (9, 9), "blue"),
        BytesIO(),
    )
    first.save(kept, kind, save_all=True, append_images=[second], duration=100)
    return kept.getvalue()


def bomb_file(width: int = 15_000, height: int = 7_000) -> bytes:
    """A PNG of 105 megapixels in a few kilobytes."""
    kept = BytesIO()
    Image.new("1", (width, height)).save(kept, "PNG")
    return kept.getvalue()


def docx_file(*, author: str = WORDS, parts: dict[str, bytes] | None = None) -> bytes:
    """A text document: its writer stands in its properties, beside a comment and beside a change."""
    core = f"<cp:coreProperties><dc:title>Ohje</dc:title><dc:creator>{author}</dc:creator></cp:coreProperties>"
    kept = BytesIO()
    with ZipFile(kept, "w") as file:
        for name, text in {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f'<w:document><w:ins w:author="{author}">Hei</w:ins></w:document>',
            "word/comments.xml": f'<w:comment w:author="{author}" w:initials="{author}">Hyvä</w:comment>',
            "docProps/core.xml": core,
            "docProps/app.xml": f"<Properties><Company>{author}</Company></Properties>",
            **(parts or {}),
        }.items():
            file.writestr(name, text)
    return kept.getvalue()


def pdf_file(
    *,
    author: str = WORDS,
    marks: list[dict[str, str]] | None = None,
    is_direct: bool = False,
    picture: bytes = b"",
    password: str = "",
) -> bytes:
    """A page with a title and a writer, and ``marks`` on it: notes, stamps, fields, names and words by their keys.

    Args:
        is_direct: the marks stand in the page itself instead of as parts of their own.
        picture: a JPEG that lies in it as cameras made it.
        password: opens it.
    """
    writer = PdfWriter()
    page = writer.add_blank_page(100, 100)
    made = [
        DictionaryObject(
            {
                NameObject(key): NameObject(value)
                if value.startswith("/")
                else TextStringObject(value)
                for key, value in mark.items()
            }
        )
        for mark in marks or []
    ]
    if made:
        parts = made if is_direct else [writer._add_object(mark) for mark in made]
        page[NameObject("/Annots")] = ArrayObject(parts)
    if picture:
        laid = StreamObject()
        laid._data = picture
        laid[NameObject("/Filter")] = NameObject("/DCTDecode")
        page[NameObject("/Thumb")] = writer._add_object(laid)
    writer.add_metadata({"/Title": "Ohje", "/Author": author, "/Creator": author})
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    kept = BytesIO()
    writer.write(kept)
    return kept.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A part of an MP4."""
    return (8 + len(content)).to_bytes(4) + kind + content


def track(handler: bytes, name: bytes) -> bytes:
    """A track of an MP4 with its handler and one description of how it is coded, named as cameras name them."""
    handles = box(b"hdlr", b"\x00" * 4 + b"mhlr" + handler + b"appl" + b"\x00" * 8 + name + b"\x00")
    coded = b"\x00" * 6 + b"\x00\x01" + b"\x00" * 4 + b"appl"
    if handler == b"vide":
        coded += (
            b"\x00" * 8 + b"\x02\x80\x01\xe0" + b"\x00\x48\x00\x00" * 2 + b"\x00" * 4 + b"\x00\x01"
        )
        coded += (
            bytes([len(name)])
            + name.ljust(31, b"\x00")
            + b"\x00\x18\xff\xff"
            + box(b"avcC", b"HOW")
        )
        described = box(b"avc1", coded)
    else:
        described = box(b"mp4a", coded + b"\x00\x02\x00\x10" + b"\x00" * 8 + box(b"esds", b"HOW"))
    table = box(b"stbl", box(b"stsd", b"\x00" * 4 + (1).to_bytes(4) + described))
    return box(b"trak", box(b"mdia", handles + box(b"minf", table)))


def mp4_file(*tracks: bytes) -> bytes:
    """The parts that a film needs, and a place and a day."""
    made = box(b"mvhd", b"\x00\x00\x00\x00" + b"\x11\x22\x33\x44" * 2 + b"\x00" * 84)
    told = box(b"udta", box(b"\xa9xyz", WORDS.encode()))
    film = box(b"mdat", b"0123456789")
    moov = box(b"moov", made + b"".join(tracks) + told)
    return box(b"ftyp", b"isom\x00\x00\x00\x00isom") + moov + film


def webm_file() -> bytes:
    """A film with tags."""

    def element(kind: bytes, content: bytes) -> bytes:
        return kind + (len(content) | 1 << 28).to_bytes(4) + content

    tags = element(b"\x12\x54\xc3\x67", WORDS.encode())
    info = element(
        b"\x15\x49\xa9\x66",
        element(b"\x7b\xa9", WORDS.encode()) + element(b"\x2a\xd7\xb1", b"\x0f\x42\x40"),
    )
    named = element(b"\x53\x6e", CAMERA.encode()) + element(b"\x25\x86\x88", CAMERA.encode())
    tracks = element(b"\x16\x54\xae\x6b", element(b"\xae", b"\xd7\x81\x01" + named))
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + element(
        b"\x18\x53\x80\x67", info + tracks + tags
    )
