"""Who is told of orders, of many in as many queries as of one."""

import pytest

from luukku.orders.told import to_orderer, told_of
from luukku.organisations.models import Membership
from tests.factories.orders import make_order, make_orderer

pytestmark = pytest.mark.django_db


def test_contact_is_told_else_a_colleague_else_nobody(at):
    order, left, empty = make_order(at), make_order(at), make_order(at)
    colleague = make_orderer(organisation=left.organisation, at=at)
    Membership.objects.filter(user__in=[left.contact, empty.contact]).delete()

    told = told_of([order, left, empty])

    assert told == {order.pk: order.contact, left.pk: colleague}
    assert (to_orderer(left), to_orderer(empty)) == ([colleague], [])


@pytest.mark.parametrize("n", [1, 3])
def test_many_are_read_in_as_many_queries_as_one(at, django_assert_num_queries, n):
    orders = [make_order(at) for _n in range(n)]
    Membership.objects.filter(user=orders[0].contact).delete()

    with django_assert_num_queries(2):
        told_of(orders)
