"""Making and renewing the pages that come with the program."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from wagtail.models import (
    Collection,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)
from wagtail.signal_handlers import disable_reference_index_auto_update
from wagtail.signals import page_published

from luukku.accounts.models import Role
from luukku.content.models import (
    PAGE_TYPES,
    ContentPage,
    FaqPage,
    ModelPage,
    PracticePage,
    SecondPairOfEyes,
    SectionPage,
    Shipped,
    StartPage,
    TaskTypePage,
)
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
from luukku.taxonomy.models import Service, TaskType, Theme

ROOT = "Sivut · Sidor · Pages"
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


def load_pages(*, at: datetime, root: Path = DATA) -> dict[str, int]:
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
    # Editors meet it on the way to a page, whatever their language.
    Page.objects.filter(depth=1, title="Root").update(title=ROOT, draft_title=ROOT)
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


def _fill_own(page: ContentPage, head: dict[str, Any]) -> None:
    """Write the fields that only this kind of page has."""
    for name in ("extent", "applying", "done", "changed", "contact", "consent_given"):
        if name in head and hasattr(page, name):
            setattr(page, name, head[name])
    if isinstance(page, PracticePage):
        page.themes = _found(Theme.objects.all(), head.get("themes", []))
        page.services = _found(Service.objects.all(), head.get("services", []))
        page.task_types = _found(TaskType.objects.all(), head.get("task_types", []))


def _found(rows: QuerySet, codes: list[str]) -> list:
    by_code = {row.code: row for row in rows.filter(code__in=codes)}
    if unknown := set(codes) - by_code.keys():
        raise BadPage(f"unknown codes: {', '.join(sorted(unknown))}")
    return [by_code[code] for code in codes]


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
