"""The receipt of what the counter has just done offers to take it back, for ten seconds."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from luukku.assignments.models import Assignment, Offer, Undo
from luukku.assignments.states import AssignmentState, OfferState
from luukku.core.times import helsinki
from luukku.notices.actions import send_outbox
from luukku.notices.models import HELD, Letter
from luukku.orders.states import OrderState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def yes_by_phone():
    offer = make_offer()
    return offer.order, url("offer-answer", offer.pk), {"accept": "1"}


def no_by_phone():
    offer = make_offer()
    return offer.order, url("offer-answer", offer.pk), {"decline": "1"}


def chosen_sign_up():
    offer = make_sign_up(is_open_call=True)
    return offer.order, url("offer-answer", offer.pk), {"accept": "1"}


def asked():
    order, expert = make_search(), make_expert()
    day = (helsinki(timezone.now()).date() + timedelta(days=3)).isoformat()
    return order, url("order-propose", order.pk), {"experts": [expert.pk], "answer_by": day}


def asked_again():
    order, _where, data = asked()
    offer = make_offer(order=order)
    offer.state = OfferState.EXPIRED
    offer.save()
    return order, url("offer-again", offer.pk), {"answer_by": data["answer_by"]}


def cancelled_order():
    order = make_agreed().order
    return order, url("order-cancel", order.pk), {"whose": "counter", "reason": "Siirtyi"}


def cancelled_task():
    task = make_agreed()
    return task.order, url("task-cancel", task.pk), {"whose": "expert", "reason": "Sairas"}


def declined_order():
    from tests.factories.orders import make_order

    order = make_order(timezone.now(), state=OrderState.SENT)
    return order, url("order-decline", order.pk), {"reason": "Ei kuulu meille"}


def given_up():
    order = make_search()
    return order, url("order-give-up", order.pk), {"failure": "no_yes"}


def moved():
    task = make_agreed()
    day = (helsinki(timezone.now()).date() + timedelta(days=20)).isoformat()
    data = {"day1": day, "from1": "13:00", "to1": "14:00", "sure": "1"}
    return task.order, url("order-times", task.order_id), data


ACTS = [moved, yes_by_phone, no_by_phone, chosen_sign_up, asked, asked_again, cancelled_order,
        cancelled_task, declined_order, given_up]  # fmt: skip


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.__name__)
def test_what_the_counter_did_is_taken_back_by_one_press(counter, act):
    order, where, data = act()
    send_outbox(at=timezone.now())
    told = Letter.objects.count()
    was = (order.state, set(order.offers.values_list("pk", "state")))

    receipt = counter.post(where, data, follow=True)
    undo = Undo.objects.get()
    assert url("order-undo", order.pk, undo.pk) in receipt.content.decode()
    page = counter.post(url("order-undo", order.pk, undo.pk), follow=True)

    order.refresh_from_db()
    assert (order.state, set(order.offers.values_list("pk", "state"))) == was
    assert Letter.objects.count() == told
    assert "Taken back" in page.content.decode()
    assert "/undo/" not in page.content.decode()


def test_receipt_offers_nothing_when_the_moment_is_over(counter, now):
    order, where, data = yes_by_phone()
    counter.post(where, data)
    Undo.objects.update(at=now - HELD * 2, until_at=now - HELD)

    page = counter.get(url("order", order.pk)).content.decode()

    assert "/undo/" not in page


def test_too_late_a_press_says_so_and_changes_nothing(counter, now):
    order, where, data = yes_by_phone()
    counter.post(where, data)
    Undo.objects.update(at=now - HELD * 2, until_at=now - HELD)

    page = counter.post(url("order-undo", order.pk, Undo.objects.get().pk), follow=True)

    assert "can no longer be taken back" in page.content.decode()
    assert "wrong details by “Change the details of the order”" in page.content.decode()
    assert Assignment.objects.get().state == AssignmentState.AGREED


def test_another_worker_sees_no_button_and_takes_nothing_back(counter, client):
    order, where, data = yes_by_phone()
    counter.post(where, data)
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(url("order", order.pk)).content.decode()
    client.post(url("order-undo", order.pk, Undo.objects.get().pk))

    assert "/undo/" not in page
    assert Offer.objects.get().state == OfferState.ACCEPTED
    assert Undo.objects.count() == 1
