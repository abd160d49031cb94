"""An organisation that works here no more: its open orders end with it, and everybody is told why."""

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments import actions
from luukku.notices.models import Letter
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def test_end_organisation_cancels_its_open_orders_with_the_reason(at):
    task = make_agreed(at)

    ended = actions.end_organisation(
        task.order.organisation, reason="Toiminta päättyi.", by=make_coordinator(), at=at
    )

    task.refresh_from_db()
    task.order.refresh_from_db()
    assert (ended.state, task.order.state) == (OrganisationState.ENDED, OrderState.CANCELLED)
    told = Letter.objects.get(kind="assignments.cancelled", reader=task.expert.user)
    assert "Toiminta päättyi." in told.body


def test_end_organisation_without_a_reason_waits_for_open_orders(at):
    task = make_agreed(at)

    with pytest.raises(actions.OrdersOpen):
        actions.end_organisation(task.order.organisation, by=make_coordinator(), at=at)

    task.order.organisation.refresh_from_db()
    assert task.order.organisation.state == OrganisationState.VETTED


def test_end_organisation_tells_the_experts_behind_whom_it_stood(at):
    behind = make_organisation(at=at)
    expert = make_expert(at=at, background_organisation=behind)

    actions.end_organisation(behind, by=make_coordinator(), at=at)

    letter = Letter.objects.get(kind="experts.background_ended")
    assert letter.reader == expert.user
    assert behind.name not in letter.subject + letter.body


def test_end_organisation_is_for_the_counter(at):
    task = make_agreed(at)

    with pytest.raises(PermissionDenied):
        actions.end_organisation(
            task.order.organisation, reason="Loppui.", by=task.order.contact, at=at
        )

    task.order.organisation.refresh_from_db()
    assert task.order.organisation.state == OrganisationState.VETTED
