"""What tells who made a file, when and with what is gone from it; what it says and shows stays."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from pypdf import PdfReader

from luukku.content.files.cleaning import cleaned
from tests.factories.files import CAMERA, WORDS, docx_file, mp4_file, pdf_file, track, webm_file

DAY, PDF_DAY = "2026-11-05T10:20:30Z", "D:20261105102030"
WRITTEN = {"/T": WORDS, "/CreationDate": PDF_DAY, "/M": PDF_DAY}


def clean(data, name):
    return cleaned(BytesIO(data), name, size=len(data)).read()


def marks_of(data):
    [page] = PdfReader(BytesIO(data)).pages
    return [dict(mark.get_object()) for mark in page["/Annots"]]


def part(data, name):
    with ZipFile(BytesIO(data)) as file:
        return file.read(name).decode()


@pytest.mark.parametrize("is_direct", [False, True])
@pytest.mark.parametrize("kind", ["/Text", "/FreeText", "/Highlight", "/Stamp", "/Ink", "/Square"])
def test_mark_on_a_pdf_has_no_writer_and_no_day(kind, is_direct):
    mark = {"/Type": "/Annot", "/Subtype": kind, "/Contents": "Hyvä kohta"} | WRITTEN

    [found] = marks_of(clean(pdf_file(marks=[mark], is_direct=is_direct), "ohje.pdf"))

    assert found == {"/Type": "/Annot", "/Subtype": kind, "/Contents": "Hyvä kohta"}


def test_field_of_a_pdf_form_keeps_its_name():
    mark = {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx", "/T": "nimi", "/M": PDF_DAY}

    [found] = marks_of(clean(pdf_file(marks=[mark]), "lomake.pdf"))

    assert found == {"/Type": "/Annot", "/Subtype": "/Widget", "/FT": "/Tx", "/T": "nimi"}


def test_what_happens_to_be_called_so_in_a_pdf_stays():
    """Fonts and pictures are called what a program likes."""
    found = marks_of(clean(pdf_file(marks=[{"/M": "kirjain", "/T": "otsikko"}]), "ohje.pdf"))

    assert found == [{"/M": "kirjain", "/T": "otsikko"}]


def test_signature_of_a_pdf_tells_no_name_place_or_day():
    told = dict.fromkeys(("/Name", "/Location", "/Reason", "/ContactInfo", "/Contents"), WORDS)
    sign = {"/Type": "/Sig", "/Filter": "/Adobe.PPKLite", "/M": PDF_DAY} | told

    [found] = marks_of(clean(pdf_file(marks=[sign]), "ohje.pdf"))

    assert found == {"/Type": "/Sig", "/Filter": "/Adobe.PPKLite"}


@pytest.mark.parametrize(
    ("name", "text", "stays"),
    [
        ("word/document.xml", f'<w:ins w:id="1" w:author="x" w:date="{DAY}"><w:t>Hei</w:t></w:ins>', "<w:t>Hei</w:t>"),
        ("word/document.xml", f'<w:del w:date="{DAY}" w16du:dateUtc="{DAY}" w:id="1"/><w:date/>', "<w:date/>"),
        ("word/comments.xml", f'<w:comment w:id="3" w:date="{DAY}">Hyvä</w:comment>', 'w:id="3"'),
        ("word/commentsExtensible.xml", f'<w16cex:commentExtensible w16cex:durableId="9" w16cex:dateUtc="{DAY}"/>', "durableId"),
        ("xl/threadedComments/a.xml", f'<threadedComment ref="A1" dT="{DAY}">Hei</threadedComment>', 'ref="A1"'),
        ("ppt/comments/a.xml", f'<p:cm authorId="0" dt="{DAY}" idx="1"/><p:hf dt="0"/>', '<p:hf dt="0"/>'),
        ("ppt/comments/modern.xml", f'<p188:cm id="1" created="{DAY}"><a:t>Hei</a:t></p188:cm>', "<a:t>Hei</a:t>"),
        ("content.xml", f"<office:annotation><dc:date>{DAY}</dc:date><text:p>Hei</text:p></office:annotation>", "Hei"),
        ("content.xml", f"<meta:date-string>{DAY}</meta:date-string><text:p>Hei</text:p>", "Hei"),
        ("xl/workbook.xml", f'<x15ac:absPath url="C:\\{WORDS}\\"/><sheet name="Luvut"/>', 'name="Luvut"'),
    ],
)  # fmt: skip
def test_comment_or_change_of_an_office_document_has_no_day(name, text, stays):
    found = part(clean(docx_file(parts={name: text}), "ohje.docx"), name)

    assert "2026" not in found
    assert WORDS not in found
    assert stays in found


@pytest.mark.parametrize("name", [b"GoPro AVC", b"Core Media Video", CAMERA.encode()])
def test_tracks_of_a_film_tell_no_camera(name):
    film = mp4_file(track(b"vide", name), track(b"soun", name))

    found = clean(film, "filmi.mp4")

    assert (name in film, name in found, b"appl" in found) == (True, False, False)
    assert len(found) == len(film)
    assert (found.count(b"vide"), found.count(b"soun"), found.count(b"HOW")) == (1, 1, 2)
    assert b"\x02\x80\x01\xe0" in found  # width and height
    assert found.endswith(b"0123456789")


def test_tracks_of_a_webm_tell_no_camera():
    found = clean(webm_file(), "filmi.webm")

    assert CAMERA.encode() not in found
    assert len(found) == len(webm_file())
    assert b"\xd7\x81\x01" in found  # number of the track
