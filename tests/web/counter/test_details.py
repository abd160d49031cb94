"""The counter changes the details of an order that has been sent."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from luukku.assignments.models import Undo
from luukku.notices.models import Letter
from luukku.orders.actions import ask_change
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.taxonomy.models import Theme
from tests.factories.assignments import make_agreed, make_offer
from tests.factories.orders import make_draft, make_order

pytestmark = pytest.mark.django_db


def url(order):
    return reverse("counter:order-details", args=[order.pk])


def as_shown(client, order, **changes):
    """What the browser sends when only ``changes`` have been typed."""
    form = client.get(url(order)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    sent = {
        name: [getattr(one, "pk", one) for one in value] if isinstance(value, list) else value
        for name, value in values.items()
        if value not in (None, False)
    }
    return {"form_token": str(uuid.uuid4())} | sent | changes


def said(response):
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_order_and_request_lead_to_the_details(counter, now):
    order = make_agreed(now).order
    asked = ask_change(order, "Ryhmässä onkin 40", by=order.contact, at=now)

    for name, pk in (("order", order.pk), ("order-change", asked.pk)):
        page = counter.get(reverse(f"counter:{name}", args=[pk])).content.decode()
        assert url(order) in page


@pytest.mark.parametrize("state", [OrderState.SENT, OrderState.ACCEPTED, OrderState.SEARCHING])
def test_details_of_an_order_without_a_yes_change_wholly(counter, now, state):
    order = make_offer(now).order if state == OrderState.SEARCHING else make_order(now, state=state)
    theme = Theme.objects.filter(is_active=True).last()

    answer = counter.post(
        url(order), as_shown(counter, order, audience_size=40, themes=[theme.pk], address="Lukio")
    )

    order = Order.objects.get(pk=order.pk)
    assert answer.status_code == 303
    assert (order.audience_size, order.address, order.state) == (40, "Lukio", state)
    assert [row.theme for row in order.order_themes.all()] == [theme]
    assert said(answer) == ["Saved. Those whom it concerns are told by a letter."]


def test_details_sent_as_shown_change_nothing(counter, now):
    task = make_agreed(now)
    told = Letter.objects.count()

    answer = counter.post(url(task.order), as_shown(counter, task.order))

    assert (answer.status_code, Letter.objects.count()) == (303, told)


def test_details_of_an_agreed_task_name_whom_to_call_and_leave_the_themes(counter, now):
    task = make_agreed(now)

    page = counter.get(url(task.order))

    assert task.expert.user.name in page.content.decode()
    fields = page.context["form"].fields
    assert fields.keys() & {"themes", "perspective", "languages", "recording"} == set()
    assert fields.keys() >= {"address", "fee_eur", "audience_size", "goal"}


def test_lowered_fee_of_an_agreed_task_is_refused_in_words(counter, now):
    task = make_agreed(now, fee_eur=100)

    answer = counter.post(url(task.order), as_shown(counter, task.order, fee_eur="50", goal="Uusi"))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "they can be raised, not lowered" in page
    assert ">Uusi<" in page.replace("\n", "")
    assert Order.objects.get().fee_eur == 100


def test_details_that_two_change_at_once_are_asked_about(counter, now):
    order = make_order(now, state=OrderState.SENT)
    mine = as_shown(counter, order, address="Lukio")
    Order.objects.update(address="Kirjasto")

    answer = counter.post(url(order), mine)

    assert answer.status_code == 422
    assert "Theirs: Kirjasto" in answer.content.decode()
    assert Order.objects.get().address == "Kirjasto"


def test_details_keep_what_only_another_changed(counter, now):
    order = make_order(now, state=OrderState.SENT)
    mine = as_shown(counter, order, audience_size=40)
    Order.objects.update(address="Kirjasto")

    counter.post(url(order), mine)

    order = Order.objects.get()
    assert (order.address, order.audience_size) == ("Kirjasto", 40)


def test_changed_details_are_taken_back_with_their_letters_and_themes(counter, now):
    order = make_offer(now).order
    told, themes = Letter.objects.count(), set(order.order_themes.values_list("theme", flat=True))
    theme = Theme.objects.filter(is_active=True).exclude(pk__in=themes).last()
    counter.post(url(order), as_shown(counter, order, address="Lukio", themes=[theme.pk]))

    undo = reverse("counter:order-undo", args=[order.pk, Undo.objects.get().pk])
    counter.post(undo)

    after = Order.objects.get()
    assert (after.address, after.terms_changed_at) == (order.address, None)
    assert set(after.order_themes.values_list("theme", flat=True)) == themes
    assert Letter.objects.count() == told


def test_offer_says_that_it_has_changed(counter, client, now):
    offer = make_offer(now)
    words = "The details of this task were changed on"
    page = reverse("expert:offer", args=[offer.pk])
    counter.post(url(offer.order), as_shown(counter, offer.order, address="Lukio"))
    client.force_login(offer.expert.user, backend="django.contrib.auth.backends.ModelBackend")

    assert words in client.get(page).content.decode()


@pytest.mark.parametrize("make", [make_draft, lambda at: make_order(at, state=OrderState.CLOSED)])
def test_details_of_what_is_not_under_way_lead_to_the_order(counter, now, make):
    assert counter.get(url(make(now))).status_code == 303


def test_orderer_does_not_open_the_details_at_the_counter(client, now):
    order = make_order(now, state=OrderState.SENT)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")

    for answer in (client.get(url(order)), client.post(url(order), {"address": "Lukio"})):
        assert answer.status_code == 403
    assert Order.objects.get().address == order.address
