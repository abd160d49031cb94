"""What is said about orders: neutral subjects, the reader's language, the way to the order."""

import pytest

from luukku.notices.models import Channel, Letter
from luukku.orders import notices
from luukku.orders.states import OrderState
from tests.factories.orders import make_order, make_orderer

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("notice", notices.OrderNotice.__subclasses__())
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
