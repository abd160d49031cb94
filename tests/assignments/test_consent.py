import pytest

from luukku.assignments import actions
from luukku.assignments.models import Offer
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.assignments import make_offer, make_search
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def test_nobody_is_asked_who_has_taken_the_consent_back(at):
    expert = make_expert(at=at)
    set_consents(expert.user, set(Purpose) - {Purpose.IN_BANK}, by=expert.user, at=at)

    with pytest.raises(actions.NotInBank):
        make_offer(at, expert=expert)
    with pytest.raises(actions.NotInBank):
        actions.sign_up(make_search(at), expert, by=expert.user, at=at)

    assert not Offer.objects.exists()
