"""What is done to several rows of the list of orders at once: shown first, then done."""

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from luukku.assignments.actions import leave_bank
from luukku.assignments.models import Offer
from luukku.notices.models import Letter
from luukku.orders.states import OrderState
from tests.factories.accounts import make_steering
from tests.factories.assignments import make_offer
from tests.factories.experts import make_expert
from tests.factories.orders import make_order
from tests.markup import flat
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
REMIND, ASK = "counter:orders-remind", "counter:orders-ask"


def chosen(address, *orders, **asked):
    query = "&".join(
        [f"order={order.pk}" for order in orders] + [f"{k}={v}" for k, v in asked.items()]
    )
    return f"{reverse(address)}?{query}"


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.fixture
def old(now):
    return make_offer(now - timedelta(days=3))


def test_rows_of_the_list_can_be_chosen_and_the_list_is_come_back_to(counter, now):
    order = make_order(now)

    page = counter.get(reverse("counter:orders"), {"waits": "counter", "sort": "number"})

    html = flat(page)
    box = f'name="order" value="{order.pk}" form="chosen" autocomplete="off"'
    assert f'{box} aria-labelledby="row-{order.pk}"' in html
    assert '<input type="hidden" name="waits" value="counter">' in html
    assert f'formaction="{reverse(REMIND)}"' in html
    assert f'formaction="{reverse(ASK)}"' in html
    assert faults(page.content.decode()) == []


def test_other_lists_have_nothing_to_choose(counter, now):
    make_order(now)

    page = counter.get(reverse("counter:organisations"))

    assert 'id="chosen"' not in page.content.decode()


def test_remind_names_who_gets_which_letter_and_who_none_then_sends(counter, now, old):
    waits = make_order(now, title="Luento")
    address = chosen(REMIND, old.order, waits, waits="experts")

    page = counter.get(address)

    html = flat(page)
    assert (
        f"<strong>{old.expert.code_name}</strong>: A task offered to you waits for your answer"
        in html
    )
    assert "Nobody’s answer is awaited." in html
    assert faults(page.content.decode()) == []
    assert Letter.objects.filter(key__contains=":again:").count() == 0

    done = counter.post(address)

    assert (done.status_code, done["Location"]) == (
        303,
        reverse("counter:orders") + "?waits=experts",
    )
    assert said(done) == ["1 letter reminds of an answer."]
    assert Letter.objects.filter(key__contains=":again:").count() == 1
    assert said(counter.post(address))[-1].startswith("Nobody was reminded")
    assert Letter.objects.filter(key__contains=":again:").count() == 1


def test_reminder_page_without_anybody_offers_no_letter(counter, now):
    page = counter.get(chosen(REMIND, make_order(now)))

    assert "Nobody is reminded now." in page.content.decode()
    assert "Send the letters" not in page.content.decode()


@pytest.mark.parametrize("address", [REMIND, ASK])
@pytest.mark.parametrize("query", ["", "?order=0", "?order=x", "?order=99999999999999999999"])
def test_nothing_chosen_leads_back(counter, address, query):
    response = counter.get(reverse(address) + query)

    assert response["Location"] == reverse("counter:orders")
    assert said(response) == ["Choose at least one row."]


def test_what_leads_back_leads_to_the_page_where_the_rows_were(counter, now):
    for _n in range(31):
        make_order(now)
    second = flat(counter.get(reverse("counter:orders"), {"page": "2"}))

    back = counter.get(f"{reverse(ASK)}?waits=counter&page=2")

    assert '<input type="hidden" name="page" value="2">' in second
    assert back["Location"] == reverse("counter:orders") + "?waits=counter&page=2"


def test_too_many_chosen_leads_back(counter):
    query = "&".join(f"order={n}" for n in range(1, 30))

    response = counter.get(f"{reverse(ASK)}?{query}")

    assert said(response) == ["Choose at most 20 rows at a time."]


@pytest.mark.parametrize("address", [REMIND, ASK])
def test_pages_are_the_counters(client, address, old):
    client.force_login(make_steering(), backend="django.contrib.auth.backends.ModelBackend")

    for method in (client.get, client.post):
        assert method(chosen(address, old.order)).status_code == 403
    assert Letter.objects.filter(key__contains=":again:").count() == 0


def test_ask_ticks_the_best_for_each_order_and_nobody_for_two_at_once(counter, now):
    make_expert(at=now), make_expert(at=now)
    orders = [make_order(now, state=OrderState.ACCEPTED, days=(10,)) for _n in range(2)]
    sent = make_order(now)
    address = chosen(ASK, *orders, sent)

    page = counter.get(address)

    ticked = page.context["form"].ticked()
    first, second = (
        {value.partition("-")[2] for value in ticked if value.startswith(f"{order.pk}-")}
        for order in orders
    )
    assert (len(first), len(second), len(ticked)) == (1, 1, 2)
    assert first != second
    assert "read and accept the order first" in page.content.decode()
    assert faults(page.content.decode()) == []

    form = page.context["form"]
    done = counter.post(address, {"ask": sorted(ticked), "answer_by": form["answer_by"].value()})

    assert done["Location"] == reverse("counter:orders")
    assert {str(o.expert_id) for o in Offer.objects.filter(order=orders[0])} == first
    assert {str(o.expert_id) for o in Offer.objects.filter(order=orders[1])} == second
    (told,) = said(done)
    assert told.startswith(f"Asked – order {orders[0].pk}: ")


def test_ask_tells_per_order_what_could_not_be_sent(counter, now):
    expert = make_expert(at=now)
    one, two = (make_order(now, state=OrderState.ACCEPTED, days=(10,)) for _n in range(2))
    address = chosen(ASK, one, two)
    day = counter.get(address).context["form"]["answer_by"].value()

    both = [f"{one.pk}-{expert.pk}", f"{two.pk}-{expert.pk}"]
    done = counter.post(address, {"ask": both, "answer_by": day})

    assert set(said(done)) == {
        f"Asked – order {one.pk}: {expert.code_name}.",
        f"Order {two.pk} – not asked: {expert.code_name} (the same time as order {one.pk})",
    }


def test_ask_names_who_was_asked_by_somebody_else_meanwhile(counter, now):
    expert, other = make_expert(at=now), make_expert(at=now)
    one, two = (make_order(now, state=OrderState.SEARCHING, days=(10 + n,)) for n in range(2))
    address = chosen(ASK, one, two)
    day = counter.get(address).context["form"]["answer_by"].value()
    make_offer(now, order=one, expert=expert)

    data = {"ask": [f"{one.pk}-{expert.pk}", f"{two.pk}-{other.pk}"], "answer_by": day}
    page = counter.post(address, data)

    (fault,) = page.context["form"].errors["ask"]
    assert fault.startswith(f"{expert.code_name} cannot be asked any more")
    assert page.context["form"].ticked() >= {f"{two.pk}-{other.pk}"}
    odd = counter.post(address, {"ask": [f"{one.pk}-999999"], "answer_by": day})
    (fault,) = odd.context["form"].errors["ask"]
    assert "999999" not in fault


def test_ask_tells_that_everybody_who_fits_has_been_asked(counter, now):
    order = make_offer(now).order

    page = counter.get(chosen(ASK, order))

    (one,) = page.context["plan"]
    assert one.why_not.startswith("Everybody who fits has been asked. Answers are awaited until ")


def test_ask_keeps_what_was_ticked_when_something_is_wrong(counter, now):
    expert = make_expert(at=now)
    order = make_order(now, state=OrderState.ACCEPTED)
    address, value = chosen(ASK, order), f"{order.pk}-{expert.pk}"

    page = counter.post(address, {"ask": [value], "answer_by": ""})
    none = counter.post(address, {"answer_by": "2099-01-01"})

    assert (page.status_code, page.context["form"].ticked()) == (422, {value})
    assert none.status_code == 422
    assert "Choose at least one expert." in none.content.decode()
    assert Offer.objects.count() == 0


def test_ask_with_nobody_to_ask_has_no_button(counter, now):
    page = counter.get(chosen(ASK, make_order(now, state=OrderState.ACCEPTED)))

    assert "Nobody fits right now: open the order." in page.content.decode()
    assert "Ask the chosen ones" not in page.content.decode()


@pytest.fixture
def wished(now):
    """An order whose orderer wishes for one expert, and another who fits, too."""
    expert = make_expert(at=now)
    make_expert(at=now)
    return make_order(now, state=OrderState.ACCEPTED, days=(10,), wished_expert=expert)


def test_ask_names_whom_the_orderer_wishes_for_and_leaves_them_their_seat(counter, wished):
    expert, address = wished.wished_expert, chosen(ASK, wished)

    page = counter.get(address)

    value = f"{wished.pk}-{expert.pk}"
    assert page.context["form"].ticked() == {value}
    assert f"{expert.code_name} is asked first, as the orderer wishes" in flat(page)
    assert faults(page.content.decode()) == []

    day = page.context["form"]["answer_by"].value()
    counter.post(address, {"ask": [value], "answer_by": day})

    assert Offer.objects.get().expert == expert


def test_ask_shows_beforehand_that_the_wished_one_cannot_be_asked(counter, now, wished):
    make_offer(now, expert=wished.wished_expert, days=(10,))

    page = counter.get(chosen(ASK, wished))

    (one,) = page.context["plan"]
    assert one.choices == []
    assert "The orderer’s own expert cannot be asked: the same time as order" in flat(page)


def test_ask_keeps_the_wished_one_free_of_an_order_that_comes_before(counter, now, wished):
    before = make_order(now, state=OrderState.ACCEPTED, days=(10,), experts_wanted=2)

    ticked = counter.get(chosen(ASK, wished, before)).context["form"].ticked()

    assert f"{wished.pk}-{wished.wished_expert_id}" in ticked
    assert f"{before.pk}-{wished.wished_expert_id}" not in ticked


def test_ask_does_not_promise_to_ask_whom_the_bank_has_no_more(counter, now, wished):
    leave_bank(wished.wished_expert, by=wished.wished_expert.user, at=now)

    page = counter.get(chosen(ASK, wished))

    (one,) = page.context["plan"]
    assert one.wished is None
    assert len(page.context["form"].ticked()) == 1


def test_day_to_answer_is_bounded_by_the_orders_that_somebody_is_asked_for(counter, now):
    expert = make_expert(at=now)
    order = make_order(now, state=OrderState.ACCEPTED, days=(10,))
    spring = make_order(now, days=(150,))  # not accepted: nobody is asked for it
    late = (now + timedelta(days=60)).date().isoformat()

    page = counter.post(
        chosen(ASK, order, spring), {"ask": [f"{order.pk}-{expert.pk}"], "answer_by": late}
    )

    assert (page.status_code, set(page.context["form"].errors)) == (422, {"answer_by"})
    assert Offer.objects.count() == 0


def test_nothing_is_asked_for_where_nobody_can_be(counter, now):
    page = counter.post(chosen(ASK, make_order(now)), {"answer_by": "2099-01-01"})

    assert page.status_code == 200
    assert "Ask the chosen ones" not in flat(page)
