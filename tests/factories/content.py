"""Pages, pictures and videos. Texts are invented; people are not named.

write(tmp_path, {"fi/news.md": "…"})      # files as the program ships them, beside the ones that must be there
make_page("article", "sample")            # a published page below the Finnish start page
make_image()                              # a small picture
make_video(), make_embed()                # a video of ours with captions; one that lies elsewhere
make_words()                              # what somebody tells of a good practice
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image as Pixels
from wagtail.images import get_image_model

from luukku.content.actions import PracticeWords
from luukku.content.models import PAGE_TYPES, ContentPage, SectionPage, StartPage, Video

AT = datetime(2026, 11, 2, 7, 0, tzinfo=UTC)
HEAD = '+++\ntitle = "{title}"\ntype = "{kind}"\n{more}+++\n{body}'


def page_file(title: str, kind: str = "article", body: str = "", **fields: object) -> str:
    """The text of a file; ``fields`` stand in its head."""
    more = "".join(f"{name} = {value!r}\n".replace("'", '"') for name, value in fields.items())
    return HEAD.format(title=title, kind=kind, more=more, body=body)


def write(root: Path, files: dict[str, str]) -> Path:
    """Write files below ``root``, each language with a start page; return ``root``."""
    for language in ("fi", "sv", "en"):
        files.setdefault(f"{language}/start.md", page_file(f"Start {language}", "start"))
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def make_page(kind: str, slug: str, *, parent: ContentPage | None = None, **fields) -> ContentPage:
    """A published page; below the Finnish start page unless ``parent`` is given."""
    parent = parent or StartPage.objects.get(slug="fi")
    page = PAGE_TYPES[kind](
        title=fields.pop("title", slug.capitalize()),
        slug=slug,
        locale=parent.locale,
        live=True,
        first_published_at=AT,
        last_published_at=AT,
        **fields,
    )
    return type(parent).objects.get(pk=parent.pk).add_child(instance=page)


def make_section(slug: str, language: str = "fi") -> SectionPage:
    """A section of the language, made if the shipped pages have none."""
    found = SectionPage.objects.filter(slug=slug, locale__language_code=language).first()
    return found or make_page("section", slug, parent=StartPage.objects.get(slug=language))


def make_image(title: str = "Kuva") -> object:
    """A small picture."""
    kept = BytesIO()
    Pixels.new("RGB", (2000, 1000), "#0f5257").save(kept, "PNG")
    file = ContentFile(kept.getvalue(), name="picture.png")
    return get_image_model().objects.create(title=title, file=file)


def make_video(**fields) -> Video:
    """A video of ours, with captions and a transcript."""
    return Video.objects.create(
        **{
            "title": "Työpari kertoo",
            "file": ContentFile(b"0123456789", name="pair.mp4"),
            "captions": ContentFile(b"WEBVTT\n\n00:00.000 --> 00:01.000\nHei.\n", name="pair.vtt"),
            "transcript": "Hei. Ohjaamme ryhmää yhdessä.",
        }
        | fields
    )


def make_embed(**fields) -> Video:
    """A video that lies at YouTube."""
    return Video.objects.create(
        **{
            "title": "Kolmikanta",
            "address": "https://www.youtube.com/watch?v=abc_DEF-123",
            "has_captions_there": True,
            "transcript": "Kolme ihmistä pöydän ääressä.",
        }
        | fields
    )


def make_words(**changes) -> PracticeWords:
    """What somebody tells of a good practice."""
    return PracticeWords(
        **{
            "title": "Kahvihetki ennen ryhmää",
            "intro": "Vartti kahvia ennen ryhmää rauhoittaa.",
            "done": "Ryhmän ohjaajat tulivat vartin aiemmin.",
            "changed": "Useampi jäi loppuun asti.",
            "contact": "",
            "themes": [],
            "services": [],
            "task_types": [],
        }
        | changes
    )
