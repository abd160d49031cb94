"""What is not the same on every date of a series is told at its date, wherever a yes is given on it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from luukku.assignments import actions
from luukku.core.times import when
from luukku.orders.models import Recording
from luukku.taxonomy.models import Municipality, Theme
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import (
    make_offer,
    make_search,
    make_series_offers,
    make_series_search,
)
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_orderer
from tests.web.parts.conftest import BACKEND
from tests.web.parts.test_dates import WAYS, said, send, states, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def offers(now):
    """Three dates, of which the last had other terms already when it was offered."""
    found = make_series_search(now, address="Sali 1")
    change(found[2], at=now)
    expert = make_expert(at=now)
    return actions.propose_series(
        found[0].series,
        expert,
        by=coordinator_of_orders(),
        at=now + timedelta(seconds=1),
        answer_by=now + timedelta(days=5),
    )


def change(order, *, at):
    actions.change_details(
        order,
        by=coordinator_of_orders(),
        at=at,
        themes=[(Theme.objects.get(code="psychosis"), "")],
        municipality=Municipality.objects.get(name_fi="Rauma"),
        address="Sali 3",
        fee_eur=Decimal(0),
        recording=Recording.MEDIA,
    )


def when_of(offer):
    time = offer.order.times.get()
    return when(time.starts_at, time.ends_at)


@pytest.mark.parametrize("way", WAYS)
def test_terms_that_differ_are_told_at_their_date(client, offers, open_page, way):
    page = client.get(open_page(way, offers[0])[0])

    rows = page.context["dates"].waiting
    assert [[one.name for one in row.terms] for row in rows] == [
        ["where", "fee", "themes", "recording"]
    ] * 3
    assert [one.said for one in rows[0].terms] == [
        "Sali 1, Pori", "agreed with the counter, travel is paid separately", "Depression", "No recording",
    ]  # fmt: skip
    assert [one.said for one in rows[2].terms] == [
        "Sali 3, Rauma", "0\N{NO-BREAK SPACE}€, travel is paid separately", "Psychosis", "Media present",
    ]  # fmt: skip
    text = told(page)
    assert text.count("Sali 1, Pori") == 2  # at the two dates that are there, and nowhere of all
    assert text.count("Sali 3, Rauma") == 1
    assert "Not everything is the same on every day" in text


@pytest.mark.parametrize("way", WAYS)
def test_terms_that_are_the_same_are_told_once(client, now, open_page, way):
    offers = make_series_offers(now, address="Sali 1")

    page = client.get(open_page(way, offers[0])[0])

    assert [row.terms for row in page.context["dates"].waiting] == [[], [], []]
    assert told(page).count("Sali 1, Pori") == 1
    assert "Not everything is the same" not in told(page)


@pytest.mark.parametrize("way", WAYS)
def test_change_stops_the_yes_of_its_own_date_alone(client, now, open_page, way):
    offers = make_series_offers(now)
    show, to = open_page(way, offers[0])
    terms = client.get(show).context["dates"].form["terms"].value()
    change(offers[1].order, at=now + timedelta(seconds=1))

    both = send(client, to, some="1", terms=terms, **said(offers, n0="yes", n1="yes"))

    form = both.context["dates"].form
    assert (both.status_code, states(offers)) == (422, ["proposed"] * 3)
    assert list(form.errors) == [f"answer{offers[1].pk}"]
    assert [form[f"answer{one.pk}"].value() for one in offers] == ["yes", None, None]

    send(client, to, some="1", terms=terms, **said(offers, n0="yes"))

    assert states(offers) == ["accepted", "proposed", "proposed"]


def test_row_of_the_desk_says_the_place_with_the_first_time(client, offers, open_page):
    open_page("desk", offers[0])

    text = told(client.get(reverse("expert:offers")))

    assert f"The first: {when_of(offers[0])} · Sali 1, Pori" in text


@pytest.mark.parametrize("way", ["desk", "link"])
def test_each_contact_person_is_told_with_their_own_times(client, now, open_page, way):
    offers = make_series_offers(now)
    other = make_orderer(offers[2].order.organisation, is_contact=False)
    actions.change_contact(
        offers[2].order, other, by=coordinator_of_orders(), at=now + timedelta(seconds=1)
    )
    show, to = open_page(way, offers[0])

    send(client, to, all="1")

    text = told(client.get(show))
    assert text.count(offers[0].order.contact.name) == 1
    assert other.name in text


@pytest.mark.parametrize("way", ["expert", "counter", "after all"])
def test_answer_to_terms_that_changed_meanwhile_comes_back_with_the_new_ones(client, now, way):
    expert = make_expert(at=now)
    if way == "after all":
        order = make_offer(now, expert=expert).order
        actions.decline(order.offers.get(), by=expert.user, at=now)
        show = to = reverse("counter:offer-late-yes", args=[order.offers.get().pk])
    elif way == "expert":
        order = make_search(now, is_open_call=True)
        show, to = (reverse(f"expert:{name}", args=[order.pk]) for name in ("call", "sign-up"))
    else:
        order = make_search(now, is_open_call=True)
        show = to = reverse("counter:order-sign-up", args=[order.pk])
    made = order.offers.count()
    client.force_login(expert.user if way == "expert" else make_coordinator(), backend=BACKEND)
    terms = {"terms": client.get(show).context["form"]["terms"].value()}
    who = {"expert": expert.pk} if way == "counter" else {}
    change(order, at=now + timedelta(seconds=1))

    page = client.post(to, terms | who)

    assert page.status_code == 422
    assert "The task has changed since you opened this page." in told(page)
    assert (order.offers.count(), order.assignments.count()) == (made, 0)
    if way != "counter":
        assert "Sali 3, Rauma" in told(page)
    terms = {"terms": page.context["form"]["terms"].value()}

    assert client.post(to, terms | who).status_code == 303

    assert order.offers.count() == made + 1
