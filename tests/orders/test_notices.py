"""What is said about orders: neutral subjects, the reader's language, the way to the order."""

import pytest
from django.utils.formats import date_format

from luukku.core.recurring import series_days
from luukku.notices.models import Channel, Letter
from luukku.orders import actions, notices
from luukku.orders.models import CancelledBy, Every
from luukku.orders.queries import first_day, times_told
from luukku.orders.states import OrderState
from tests.factories.orders import make_draft, make_order, make_orderer

pytestmark = pytest.mark.django_db


OWN = [cls for cls in notices.OrderNotice.__subclasses__() if cls.kind.startswith("orders.")]


@pytest.mark.parametrize("notice", OWN)
def test_subject_carries_the_number_and_no_word_of_the_order(at, notice):
    order = make_order(at, title="Arka otsikko", goal="Arka tavoite")

    said = notice(order)

    assert said.subject().startswith(f"Order {order.pk}: ")
    assert "Arka" not in said.subject() + "".join(said.lines())
    assert said.action()[1].endswith(f"/orderer/orders/{order.pk}/")


def test_every_notice_but_the_search_must_be_known():
    kinds = {cls.kind for cls in notices.OrderNotice.__subclasses__() if not cls.is_must_know}

    assert kinds == {"orders.searching"}


def test_the_search_is_told_on_the_desk_only(at):
    make_order(at, state=OrderState.SEARCHING)

    assert Letter.objects.get(kind="orders.searching").channel == Channel.DESK


def test_letters_are_in_the_readers_language(at):
    make_order(at, orderer=make_orderer(language="en"))

    assert Letter.objects.get().subject.endswith(": received")


def test_notice_without_a_title_cannot_be_told(at):
    with pytest.raises(NotImplementedError):
        notices.OrderNotice(make_order(at)).subject()


def sent_together(at, n=2):
    draft = make_draft(at, orderer=make_orderer(language="en"))
    days = series_days(first_day(draft), Every.WEEK, n)
    return actions.send_series(draft, days=days, by=draft.contact, at=at)


def test_orders_sent_together_are_told_of_in_one_letter_with_number_and_times_of_each(at):
    orders = sent_together(at)

    letter = Letter.objects.get()
    numbers = ", ".join(str(order.pk) for order in orders)
    assert letter.subject == f"3 orders received: {numbers}"
    told = [f"Order {order.pk}: {times_told(order)}" for order in orders]
    assert letter.body.split("\n\n")[1] == "\n".join(told)


def test_letters_of_orders_made_together_tell_which_day_they_are_of(at):
    orders = sent_together(at)

    subjects = [notices.OrderAccepted(order).subject() for order in orders]

    days = [date_format(first_day(order), "SHORT_DATE_FORMAT") for order in orders]
    assert len(set(days)) == 3
    assert subjects == [
        f"Order {order.pk} ({day}): accepted" for order, day in zip(orders, days, strict=True)
    ]


def test_letter_of_one_order_of_several_takes_back_nothing_said_of_the_others(at):
    orders = sent_together(at)

    actions.cancel(orders[0], whose=CancelledBy.ORDERER, reason="", by=orders[0].contact, at=at)

    assert Letter.objects.filter(kind="orders.received_together").count() == 1
