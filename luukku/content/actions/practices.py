"""Good practices: sent, changed, begun from what an orderer told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext
from wagtail.models import Page

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.content.actions.sections import NoSection
from luukku.content.addresses import free_slug
from luukku.content.models import PracticePage, SectionPage
from luukku.content.notices import PracticeReceived
from luukku.content.queries import last_round, practices_told_of
from luukku.core.known import known
from luukku.feedback.models import WhatChanged
from luukku.notices.actions import tell
from luukku.taxonomy.models import Service, TaskType, Theme


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
        known(last_round(practice)).resume(by)
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
    practice.slug = free_slug(words.title, section, otherwise="practice")
    section.add_child(instance=practice)
    practice.save_revision(user=by)
    return practice


def _tell_in(practice: PracticePage, words: PracticeWords) -> None:
    practice.title, practice.intro = words.title, words.intro
    practice.search_description = words.intro[:155]
    practice.done, practice.changed, practice.contact = words.done, words.changed, words.contact
    practice.themes, practice.services = words.themes, words.services
    practice.task_types = words.task_types
