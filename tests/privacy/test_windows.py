"""A consent given in two windows at once is one consent."""

import pytest

from luukku.audit.models import AuditEvent
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Consent, ConsentQuerySet, Purpose
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


def test_consent_given_meanwhile_in_another_window_is_kept(at, monkeypatch):
    person = make_person()
    set_consents(person, {Purpose.IN_BANK}, by=person, at=at)
    with monkeypatch.context() as patch:
        patch.setattr(ConsentQuerySet, "valid", lambda self: self.none())

        set_consents(person, {Purpose.IN_BANK}, by=person, at=at)

    assert str(Consent.objects.get()) == f"in_bank {Consent.objects.get().text_version}"
    assert AuditEvent.objects.filter(act="privacy.give_consent").count() == 1
