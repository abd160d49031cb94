"""Giving and taking back consent."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from luukku.audit.actions import record
from luukku.core.person import Person
from luukku.privacy.models import TEXT_VERSION, Consent, Purpose


def set_consents(person: Person, purposes: set[Purpose], *, by: Person, at: datetime) -> None:
    """Make ``purposes`` exactly what ``person`` has said yes to; changed ones leave their history.

    A yes to older words is kept as history and given anew in the words of ``TEXT_VERSION``.

    Raises:
        PermissionDenied: ``by`` is neither the person nor at the counter, which writes down what it was told.
    """
    if by.pk != person.pk and not by.is_counter:
        raise PermissionDenied("privacy.set_consents")
    with transaction.atomic():
        # The person first: triggers lock the expert after the consent, who erases a profile before it.
        type(person)._base_manager.select_for_update(no_key=True).get(pk=person.pk)
        valid = {c.purpose: c for c in Consent.objects.valid().filter(person=person)}
        kept = {p for p, c in valid.items() if p in purposes and c.text_version == TEXT_VERSION}
        for purpose, consent in valid.items():
            if purpose in kept:
                continue
            consent.withdrawn_at = at
            consent.save(update_fields=["withdrawn_at"])
            if purpose not in purposes:
                _record("privacy.withdraw_consent", consent, by=by, at=at)
        for purpose in sorted(purposes - kept):
            consent, made = Consent.objects.get_or_create(
                person=person,
                purpose=purpose,
                withdrawn_at=None,
                defaults={"text_version": TEXT_VERSION, "given_at": at, "given_by": by},
            )
            if made:
                _record("privacy.give_consent", consent, by=by, at=at)


def _record(act: str, consent: Consent, *, by: Person, at: datetime) -> None:
    behalf = None if by.pk == consent.person_id else consent.person
    record(act, by=by, about=consent, at=at, on_behalf_of=behalf, data={"purpose": consent.purpose})
