"""What follows when a page is asked for, published or sent back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, WorkflowState

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.content.models import ContentPage, PracticePage, ShownPicture
from luukku.content.notices import (
    PageApproved,
    PageReturned,
    PageSubmitted,
    PracticePublished,
    PracticeSentBack,
)
from luukku.content.queries import picture_of
from luukku.content.rendering import MAIN_SPECS, SPECS, pictures_in
from luukku.notices.actions import tell, tell_all


def after_publishing(page: ContentPage, *, at: datetime) -> None:
    """Make the sizes of the page's pictures, so that reading makes nothing; tell who sent the page."""
    show_pictures(page)
    if isinstance(page, PracticePage) and page.submitted_by is not None:
        tell(PracticePublished(page), to=page.submitted_by, at=at)


def forget_ways(page: Page, *, at: datetime) -> None:
    """Delete the redirects from the addresses at which ``page`` and the pages below it live now.

    Wagtail's own log tells who moved the page.
    """
    here = page.get_descendants(inclusive=True).order_by("path")
    parts = [one.get_url_parts() for one in here]
    paths = [Redirect.normalise_path(part[2]) for part in parts if part and part[2]]
    count, _by_model = Redirect.objects.filter(old_path__in=paths).delete()
    if count:
        machine = User.objects.machine()
        record("content.forget_ways", by=machine, about=page, at=at, data={"ways": count})


def show_pictures(page: ContentPage) -> None:
    """Make the sizes of the pictures on the published page, and let the public have these and no others of it."""
    pictures = {p.pk: p for stream in (page.body, page.easy_body) for p in pictures_in(stream)}
    for picture in pictures.values():
        picture.get_renditions(*SPECS)
    shown = {pk: ShownPicture(page_id=page.pk, image_id=pk) for pk in pictures}
    if (main := picture_of(page)) is not None:
        main.image.get_renditions(*MAIN_SPECS)
        shown[main.image.pk] = ShownPicture(
            page_id=page.pk, image_id=main.image.pk, is_main=True, words=main.words
        )
    with transaction.atomic():
        Page.objects.select_for_update(no_key=True).get(pk=page.pk)  # two may publish at once
        ShownPicture.objects.filter(page=page).delete()
        ShownPicture.objects.bulk_create(shown.values())


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
