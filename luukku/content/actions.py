"""Writing pages: what comes with the program, and what people send."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, count

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.html import linebreaks
from django.utils.text import slugify
from django.utils.translation import gettext
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowState,
    WorkflowTask,
)
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from luukku.accounts.models import Role, User
from luukku.audit.actions import record
from luukku.content.models import (
    PAGE_TYPES,
    ContentPage,
    FaqPage,
    ModelPage,
    PracticePage,
    SecondPairOfEyes,
    SectionPage,
    Shipped,
    ShownPicture,
    StartPage,
    TaskTypePage,
)
from luukku.content.notices import (
    PageApproved,
    PageReturned,
    PageSubmitted,
    PracticePublished,
    PracticeReceived,
    PracticeSentBack,
)
from luukku.content.queries import last_round, practices_told_of
from luukku.content.rendering import SPECS, pictures_in
from luukku.content.shipping import (
    DATA,
    LANGUAGES,
    BadPage,
    PageFile,
    blocks,
    entries,
    page_files,
    steps,
)
from luukku.feedback.models import WhatChanged
from luukku.notices.actions import tell, tell_all
from luukku.taxonomy.models import Service, TaskType, Theme

EDITORS = (Role.COORDINATOR, Role.ADMIN)
PAGE_PERMISSIONS = (
    "add_page",
    "change_page",
    "publish_page",
    "bulk_delete_page",
    "lock_page",
    "unlock_page",
)
FILE_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)
OTHER_PERMISSIONS = (
    "access_admin",
    *("add_video", "change_video", "delete_video", "view_video", "submit_translation"),
    *("add_helpline", "change_helpline", "delete_helpline", "view_helpline"),
    *("add_redirect", "change_redirect", "delete_redirect", "view_redirect"),
)


def load_pages(*, at: datetime, root: object = DATA) -> dict[str, int]:
    """Make the pages that the program ships and that are missing; bring up to date those nobody has touched.

    A page that an editor has changed, moved, unpublished or deleted stays as it is. Safe to repeat.

    Raises:
        BadPage: a file cannot be read as a page.
    """
    files = list(page_files(root))
    with transaction.atomic(), disable_reference_index_auto_update():
        _set_up()
        changed = _load(files, at=at)
        made = _task_type_pages(at=at)
    return {"pages": len(files), "pages_written": changed, "task_type_pages": made}


def _set_up() -> None:
    """Make the trees' roots, the editors' rights and the workflow."""
    for code in LANGUAGES:
        Locale.objects.get_or_create(language_code=code)
    for role in EDITORS:
        group, _made = Group.objects.get_or_create(name=role)
        root = Page.get_first_root_node()
        for permission in Permission.objects.filter(codename__in=PAGE_PERMISSIONS):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)
        collection = Collection.get_first_root_node()
        for permission in Permission.objects.filter(codename__in=FILE_PERMISSIONS):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=collection, permission=permission
            )
        group.permissions.add(*Permission.objects.filter(codename__in=OTHER_PERMISSIONS))
    if not SecondPairOfEyes.objects.exists():
        _make_workflow()


def _make_workflow() -> None:
    """Have every page looked at by somebody else, where its writer asks for it; Wagtail's own is put away."""
    task = SecondPairOfEyes.objects.create(name="Toinen silmäpari", active=True)
    task.groups.set(Group.objects.filter(name__in=EDITORS))
    Workflow.objects.filter(active=True).update(active=False)
    workflow = Workflow.objects.create(name="Toinen silmäpari", active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.update_or_create(
        page=Page.get_first_root_node(), defaults={"workflow": workflow}
    )


def _load(files: list[PageFile], *, at: datetime) -> int:
    shipped = {(s.language, s.name): s for s in Shipped.objects.select_related("page")}
    fresh: set[tuple[str, str]] = set()
    # First the pages themselves, so that links may point anywhere; then what they hold.
    for file in files:
        key = (file.language, file.name)
        if key not in shipped:
            page = _make(file, shipped, at=at)
            shipped[key] = Shipped.objects.create(
                language=file.language, name=file.name, digest="", page=page
            )
            fresh.add(key)
    changed = 0
    for file in files:
        row = shipped[file.language, file.name]
        if row.page is None or row.digest == file.digest or row.page.latest_revision_id is not None:
            continue
        _fill(row.page.specific, file, shipped, at=at, is_new=(file.language, file.name) in fresh)
        row.digest = file.digest
        row.save(update_fields=["digest"])
        changed += 1
    return changed


def _make(file: PageFile, shipped: dict[tuple[str, str], Shipped], *, at: datetime) -> ContentPage:
    """Put an empty page into the tree, linked with its translations."""
    if file.kind not in PAGE_TYPES:
        raise BadPage(f"{file.language}/{file.name}: {file.kind} is no type of page")
    kind = PAGE_TYPES[file.kind]
    twin = next(
        (
            row.page
            for code in LANGUAGES
            if (row := shipped.get((code, file.name))) is not None and row.page is not None
        ),
        None,
    )
    page = kind(title=file.head["title"], locale=Locale.objects.get(language_code=file.language))
    if kind is TaskTypePage:
        page.task_type = TaskType.objects.get(code=file.name.rpartition("/")[2])
    if twin is not None:
        page.translation_key = twin.translation_key
    page.live, page.first_published_at, page.last_published_at = True, at, at
    _fill_own(page, file.head)
    if file.name == "start":
        return _plant(page, file.language)
    above, _slash, slug = file.name.rpartition("/")
    parent = shipped.get((file.language, above or "start"))
    if parent is None or parent.page is None:
        raise BadPage(f"{file.language}/{file.name}: there is no page above it")
    page.slug = slug
    parent.page.refresh_from_db()
    return parent.page.add_child(instance=page)


def _plant(page: StartPage, language: str) -> StartPage:
    """Make ``page`` the root of a language's tree; Finnish is the site's own."""
    root = Page.get_first_root_node()
    page.slug = language
    root.add_child(instance=page)
    if language == LANGUAGES[0]:
        site = Site.objects.filter(is_default_site=True).first() or Site(
            hostname="localhost", is_default_site=True
        )
        site.root_page, site.site_name = page, "Kokemusluukku"
        site.save()
        root.get_children().filter(slug="home").delete()
    return page


def _fill(
    page: ContentPage,
    file: PageFile,
    shipped: dict[tuple[str, str], Shipped],
    *,
    at: datetime,
    is_new: bool,
) -> None:
    """Write the file's content into the page and publish it."""

    def keys(name: str) -> int:
        row = shipped.get((file.language, name))
        if row is None or row.page_id is None:
            raise BadPage(f"{file.language}/{file.name}: there is no page {name}")
        return row.page_id

    head, body = file.head, file.body
    page.title, page.intro = head["title"], head.get("intro", "")
    page.search_description = head.get("description", "")
    page.sources = "\n".join(head.get("sources", []))
    if isinstance(page, FaqPage):
        body, asked = entries(body, file.language, keys)
        _set(page, "entries", asked)
    if isinstance(page, ModelPage):
        _set(page, "steps", steps(head.get("steps", []), file.language, keys))
    _set(page, "body", blocks(body, file.language, keys))
    easy = file.easy or {}
    page.easy_title, page.easy_intro = easy.get("title", ""), easy.get("intro", "")
    _set(page, "easy_body", blocks(file.easy_body, file.language, keys))
    _fill_own(page, head)
    page.last_published_at = at
    with translation.override(file.language):
        page.full_clean()
    page.save()
    page_published.send(sender=type(page), instance=page, revision=None)


def _fill_own(page: ContentPage, head: dict[str, object]) -> None:
    """Write the fields that only this kind of page has."""
    for name in ("extent", "applying", "done", "changed", "contact", "place", "consent_given"):
        if name in head and hasattr(page, name):
            setattr(page, name, head[name])
    for name in ("starts_at", "ends_at"):
        if name in head and hasattr(page, name):
            value = head[name]
            setattr(page, name, value if timezone.is_aware(value) else timezone.make_aware(value))
    if isinstance(page, PracticePage):
        page.themes = _found(Theme.objects.all(), head.get("themes", []))
        page.services = _found(Service.objects.all(), head.get("services", []))
        page.task_types = _found(TaskType.objects.all(), head.get("task_types", []))


def _found(rows: QuerySet, codes: list[str]) -> list:
    found = {row.code: row for row in rows.filter(code__in=codes)}
    if unknown := set(codes) - found.keys():
        raise BadPage(f"unknown codes: {', '.join(sorted(unknown))}")
    return [found[code] for code in codes]


def _set(page: ContentPage, name: str, pairs: list[tuple[str, object]]) -> None:
    """Set a stream from raw values, as they lie in the database."""
    stream = page._meta.get_field(name).stream_block
    setattr(
        page,
        name,
        stream.to_python([{"type": kind, "value": value} for kind, value in pairs]),
    )


def _task_type_pages(*, at: datetime) -> int:
    """Have a page for each task type in each language, where the section is; return how many were made."""
    sections = {page.locale_id: page for page in SectionPage.objects.filter(slug="tasks", depth=3)}
    here = set(TaskTypePage.objects.values_list("task_type_id", "locale_id"))
    shipped = set(Shipped.objects.values_list("language", "name"))
    made = 0
    for kind in TaskType.objects.filter(is_active=True).order_by("position", "pk"):
        twin = TaskTypePage.objects.filter(task_type=kind).first()
        for locale in Locale.objects.order_by("pk"):
            name = f"tasks/{kind.code}"
            section = sections.get(locale.pk)
            if (
                section is None
                or (kind.pk, locale.pk) in here
                or (locale.language_code, name) in shipped
            ):
                continue
            with translation.override(locale.language_code):
                page = TaskTypePage(
                    title=kind.name,
                    slug=kind.code,
                    task_type=kind,
                    locale=locale,
                    search_description=kind.summary[:155],
                    live=True,
                    first_published_at=at,
                    last_published_at=at,
                )
            if twin is not None:
                page.translation_key = twin.translation_key
            section.add_child(instance=page)
            twin = twin or page
            Shipped.objects.create(language=locale.language_code, name=name, digest="", page=page)
            page_published.send(sender=TaskTypePage, instance=page, revision=None)
            made += 1
    return made


@dataclass(frozen=True)
class PracticeWords:
    """What somebody tells of a good practice."""

    title: str
    intro: str
    done: str
    changed: str
    contact: str
    themes: list[Theme]
    services: list[Service]
    task_types: list[TaskType]


class NoSection(Exception):
    """The language has no section for good practices."""


def submit_practice(words: PracticeWords, *, language: str, by: User, at: datetime) -> PracticePage:
    """Keep a good practice as a draft and ask the counter to read it; its sender is told what happens next.

    Raises:
        PermissionDenied: ``by`` is not signed in.
        NoSection: the editors have no section ``practices`` in the language.
    """
    if not by.has_perm("content.submit_practice"):
        raise PermissionDenied("content.submit_practice")
    with transaction.atomic():
        practice = _draft(words, language=language, by=by, submitted_by=by)
        practice.get_workflow().start(practice, by)
        record("content.submit_practice", by=by, about=practice, at=at)
        tell(PracticeReceived(practice), to=by, at=at)
    return practice


def revise_practice(
    practice: PracticePage, words: PracticeWords, *, by: User, at: datetime
) -> PracticePage:
    """Change a practice that the counter has sent back, and ask it to read once more.

    Raises:
        PermissionDenied: ``by`` has not sent it, or the counter has not sent it back.
    """
    with transaction.atomic():
        Page.objects.select_for_update(no_key=True).get(pk=practice.pk)
        practice = PracticePage.objects.get(pk=practice.pk)  # as it is now, behind the lock
        if not by.has_perm("content.revise_practice", practice):
            raise PermissionDenied("content.revise_practice")
        practice = practice.get_latest_revision_as_object()
        _tell_in(practice, words)
        practice.save_revision(user=by)
        last_round(practice).resume(by)
        record("content.revise_practice", by=by, about=practice, at=at)
    return practice


def start_practice(answer: WhatChanged, *, by: User, at: datetime) -> PracticePage:
    """Begin a good practice from what an orderer told had changed; the counter goes on with it. Once an answer.

    Raises:
        PermissionDenied: ``by`` is not at the counter, or the orderer has not agreed to it.
        NoSection: the editors have no section ``practices``.
    """
    if not by.has_perm("content.start_practice", answer):
        raise PermissionDenied("content.start_practice")
    with transaction.atomic():
        WhatChanged.objects.select_for_update(no_key=True).get(pk=answer.pk)
        earlier = practices_told_of(answer).first()
        if earlier is not None:
            return earlier
        order = answer.order
        with translation.override("fi"):
            title = order.task_type.name if order.task_type else gettext("A good practice")
        words = PracticeWords(
            title=title,
            intro="",
            done=gettext(
                "(Write here what was done. Leave out names and everything that points at a person.)"
            ),
            changed=answer.words,
            contact="",
            themes=[],  # sensitive in an order: the counter chooses
            services=[],
            task_types=[order.task_type] if order.task_type else [],
        )
        practice = _draft(words, language="fi", by=by, what_changed=answer)
        record("content.start_practice", by=by, about=practice, at=at, data={"order": order.pk})
    return practice


def publish_answer(question: str, answer: str, *, language: str, by: User, at: datetime) -> FaqPage:
    """Put a question and its answer last on the page of questions, and publish the page.

    The same question again gets the new answer in its old place.

    Args:
        answer: plain text; an empty line begins a new paragraph.

    Raises:
        PermissionDenied: ``by`` may not write pages.
        NoSection: the language has no page of questions and answers.
    """
    if not by.has_perm("content.write"):
        raise PermissionDenied("content.write")
    with transaction.atomic():
        row = (
            FaqPage.objects.filter(locale__language_code=language, live=True)
            .order_by("path")
            .first()
        )
        if row is None:
            raise NoSection(language)
        Page.objects.select_for_update(no_key=True).get(pk=row.pk)
        page = FaqPage.objects.get(pk=row.pk).get_latest_revision_as_object()
        entry = {"question": question, "answer": linebreaks(answer, autoescape=True)}
        made = ("entry", page.entries.stream_block.child_blocks["entry"].to_python(entry))
        asked = [row.value["question"] for row in page.entries]
        if question in asked:
            page.entries[asked.index(question)] = made
        else:
            page.entries.append(made)
        page.save_revision(user=by).publish(user=by)
        record("content.publish_answer", by=by, about=row, at=at)
    return page


def _draft(words: PracticeWords, *, language: str, by: User, **links: object) -> PracticePage:
    section = SectionPage.objects.filter(
        slug="practices", locale__language_code=language, depth=3
    ).first()
    if section is None:
        raise NoSection(language)
    # One at a time: each takes the next place, and a name in the address that is free.
    Page.objects.select_for_update(no_key=True).get(pk=section.pk)
    section.refresh_from_db()
    practice = PracticePage(live=False, owner=by, locale=section.locale, **links)
    _tell_in(practice, words)
    practice.slug = _free_slug(words.title, section)
    section.add_child(instance=practice)
    practice.save_revision(user=by)
    return practice


def _free_slug(title: str, section: Page) -> str:
    taken = set(section.get_children().values_list("slug", flat=True)) | {"new", "sent"}
    base = slugify(title)[:60].strip("-") or "practice"
    return next(
        slug for slug in chain([base], (f"{base}-{n}" for n in count(2))) if slug not in taken
    )


def _tell_in(practice: PracticePage, words: PracticeWords) -> None:
    practice.title, practice.intro = words.title, words.intro
    practice.search_description = words.intro[:155]
    practice.done, practice.changed, practice.contact = words.done, words.changed, words.contact
    practice.themes, practice.services = words.themes, words.services
    practice.task_types = words.task_types


def after_publishing(page: ContentPage, *, at: datetime) -> None:
    """Make the sizes of the page's pictures, so that reading makes nothing; tell who sent the page."""
    show_pictures(page)
    if isinstance(page, PracticePage) and page.submitted_by is not None:
        tell(PracticePublished(page), to=page.submitted_by, at=at)


def show_pictures(page: ContentPage) -> None:
    """Make the sizes of the pictures on the published page, and let the public have these and no others of it."""
    pictures = {p.pk: p for stream in (page.body, page.easy_body) for p in pictures_in(stream)}
    for picture in pictures.values():
        picture.get_renditions(*SPECS)
    ShownPicture.objects.filter(page=page).exclude(image__in=pictures).delete()
    ShownPicture.objects.bulk_create(
        [ShownPicture(page_id=page.pk, image_id=pk) for pk in pictures], ignore_conflicts=True
    )


def after_sending_back(practice: PracticePage, *, at: datetime) -> None:
    """Tell who sent the practice that the counter asks for something."""
    if practice.submitted_by is not None:
        rounds = practice.revisions.count()
        tell(PracticeSentBack(practice, rounds), to=practice.submitted_by, at=at)


def after_submitting(round_: WorkflowState, readers: Iterable[User], *, at: datetime) -> None:
    """Tell each of ``readers`` but the sender that a page waits to be read."""
    sender = round_.requested_by_id
    told = {reader for reader in readers if reader.is_active and reader.pk != sender}
    tell_all([(PageSubmitted(round_), reader) for reader in told], at=at)


def after_approving(round_: WorkflowState, *, by: User | None, at: datetime) -> None:
    """Tell who asked for the page to be read, unless they approved it themselves; practices have a letter."""
    asker = round_.requested_by
    is_practice = isinstance(round_.content_object.specific, PracticePage)
    if asker is not None and asker != by and not is_practice:
        tell(PageApproved(round_), to=asker, at=at)


def after_returning(round_: WorkflowState, *, by: User | None, at: datetime) -> None:
    """Tell who asked for the page to be read what the reader asks for."""
    asker = round_.requested_by
    if asker is not None and asker != by:
        comment = round_.current_task_state.specific.get_comment()
        tell(PageReturned(round_, comment), to=asker, at=at)
