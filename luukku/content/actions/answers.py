"""Answers of the counter that everybody may read."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.html import linebreaks
from wagtail.models import Page

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.content.actions.sections import NoSection
from luukku.content.models import FaqPage


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
