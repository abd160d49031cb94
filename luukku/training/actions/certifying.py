"""Certificates: one is made when a training is completed, another when the person's name has changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.core.known import known
from luukku.training.actions.runs import new_code
from luukku.training.models import Application, Certificate

LANGUAGES = ("fi", "sv", "en")


def issue(application: Application, *, by: User, at: datetime) -> Certificate:
    """Make the certificate of a training that has just been completed; the caller has asked its own rule."""
    made = Certificate.objects.create(
        application=application,
        number=new_code(16),
        words=_words(application),
        made_at=at,
        made_by=by,
    )
    record("training.issue", by=by, about=made, at=at)
    return made


def reissue(certificate: Certificate, *, by: User, at: datetime) -> Certificate:
    """Make a certificate with the person's present name in place of this one; again: the one that replaced it.

    Raises:
        PermissionDenied: it is another's, and ``by`` is not at the counter.
    """
    if not by.has_perm("training.reissue", certificate):
        raise PermissionDenied("training.reissue")
    with transaction.atomic():
        own = Certificate.objects.select_for_update(no_key=True).get(pk=certificate.pk)
        if own.replaced_by is not None:
            return own.replaced_by
        # Whole before it is named: one is in force at a time, so the old one points at itself meanwhile.
        own.replaced_by, own.replaced_at = own, at
        own.save(update_fields=["replaced_by", "replaced_at"])
        made = Certificate.objects.create(
            application=own.application,
            number=new_code(16),
            words=own.words | {"name": own.application.person.name},
            made_at=at,
            made_by=by,
        )
        own.replaced_by = made
        own.save(update_fields=["replaced_by"])
        record("training.reissue", by=by, about=made, at=at, data={"replaces": own.pk})
    return made


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
        "completed_on": training.completed_on.isoformat(),
        "valid_until": training.valid_until.isoformat() if training.valid_until else None,
        "issuer": settings.LUUKKU_COUNTER_NAME,
    }
