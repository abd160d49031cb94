"""Certificates and records of trainings as PDF. The worker writes them: loading the writer takes half a second."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.utils import translation

from luukku.accounts.models import User
from luukku.core.paper import font, qr_code, write_pdf
from luukku.core.queue import enqueue_once
from luukku.core.times import helsinki
from luukku.training.models import LANGUAGES, Certificate, Paper
from luukku.training.queries import (
    address_of,
    content_of,
    digest_of,
    record_of,
    record_paper,
    shown_rows,
)

RECORD = "luukku.training.tasks.write_record"


def write_certificate(certificate: Certificate, *, at: datetime) -> list[Paper]:
    """Write ``certificate`` in each language; again: nothing is written that is there."""
    person = certificate.application.person
    written = set(certificate.papers.exclude(pdf=None).values_list("language", flat=True))
    papers = []
    for language in LANGUAGES:
        if language in written:
            continue
        with translation.override(language):
            address = address_of(certificate)
            context = {
                "certificate": certificate,
                "content": content_of(certificate),
                "address": address,
                "code": qr_code(address),
            }
            papers.append(
                _keep("training/certificate.html", context, person, certificate, language, at=at)
            )
    return papers


def ask_record(person: User, language: str, *, by: User, at: datetime) -> None:
    """Have the worker write the record of ``person``; they ask for their own. Again while it waits: once is enough.

    Raises:
        PermissionDenied: it is another's.
    """
    if by.pk != person.pk:
        raise PermissionDenied("training.ask_record")
    with translation.override(language):
        rows = record_of(person, on=helsinki(at).date())
    paper = record_paper(person, language, rows)
    if paper is None or paper.pdf is None:
        enqueue_once(RECORD, person.pk, language)


def write_record(person: User, language: str, *, at: datetime) -> Paper:
    """Write the record of ``person`` in ``language``, as it is now."""
    with translation.override(language):
        rows = record_of(person, on=helsinki(at).date())
        context = {"rows": shown_rows(rows), "person": person, "at": helsinki(at)}
        return _keep("training/record.html", context, person, None, language, at=at, rows=rows)


def _keep(
    template: str,
    context: dict[str, Any],
    person: User,
    certificate: Certificate | None,
    language: str,
    *,
    at: datetime,
    rows: list[dict[str, Any]] | None = None,
) -> Paper:
    pdf = write_pdf(render_to_string(template, context | {"language": language, "font": font()}))
    paper, _is_new = Paper.objects.update_or_create(
        person=person,
        certificate=certificate,
        language=language,
        defaults={"pdf": pdf, "made_at": at, "digest": digest_of(rows, person.name)},
    )
    return paper
