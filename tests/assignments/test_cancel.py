"""One agreed task is cancelled; the rest of its order goes on. Beside the act its permission twin."""

import pytest
from django.core.exceptions import PermissionDenied

from luukku.assignments import actions
from luukku.assignments.queries import free_seats
from luukku.assignments.states import AssignmentState
from luukku.audit.models import AuditEvent
from luukku.notices.models import Letter
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy
from luukku.orders.states import OrderState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_search
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db


def cancelled(task, at, *, by=None, **changes):
    said = {"whose": CancelledBy.ORDERER, "reason": "Ryhmä pieneni.", "is_replaced": False}
    return actions.cancel(task, by=by or task.order.contact, at=at, **(said | changes))


@pytest.fixture
def pair(at):
    """Two agreed tasks of one order."""
    order = make_search(at, experts_wanted=2)
    return [make_agreed(at, order=order) for _n in range(2)]


def test_cancel_of_one_of_two_leaves_the_other_as_it_was(pair, at):
    gone, stays = pair

    gone = cancelled(gone, at)

    stays.refresh_from_db()
    order = stays.order
    assert (gone.state, gone.cancelled_by) == (AssignmentState.CANCELLED, CancelledBy.ORDERER)
    assert (stays.state, order.state) == (AssignmentState.AGREED, OrderState.STAFFED)
    assert (order.experts_wanted, order.seats.count()) == (1, 1)
    told = Letter.objects.filter(kind="assignments.cancelled").values_list("reader", flat=True)
    assert set(told) == {gone.expert.user_id, order.contact_id}
    [act] = AuditEvent.objects.filter(act="orders.want_fewer")
    assert act.data["fields"] == ["experts_wanted"]


def test_cancel_of_one_of_two_with_another_instead_opens_the_search_again(pair, at):
    cancelled(pair[0], at, is_replaced=True)

    order = pair[1].order
    order.refresh_from_db()
    assert (order.state, order.experts_wanted) == (OrderState.SEARCHING, 2)
    assert free_seats(order).count() == 1


def test_cancel_by_the_expert_always_opens_the_search_again(pair, at):
    cancelled(pair[0], at, whose=CancelledBy.EXPERT, by=pair[0].expert.user)

    order = pair[1].order
    order.refresh_from_db()
    assert (order.state, order.experts_wanted) == (OrderState.SEARCHING, 2)


def test_cancel_with_fewer_needed_keeps_the_search_for_the_others(at):
    order = make_search(at, experts_wanted=2)
    task = make_agreed(at, order=order)

    cancelled(task, at)

    order.refresh_from_db()
    assert (order.state, order.experts_wanted) == (OrderState.SEARCHING, 1)
    assert free_seats(order).count() == 1


def test_cancel_with_fewer_needed_of_the_only_task_cancels_the_order(at):
    task = cancelled(make_agreed(at), at)

    order = task.order
    order.refresh_from_db()
    assert (order.state, order.cancelled_by) == (OrderState.CANCELLED, CancelledBy.ORDERER)
    assert (order.cancel_reason, order.cancelled_hours_before) == ("Ryhmä pieneni.", 14 * 24)


def test_cancel_with_fewer_needed_after_the_other_was_done_finishes_the_order(pair, at):
    done, gone = pair
    actions.finish(done, by=done.expert.user, at=done.ends_at)

    cancelled(gone, gone.ends_at)

    done.order.refresh_from_db()
    assert done.order.state == OrderState.DONE


def test_cancel_by_the_counter_says_on_whose_behalf_one_fewer_is_needed(pair, at):
    contact = pair[0].order.contact

    cancelled(pair[0], at, by=make_coordinator(), on_behalf_of=contact)

    event = AuditEvent.objects.get(act="orders.want_fewer")
    assert event.on_behalf_of_id == contact.pk


def test_cancel_keeps_the_expert_s_own_words_out_of_the_order(at):
    task = make_agreed(at)

    task = cancelled(
        task, task.ends_at, whose=CancelledBy.EXPERT, by=task.expert.user, reason="Sairaana."
    )

    task.order.refresh_from_db()
    assert (task.order.state, task.order.cancel_reason) == (OrderState.CANCELLED, "")
    assert task.cancel_reason == "Sairaana."


@pytest.mark.parametrize("who", ["stranger", "expert", "other expert"])
def test_cancel_in_the_orderer_s_name_is_refused_to_others(pair, at, who):
    people = {"stranger": make_orderer(), "expert": pair[0].expert.user}
    by = people.get(who, pair[1].expert.user)

    with pytest.raises(PermissionDenied):
        cancelled(pair[0], at, by=by)

    pair[0].refresh_from_db()
    assert (pair[0].state, pair[0].order.experts_wanted) == (AssignmentState.AGREED, 2)


def test_want_fewer_is_the_orderer_s_and_the_counter_s(at):
    order = make_search(at, experts_wanted=3)

    with pytest.raises(PermissionDenied):
        orders.want_fewer(order, by=make_orderer(), at=at)

    assert orders.want_fewer(order, by=order.contact, at=at).experts_wanted == 2


def test_want_fewer_than_one_is_no_order(at):
    order = make_search(at)

    with pytest.raises(ValueError, match="1"):
        orders.want_fewer(order, by=order.contact, at=at)
