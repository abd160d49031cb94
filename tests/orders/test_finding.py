"""Orders are found by what a caller says of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from luukku.orders.finding import from_day, holding, until_day
from luukku.orders.models import Order
from luukku.orders.queries import first_start
from tests.factories.orders import make_order, make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 2, 8, tzinfo=UTC)


@pytest.fixture
def order():
    hospital = make_vetted_organisation("Rantakylän sairaala", at=AT)
    orderer = make_orderer(
        hospital, name="Amina Hiltunen", email="amina@ranta.test", phone="+358 40 765 4321"
    )
    return make_order(AT, orderer=orderer, title="Luento hoitajille", days=(14, 70))


@pytest.mark.parametrize(
    "words",
    [
        "luento", "LUENTO HOITAJILLE", "rantakylan", "Rantakylän", "hiltunen", "amina@ranta", "040 7654321",
        "765-4321", "16.11.2026", "16.11.", "11.1.2027",
    ],
)  # fmt: skip
def test_order_is_found_by_what_a_caller_says(order, words):
    make_order(AT + timedelta(days=3))

    assert list(holding(Order.objects.all(), words)) == [order]


@pytest.mark.parametrize("words", ["{pk}", "#{pk}", "Tilaus {pk}", "tilaus #{pk}"])
def test_order_is_found_by_its_number(order, words):
    assert list(holding(Order.objects.all(), words.format(pk=order.pk))) == [order]


def test_number_of_a_question_is_no_order_s(order):
    assert list(holding(Order.objects.all(), f"kysymys {order.pk}")) == []


@pytest.mark.parametrize(
    "words", ["%", "_", "1234", "99999999999999999999", "32.13.2026", "0.0.", "…", "'", "\\", "(", "1.1.9999"]
)  # fmt: skip
def test_words_that_mean_no_order_find_none(order, words):
    assert list(holding(Order.objects.all(), words)) == []


def test_orders_are_kept_by_the_days_of_their_times(order):
    rows = Order.objects.all()

    found = [
        list(from_day(rows, date(2027, 1, 11))), list(from_day(rows, date(2027, 1, 12))),
        list(until_day(rows, date(2026, 11, 16))), list(until_day(rows, date(2026, 11, 15))),
        list(from_day(rows, date.min)), list(until_day(rows, date.max)),
    ]  # fmt: skip

    assert found == [[order], [], [order], [], [order], [order]]


def test_order_begins_at_its_settled_time_else_at_the_earliest_wish(order):
    def begins():
        return Order.objects.get(pk=order.pk).begins_at

    first, second = (time.starts_at for time in order.times.all())
    assert begins() == first

    order.times.filter(starts_at=second).update(is_settled=True)
    assert begins() == second

    moved = second + timedelta(days=1)
    order.times.filter(is_settled=True).update(starts_at=moved, ends_at=moved + timedelta(hours=1))
    assert begins() == moved

    order.times.filter(is_settled=True).delete()
    assert begins() == first

    order.times.all().delete()
    assert begins() is None


def test_when_an_order_begins_is_told_by_its_times_alone(order):
    first, second = (time.starts_at for time in order.times.all())
    stale = Order.objects.get(pk=order.pk)
    order.times.filter(starts_at=first).delete()

    stale.save()
    Order.objects.filter(pk=order.pk).update(begins_at=first)
    other = Order.objects.create(made_at=first, state_changed_at=first, begins_at=first)

    assert [Order.objects.get(pk=one.pk).begins_at for one in (order, other)] == [second, None]


def test_first_start_to_come_passes_over_wishes_that_have_been_but_not_over_a_settled_time(order):
    first, second = (time.starts_at for time in order.times.all())

    def begins(at):
        return Order.objects.annotate(begins=first_start(at=at)).get(pk=order.pk).begins

    moments = [first - timedelta(hours=1), first, second]
    assert [begins(at) for at in moments] == [first, second, None]

    order.times.filter(starts_at=first).update(is_settled=True)
    assert [begins(at) for at in moments] == [first, first, first]
