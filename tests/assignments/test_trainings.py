"""A training that counts no more: offers that ask for it go back, agreed tasks wait for the counter."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments import actions
from luukku.assignments.models import Offer
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.models import AuditEvent
from luukku.core.duty import Called, call, queue
from luukku.experts import actions as experts
from luukku.experts.models import FurtherKind, TrainingKind
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.assignments import make_agreed, make_offer, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ASKS = {"needs_further_training": True, "further_kind": FurtherKind.PAIR}


def trained(at, further_kind=FurtherKind.PAIR, **fields):
    """Somebody whose further training the counter has seen, and it."""
    expert = make_expert(at=at)
    training = experts.add_training(
        expert, kind=TrainingKind.FURTHER, further_kind=further_kind, name="J", producer="P",
        completed_on=at.date(), by=coordinator_of_orders(), at=at, **fields,
    )  # fmt: skip
    return expert, training


def waiting(at):
    return [(duty.pk, named) for duty, named in call(queue(at=at, kind="untrained"))]


def test_withdrawn_training_takes_back_what_waits_and_leaves_what_is_agreed_to_the_counter(at):
    expert, training = trained(at)
    offer, sign_up = make_offer(at, expert=expert, **ASKS), make_sign_up(at, expert=expert, **ASKS)
    other = make_offer(at, expert=expert)
    task = make_agreed(at, expert=expert, **ASKS)
    Letter.objects.all().delete()
    later = at + timedelta(hours=1)

    actions.revoke_training(training, "Todistus oli toisen.", by=coordinator_of_orders(), at=later)

    states = Offer.objects.filter(pk__in=[offer.pk, sign_up.pk, other.pk]).order_by("pk")
    assert [one.state for one in states] == [
        OfferState.WITHDRAWN,
        OfferState.WITHDRAWN,
        OfferState.PROPOSED,
    ]
    task.refresh_from_db()
    named = Called(f"{expert.code_name} · {task.order.title}")
    assert (task.state, waiting(later)) == (AssignmentState.AGREED, [(task.order_id, named)])
    letters = {letter.kind: letter for letter in Letter.objects.filter(reader=expert.user)}
    assert letters.keys() == {
        "experts.training_revoked",
        "assignments.withdrawn",
        "assignments.sign_up_declined",
    }
    assert "Todistus oli toisen." in letters["experts.training_revoked"].body
    assert "oulut" not in letters["assignments.withdrawn"].body  # neutral: no word of a training


def test_task_waits_no_more_once_its_training_is_restored(at):
    expert, training = trained(at)
    task = make_agreed(at, expert=expert, **ASKS)
    counter = coordinator_of_orders()
    actions.revoke_training(training, "Väärä päivä.", by=counter, at=at)
    assert [pk for pk, _named in waiting(at)] == [task.order_id]

    experts.restore_training(training, by=counter, at=at)

    assert waiting(at) == []


@pytest.mark.parametrize("has_other", [False, True])
@pytest.mark.parametrize("further_kind", ["", FurtherKind.PAIR])
def test_task_waits_only_where_no_other_training_meets_what_the_order_asks(
    at, further_kind, has_other
):
    expert, training = trained(at)
    counter = coordinator_of_orders()
    task = make_agreed(at, expert=expert, needs_further_training=True, further_kind=further_kind)
    if has_other:
        experts.add_training(
            expert, kind=TrainingKind.FURTHER, further_kind=FurtherKind.DIGITAL, name="J", producer="P",
            completed_on=at.date(), by=counter, at=at,
        )  # fmt: skip

    actions.unverify_training(training, "Ei ollut.", by=counter, at=at)

    stays = has_other and not further_kind
    assert [pk for pk, _named in waiting(at)] == ([] if stays else [task.order_id])


def test_training_that_its_expert_removes_takes_back_the_same(at):
    expert, training = trained(at)
    offer = make_offer(at, expert=expert, **ASKS)

    actions.remove_training(training, by=expert.user, at=at)

    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN


def test_offer_made_without_the_training_loses_nothing_with_another_one(at):
    expert, training = trained(at, FurtherKind.DIGITAL)
    offer = make_offer(at, expert=expert, **ASKS)  # the counter asked all the same

    actions.revoke_training(training, "Ei ollut.", by=coordinator_of_orders(), at=at)

    offer.refresh_from_db()
    assert offer.state == OfferState.PROPOSED


def test_counter_lets_a_task_go_on_once(at):
    expert, training = trained(at)
    task = make_agreed(at, expert=expert, **ASKS)
    counter = coordinator_of_orders()
    actions.revoke_training(training, "Ei ollut.", by=counter, at=at)

    for _n in range(2):
        task = actions.keep_task(task, by=counter, at=at)

    assert (task.untrained_at, waiting(at)) == (None, [])
    assert AuditEvent.objects.filter(act="assignments.keep_task").count() == 1


def test_keeping_a_task_is_for_the_counter_and_for_one_that_goes_on(at):
    task = make_agreed(at)

    with pytest.raises(PermissionDenied):
        actions.keep_task(task, by=task.expert.user, at=at)
    actions.cancel(task, whose="expert", reason="", by=task.expert.user, at=at)
    with pytest.raises(WrongState):
        actions.keep_task(task, by=coordinator_of_orders(), at=at)
