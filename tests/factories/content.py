"""Pages, pictures and videos. Texts are invented; people are not named.

write(tmp_path, {"fi/news.md": "…"})      # files as the program ships them, beside the ones that must be there
make_page("article", "sample")            # a published page below the Finnish start page
make_image()                              # a small picture
make_video(), make_embed()                # a video of ours with captions; one that lies elsewhere
make_words()                              # what somebody tells of a good practice
fill_page(make_page("news", "full"))      # with every piece that a page may hold
"""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from django.core.files.base import ContentFile
from PIL import Image as Pixels
from wagtail.documents import get_document_model
from wagtail.images import get_image_model

from luukku.content.actions import PracticeWords, after_publishing
from luukku.content.models import PAGE_TYPES, ContentPage, Pictured, SectionPage, StartPage, Video
from luukku.taxonomy.models import Service, TaskType, Theme

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


def make_document(title: str = "Tilaajan muistilista") -> object:
    """A file to download."""
    file = ContentFile(b"%PDF-1.4", name="list.pdf")
    return get_document_model().objects.create(title=title, file=file)


def every_piece() -> dict[str, object]:
    """One of every piece that a page may hold; of videos, the easy version has ours alone."""
    described, decoration = make_image(), make_image()
    described.contextual_alt_text, described.decorative = "Kaksi ihmistä pöydän ääressä", False
    decoration.contextual_alt_text, decoration.decorative = "", True
    words = (
        "<h2>Yksi</h2><p>Teksti, <b>vahva</b>, <i>kursiivi</i> ja <a href='/fi/advice/'>linkki</a>.</p>"
        "<h3>Alle</h3><ul><li>Kohta</li></ul><ol><li>Kohta</li></ol><h2>Kaksi</h2><blockquote>Sana</blockquote>"
        "<h2>Kolme</h2><p>Loppu.</p>"
    )
    line = "<p>Laatikko ja <a href='/fi/advice/'>linkki</a>.</p>"
    easy = [
        ("text", words),
        ("note", {"text": line}),
        ("steps", {"steps": [line, line]}),
        ("button", {"label": "Kysy meiltä", "address": "/fi/advice/", "page": None}),
        ("picture", {"image": described, "caption": "Kuvateksti"}),
        ("video", make_video(poster=make_image("Ensimmäinen kuva"))),
    ]
    more = [
        ("picture", {"image": decoration, "caption": ""}),
        ("quote", {"words": "Se auttoi.", "who": "Opettaja"}),
        ("quote", {"words": "Hyvä näin.", "who": ""}),
        ("video", make_embed()),
        ("files", {"files": [{"file": make_document(), "about": "Ennen tilausta"}]}),
    ]
    return {"body": [*easy, *more], "easy_body": easy}


def fill_page(page: ContentPage, *, is_easy: bool = False) -> ContentPage:
    """Give ``page`` every piece that a page may hold and every field of its kind, and publish it so."""
    pieces = every_piece()
    own = {
        "ModelPage": {"steps": [("step", _step(done)) for done in ("has_account", "", "task_done")]},
        "TaskTypePage": {"fee_range": "50–100 euroa"},
        "TrainingPage": {"extent": "50 tuntia", "applying": "Soita tai kirjoita."},
        "PracticePage": {"done": "Ohjattiin yhdessä.", "changed": "Moni jäi.", "contact": "Neuvonta"},
        "StoryPage": {"consent_given": True},
        "FaqPage": {"entries": [("entry", {"question": f"Mikä {n}?", "answer": "<p>Se.</p>"}) for n in "ab"]},
    }  # fmt: skip
    fields = {
        "intro": "Mistä on kyse.",
        "sources": "Lähde A, 2026\nLähde B",
        "body": pieces["body"],
    }
    if is_easy:
        easy = {"easy_title": "Helposti", "easy_intro": "Tästä on kyse."}
        fields |= easy | {"easy_body": pieces["easy_body"]}
    for name, value in (fields | own.get(type(page).__name__, {})).items():
        setattr(page, name, value)
    if isinstance(page, Pictured):
        page.main_picture, page.main_picture_words = make_image("Oma"), "Kaksi ihmistä ovella"
    if type(page).__name__ == "PracticePage":
        page.themes, page.services = Theme.objects.all()[:2], Service.objects.all()[:2]
        page.task_types = TaskType.objects.all()[:2]
    page.save()
    after_publishing(page, at=AT)
    return page


def _step(done: str) -> dict[str, object]:
    facts = {"who": "Tilaaja", "duration": "10 minuuttia", "cost": "Ei mitään", "gets": "Luonnos"}
    leads = {"page": None, "address": "/fi/advice/", "action_label": "Aloita tästä"}
    return {"title": "Kerro, mitä tarvitset", "text": "Lyhyesti.", "done": done} | facts | leads


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
