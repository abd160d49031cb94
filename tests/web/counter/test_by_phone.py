"""What the counter writes down for those who call, what it reads, and what it sees of an order's past."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection
from django.urls import reverse

from luukku.assignments import actions as assignments
from luukku.assignments.models import Assignment, Offer, Origin
from luukku.assignments.states import AssignmentState, OfferState
from luukku.audit.models import AccessLog, AuditEvent
from luukku.feedback.models import Side
from luukku.orders.models import CancelledBy, Failure, Order
from luukku.orders.states import OrderState
from luukku.privacy.actions import set_consents
from tests.factories.accounts import make_person
from tests.factories.assignments import (
    make_agreed,
    make_done,
    make_offer,
    make_search,
    make_sign_up,
)
from tests.factories.experts import make_expert
from tests.factories.feedback import give
from tests.factories.orders import make_order
from tests.readings import noted
from tests.web.counter.picking import offered_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
DAY = timedelta(days=1)


def url(name, *args):
    return reverse(f"counter:{name}", args=args)


def text(response):
    return response.content.decode()


def test_feedback_is_read_noted_and_marked(counter, coordinator, now):
    task = make_done(now - 20 * DAY)
    feedback = give(task, Side.EXPERT, now, words="Minua kuultiin.")
    order_page = text(counter.get(url("order", task.order_id)))
    assert url("feedback", feedback.pk) in order_page
    assert url("task-feedback", task.pk, "expert") not in order_page
    assert url("task-feedback", task.pk, "orderer") in order_page

    page = text(counter.get(url("feedback", feedback.pk)))
    counter.post(url("feedback", feedback.pk))

    feedback.refresh_from_db()
    assert "Minua kuultiin." in page
    assert task.expert.code_name in page
    assert task.expert.user.name not in page
    assert feedback.read_by == coordinator
    rows = AccessLog.objects.filter(reader_id=coordinator.pk, what="feedback.feedback.words")
    assert [row.person_ids for row in rows] == [[task.expert.user_id]]
    assert "I have read this" not in text(counter.get(url("feedback", feedback.pk)))


def test_sign_up_by_phone(counter, coordinator, now):
    order, expert = make_search(now), make_expert(at=now)
    assert url("order-sign-up", order.pk) in text(counter.get(url("order", order.pk)))
    assert counter.get(url("order-sign-up", order.pk)).status_code == 200

    unknown = counter.post(url("order-sign-up", order.pk), {"expert_words": "Ei Ketään"})
    found = counter.post(url("order-sign-up", order.pk), {"expert_words": expert.code_name.lower()})
    counter.post(url("order-sign-up", order.pk), {"expert": expert.pk})
    again = counter.post(url("order-sign-up", order.pk), {"expert": expert.pk}, follow=True)

    offer = Offer.objects.get()
    event = AuditEvent.objects.get(act="assignments.sign_up")
    assert (offer.expert, offer.origin) == (expert, Origin.SIGNED_UP)
    assert (event.actor_id, event.on_behalf_of_id) == (coordinator.pk, expert.user_id)
    assert "Nothing was found." in text(unknown)
    assert [one.name for one in offered_in(found)] == [expert.user.name]
    assert "has been asked already" in text(again)


def test_sign_up_by_phone_to_no_open_call_is_told(counter, now):
    order = make_search(now, is_open_call=False)

    page = counter.post(
        url("order-sign-up", order.pk), {"expert": make_expert(at=now).pk}, follow=True
    )

    assert "This is not an open call, or its time to sign up has ended." in text(page)
    assert not Offer.objects.exists()


def test_sign_up_is_taken_back_by_phone(counter, now):
    offer = make_sign_up(now)
    assert "The expert took it back" in text(counter.get(url("offer-answer", offer.pk)))

    counter.post(url("offer-answer", offer.pk), {"withdraw": "1"})

    offer.refresh_from_db()
    event = AuditEvent.objects.get(act="assignments.withdraw")
    assert offer.state == OfferState.WITHDRAWN
    assert event.on_behalf_of_id == offer.expert.user_id


def test_sign_up_without_the_consent_any_more_is_not_chosen(counter, now):
    offer = make_sign_up(now)
    set_consents(offer.expert.user, set(), by=offer.expert.user, at=now)

    page = counter.post(url("offer-answer", offer.pk), {"accept": "1"}, follow=True)

    offer.refresh_from_db()
    assert offer.state == OfferState.PROPOSED
    assert "has taken back the consent to be suggested" in text(page)


def test_order_page_gives_the_words_of_a_no_and_the_unmet_need(counter, coordinator, now):
    declined = make_order(now, state=OrderState.DECLINED)
    order = make_search(now)
    assignments.give_up(order, failure=Failure.DISTANCE, by=coordinator, at=now)

    page = text(counter.get(url("order", order.pk)))

    assert declined.decline_reason in text(counter.get(url("order", declined.pk)))
    assert "Unmet need: 1 expert, Nobody near enough" in page


def test_order_page_gives_who_cancelled_when_and_why(counter, now):
    task = make_agreed(now)
    reason = {"whose": CancelledBy.ORDERER, "reason": "Kurssi peruttiin."}

    counter.post(url("order-cancel", task.order_id), reason)

    page = text(counter.get(url("order", task.order_id)))
    assert page.count("Kurssi peruttiin.") == 2  # of the order, and of its task
    assert "days before the agreed start" in page
    assert "The orderer cancelled." in page


def test_order_page_notes_whose_reasons_were_read(counter, coordinator, now):
    order = make_search(now, experts_wanted=2)
    tasks = [make_agreed(now, order=order) for _n in range(2)]
    counter.post(url("task-cancel", tasks[0].pk), {"whose": "expert", "reason": "Flunssa."})
    counter.post(url("order-cancel", order.pk), {"whose": "orderer", "reason": "Siirtyy."})

    page = text(counter.get(url("order", order.pk)))

    assert page.count("Flunssa.") == 1
    assert page.count("Siirtyy.") == 2
    found = noted(coordinator)
    assert "assignments.assignment.cancel_reason" in found[tasks[0].expert.user_id]
    assert "assignments.assignment.cancel_reason" not in found.get(tasks[1].expert.user_id, set())
    assert found[order.contact_id] >= {
        "assignments.assignment.cancel_reason", "orders.order.cancel_reason",
    }  # fmt: skip
    assert set(AccessLog.objects.values_list("why", flat=True)) >= {f"counter:order {order.pk}"}


def test_order_page_shows_no_reason_that_cannot_be_noted(counter, now, monkeypatch):
    task = make_agreed(now)
    counter.post(url("task-cancel", task.pk), {"whose": "expert", "reason": "Flunssa."})
    monkeypatch.setattr(
        AccessLog.objects, "bulk_create", lambda _rows: (_ for _ in ()).throw(DatabaseError)
    )

    with pytest.raises(DatabaseError):
        counter.get(url("order", task.order_id))


def test_reason_of_a_cancelled_order_lies_encrypted(counter, now):
    order = make_search(now)
    counter.post(url("order-cancel", order.pk), {"whose": "orderer", "reason": "Sairastuin."})

    with connection.cursor() as cursor:
        cursor.execute("SELECT cancel_reason FROM orders_order WHERE id = %s", [order.pk])
        (stored,) = cursor.fetchone()

    order.refresh_from_db()
    assert order.cancel_reason == "Sairastuin."
    assert "Sairastuin" not in stored


@pytest.mark.parametrize("whose", ["expert", "orderer"])
def test_task_is_cancelled_for_who_cancels_and_the_rest_goes_on(counter, now, whose):
    order = make_search(now, experts_wanted=2)
    gone, stays = (make_agreed(now, order=order) for _n in range(2))
    page = text(counter.get(url("order", order.pk)))
    assert "one expert fewer" in text(counter.get(url("task-cancel", gone.pk)))

    counter.post(url("task-cancel", gone.pk), {"whose": whose, "reason": "Este."})

    assert page.count("Cancel this task") == 2
    order.refresh_from_db()
    stays.refresh_from_db()
    expected = {"expert": (OrderState.SEARCHING, 2), "orderer": (OrderState.STAFFED, 1)}
    assert (order.state, order.experts_wanted) == expected[whose]
    assert stays.state == AssignmentState.AGREED
    event = AuditEvent.objects.get(act="assignments.cancel")
    caller = gone.expert.user_id if whose == "expert" else order.contact_id
    assert event.on_behalf_of_id == caller


def test_link_of_a_remote_task_is_written_down_for_the_orderer(counter, now):
    order = make_order(now, mode="remote")
    link = {"meeting_url": "https://video.example.test/abc"}
    assert url("order-link", order.pk) in text(counter.get(url("order", order.pk)))
    assert counter.get(url("order-link", order.pk)).status_code == 200

    counter.post(url("order-link", order.pk), link)

    assert 'href="https://video.example.test/abc"' in text(counter.get(url("order", order.pk)))
    assert AuditEvent.objects.get(act="orders.set_link").on_behalf_of_id == order.contact_id


def test_link_of_an_order_that_has_moved_on_is_told_kindly(counter, now):
    order = make_order(now, mode="remote", state=OrderState.CLOSED)

    page = counter.post(url("order-link", order.pk), {"meeting_url": ""}, follow=True)

    assert "Somebody was faster" in text(page)


def test_task_cancel_asks_who_cancels(counter, now):
    task = make_agreed(now)

    response = counter.post(url("task-cancel", task.pk), {"reason": ""})

    assert (response.status_code, "whose" in response.context["form"].errors) == (422, True)
    assert "the order is cancelled" in text(response)


def test_expert_cannot_be_the_one_who_cancels_an_order(counter, now):
    task = make_agreed(now)

    response = counter.post(url("order-cancel", task.order_id), {"whose": "expert", "reason": ""})

    task.order.refresh_from_db()
    assert (response.status_code, task.order.state) == (422, OrderState.STAFFED)


def test_timeline_tells_of_offers_by_code_name(counter, now):
    task = make_agreed(now)
    other = make_offer(now)
    expert = task.expert

    page = text(counter.get(url("order", task.order_id)))

    assert f"Asked: {expert.code_name}" in page
    assert f"Agreed: {expert.code_name}" in page
    assert expert.user.name not in page
    assert other.expert.code_name not in page


def test_propose_when_every_time_has_passed_is_told(counter, now):
    order, expert = make_search(now - 20 * DAY), make_expert(at=now)
    form = {"experts": [expert.pk], "answer_by": (now + 5 * DAY).date().isoformat()}

    page = counter.post(url("order-propose", order.pk), form, follow=True)

    assert page.status_code == 200
    assert not Offer.objects.exists()


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("feedback", (1,)), ("order-sign-up", (1,)),
    ],
)  # fmt: skip
def test_act_is_the_coordinator_s_own(client, name, args):
    client.force_login(make_person(), backend=BACKEND)

    assert client.post(url(name, *args)).status_code == 403


def test_sign_up_for_a_task_that_changed_since_is_chosen_only_once_the_expert_was_asked(
    counter, coordinator, now
):
    offer = make_sign_up(now)
    url = reverse("counter:offer-answer", args=[offer.pk])
    before = counter.get(url).content.decode()
    assignments.change_details(
        offer.order, fee_eur=Decimal(50), by=coordinator, at=offer.made_at + timedelta(minutes=1)
    )

    page = counter.get(url).content.decode()
    unasked = counter.post(url, {"accept": "1"})
    untold = Assignment.objects.count()
    counter.post(url, {"accept": "1", "asked": "on"})

    asks = "I have asked the expert, and the task suits as it is now"
    assert [(asks in html, "had signed up" in html) for html in (before, page)] == [
        (False, False),
        (True, True),
    ]
    assert (unasked.status_code, untold, Assignment.objects.count()) == (422, 0, 1)
    assert "The task has changed since the expert signed up." in unasked.content.decode()


def test_sign_up_for_a_task_that_changed_before_it_is_chosen_at_once(counter, coordinator, now):
    offer = make_sign_up(now)
    Order.objects.filter(pk=offer.order_id).update(terms_changed_at=offer.made_at)

    counter.post(reverse("counter:offer-answer", args=[offer.pk]), {"accept": "1"})

    assert Assignment.objects.count() == 1
