"""Orders that repeat: accepted and declined together, each date an order of its own."""

import re

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.core.duty import call, queue
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.models import CancelledBy, Every, Order, Payment
from luukku.orders.queries import times_told, with_orderer, with_times
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from luukku.workflow.actions import WrongState
from tests.factories.orders import (
    coordinator_of_orders,
    make_order,
    make_orderer,
    make_series,
    make_vetted_organisation,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def counter():
    return coordinator_of_orders()


def states(orders):
    rows = Order.objects.filter(pk__in=[one.pk for one in orders])
    return list(rows.order_by("pk").values_list("state", flat=True))


def test_series_knows_its_rule_and_whether_one_expert_is_wanted(at):
    orders = make_series(at, every=Every.MONTH, is_one_expert=True)

    series = orders[0].series
    assert (series.every, series.is_one_expert, series.made_at) == (Every.MONTH, True, at)
    assert {one.series_id for one in orders} == {series.pk}


@pytest.mark.parametrize("is_one_expert", [True, False])
def test_nobody_signs_up_to_one_date_where_one_expert_is_wanted(at, is_one_expert):
    orders = make_series(at, is_one_expert=is_one_expert)

    assert {one.is_open_call for one in orders} == {not is_one_expert}


def test_accept_series_accepts_every_date_in_one_letter(at, counter):
    orders = make_series(at, orderer=make_orderer(language="en"))

    done = actions.accept_series(orders[0].series, by=counter, at=at)

    assert states(done) == [OrderState.ACCEPTED] * 3
    letter = Letter.objects.exclude(kind="orders.received_together").get()
    assert letter.subject == f"Orders {', '.join(str(one.pk) for one in orders)}: accepted"
    told = [f"Order {one.pk}: {times_told(one)}" for one in orders]
    assert letter.body.split("\n\n")[1] == "\n".join(told)
    assert AuditEvent.objects.filter(act="orders.accept", actor_id=counter.pk).count() == 3


def test_accept_series_again_changes_nothing(at, counter):
    orders = make_series(at)
    actions.accept_series(orders[0].series, by=counter, at=at)

    with pytest.raises(WrongState):
        actions.accept_series(orders[0].series, by=counter, at=at)

    assert Letter.objects.filter(kind__startswith="orders.accepted").count() == 1


def test_accept_series_leaves_a_date_that_was_cancelled_meanwhile(at, counter):
    first, second, third = make_series(at)
    actions.cancel(second, whose=CancelledBy.ORDERER, reason="", by=second.contact, at=at)

    done = actions.accept_series(first.series, by=counter, at=at)

    assert [one.pk for one in done] == [first.pk, third.pk]
    assert states([second]) == [OrderState.CANCELLED]


def test_accept_series_of_the_only_one_left_is_told_as_one_order(at, counter):
    first, *others = make_series(at)
    for one in others:
        actions.cancel(one, whose=CancelledBy.ORDERER, reason="", by=one.contact, at=at)

    actions.accept_series(first.series, by=counter, at=at)

    assert Letter.objects.filter(kind="orders.accepted").count() == 1
    assert not Letter.objects.filter(kind="orders.accepted_together").exists()


def test_accept_series_is_told_to_each_contact_person_of_their_own_dates(at, counter):
    orders = make_series(at, times_more=4)
    contact, reader = orders[0].contact, make_orderer(orders[0].organisation, is_contact=False)
    single = make_orderer(orders[0].organisation, is_contact=False)
    for n, to in [(1, reader), (3, reader), (4, single)]:
        actions.change_contact(orders[n], to, by=contact, at=at)

    actions.accept_series(orders[0].series, by=counter, at=at)

    rows = Letter.objects.filter(kind__startswith="orders.accepted").order_by("pk")
    assert {one.reader: (one.kind, numbers_in(one, orders)) for one in rows} == {
        contact: ("orders.accepted_together", [0, 2]),
        reader: ("orders.accepted_together", [1, 3]),
        single: ("orders.accepted", [4]),
    }
    assert len(rows) == 3


def numbers_in(letter, orders):
    """Return which of the orders the subject of the letter names."""
    return [n for n, one in enumerate(orders) if f"{one.pk}" in re.findall(r"\d+", letter.subject)]


def test_accept_series_by_its_orderer_is_refused(at):
    orders = make_series(at)

    with pytest.raises(PermissionDenied):
        actions.accept_series(orders[0].series, by=orders[0].contact, at=at)

    assert states(orders) == [OrderState.SENT] * 3


def test_accept_series_of_an_unchecked_organisation_is_refused_whole(at, counter):
    organisation = make_vetted_organisation(state=OrganisationState.WAITING)
    orders = make_series(at, orderer=make_orderer(organisation))

    with pytest.raises(actions.NotVetted):
        actions.accept_series(orders[0].series, by=counter, at=at)

    assert states(orders) == [OrderState.SENT] * 3


def test_decline_series_declines_every_date_with_the_same_words_in_one_letter(at, counter):
    orders = make_series(at, orderer=make_orderer(language="en"))

    actions.decline_series(orders[0].series, reason="Tämä on myyntityötä.", by=counter, at=at)

    assert states(orders) == [OrderState.DECLINED] * 3
    letter = Letter.objects.exclude(kind="orders.received_together").get()
    assert "Tämä on myyntityötä." in letter.body
    assert "Tämä on myyntityötä." not in letter.subject


def test_decline_series_by_its_orderer_is_refused(at):
    orders = make_series(at)

    with pytest.raises(PermissionDenied):
        actions.decline_series(orders[0].series, reason="–", by=orders[0].contact, at=at)


def test_single_order_of_a_series_still_goes_by_itself(at, counter):
    first, second, third = make_series(at)

    actions.accept(second, by=counter, at=at)

    assert states([first, second, third]) == ["sent", "accepted", "sent"]
    assert Letter.objects.filter(kind="orders.accepted").count() == 1


# -- The queue ------------------------------------------------------------------------------------


def rows_of(kind, at):
    return [(duty.pk, called.title) for duty, called in call(queue(at=at, kind=kind))]


@pytest.mark.parametrize("kind, state", [("order", "sent"), ("search", "accepted")])
def test_series_is_one_row_of_the_queue(at, counter, kind, state):
    orders = make_series(at, title="Luento")
    other = make_order(at, state=OrderState(state), title="Toinen")
    if state == "accepted":
        actions.accept_series(orders[0].series, by=counter, at=at)

    rows = rows_of(kind, at)

    assert rows == [
        (orders[0].pk, with_times(with_orderer(orders[0]), 3)),
        (other.pk, with_orderer(other)),
    ]


def test_payment_of_a_series_is_one_row_of_the_queue(at):
    orders = make_series(at, payment=Payment.OPEN)

    assert [pk for pk, _title in rows_of("payment", at)] == [orders[0].pk]


def test_payment_of_a_series_is_not_for_its_orderer_to_set(at):
    orders = make_series(at, payment=Payment.OPEN)

    with pytest.raises(PermissionDenied):
        actions.set_payment_series(orders[0].series, Payment.AGREED, by=orders[0].contact, at=at)

    assert Order.objects.filter(payment=Payment.OPEN).count() == 3


# -- Lists ----------------------------------------------------------------------------------------


def test_order_knows_which_one_of_its_series_it_is(at):
    orders, other = make_series(at), make_order(at)

    rows = Order.objects.with_place_in_series().order_by("pk").values_list("pk", "nth", "dates")

    assert list(rows) == [
        *((one.pk, n, 3) for n, one in enumerate(orders, 1)),
        (other.pk, None, None),
    ]
