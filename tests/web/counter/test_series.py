"""The counter carries a series: accepted, searched for, asked about and ended with one press each."""

import uuid
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from luukku.assignments import actions
from luukku.assignments.models import Offer, Undo, Via
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.orders import actions as orders_actions
from luukku.orders.models import Order, OrderTime, Payment
from luukku.orders.queries import times_told
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from tests.factories.assignments import (
    make_agreed,
    make_search,
    make_series_offers,
    make_series_search,
)
from tests.factories.experts import make_expert
from tests.factories.orders import (
    coordinator_of_orders,
    make_order,
    make_series,
    make_vetted_organisation,
)

pytestmark = pytest.mark.django_db


def page(client, order):
    return client.get(reverse("counter:order", args=[order.pk])).content.decode()


def post(client, name, *args, **data):
    data = {"form_token": str(uuid.uuid4())} | data
    return client.post(reverse(f"counter:{name}", args=args), data, follow=True)


def states(orders):
    rows = Order.objects.filter(pk__in=[one.pk for one in orders]).order_by("pk")
    return list(rows.values_list("state", flat=True))


def a_day(now, days=5):
    return (helsinki(now) + timedelta(days=days)).date().isoformat()


def test_series_is_accepted_and_searched_for_with_one_press_each(counter, now):
    orders = make_series(now)

    assert "Accept all 3 times" in page(counter, orders[1])
    post(counter, "order-move", orders[1].pk, "accept", which="all")
    assert states(orders) == ["accepted"] * 3

    assert "Open the search for all 3 times" in page(counter, orders[1])
    post(counter, "order-move", orders[1].pk, "search", which="all")
    assert states(orders) == ["searching"] * 3


def test_series_is_accepted_and_searched_for_in_one_press_and_one_letter(counter, now):
    orders = make_series(now)
    assert "Accept all 3 times and look for experts" in page(counter, orders[1])

    post(counter, "order-move", orders[1].pk, "accept-search", which="all")

    assert states(orders) == ["searching"] * 3
    assert [one.seats.count() for one in orders] == [1, 1, 1]
    told = Letter.objects.filter(kind__startswith="orders.").exclude(kind__contains="received")
    assert [letter.kind for letter in told] == ["orders.accepted_together"]
    assert [told.get().subject in page(counter, one) for one in orders] == [True] * 3


def test_series_accepted_and_searched_for_is_taken_back_whole(counter, now):
    orders = make_series(now)
    post(counter, "order-move", orders[0].pk, "accept-search", which="all")
    undo = Undo.objects.get()

    post(counter, "order-undo", undo.order_id, undo.pk)

    assert states(orders) == ["sent"] * 3


def test_date_of_a_series_that_has_passed_is_accepted_only(counter, now):
    orders = make_series(now)
    OrderTime.objects.filter(order=orders[0]).update(
        starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1)
    )

    post(counter, "order-move", orders[1].pk, "accept-search", which="all")

    assert states(orders) == ["accepted", "searching", "searching"]


def test_series_whose_dates_have_all_passed_is_not_accepted(counter, now):
    orders = make_series(now)
    OrderTime.objects.update(starts_at=now - timedelta(days=2), ends_at=now - timedelta(days=1))

    post(counter, "order-move", orders[1].pk, "accept-search", which="all")

    assert states(orders) == ["sent"] * 3


def test_orderer_does_not_accept_and_search_for_a_series(client, now):
    orders = make_series(now)
    client.force_login(orders[0].contact, backend="django.contrib.auth.backends.ModelBackend")

    post(client, "order-move", orders[0].pk, "accept-search", which="all")

    assert states(orders) == ["sent"] * 3


def test_order_without_others_is_accepted_as_before(counter, now):
    order = make_order(now)

    shown = page(counter, order)

    assert "Accept all" not in shown
    assert 'name="which"' not in shown


@pytest.mark.parametrize("which", ["all", "one", "", "x"])
def test_order_of_no_series_is_accepted_whatever_else_is_sent(counter, now, which):
    order = make_order(now)

    post(counter, "order-move", order.pk, "accept", which=which)

    assert states([order]) == ["accepted"]


def test_series_accepted_twice_says_that_somebody_was_faster(counter, now):
    orders = make_series(now)
    post(counter, "order-move", orders[0].pk, "accept", which="all")

    response = post(counter, "order-move", orders[0].pk, "accept", which="all")

    assert response.status_code == 200
    assert b'data-color="warning"' in response.content
    assert Letter.objects.filter(kind="orders.accepted_together").count() == 1


def test_series_of_a_new_organisation_is_checked_and_accepted_in_one_press(counter, now):
    organisation = make_vetted_organisation(state=OrganisationState.WAITING)
    orders = make_series(now)
    Order.objects.update(organisation=organisation)

    post(counter, "order-move", orders[0].pk, "accept", which="all", vet="1")

    organisation.refresh_from_db()
    assert (states(orders), organisation.state) == (["accepted"] * 3, OrganisationState.VETTED)


def test_acceptance_of_a_series_is_taken_back_whole(counter, now):
    orders = make_series(now)
    post(counter, "order-move", orders[0].pk, "accept", which="all")
    undo = Undo.objects.get()

    post(counter, "order-undo", undo.order_id, undo.pk)

    assert states(orders) == ["sent"] * 3
    assert not Letter.objects.filter(kind__startswith="orders.accepted").exists()


@pytest.mark.parametrize(
    "act",
    [("order-move", "accept"), ("order-move", "search"), ("order-decline",), ("order-cancel",)],
)
def test_expert_may_do_none_of_it(client, now, act):
    orders, (name, *args) = make_series(now), act
    client.force_login(make_expert().user, backend="django.contrib.auth.backends.ModelBackend")

    response = post(client, name, orders[0].pk, *args, which="all", reason="–", whose="counter")

    assert response.status_code == 403
    assert states(orders) == ["sent"] * 3


@pytest.mark.parametrize(
    "which, expected", [("all", ["declined"] * 3), ("one", ["declined", "sent", "sent"])]
)
def test_decline_asks_whether_it_is_of_all(counter, now, which, expected):
    orders = make_series(now)

    post(counter, "order-decline", orders[0].pk, reason="Tämä on myyntiä.", which=which)

    assert states(orders) == expected


def test_decline_without_saying_of_which_is_asked_again(counter, now):
    orders = make_series(now)

    response = post(counter, "order-decline", orders[0].pk, reason="Tämä on myyntiä.")

    assert response.status_code == 422
    assert states(orders) == ["sent"] * 3


@pytest.mark.parametrize(
    "which, expected", [("all", ["cancelled"] * 3), ("one", ["cancelled", "sent", "sent"])]
)
def test_cancel_asks_whether_it_is_of_all(counter, now, which, expected):
    orders = make_series(now)

    post(counter, "order-cancel", orders[0].pk, whose="counter", reason="", which=which)

    assert states(orders) == expected


@pytest.mark.parametrize(
    "which, expected",
    [("all", ["not_found"] * 3), ("one", ["not_found", "searching", "searching"])],
)
def test_end_of_the_search_asks_whether_it_is_of_all(counter, now, which, expected):
    orders = make_series_search(now)

    post(counter, "order-give-up", orders[0].pk, failure="theme", which=which)

    assert states(orders) == expected


def test_expert_is_asked_for_all_dates_with_one_press(counter, now):
    orders, expert = make_series_search(now), make_expert(at=now)
    shown = page(counter, orders[0])

    post(
        counter, "order-propose", orders[0].pk,
        experts=[expert.pk], answer_by=a_day(now), which="all",
    )  # fmt: skip

    assert "fits 3 of the 3 times" in shown
    assert set(Offer.objects.values_list("order", flat=True)) == {one.pk for one in orders}
    assert Letter.objects.filter(kind="assignments.offered").count() == 1


def test_expert_is_asked_for_one_date_only(counter, now):
    orders, expert = make_series_search(now), make_expert(at=now)

    post(
        counter, "order-propose", orders[1].pk,
        experts=[expert.pk], answer_by=a_day(now), which="one",
    )  # fmt: skip

    assert [offer.order_id for offer in Offer.objects.all()] == [orders[1].pk]


def test_same_expert_is_asked_for_all_and_only_whoever_fits_all_is_shown(counter, now):
    orders = make_series_search(now, is_one_expert=True)
    free, busy = make_expert(at=now), make_expert(at=now)
    time = orders[1].times.get()
    make_agreed(now, expert=busy, times=[(time.starts_at, time.ends_at)])
    shown = page(counter, orders[0])

    post(counter, "order-propose", orders[0].pk, experts=[free.pk], answer_by=a_day(now))

    assert free.code_name in shown
    assert f'value="{busy.pk}"' not in shown
    assert Offer.objects.filter(expert=free, order__in=orders).count() == 3


@pytest.mark.parametrize("is_one_expert, n", [(True, 3), (False, 1)])
def test_asking_anyway_tells_every_date_that_it_asks_for(counter, now, is_one_expert, n):
    far = make_expert(at=now, municipality="684", reach_km=20)  # in Rauma
    orders = make_series_search(now, is_one_expert=is_one_expert)
    where = reverse("counter:order-others", args=[orders[1].pk, "distance_60"])

    shown = counter.get(where).content.decode()
    counter.post(where, {"experts": [far.pk], "answer_by": a_day(now)})

    asked = set(Offer.objects.values_list("order", flat=True))
    told = shown.split("You ask for this time:")[1].split("</p>")[0]
    assert {one.pk for one in orders if times_told(one) in told} == asked
    assert len(asked) == n
    assert ("The same expert is wished for every time." in shown) == is_one_expert


def test_cancel_names_who_comes_on_the_other_dates_too(counter, now):
    offers, other = make_series_offers(now), make_expert(at=now)
    expert, by = offers[0].expert, coordinator_of_orders()
    answer = {"at": now, "via": Via.DESK}
    actions.answer_series(
        offers[0], yes={offers[0].pk: None, offers[1].pk: None}, no=[], by=expert.user, **answer
    )
    third = actions.propose(
        offers[2].order, other, by=by, at=now, answer_by=now + timedelta(days=5)
    )
    actions.accept(third, by=other.user, **answer)

    page = unescape(
        counter.get(reverse("counter:order-cancel", args=[offers[0].order_id])).content.decode()
    )

    days = [times_told(offer.order) for offer in offers]
    assert f"{expert.user.name} no longer comes: {days[0]}." in page
    assert (
        "If you cancel all times, these are off as well: "
        f"{expert.user.name}, {days[1]}; {other.user.name}, {days[2]}."
    ) in page
    people = page.split('id="call"')[1].split("</section>")[0]
    assert [people.count(one.user.name) for one in (expert, other)] == [1, 1]


def test_expert_who_is_free_on_some_dates_is_shown_with_how_many(counter, now):
    orders, busy = make_series_search(now), make_expert(at=now)
    time = orders[1].times.get()
    make_agreed(now, expert=busy, times=[(time.starts_at, time.ends_at)])

    assert "fits 2 of the 3 times" in page(counter, orders[0])


def test_asking_for_a_series_is_taken_back_whole(counter, now):
    orders, expert = make_series_search(now), make_expert(at=now)
    post(
        counter, "order-propose", orders[0].pk,
        experts=[expert.pk], answer_by=a_day(now), which="all",
    )  # fmt: skip
    undo = Undo.objects.get()

    post(counter, "order-undo", undo.order_id, undo.pk)

    assert not Offer.objects.exists()


def test_asking_again_where_the_same_expert_is_wanted_is_of_all_dates(counter, now):
    offers = make_series_offers(now, is_one_expert=True)
    shown = counter.get(reverse("counter:offer-answer", args=[offers[0].pk])).context["dates"]
    post(counter, "offer-answer", offers[0].pk, none="1", terms=shown.form["terms"].value())

    post(counter, "offer-again", offers[0].pk, answer_by=a_day(now), words="")

    assert Offer.objects.proposed().count() == 3
    assert Order.objects.filter(state=OrderState.SEARCHING).count() == 3


def test_list_tells_which_one_of_a_series_an_order_is(counter, now):
    make_series(now, title="Luento")

    page = counter.get(reverse("counter:orders")).content.decode()

    assert [f"Luento ({n}/3)" in page for n in (1, 2, 3)] == [True] * 3


@pytest.mark.parametrize("which, open_ones", [("all", 0), ("one", 2)])
def test_payment_is_written_down_for_all_or_one(counter, now, which, open_ones):
    orders = make_series(now, payment=Payment.OPEN)

    post(counter, "order-payment", orders[0].pk, payment=Payment.AGREED, which=which)

    assert Order.objects.filter(payment=Payment.OPEN).count() == open_ones


def kinds_on(client, order):
    """Return the kinds of the letters that the page of ``order`` lists, the oldest first."""
    response = client.get(reverse("counter:order", args=[order.pk]))
    keys = [row.letter.pk for row in response.context["letters"]]
    return list(Letter.objects.filter(pk__in=keys).order_by("pk").values_list("kind", flat=True))


def test_letters_of_several_dates_stand_on_the_page_of_each_and_those_of_one_on_its_own(
    counter, now
):
    orders = make_series(now)
    by = coordinator_of_orders()
    orders_actions.decline(orders[0], reason="Ei.", by=by, at=now)
    actions.accept_and_search_series(orders[0].series, by=by, at=now)
    asked = actions.propose_series(
        orders[0].series, make_expert(at=now), by=by, at=now, answer_by=now + timedelta(days=5)
    )

    of_all = ["orders.received_together", "orders.accepted_together", "assignments.offered"]
    assert len(asked) == 2
    assert [kinds_on(counter, one) for one in orders] == [
        [of_all[0], "orders.declined", *of_all[1:]], of_all, of_all,
    ]  # fmt: skip


def test_page_of_a_series_says_for_how_many_times_an_expert_is_looked_for(counter, now):
    orders = make_series_search(now)

    told = page(counter, orders[0])

    assert "looked for for 3 times of the" in " ".join(told.split())
    assert "At this time 1 seat is free." in " ".join(told.split())
    assert "At this time" not in page(counter, make_search(now))


@pytest.mark.parametrize("is_one_expert", [True, False])
def test_page_says_why_nobody_can_sign_up_where_the_same_expert_is_wished_for(
    counter, now, is_one_expert
):
    orders = make_series_search(now, is_one_expert=is_one_expert, is_open_call=False)

    told = page(counter, orders[0])

    words = "Nobody can sign up by themselves, because the same expert is wished for every time."
    assert (words in told) == is_one_expert


@pytest.mark.parametrize("is_one_expert", [True, False])
def test_sign_up_is_not_asked_about_where_the_same_expert_is_wished_for(
    counter, now, is_one_expert
):
    orders = make_series_search(now, is_one_expert=is_one_expert, is_open_call=True)

    form = counter.get(reverse("counter:order-details", args=[orders[0].pk])).context["form"]

    assert ("is_open_call" in form.fields, "sign_up_by" in form.fields) == (
        not is_one_expert, not is_one_expert,
    )  # fmt: skip
