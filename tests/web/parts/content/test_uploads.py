"""Files that come in: clean, of a kind that we take, and never more public than the page that shows them."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.template import engines
from django.test import Client
from django.urls import reverse
from PIL import Image
from pypdf import PdfReader
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import UploadedFile
from wagtail.users.models import UserProfile

from luukku.content.actions import after_publishing
from luukku.content.files.stored import kept_files, replace_file
from luukku.content.models import Video
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.content import AT, make_image, make_page
from tests.factories.files import (
    CAMERA,
    WORDS,
    bomb_file,
    docx_file,
    moving_file,
    mp4_file,
    pdf_file,
    picture_file,
    webm_file,
)

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
KINDS = [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("AVIF", "avif"), ("GIF", "gif")]
VTT = b"WEBVTT\n\nNOTE " + WORDS.encode() + b"\n\n00:00.000 --> 00:01.000\nHei.\n"


@pytest.fixture(autouse=True)
def lenient(monkeypatch):
    """Wagtail's own templates leave many names unknown."""
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", "")


@pytest.fixture
def person():
    return make_coordinator()


@pytest.fixture
def editor(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def upload(data, name):
    return SimpleUploadedFile(name, data)


def kept(file):
    with default_storage.open(file.name) as opened:
        return opened.read()


def add_picture(editor, data, name="kuva.jpg"):
    return editor.post(
        reverse("wagtailimages:add"), {"title": "Kuva", "file": upload(data, name), "tags": ""}
    )


def add_many(editor, room, data, name, title="Tiedosto"):
    return editor.post(
        reverse(f"wagtail{room}:add_multiple"),
        {"title": title, "files[]": upload(data, name)},
        headers={"x-requested-with": "XMLHttpRequest"},
    )


def add_document(editor, data, name):
    return editor.post(
        reverse("wagtaildocs:add"), {"title": "Ohje", "file": upload(data, name), "tags": ""}
    )


def add_video(editor, film, name, captions=VTT):
    return editor.post(
        reverse("wagtailsnippets_content_video:add"),
        {
            "title": "Työpari", "language": "fi", "file": upload(film, name),
            "captions": upload(captions, "sanat.vtt"), "address": "", "transcript": "Hei.", "poster": "",
        },
    )  # fmt: skip


def is_clean(data):
    return not any(word.encode() in data for word in (CAMERA, WORDS))


# Pictures


@pytest.mark.parametrize(("kind", "ending"), KINDS)
def test_picture_loses_place_camera_and_words(editor, kind, ending):
    data = picture_file(kind)
    assert not is_clean(data)

    add_picture(editor, data, f"kuva.{ending}")

    image = get_image_model().objects.get()
    found = Image.open(BytesIO(kept(image.file)))
    assert is_clean(kept(image.file))
    assert (dict(found.getexif()), found.format, found.size) == ({}, kind, (60, 30))


def test_picture_stays_the_right_way_up(editor):
    add_picture(editor, picture_file(orientation=6))

    image = get_image_model().objects.get()
    found = Image.open(BytesIO(kept(image.file))).convert("RGB")
    assert (image.width, image.height, found.size) == (30, 60, (30, 60))
    assert found.getpixel((15, 5))[0] > 200  # red was on the left and is at the top now


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (bomb_file(), "iso.png", "liikaa kuvapisteitä"),
        (moving_file("GIF"), "liike.gif", "Kuva liikkuu"),
        (moving_file("WEBP"), "liike.webp", "Kuva liikkuu"),
        (moving_file("PNG"), "liike.png", "Kuva liikkuu"),
        (b"GIF89a" + b"\x01" * 40, "rikki.gif", "Tiedosto on rikki"),
        (picture_file(size=(900, 900))[:4000], "osa.jpg", "Tiedosto on rikki"),
        (picture_file("PNG", size=(900, 900))[:900], "osa.png", "Tiedosto on rikki"),
        (picture_file("PNG"), "kuva.jpg", "lopussa on .jpg"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "kuva.svg", "Tällaista tiedostoa"),
        (b"<html><script>1</script></html>", "kuva.png", "lopussa on .png"),
        (b"%PDF-1.7 ei kuva", "kuva.jpg", "lopussa on .jpg"),
    ],
)  # fmt: skip
def test_picture_that_is_none_is_told_at_its_field(editor, data, name, says):
    one = add_picture(editor, data, name)
    many = add_many(editor, "images", data, name)

    assert (one.status_code, many.status_code) == (200, 200)
    assert says in str(one.context["form"].errors["file"])
    assert says in many.json()["error_message"]
    assert get_image_model().objects.count() == 0
    assert UploadedFile.objects.count() == 0


def test_page_in_a_picture_is_gone(editor):
    add_picture(editor, picture_file("GIF") + b"<script>alert(1)</script>", "kuva.gif")

    assert b"<script" not in kept(get_image_model().objects.get().file)


@pytest.mark.parametrize("title", ["Kuva", "x" * 300])
def test_many_at_once_are_cleaned_also_when_a_title_is_missing(editor, title):
    add_many(editor, "images", picture_file(), "kuva.jpg", title=title)

    files = [*get_image_model().objects.all(), *UploadedFile.objects.all()]
    assert [is_clean(kept(row.file)) for row in files] == [True]


def test_picture_in_the_choosers_window_is_cleaned(editor):
    editor.post(
        reverse("wagtailimages_chooser:create"),
        {
            "image-chooser-upload-title": "Kuva",
            "image-chooser-upload-file": upload(picture_file(), "k.jpg"),
            "image-chooser-upload-tags": "",
        },
    )

    assert is_clean(kept(get_image_model().objects.get().file))


def test_new_file_for_a_picture_is_cleaned(editor):
    image = make_image()

    editor.post(
        reverse("wagtailimages:edit", args=[image.pk]),
        {"title": "Kuva", "file": upload(picture_file(), "uusi.jpg"), "tags": ""},
    )

    image.refresh_from_db()
    assert image.file.name.endswith(".jpg")
    assert is_clean(kept(image.file))


def send_portrait(editor, data, name):
    return editor.post(
        reverse("wagtailadmin_account"),
        {
            "avatar-avatar": upload(data, name),
            "theme-theme": "light",
            "theme-contrast": "system",
            "theme-density": "default",
        },
    )


def test_profile_picture_goes_through_the_same_door(editor, person):
    response = send_portrait(editor, picture_file(size=(900, 500)), "minä.jpg")

    avatar = UserProfile.objects.get(user=person).avatar
    assert response.status_code == 302
    assert avatar
    assert is_clean(kept(avatar))
    assert Client().get(f"/media/{avatar.name}").status_code == 404


def test_page_of_ones_own_at_the_editor_asks_for_no_name(editor, person):
    """Two names that it would forget: people have one, on their own page."""
    page = editor.get(reverse("wagtailadmin_account")).content.decode()

    assert 'name="avatar-avatar"' in page
    assert "first_name" not in page


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (bomb_file(), "minä.png", "liikaa"),
        (b"\xff\xd8\xff\x00", "minä.jpg", "rikki"),
        (picture_file(), "minä.png", "jotain muuta"),
    ],
)
def test_profile_picture_that_is_refused_is_not_kept_and_says_why(editor, person, data, name, says):
    response = send_portrait(editor, data, name)

    panels = [one for tab in response.context["panels_by_tab"].values() for one in tab]
    [told] = [one.get_form().errors["avatar"] for one in panels if one.name == "avatar"]
    assert response.status_code == 200
    assert not UserProfile.objects.get(user=person).avatar
    assert says in str(told)


# What the public has


def test_original_is_for_editors_only(editor):
    image = make_image()

    address = f"/media/{image.file.name}"

    assert Client().get(address).status_code == 404
    found = editor.get(address)
    assert (found.status_code, found["Cache-Control"]) == (200, "no-store")


def test_picture_of_a_draft_is_not_public_until_it_is_published(client):
    image = make_image()
    page = make_page("article", "pictures")
    made = image.get_rendition("width-480")
    assert client.get(f"/media/{made.file.name}").status_code == 404

    page.body = [("picture", {"image": described(image), "caption": ""})]
    page.save()
    after_publishing(page, at=AT)

    assert client.get(f"/media/{made.file.name}").status_code == 200
    assert client.get(f"/media/{image.get_rendition('original').file.name}").status_code == 404
    assert "original_images" not in client.get("/fi/pictures/").content.decode()


def described(image):
    image.contextual_alt_text, image.decorative = "Kaksi ihmistä", False
    return image


def test_picture_of_a_page_taken_down_is_public_no_more(client):
    image = make_image()
    page = make_page("article", "pictures")
    page.body = [("picture", {"image": described(image), "caption": ""})]
    page.save()
    after_publishing(page, at=AT)
    address = f"/media/{image.get_rendition('width-480').file.name}"
    assert client.get(address).status_code == 200

    page.unpublish()

    assert client.get(address).status_code == 404


# Documents


@pytest.mark.parametrize("room", ["one", "many"])
def test_document_loses_its_writer_and_keeps_its_words(editor, room):
    photo = {"word/media/image1.jpeg": picture_file(), "word/media/image2.png": picture_file("PNG")}
    data = docx_file(parts=photo)

    if room == "one":
        add_document(editor, data, "ohje.docx")
    else:
        add_many(editor, "docs", data, "ohje.docx")

    with ZipFile(BytesIO(kept(get_document_model().objects.get().file))) as file:
        parts = {name: file.read(name) for name in file.namelist()}
        assert {part.date_time[0] for part in file.infolist()} == {1980}
    assert [name for name, part in parts.items() if not is_clean(part)] == []
    assert b"<dc:title>Ohje</dc:title>" in parts["docProps/core.xml"]
    assert b"Hei" in parts["word/document.xml"]
    assert b"Hyv" in parts["word/comments.xml"]


def test_pdf_loses_its_writer_and_keeps_its_title(editor):
    add_document(editor, pdf_file(), "ohje.pdf")

    data = kept(get_document_model().objects.get().file)
    reader = PdfReader(BytesIO(data))
    assert is_clean(data)
    assert (dict(reader.metadata), len(reader.pages)) == ({"/Title": "Ohje"}, 1)


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b"%PDF-1.7 " + b"x" * 200, "ohje.pdf", "Tiedosto on rikki"),
        (docx_file()[:300], "ohje.docx", "Tiedosto on rikki"),
        (docx_file(), "ohje.xlsx", "Tiedosto on rikki"),
        (docx_file(parts={"word/vbaProject.bin": b"1"}), "ohje.docx", "makroja"),
        (b"<html><script>1</script></html>", "ohje.pdf", "lopussa on .pdf"),
        (b"<html><script>1</script></html>", "ohje.html", "Tällaista tiedostoa"),
        (b"MZ\x90\x00\x00", "ohje.txt", "lopussa on .txt"),
        (picture_file(), "ohje.jpg", "jpg"),
    ],
)  # fmt: skip
def test_document_that_is_none_is_told_at_its_field(editor, data, name, says):
    response = add_document(editor, data, name)
    many = add_many(editor, "docs", data, name)

    assert (response.status_code, many.status_code) == (200, 200)
    assert says in str(response.context["form"].errors["file"])
    assert get_document_model().objects.count() == 0


@pytest.mark.parametrize(
    ("data", "name"), [(pdf_file(), "ohje.pdf"), (b"<script>alert(1)</script>", "ohje.txt")]
)
def test_document_is_a_download_that_no_browser_guesses_about(
    editor, data, name, settings, tmp_path
):
    disk = {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    settings.MEDIA_ROOT, settings.STORAGES = tmp_path, settings.STORAGES | {"default": disk}
    add_document(editor, data, name)
    document = get_document_model().objects.get()

    response = Client().get(document.url)

    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    for close in response._resource_closers:  # response.close() would end the test's connection
        close()


# Videos


@pytest.mark.parametrize(("film", "name"), [(mp4_file(), "v.mp4"), (webm_file(), "v.webm")])
def test_video_and_captions_lose_what_tells_of_people(editor, film, name):
    assert not is_clean(film)

    add_video(editor, film, name)

    video = Video.objects.get()
    assert is_clean(kept(video.file))
    assert len(kept(video.file)) == len(film)  # whatever points into it points right
    assert is_clean(kept(video.captions))
    assert b"Hei." in kept(video.captions)


@pytest.mark.parametrize(
    ("film", "name", "captions", "field"),
    [
        (mp4_file()[:-4], "v.mp4", VTT, "file"),
        (webm_file()[:-4], "v.webm", VTT, "file"),
        (b"<html>", "v.mp4", VTT, "file"),
        (mp4_file(), "v.mp4", b"<html>", "captions"),
    ],
)
def test_video_that_is_none_is_told_at_its_field(editor, film, name, captions, field):
    response = add_video(editor, film, name, captions)

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Video.objects.count() == 0


# Who, and what was here before


def test_nobody_else_makes_us_open_a_file(monkeypatch):
    def opened(*_args, **_kwargs):
        raise AssertionError("opened")

    monkeypatch.setattr("luukku.web.parts.content.uploads.cleaned", opened)
    member = Client()
    member.force_login(make_person(), backend=BACKEND)

    for client in (Client(), member):
        response = client.post(
            reverse("public:advice"), {"words": "Hei", "file": upload(bomb_file(), "iso.png")}
        )
        assert response.status_code < 500


def test_what_was_kept_before_is_cleaned(capsys, person):
    image = get_image_model().objects.create(
        title="Kuva", file=ContentFile(picture_file(orientation=6), name="k.jpg")
    )
    document = get_document_model().objects.create(
        title="Ohje", file=ContentFile(docx_file(), name="o.docx")
    )
    broken = get_document_model().objects.create(
        title="Rikki", file=ContentFile(b"x", name="r.pdf")
    )
    UserProfile.objects.create(user=person, avatar=ContentFile(picture_file(), name="a.jpg"))
    UploadedFile.objects.create(file=ContentFile(picture_file(), name="half.jpg"))

    call_command("clean_uploads")

    told = json.loads(capsys.readouterr().out)
    image.refresh_from_db()
    assert (told["cleaned"], [row["file"] for row in told["unfit"]]) == (3, [broken.file.name])
    assert is_clean(kept(image.file))
    assert (image.width, image.height) == (30, 60)
    assert is_clean(kept(UserProfile.objects.get().avatar))
    document.refresh_from_db()
    assert b"Hei" in ZipFile(BytesIO(kept(document.file))).read("word/document.xml")
    assert UploadedFile.objects.count() == 0


def test_cleaning_that_is_stopped_leaves_the_old_file_whole(tmp_path, monkeypatch):
    storage = FileSystemStorage(tmp_path)
    storage.save("kuva.jpg", ContentFile(b"vanha"))

    def stopped(*_args):
        raise OSError("No space left on device")

    monkeypatch.setattr("os.fsync", stopped)
    with pytest.raises(OSError, match="No space"):
        replace_file(storage, "kuva.jpg", b"uusi")
    monkeypatch.undo()
    before = (tmp_path / "kuva.jpg").read_bytes()
    replace_file(storage, "kuva.jpg", b"uusi")

    assert (before, (tmp_path / "kuva.jpg").read_bytes()) == (b"vanha", b"uusi")
    assert [path.name for path in tmp_path.iterdir()] == ["kuva.jpg"]


def test_cleaning_again_touches_no_clean_file_and_passes_one_that_is_gone(capsys):
    made = get_document_model().objects.create
    clean = made(title="Luvut", file=ContentFile(b"a;b\n", name="l.csv"))
    gone = made(title="Poissa", file=ContentFile(b"a;b\n", name="p.csv"))
    default_storage.delete(gone.file.name)
    before = default_storage.get_modified_time(clean.file.name)

    call_command("clean_uploads")

    told = json.loads(capsys.readouterr().out)
    assert (told["cleaned"], told["unfit"]) == (1, [])
    assert default_storage.get_modified_time(clean.file.name) == before


def test_every_field_that_keeps_a_file_is_known():
    """A new one wants a test above and a look at who may have what it keeps."""
    known = {
        "wagtailimages.Image.file",
        "wagtaildocs.Document.file",
        "wagtailusers.UserProfile.avatar",
    }

    found = {f"{model._meta.label}.{field.name}" for model, field in kept_files()}

    assert found == known | {"content.Video.file", "content.Video.captions"}
