"""What is said of an offer, a sign-up and a search is true of what has happened."""

from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments import actions
from luukku.notices.models import Letter
from luukku.orders.models import Failure
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_agreed, make_offer, make_search, make_sign_up

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def test_no_to_a_sign_up_claims_nobody_was_chosen(at):
    offer = make_sign_up(at)

    actions.decline(offer, by=make_coordinator(), at=at)

    body = Letter.objects.get(kind="assignments.sign_up_declined").body
    assert "Tällä kertaa luukku ei valinnut sinua tähän tehtävään." in body


def test_search_that_goes_on_claims_no_cancellation(at):
    order, counter = make_search(at), make_coordinator()
    order = actions.give_up(order, failure=Failure.TIME, by=counter, at=at)

    actions.search_again(order, by=counter, at=at)

    body = Letter.objects.get(kind="orders.reopened").body
    assert ("perumaan" in body, "Haku oli jo päättynyt" in body) == (False, True)


def test_who_is_asked_is_told_of_other_times(at):
    offer = make_offer(at)
    start = at + timedelta(days=20)

    actions.set_times(
        offer.order, [(start, start + timedelta(hours=1))], by=make_coordinator(), at=at
    )

    letter = Letter.objects.get(kind="assignments.offer_changed")
    assert letter.reader == offer.expert.user
    assert ("Aika on nyt: " in letter.body, "Aiemmin se oli: " in letter.body) == (True, True)
    offer.order.refresh_from_db()
    assert offer.order.terms_changed_at == at


def test_expert_is_not_led_to_a_contact_person_who_has_left(client, at):
    task = make_agreed(at)
    left = task.order.contact
    task.order.organisation.memberships.filter(user=left).delete()
    client.force_login(task.expert.user, backend=BACKEND)

    page = client.get(reverse("expert:task", args=[task.pk])).content.decode()

    assert left.name not in page
    assert "The contact person has left." in page
