"""Documents keep their words and title; who wrote them, when, with what and where is taken away."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import PurePath
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, StreamObject, TextStringObject

from luukku.content.files import pictures

MAIN_PART = {
    "docx": "word/document.xml",
    "xlsx": "xl/workbook.xml",
    "pptx": "ppt/presentation.xml",
    "odt": "content.xml",
}
MOST_BYTES = 300 * 1024 * 1024  # of all parts unpacked: a small file may unfold to a whole disk
LONG_AGO = (1980, 1, 1, 0, 0, 0)
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></cp:coreProperties>'
)
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)
CUSTOM = APP.replace("extended-properties", "custom-properties")
META = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:dc="http://purl.org/dc/elements/1.1/" office:version="1.2"><office:meta>'
    "<dc:title>{title}</dc:title></office:meta></office:document-meta>"
)
NEW_PART = {
    "docProps/core.xml": CORE,
    "docProps/app.xml": APP,
    "docProps/custom.xml": CUSTOM,
    "meta.xml": META,
}
OF_FILE = ("/Metadata", "/PieceInfo", "/LastModified", "/CreationDate", "/ModDate")
OF_SIGNATURE = ("/M", "/Name", "/Location", "/Reason", "/ContactInfo", "/Contents", "/Cert")
TITLE = re.compile(rb"<dc:title>([^<]*)</dc:title>")
SOME_DAY = rb"1980-01-01T00:00:00Z"  # where a form asks for one
# Who commented or changed what and when, and in whose folder it lay: the comment stays, its writer has no name.
WRITERS = (
    (re.compile(rb'\b(w(?:15)?:(?:author|initials|userId|providerId))="[^"]*"'), rb'\1=""'),
    (re.compile(rb'(<(?:\w+:)?(?:cmAuthor|person|author)\b[^>]*?\b(?:name|displayName))="[^"]*"'), rb'\1="-"'),
    (re.compile(rb'\b(initials|userId)="[^"]*"'), rb'\1="-"'),
    (re.compile(rb"(<author>)[^<]*(</author>)"), rb"\1\2"),
    (re.compile(rb"(<(?:dc:creator|meta:creator-initials|meta:date-string)>)[^<]*(</)"), rb"\1\2"),
    (re.compile(rb"(<dc:date>)[^<]*(</)"), rb"\g<1>" + SOME_DAY.removesuffix(b"Z") + rb"\2"),
    (re.compile(rb'(\s(?:w:date|\w+:dateUtc))="[^"]*"'), rb'\1="' + SOME_DAY + rb'"'),
    (re.compile(rb'(<(?:\w+:)?(?:cm|reply|threadedComment|header)\b[^>]*?\s(?:dT|dt|created|dateTime))="[^"]*"'),
     rb'\1="' + SOME_DAY + rb'"'),
    (re.compile(rb'(<\w+:absPath\b[^>]*?\surl)="[^"]*"'), rb'\1=""'),
)  # fmt: skip


def is_pdf(head: bytes) -> bool:
    """Whether it begins like a PDF."""
    return head.startswith(b"%PDF-")


def is_zip(head: bytes) -> bool:
    """Whether it begins like the packed file that office documents are."""
    return head.startswith(b"PK\x03\x04")


def clean_pdf(file: BinaryIO, _ending: str) -> BinaryIO:
    """Return the PDF written anew, without earlier versions of it and without who made it and with what.

    Raises:
        ValidationError: it can be opened only with a password.
    """
    reader = PdfReader(file)
    if reader.is_encrypted:
        raise ValidationError(_("The PDF is locked. Save it without a password and send that one."))
    title = str(reader.metadata.get("/Title", "")) if reader.metadata else ""
    writer = PdfWriter(clone_from=reader)
    for number in range(1, len(writer._objects) + 1):
        _untrace(writer._objects[number - 1])
    writer.metadata = {NameObject("/Title"): TextStringObject(title)} if title else None
    kept = BytesIO()
    writer.write(kept)
    return kept


def _untrace(part: object) -> None:
    """Take from a part of a PDF, and what lies in it, what tells of its origin; pictures lose their notes as well."""
    if isinstance(part, ArrayObject):
        for inner in part:
            _untrace(inner)
    if not isinstance(part, DictionaryObject):
        return
    for key in OF_FILE:
        part.pop(key, None)
    if "/Subtype" in part:
        part.pop("/M", None)  # the day of the mark
        if str(part["/Subtype"]) != "/Widget":
            part.pop("/T", None)  # who put the mark there; of a field it is the name
    if part.get("/Type") == "/Sig" or "/ByteRange" in part:  # void anyhow: the file is written anew
        for key in OF_SIGNATURE:
            part.pop(key, None)
    for inner in part.values():
        _untrace(inner)
    if isinstance(part, StreamObject) and part.get("/Filter") in ("/DCTDecode", ["/DCTDecode"]):
        part._data = without_notes(part._data)


def without_notes(jpeg: bytes) -> bytes:
    """Return the JPEG without camera, place and words; the picture itself stays bit by bit."""
    kept, place = [jpeg[:2]], 2
    while jpeg[place : place + 1] == b"\xff" and jpeg[place + 1 : place + 2] != b"\xda":
        after = place + 2 + int.from_bytes(jpeg[place + 2 : place + 4])
        mark = jpeg[place + 1]
        if mark not in {0xE1, 0xED, 0xFE}:  # Exif and XMP, IPTC, comment
            kept.append(jpeg[place:after])
        place = after
    return b"".join([*kept, jpeg[place:]])


def clean_office(file: BinaryIO, ending: str) -> BinaryIO:
    """Return the document packed anew, part by part.

    Raises:
        ValidationError: it holds macros, or it is locked.
    """
    kept = BytesIO()
    with ZipFile(file) as old, ZipFile(kept, "w", ZIP_DEFLATED) as new:
        names = set(old.namelist())
        if (
            MAIN_PART[ending] not in names
            or sum(part.file_size for part in old.infolist()) > MOST_BYTES
        ):
            raise ValueError("another kind of document, or one that unfolds without end")
        if any(PurePath(name).name == "vbaProject.bin" for name in names):
            raise ValidationError(
                _("The file holds macros. Save it without them and send that one.")
            )
        for part in old.infolist():
            # Times of the parts tell when it was written.
            fresh = ZipInfo(part.filename, LONG_AGO)
            # ODF wants its first part, its kind, as it is.
            fresh.compress_type = ZIP_STORED if part.filename == "mimetype" else ZIP_DEFLATED
            new.writestr(fresh, _part(part.filename, old.read(part)))
    return kept


def _part(name: str, data: bytes) -> bytes:
    if name in NEW_PART:
        title = TITLE.search(data)
        words = title[1].decode() if title else ""
        return NEW_PART[name].replace("{title}", words).encode()
    ending = PurePath(name).suffix.lower().removeprefix(".")
    if ending in {"jpg", "jpeg"} and pictures.is_jpeg(data):
        return without_notes(data)
    if ending == "png" and pictures.is_png(data):
        return pictures.clean(BytesIO(data), ending).getvalue()
    if ending == "xml":
        for pattern, instead in WRITERS:
            data = pattern.sub(instead, data)
    return data
