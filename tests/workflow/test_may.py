"""One question behind every button: a rule and a state."""

import pytest

from luukku.core.asked import asking_once
from luukku.orders.models import Order
from luukku.orders.states import OPEN_STATES, OrderState
from luukku.workflow.queries import may
from luukku.workflow.states import Act
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.orders import make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db


def an_order(state):
    organisation = make_vetted_organisation()
    return Order(pk=7, state=state, organisation=organisation), make_orderer(organisation)


@pytest.mark.parametrize("state", OrderState)
def test_may_wants_the_state(state):
    order, orderer = an_order(state)

    assert may("orders.set_link", order, orderer) == (state in OPEN_STATES)
    assert may("orders.send", order, orderer) == (state == OrderState.DRAFT)


@pytest.mark.parametrize(
    ("make", "allowed"),
    [(make_coordinator, True), (make_steering, False), (make_person, False), (make_orderer, False)],
)
def test_may_wants_the_rule(make, allowed):
    order, _orderer = an_order(OrderState.SENT)

    assert may("orders.cancel", order, make()) == allowed


def test_may_of_an_act_without_states_is_the_rule_alone():
    order, orderer = an_order(OrderState.CLOSED)

    assert may("orders.copy", order, orderer)


def test_may_refuses_a_name_that_no_rule_has():
    order, orderer = an_order(OrderState.SENT)

    with pytest.raises(LookupError, match=r"orders\.sned"):
        may("orders.sned", order, orderer)


def test_buttons_of_one_page_ask_the_same_once(django_assert_num_queries):
    order, orderer = an_order(OrderState.SENT)
    acts = ("orders.cancel", "orders.set_link", "orders.change_contact", "orders.send")

    with django_assert_num_queries(1), asking_once({}):
        answers = [may(act, order, orderer) for act in acts]

    assert answers == [True, True, True, False]


def test_act_asks_anew_what_a_page_has_asked():
    order, orderer = an_order(OrderState.SENT)
    with asking_once(known := {}):
        assert may("orders.cancel", order, orderer)

    orderer.memberships.all().delete()

    assert not may("orders.cancel", order, orderer)
    with asking_once(known):
        assert may("orders.cancel", order, orderer)


def test_two_acts_of_one_name_are_refused():
    with pytest.raises(ValueError, match=r"orders\.set_link"):
        Act("orders.set_link", frozenset({"a"}))
