"""What tells who made a file, when and with what is gone from it; what it says and shows stays."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from PIL import Image, ImageCms
from pypdf import PdfReader

from luukku.content.files.cleaning import MEGA, Unfit, cleaned
from tests.factories.files import (
    CAMERA,
    WORDS,
    box,
    docx_file,
    mp4_file,
    pdf_file,
    picture_file,
    track,
    webm_file,
)

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


BROKEN = "The file is broken or only a part of it came through. Save it anew and send it again."


def refused(data, name, *, size=None):
    with pytest.raises(Unfit) as reason:
        cleaned(BytesIO(data), name, size=len(data) if size is None else size)
    return reason.value.messages


def test_file_may_be_as_large_as_its_kind_may_and_no_larger():
    cleaned(BytesIO(picture_file()), "kuva.jpg", size=10 * MEGA)

    assert refused(picture_file(), "kuva.jpg", size=11 * MEGA) == [
        "The file is too large: 11.0\xa0MB. The most is 10.0\xa0MB."
    ]


def test_locked_pdf_is_refused_with_what_to_do():
    assert refused(pdf_file(password="sana"), "ohje.pdf") == [
        "The PDF is locked. Save it without a password and send that one."
    ]


def test_photograph_in_a_pdf_tells_no_camera_and_no_place():
    found = clean(pdf_file(picture=picture_file()), "ohje.pdf")

    [page] = PdfReader(BytesIO(found)).pages
    data = page["/Thumb"].get_object()._data
    assert (CAMERA.encode() in picture_file(), CAMERA.encode() in data) == (True, False)
    assert WORDS.encode() not in data
    assert Image.open(BytesIO(data)).size == (60, 30)


def test_part_of_a_document_that_is_no_text_stays_byte_for_byte():
    """Fonts and drawings: what looks like a note in them is none."""
    drawing = b'\x00\x01 w:author="x" \xff'

    found = clean(docx_file(parts={"word/media/a.emf": drawing}), "ohje.docx")

    with ZipFile(BytesIO(found)) as file:
        assert file.read("word/media/a.emf") == drawing


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
RED_IS_BLUE = SRGB.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.parametrize(
    ("profile", "left"),
    [(RED_IS_BLUE, (0, 0, 255)), (SRGB, (255, 0, 0)), (b"no profile", (255, 0, 0))],
    ids=["another meaning of the numbers", "the web's own", "broken"],
)
def test_picture_keeps_its_colours_without_its_profile(profile, left):
    found = Image.open(BytesIO(clean(picture_file("PNG", profile=profile), "kuva.png")))

    near = [abs(a - b) < 4 for a, b in zip(found.getpixel((5, 5)), left, strict=True)]
    assert near == [True, True, True]
    assert "icc_profile" not in found.info


def test_text_that_turns_into_something_else_further_on_is_refused():
    assert refused(b"a;b\n" * 30 + b"\x00", "luvut.csv") == [BROKEN]


def test_captions_of_an_old_program_can_be_read_by_the_players():
    found = clean("WEBVTT\n\n00:00.000 --> 00:01.000\nHyvää\n".encode("cp1252"), "t.vtt")

    assert found.decode() == "WEBVTT\n\n00:00.000 --> 00:01.000\nHyvää\n"


def long_box(kind, content):
    """A box whose length is told in eight bytes, as of films over four gigabytes."""
    return (1).to_bytes(4) + kind + (16 + len(content)).to_bytes(8) + content


def endless_box(kind, content):
    """The last box, which goes on to the end."""
    return (0).to_bytes(4) + kind + content


START = box(b"ftyp", b"isom\x00\x00\x00\x00isom") + box(b"moov", box(b"trak"))


@pytest.mark.parametrize("made", [long_box, endless_box])
def test_place_of_a_film_is_gone_however_its_length_is_told(made):
    film = START + made(b"udta", WORDS.encode())

    found = clean(film, "filmi.mp4")

    assert found == START + made(b"free", bytes(len(WORDS)))


def described(*parts):
    table = b"\x00" * 4 + len(parts).to_bytes(4) + b"".join(parts)
    return box(b"ftyp", b"isom\x00\x00\x00\x00isom") + box(
        b"moov", box(b"trak", box(b"mdia", box(b"minf", box(b"stbl", box(b"stsd", table)))))
    )


def test_short_description_of_a_track_stays_as_it_is():
    film = described(box(b"text", b"12345678"), box(b"mp4a", b"\x01" * 12 + b"appl"))

    assert clean(film, "filmi.mp4") == film.replace(b"appl", bytes(4))


EBML = b"\x1a\x45\xdf\xa3\x84webm"


@pytest.mark.parametrize(
    ("film", "name"),
    [
        (box(b"ftyp", b"isom\x00\x00\x00\x00isom") + box(b"mdat", b"0123"), "filmi.mp4"),
        (described((99).to_bytes(4) + b"avc1"), "filmi.mp4"),
        (EBML + b"\x12\x54\xc3\x67\x80", "filmi.webm"),
        (EBML, "filmi.webm"),
        (EBML + b"\x18\x53\x80\x67\x8a" + b"\x00" * 9 + b"\x80", "filmi.webm"),
        (EBML + b"\x18\x53\x80\x67", "filmi.webm"),
    ],
    ids=["no tracks", "cut in a description", "no film", "nothing more", "zeros", "no length"],
)
def test_film_that_is_broken_is_refused(film, name):
    assert refused(film, name) == [BROKEN]
