"""Certificates with their badges: one is made when a training is completed, another for a new name or issuer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.badges import new_key
from luukku.core.known import known
from luukku.core.queue import enqueue
from luukku.organisations.models import Organisation
from luukku.training.actions.runs import new_code
from luukku.training.models import (
    LANGUAGES,
    Application,
    Badge,
    BadgeIssuer,
    Certificate,
    free_index,
)
from luukku.training.queries import is_marked, named_issuer
from luukku.training.refusals import NotItsProducer

PAPERS = "luukku.training.tasks.write_certificate"


def issue(application: Application, *, by: User, at: datetime) -> Certificate:
    """Make the certificate of a training that has just been completed; the caller has asked its own rule.

    The counter issues it: the name of a producer can tell of an illness, so only the person may choose it.
    """
    made = Certificate.objects.create(
        application=application,
        number=new_code(16),
        words=_words(application),
        made_at=at,
        made_by=by,
    )
    _give_badge(made, None, at=at)
    record("training.issue", by=by, about=made, at=at)
    return made


def reissue(certificate: Certificate, *, by: User, at: datetime) -> Certificate:
    """Make a certificate with the person's present name in place of this one; again: the one that replaced it.

    Raises:
        PermissionDenied: it is another's, and ``by`` is not at the counter.
    """
    return _replace(certificate, named_issuer, by=by, at=at)


def name_issuer(
    certificate: Certificate, issuer: Organisation | None, *, by: User, at: datetime
) -> Certificate:
    """Make a certificate that names ``issuer`` in place of this one: a producer of the programme, or None: the counter.

    Again, or with the issuer that it names already: nothing changes.

    Raises:
        PermissionDenied: it is another's; also for the counter, since the name can tell of an illness.
        NotItsProducer: the organisation does not stand behind the programme.
    """
    if not by.has_perm("training.name_issuer", certificate):
        raise PermissionDenied("training.name_issuer")
    producers = certificate.application.run.programme.producers
    if issuer is not None and not producers.filter(pk=issuer.pk).exists():
        raise NotItsProducer
    return _replace(certificate, lambda _held: issuer, by=by, at=at)


def _replace(
    certificate: Certificate,
    issuer_of: Callable[[Certificate], Organisation | None],
    *,
    by: User,
    at: datetime,
) -> Certificate:
    if not by.has_perm("training.reissue", certificate):
        raise PermissionDenied("training.reissue")
    with transaction.atomic():
        own = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
        if own.replaced_by is not None:
            return own.replaced_by
        issuer = issuer_of(own)
        name = issuer.name if issuer else settings.LUUKKU_COUNTER_NAME
        words = own.words | {"name": own.application.person.name, "issuer": name}
        if words == own.words:
            return own
        # Whole before it is named: one is in force at a time, so the old one points at itself meanwhile.
        own.replaced_by, own.replaced_at = own, at
        own.save(update_fields=["replaced_by", "replaced_at"])
        made = Certificate.objects.create(
            application=own.application,
            number=new_code(16),
            words=words,
            made_at=at,
            made_by=by,
        )
        own.replaced_by = made
        own.save(update_fields=["replaced_by"])
        _give_badge(made, issuer, at=at)
        record("training.reissue", by=by, about=made, at=at, data={"replaces": own.pk})
    return made


def _give_badge(made: Certificate, issuer: Organisation | None, *, at: datetime) -> None:
    signs, _is_new = BadgeIssuer.objects.get_or_create(
        organisation=issuer, defaults={"sealed": BadgeIssuer.seal(new_key()), "made_at": at}
    )
    BadgeIssuer.objects.select_for_update(no_key=True).get(pk=signs.pk)  # one index at a time
    Badge.objects.create(certificate=made, issuer=signs, subject=uuid4(), index=free_index(signs))
    enqueue(PAPERS, made.pk)


def _words(application: Application) -> dict[str, Any]:
    programme, training = application.run.programme, known(application.training)
    rows = programme.topics.select_related("topic")
    return {
        "name": application.person.name,
        "titles": {lang: getattr(programme, f"title_{lang}") for lang in LANGUAGES},
        "kind": programme.kind,
        "further_kind": programme.further_kind,
        "version": programme.version,
        "run": application.run.code,
        "topics": [
            {
                "names": {lang: getattr(row.topic, f"name_{lang}") for lang in LANGUAGES},
                "contact_minutes": row.contact_minutes,
                "own_minutes": row.own_minutes,
            }
            for row in rows
        ],
        "contact_minutes": application.contact_minutes,
        "own_minutes": application.own_minutes,
        "is_marked": is_marked(application),
        "completed_on": training.completed_on.isoformat(),
        "valid_until": training.valid_until.isoformat() if training.valid_until else None,
        "issuer": settings.LUUKKU_COUNTER_NAME,
    }
