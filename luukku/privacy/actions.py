"""Giving and taking back consent."""

from datetime import datetime

from django.db import models, transaction

from luukku.audit.actions import record
from luukku.privacy.models import Consent, Purpose

TEXT_VERSION = "2026-11"  # raise it when the words in Purpose change


def set_consents(person: models.Model, purposes: set[Purpose], *, by: models.Model, at: datetime) -> None:
    """Make ``purposes`` exactly what ``person`` has said yes to; changed ones leave their history."""
    with transaction.atomic():
        valid = {c.purpose: c for c in Consent.objects.select_for_update().valid().filter(person=person)}
        for purpose, consent in valid.items():
            if purpose not in purposes:
                consent.withdrawn_at = at
                consent.save(update_fields=["withdrawn_at"])
                record("privacy.withdraw_consent", by=by, about=consent, at=at, data={"purpose": purpose})
        for purpose in sorted(purposes - valid.keys()):
            consent, made = Consent.objects.get_or_create(
                person=person,
                purpose=purpose,
                withdrawn_at=None,
                defaults={"text_version": TEXT_VERSION, "given_at": at, "given_by": by},
            )
            if made:
                record("privacy.give_consent", by=by, about=consent, at=at, data={"purpose": purpose})
