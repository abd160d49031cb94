"""The counter carries an order: each act through the web, once, with its twin who may not."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments.models import Assignment, Offer, Via
from luukku.assignments.states import OfferState
from luukku.core.times import helsinki
from luukku.orders.models import Failure, UnmetDemand
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_order

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def post(client, name, *args, **data):
    return client.post(reverse(f"counter:{name}", args=args), data)


def test_accept_vets_and_accepts_in_one_press(counter, now):
    order = make_order(now)
    order.organisation.state = OrganisationState.WAITING
    order.organisation.save()

    post(counter, "order-move", order.pk, "accept")
    order.refresh_from_db()
    assert order.state == OrderState.SENT
    post(counter, "order-move", order.pk, "accept", vet="1")

    order.refresh_from_db()
    assert (order.state, order.organisation.state) == (
        OrderState.ACCEPTED,
        OrganisationState.VETTED,
    )


def test_accept_a_second_time_says_kindly_that_somebody_was_faster(counter, now):
    order = make_order(now, state=OrderState.ACCEPTED)

    response = counter.post(reverse("counter:order-move", args=[order.pk, "accept"]), follow=True)

    assert response.status_code == 200
    assert b'data-color="warning"' in response.content


def test_search_propose_and_write_down_a_yes_by_phone(counter, now):
    expert, order = make_expert(at=now), make_order(now, state=OrderState.ACCEPTED)
    post(counter, "order-move", order.pk, "search")
    page = counter.get(reverse("counter:order", args=[order.pk])).content.decode()
    assert expert.code_name in page
    assert expert.user.name not in page

    day = helsinki(now).date() + timedelta(days=3)
    post(counter, "order-propose", order.pk, experts=[expert.pk], answer_by=day.isoformat())
    offer = Offer.objects.get()
    post(counter, "offer-answer", offer.pk, accept="1")

    order.refresh_from_db()
    assert order.state == OrderState.STAFFED
    assert Assignment.objects.get().expert_agreed_via == Via.COUNTER


@pytest.mark.parametrize(
    ("data", "status"),
    [({}, 422), ({"experts": "999999"}, 422), ({"answer_by": "2020-01-01"}, 422)],
)
def test_propose_bad_input_is_shown_again(counter, now, data, status):
    expert, order = make_expert(at=now), make_search(now)
    whole = {
        "experts": expert.pk,
        "answer_by": (helsinki(now).date() + timedelta(days=3)).isoformat(),
    }

    response = post(counter, "order-propose", order.pk, **(whole | data if data else {}))

    assert response.status_code == status
    assert not Offer.objects.exists()


def test_propose_names_who_was_asked_by_somebody_else_meanwhile(counter, now):
    offer, other = make_offer(now), make_expert(at=now)
    day = (helsinki(now).date() + timedelta(days=3)).isoformat()

    keys = [offer.expert_id, other.pk]
    page = post(counter, "order-propose", offer.order_id, experts=keys, answer_by=day)

    (fault,) = page.context["form"].errors["experts"]
    assert fault.startswith(f"{offer.expert.code_name} cannot be asked any more")
    assert (page.context["form"].chosen(), Offer.objects.count()) == (set(keys), 1)


@pytest.mark.parametrize(
    ("button", "state"), [("accept", OfferState.ACCEPTED), ("decline", OfferState.DECLINED)]
)
def test_sign_up_is_answered(counter, now, button, state):
    offer = make_sign_up(now)

    post(counter, "offer-answer", offer.pk, **{button: "1"})

    offer.refresh_from_db()
    assert offer.state == state


def test_offer_is_taken_back(counter, now):
    offer = make_offer(now)

    post(counter, "offer-answer", offer.pk, withdraw="1")

    offer.refresh_from_db()
    assert offer.state == OfferState.WITHDRAWN


def test_decline_needs_words(counter, now):
    order = make_order(now)
    assert post(counter, "order-decline", order.pk).status_code == 422

    post(counter, "order-decline", order.pk, reason="Ei ole kokemustehtävä.")

    order.refresh_from_db()
    assert (order.state, order.decline_reason) == (OrderState.DECLINED, "Ei ole kokemustehtävä.")


def test_give_up_counts_the_need(counter, now):
    order = make_search(now)
    assert counter.get(reverse("counter:order-give-up", args=[order.pk])).status_code == 200

    post(counter, "order-give-up", order.pk, failure=Failure.DISTANCE)

    order.refresh_from_db()
    assert order.state == OrderState.NOT_FOUND
    assert UnmetDemand.objects.get().failure == Failure.DISTANCE


def test_cancel_and_expert_s_cancel(counter, now):
    task = make_agreed(now)
    post(counter, "task-cancel", task.pk, whose="expert", reason="")
    task.order.refresh_from_db()
    assert task.order.state == OrderState.SEARCHING

    assert post(counter, "order-cancel", task.order_id, reason="").status_code == 422
    post(counter, "order-cancel", task.order_id, whose="counter", reason="")

    task.order.refresh_from_db()
    assert (task.order.state, task.order.cancelled_by) == (OrderState.CANCELLED, "counter")


def test_same_form_five_times_is_one_act(counter, now):
    expert, order = make_expert(at=now), make_search(now)
    day = (helsinki(now).date() + timedelta(days=3)).isoformat()
    data = {"experts": [expert.pk], "answer_by": day, "form_token": str(uuid.uuid4())}

    answers = {post(counter, "order-propose", order.pk, **data)["Location"] for _n in range(5)}

    assert len(answers) == 1
    assert Offer.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "args"),
    [("order-move", ("accept",)), ("order-decline", ()), ("order-propose", ()), ("order-give-up", ()),
     ("order-cancel", ())],
)  # fmt: skip
def test_orderer_may_not(client, now, name, args):
    order = make_order(now)
    client.force_login(order.contact, backend=BACKEND)

    assert post(client, name, order.pk, *args).status_code == 403
    order.refresh_from_db()
    assert order.state == OrderState.SENT


def test_answer_after_the_task_is_refused_at_its_field(counter, now):
    order, expert = make_search(now), make_expert()
    last = max(helsinki(time.starts_at).date() for time in order.times.all())
    late = (last + timedelta(days=1)).isoformat()

    page = post(counter, "order-propose", order.pk, experts=[expert.pk], answer_by=late)

    assert (page.status_code, set(page.context["form"].errors)) == (422, {"answer_by"})
    assert not Offer.objects.exists()
    taken = post(
        counter, "order-propose", order.pk, experts=[expert.pk], answer_by=last.isoformat()
    )
    assert taken.status_code == 302 or taken.status_code == 303


def test_search_that_was_never_opened_is_not_offered_to_be_ended(counter, now):
    order = make_order(now, state=OrderState.ACCEPTED)
    ending = reverse("counter:order-give-up", args=[order.pk])

    assert ending not in counter.get(reverse("counter:order", args=[order.pk])).content.decode()
    assert counter.get(ending).context["form"]["failure"].value() is None
    searched = make_search(now)
    ending = reverse("counter:order-give-up", args=[searched.pk])
    assert ending in counter.get(reverse("counter:order", args=[searched.pk])).content.decode()


def test_organisation_shows_the_orders_that_go_on_first_and_the_way_to_all(counter, now):
    old = make_search(now)
    organisation = old.organisation
    for _n in range(11):
        make_order(now, orderer=old.contact, state=OrderState.CANCELLED)

    page = counter.get(reverse("counter:organisation", args=[organisation.pk]))

    assert page.context["orders"][0] == old
    way = f"{reverse('counter:orders')}?organisation={organisation.pk}&state=all"
    assert f'href="{way.replace("&", "&amp;")}"' in page.content.decode()
    assert counter.get(way).context["list"].number == 12
