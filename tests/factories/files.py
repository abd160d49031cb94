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
    kind: str = "JPEG", *, size: tuple[int, int] = (60, 30), orientation: int = 1
) -> bytes:
    """A picture, red on the left and blue on the right."""
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    kept, more = BytesIO(), {}
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


def pdf_file(*, author: str = WORDS) -> bytes:
    """A page with a title and a writer."""
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.add_metadata({"/Title": "Ohje", "/Author": author, "/Creator": author})
    kept = BytesIO()
    writer.write(kept)
    return kept.getvalue()


def box(kind: bytes, content: bytes = b"") -> bytes:
    """A part of an MP4."""
    return (8 + len(content)).to_bytes(4) + kind + content


def mp4_file() -> bytes:
    """The parts that a film needs, and a place and a day."""
    made = box(b"mvhd", b"\x00\x00\x00\x00" + b"\x11\x22\x33\x44" * 2 + b"\x00" * 84)
    told = box(b"udta", box(b"\xa9xyz", WORDS.encode()))
    film = box(b"mdat", b"0123456789")
    return box(b"ftyp", b"isom\x00\x00\x00\x00isom") + box(b"moov", made + told) + film


def webm_file() -> bytes:
    """A film with tags."""

    def element(kind: bytes, content: bytes) -> bytes:
        return kind + (len(content) | 1 << 28).to_bytes(4) + content

    tags = element(b"\x12\x54\xc3\x67", WORDS.encode())
    info = element(
        b"\x15\x49\xa9\x66",
        element(b"\x7b\xa9", WORDS.encode()) + element(b"\x2a\xd7\xb1", b"\x0f\x42\x40"),
    )
    return element(b"\x1a\x45\xdf\xa3", b"\x42\x82\x84webm") + element(
        b"\x18\x53\x80\x67", info + tags
    )
