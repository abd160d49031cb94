from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments import actions
from luukku.assignments.models import Assignment, Offer
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.queries import history
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def test_leave_bank_ends_what_is_open_and_leaves_what_is_agreed(at):
    expert = make_expert(at=at)
    offer, own, task = (
        make_offer(at, expert=expert),
        make_sign_up(at, expert=expert),
        make_agreed(at, expert=expert),
    )

    left = actions.leave_bank(expert, by=expert.user, at=at + timedelta(hours=1))

    assert left.state == ExpertState.LEFT
    assert Offer.objects.get(pk=offer.pk).state == OfferState.DECLINED
    assert Offer.objects.get(pk=own.pk).state == OfferState.WITHDRAWN
    assert Assignment.objects.get(pk=task.pk).state == AssignmentState.AGREED


def test_leave_bank_on_behalf_of_somebody_says_so(at):
    expert, coordinator = make_expert(at=at, user=make_person(email="")), make_coordinator()
    offer, own = make_offer(at, expert=expert), make_sign_up(at, expert=expert)

    actions.leave_bank(expert, by=coordinator, at=at + timedelta(hours=1))

    for about in (expert, offer, own):
        event = history(about).last()
        assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, expert.user_id)


def test_leave_bank_is_all_or_nothing(at):
    expert = make_expert(at=at, state=ExpertState.DRAFT)

    with pytest.raises(WrongState):
        actions.leave_bank(expert, by=expert.user, at=at)


def test_leave_bank_is_not_for_strangers(at):
    expert = make_expert(at=at)
    offer = make_offer(at, expert=expert)

    with pytest.raises(PermissionDenied):
        actions.leave_bank(expert, by=make_person(), at=at)

    assert Expert.objects.get(pk=expert.pk).state == ExpertState.ACTIVE
    assert Offer.objects.get(pk=offer.pk).state == OfferState.PROPOSED


def test_nobody_is_asked_who_has_taken_the_consent_back(at):
    expert = make_expert(at=at)
    set_consents(expert.user, set(Purpose) - {Purpose.IN_BANK}, by=expert.user, at=at)

    with pytest.raises(actions.NotInBank):
        make_offer(at, expert=expert)
    with pytest.raises(actions.NotInBank):
        actions.sign_up(make_search(at), expert, by=expert.user, at=at)

    assert not Offer.objects.exists()
