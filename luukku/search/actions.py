"""Keeping the index true, and seeing to what was not found."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from wagtail.models import Page

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.content.queries import searchable
from luukku.core.distress import signs_of
from luukku.core.times import helsinki
from luukku.search.keys import (
    EVERYDAY,
    THEME,
    TITLE,
    asked_words,
    index_words,
    name_words,
    plain_words,
    stored_keys,
)
from luukku.search.models import (
    LANGUAGES,
    CardDay,
    Document,
    DocumentName,
    DocumentWord,
    Miss,
    NameOf,
    WideReading,
)
from luukku.search.queries import KINDS, search
from luukku.taxonomy.actions import add_synonym
from luukku.taxonomy.models import Language, Municipality, TaskType, Theme, ThemeSynonym

_AND = re.compile(r" (?:ja|tai|och|eller|and|or) ")  # "Luento tai oppitunti" has two names
WEIGHTS = {"theme": 0, "task_type": 1, "model": 2}  # other kinds of pages: 5
REMOTE = {
    "fi": ["etänä", "etätehtävä", "etäyhteys", "verkossa", "etäluento", "etäkeikka"],
    "sv": ["distans", "på distans", "distansuppdrag"],
    "en": ["remote", "remotely", "online"],
}


@dataclass(frozen=True)
class Found:
    """What of a page, a task type or a theme is found, in one language."""

    language: str
    title: str
    text: str
    url: str
    facets: Mapping[str, Iterable[str]] = field(default_factory=dict)
    everyday: tuple[str, ...] = ()


MORE: list[Callable[[], Iterable[tuple[str, str, Found]]]] = []  # what else is found


def rebuild() -> dict[str, int]:
    """Make the whole index anew: themes, task types, names, every live page, and ``MORE``."""
    with transaction.atomic():
        Document.objects.all().delete()
        DocumentWord.objects.all().delete()
        _index_vocabulary()
        for page in Page.objects.live().public().filter(depth__gt=1).specific().order_by("pk"):
            index_page(page)
        put_all(row for rows in MORE for row in rows())
        with connection.cursor() as cursor:  # the planner must not take the new tables for empty
            cursor.execute("ANALYZE search_document, search_documentword, search_documentname")
    return {
        "documents": Document.objects.count(),
        "words": DocumentWord.objects.count(),
        "names": DocumentName.objects.count(),
    }


def index_vocabulary() -> None:
    """Bring themes, task types and names of the index up to date; pages stay as they are."""
    with transaction.atomic():
        _index_vocabulary()


def index_page(page: Page) -> None:
    """Make ``page`` findable as it is now, each way of reading it; a page that is not live is taken out."""
    with transaction.atomic():
        forget_page(page)
        if not page.live:
            return
        for number, way in enumerate(searchable(page)):
            (type_of_page,) = way.facets["kind"]
            kind = type_of_page if type_of_page in KINDS else "page"
            object_id = f"page-{page.pk}" + (f"-{number}" if number else "")
            Document.objects.filter(kind="task_type", language=way.language, url=way.url).delete()
            put(kind, object_id, Found(way.language, way.title, way.text, way.url, way.facets))


def forget_page(page: Page) -> None:
    """Take ``page`` out of the index."""
    Document.objects.filter(object_id__regex=rf"^page-{page.pk}(-\d+)?$").delete()


def put(kind: str, object_id: str, content: Found) -> None:
    """Write one document."""
    put_all([(kind, object_id, content)])


def put_all(rows: Iterable[tuple[str, str, Found]]) -> None:
    """Write documents and the words they bring."""
    groups = dict(Theme.objects.order_by("pk").values_list("code", "group"))
    documents: list[Document] = []
    words: dict[str, dict[str, bool]] = defaultdict(dict)
    for kind, object_id, content in rows:
        documents.append(_document(kind, object_id, content, groups))
        texts = [content.title, *content.everyday, content.text]
        words[content.language] |= index_words(texts, content.language)
    Document.objects.bulk_create(
        documents,
        update_conflicts=True,
        unique_fields=["kind", "object_id", "language"],
        update_fields=[
            "weight", "groups", "services", "places", "title", "everyday", "body", "url", "keys",
        ],
        batch_size=500,
    )  # fmt: skip
    DocumentWord.objects.bulk_create(
        [
            DocumentWord(language=language, word=word, is_known=is_known)
            for language, known in words.items()
            for word, is_known in sorted(known.items())
        ],
        ignore_conflicts=True,
        batch_size=5000,
    )


def _document(kind: str, object_id: str, content: Found, groups: dict[str, str]) -> Document:
    title = stored_keys(content.title, content.language)
    everyday = stored_keys("\n".join(content.everyday), content.language)
    themes = [str(code) for code in content.facets.get("themes", ())]
    keys = title | everyday | stored_keys(content.text, content.language)
    keys |= {f"{TITLE}{key}" for key in title} | {f"{EVERYDAY}{key}" for key in everyday}
    keys |= {f"{THEME}{code}" for code in themes}
    return Document(
        kind=kind,
        object_id=object_id,
        language=content.language,
        weight=WEIGHTS.get(kind, 5),
        groups=sorted({groups[code] for code in themes if code in groups}),
        services=sorted({str(code) for code in content.facets.get("services", ())}),
        places=sorted({str(code) for code in content.facets.get("places", ())}),
        title=content.title[:255],
        everyday=", ".join(content.everyday),
        body=content.text,
        url=content.url,
        keys=sorted(keys),
    )


def _index_vocabulary() -> None:
    vocabulary = Document.objects.filter(kind__in=["theme", "task_type"])
    vocabulary.exclude(object_id__startswith="page-").delete()
    put_all([*_themes(), *_task_types()])
    DocumentName.objects.all().delete()
    DocumentName.objects.bulk_create(_names())


def _named(item: object, field_name: str, language: str) -> str:
    """Return a text of the reference data in ``language``, with the region's words, or nothing."""
    if language != "fi" and not getattr(item, f"{field_name}_{language}", ""):
        return ""
    with translation.override(language):
        return getattr(item, {"is": "what_it_is"}.get(field_name, field_name))


def _themes() -> Iterable[tuple[str, str, Found]]:
    everyday = defaultdict(list)
    for theme_id, language, word in ThemeSynonym.objects.order_by("pk").values_list(
        "theme_id", "language", "word"
    ):
        everyday[theme_id, language].append(word)
    for theme in Theme.objects.filter(is_active=True).order_by("pk"):
        for language in LANGUAGES:
            name = _named(theme, "name", language)
            if name:
                words = tuple(everyday[theme.pk, language])
                yield (
                    "theme",
                    theme.code,
                    Found(language, name, "", "", {"themes": [theme.code]}, words),
                )


def _task_types() -> Iterable[tuple[str, str, Found]]:
    written = set(
        Document.objects.filter(object_id__startswith="page-").values_list("url", flat=True)
    )
    for task_type in TaskType.objects.filter(is_active=True).order_by("pk"):
        for language in LANGUAGES:
            name = _named(task_type, "name", language)
            if not name:
                continue
            texts = [
                _named(task_type, part, language)
                for part in ("summary", "is", "orderer_prepares", "expert_needs")
            ]
            with translation.override(language):
                url = reverse("public:task-type", args=[task_type.code])
            if url not in written:  # the counter's own page says it all, and more
                yield "task_type", task_type.code, Found(language, name, "\n".join(texts), url)


def _names() -> list[DocumentName]:
    names: list[tuple[NameOf, str, str, str]] = []
    for language in LANGUAGES:
        field_name = f"name_{language}"
        for of, things in (
            (NameOf.THEME, Theme.objects.filter(is_active=True)),
            (NameOf.TASK_TYPE, TaskType.objects.filter(is_active=True)),
            (NameOf.LANGUAGE, Language.objects.all()),
            *(
                ()
                if language == "en"
                else ((NameOf.MUNICIPALITY, Municipality.objects.filter(valid_to=None)),)
            ),
        ):
            rows = things.order_by("pk").values_list("code", field_name)
            names += [
                (of, code, language, part)
                for code, name in rows
                for part in _AND.split(name)
                if part and not part.endswith("-")
            ]
        names += [(NameOf.REMOTE, "remote", language, word) for word in REMOTE[language]]
    rows = [_name(*name) for name in names]
    everyday = ThemeSynonym.objects.filter(theme__is_active=True).select_related("theme")
    for synonym in everyday.order_by("pk"):
        language = synonym.language
        theme = _named(synonym.theme, "name", language) or synonym.theme.name_fi
        name = _name(NameOf.SYNONYM, synonym.theme.code, language, synonym.word)
        name.leads_to, spoken = theme, asked_words(theme, language)
        name.leads_to_keys = sorted(spoken[0].keys) if len(spoken) == 1 else []
        rows.append(name)
    return [row for row in rows if row.words]


def _name(of: NameOf, code: str, language: str, label: str) -> DocumentName:
    words = name_words(label, language)
    keys = sorted({key for word in words for key in word})
    return DocumentName(of=of, code=code, language=language, label=label, keys=keys, words=words)


# -- Misses ---------------------------------------------------------------------------------------


def note_miss(question: str, *, language: str, on: date) -> bool:
    """Count that ``question`` found nothing; return whether there was anything to count.

    Anybody may tell; only plain words that truly find nothing are kept, and none that tell of distress.
    """
    if signs_of(question):
        return False  # distress is met, not counted
    words = " ".join(plain_words(question, language)[:60].split()[:5])
    if not words or search(words, language=language).total:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO search_miss (words, language, day, count) VALUES (%s, %s, %s, 1)"
            " ON CONFLICT (words, language, day) WHERE handled_at IS NULL"
            " DO UPDATE SET count = search_miss.count + 1",
            [words, language, on],
        )
    return True


def dismiss(words: str, *, language: str, by: User, at: datetime) -> int:
    """Mark the misses of ``words`` as seen to; return how many days of them there were.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    return _handle("search.dismiss_miss", words, language=language, by=by, at=at)


def make_synonym(words: str, theme: Theme, *, language: str, by: User, at: datetime) -> int:
    """Make missed ``words`` an everyday word of ``theme``, findable from now on.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    with transaction.atomic():
        handled = _handle("search.make_synonym", words, language=language, by=by, at=at)
        if handled:
            add_synonym(theme, words, language=language, by=by, at=at)
            _index_vocabulary()
    return handled


def _handle(act: str, words: str, *, language: str, by: User, at: datetime) -> int:
    if not by.has_perm("search.handle_miss"):
        raise PermissionDenied("search.handle_miss")
    with transaction.atomic():
        waiting = Miss.objects.waiting().filter(words=words, language=language)
        rows = list(waiting.select_for_update().order_by("pk"))
        for miss in rows:
            miss.handled_at, miss.handled_by = at, by
            miss.save(update_fields=["handled_at", "handled_by"])
            record(act, by=by, about=miss, at=at, data={"count": miss.count})
    return len(rows)


def forget_misses(*, before: date) -> int:
    """Delete what was missed before ``before``; return how many rows."""
    return Miss.objects.filter(day__lt=before).delete()[0]


# -- Cards: found by search, not read as a register --------------------------------------------------


def show_cards(expert_ids: Sequence[int], *, to: User, at: datetime) -> list[int]:
    """Return those of ``expert_ids`` whose cards ``to`` may be shown now; each counts once on its day.

    The limit is on different experts, not on pages: whose card was shown today is shown again. The counter is
    not limited. Two pages at once count as one after the other.
    """
    if to.has_perm("search.read_widely"):
        return list(expert_ids)
    with transaction.atomic():
        day = _card_day(to, at=at)
        shown = set(day.expert_ids)
        new = [pk for pk in expert_ids if pk not in shown][: _room(day)]
        if new:
            day.expert_ids += new
            day.save(update_fields=["expert_ids"])
    return [pk for pk in expert_ids if pk in shown or pk in new]


def ask_wider(reason: str, *, by: User, at: datetime) -> WideReading | None:
    """Let ``by``, who has seen as many cards today as the limit lets, see as many once more; the counter reads why.

    While there is room left nothing is needed and nothing happens: two sendings open one room.

    Raises:
        PermissionDenied: ``by`` does not order for an organisation that the counter has checked.
    """
    if not by.has_perm("search.ask_wider"):
        raise PermissionDenied("search.ask_wider")
    with transaction.atomic():
        day = _card_day(by, at=at)
        if _room(day):
            return None
        asked = WideReading.objects.create(user=by, on=day.on, asked_at=at, reason=reason)
        record("search.ask_wider", by=by, about=asked, at=at, data={"cards": len(day.expert_ids)})
    return asked


def see_wide_reading(asked: WideReading, *, by: User, at: datetime) -> WideReading:
    """Take a reason off the queue: the counter has seen it. A second time changes nothing.

    Raises:
        PermissionDenied: ``by`` is not at the counter.
    """
    if not by.has_perm("search.see_wide_reading", asked):
        raise PermissionDenied("search.see_wide_reading")
    with transaction.atomic():
        asked = WideReading.objects.select_for_update(of=("self",)).get(pk=asked.pk)
        if asked.seen_at is None:
            asked.seen_at, asked.seen_by = at, by
            asked.save(update_fields=["seen_at", "seen_by"])
            record("search.see_wide_reading", by=by, about=asked, at=at)
    return asked


def forget_card_days(*, before: date, reasons_before: date) -> int:
    """Delete whose cards were shown before ``before``, and older reasons; return how many rows."""
    days = CardDay.objects.filter(on__lt=before).delete()[0]
    return days + WideReading.objects.filter(on__lt=reasons_before).delete()[0]


def _card_day(user: User, *, at: datetime) -> CardDay:
    on = helsinki(at).date()
    CardDay.objects.bulk_create([CardDay(user=user, on=on)], ignore_conflicts=True)
    return CardDay.objects.select_for_update().get(user=user, on=on)


def _room(day: CardDay) -> int:
    """Return how many more cards the day has room for."""
    reasons = WideReading.objects.filter(user=day.user_id, on=day.on).count()
    return max(0, settings.LUUKKU_CARDS_A_DAY * (1 + reasons) - len(day.expert_ids))
