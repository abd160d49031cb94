"""The page of one order: who fits and why, what would help with the act that does it, whom to call."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from luukku.assignments import actions as assignments
from luukku.assignments.models import Offer
from luukku.audit.models import AccessLog
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.orders.models import CancelledBy
from luukku.orders.states import OrderState
from luukku.organisations.states import OrganisationState
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed, make_offer, make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_order
from tests.markup import flat

pytestmark = pytest.mark.django_db
RAUMA = "684"


def shown(client, order):
    html = client.get(reverse("counter:order", args=[order.pk])).content.decode()
    return re.sub(r"\s+", " ", html)


def move(client, order, act, **data):
    return client.post(reverse("counter:order-move", args=[order.pk, act]), data, follow=True)


def others(order, condition):
    return reverse("counter:order-others", args=[order.pk, condition])


# -- accepted and searched for in one press ----------------------------------------------------
def test_accept_and_search_in_one_press_with_one_letter(counter, now):
    order = make_order(now)
    Letter.objects.all().delete()

    page = move(counter, order, "accept-search").content.decode()

    order.refresh_from_db()
    assert (order.state, order.seats.count()) == (OrderState.SEARCHING, 1)
    assert [letter.kind for letter in Letter.objects.all()] == ["orders.accepted"]
    assert "Accepted, and the search is open. Choose whom to ask." in page


def test_accept_and_search_a_second_time_changes_nothing(counter, now):
    order = make_order(now)
    move(counter, order, "accept-search")

    page = move(counter, order, "accept-search").content.decode()

    order.refresh_from_db()
    assert (order.state, order.seats.count()) == (OrderState.SEARCHING, 1)
    assert "Somebody was faster" in page


def test_accept_and_search_checks_a_new_organisation_with_it(counter, now):
    order = make_order(now)
    order.organisation.state = OrganisationState.WAITING
    order.organisation.save()

    move(counter, order, "accept-search")
    order.refresh_from_db()
    assert order.state == OrderState.SENT
    move(counter, order, "accept-search", vet="1")

    order.refresh_from_db()
    order.organisation.refresh_from_db()
    assert (order.state, order.organisation.state) == (
        OrderState.SEARCHING,
        OrganisationState.VETTED,
    )


def test_accept_and_search_is_whole_or_nothing(counter, now):
    order = make_order(now - timedelta(days=30))
    order.organisation.state = OrganisationState.WAITING
    order.organisation.save()
    assert "accept-search" not in shown(counter, order)

    page = move(counter, order, "accept-search", vet="1").content.decode()

    order.refresh_from_db()
    order.organisation.refresh_from_db()
    assert (order.state, order.organisation.state) == (OrderState.SENT, OrganisationState.WAITING)
    assert "All the times have passed." in page


def test_accept_and_search_is_the_counters(client, now):
    order = make_order(now)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")

    assert move(client, order, "accept-search").status_code in {403, 404}

    order.refresh_from_db()
    assert order.state == OrderState.SENT


# -- for and against ---------------------------------------------------------------------------
def test_candidates_fit_well_or_partly_with_reasons_and_no_points(counter, now):
    make_expert(at=now)
    make_expert(at=now, themes=("mental-health",))

    page = shown(counter, make_search(now, experts_wanted=2))

    assert page.count("Fits well") == 1
    assert page.count("Fits partly") == 1
    assert "<li>lives in the same municipality</li>" in page
    assert (
        '<ul data-side="against"> <li>wider experience of the subject: Depression</li> </ul>'
        in page
    )
    assert '<ul data-side="load"> <li>no task yet</li> </ul>' in page
    assert not re.search(r"·\s*\d+[.,]\d", page)


# -- what would help ---------------------------------------------------------------------------
def test_help_leads_to_asking_those_whom_one_condition_keeps_away(counter, now):
    far = make_expert(at=now, municipality=RAUMA, reach_km=20)
    order = make_search(now)
    assert others(order, "distance_60") in shown(counter, order)
    page = counter.get(others(order, "distance_60")).content.decode()
    assert far.code_name in page
    assert "farther than the expert has said to travel" in page

    day = helsinki(now).date() + timedelta(days=3)
    answer = counter.post(
        others(order, "distance_60"), {"experts": [far.pk], "answer_by": day.isoformat()}
    )

    assert answer.url == reverse("counter:order", args=[order.pk])
    offer = Offer.objects.get()
    assert (offer.expert, offer.order) == (far, order)
    assert "farther than the expert has said to travel" in offer.reasons


def test_asking_anyway_says_who_is_not_to_be_called_first(counter, now):
    silent, other = (make_expert(at=now, municipality=RAUMA, reach_km=20) for _n in range(2))
    order = make_search(now)
    set_consents(silent.user, {Purpose.IN_BANK}, by=silent.user, at=now)
    set_consents(other.user, {Purpose.IN_BANK, Purpose.PHONE}, by=other.user, at=now)

    page = counter.get(others(order, "distance_60"))

    not_called = {row.candidate.expert_id: row.no_calls for row in page.context["rows"]}
    assert not_called == {silent.pk: True, other.pk: False}
    assert flat(page).count("The expert has not said yes to calls: write instead.") == 1


def test_asking_anyway_needs_somebody_chosen_and_takes_nobody_else(counter, now):
    make_expert(at=now, municipality=RAUMA, reach_km=20)
    fits, order = make_expert(at=now), make_search(now)
    day = (helsinki(now).date() + timedelta(days=3)).isoformat()

    nobody = counter.post(others(order, "distance_60"), {"answer_by": day})
    another = counter.post(others(order, "distance_60"), {"experts": [fits.pk], "answer_by": day})

    assert (nobody.status_code, another.status_code) == (422, 422)
    assert "Choose at least one expert." in nobody.content.decode()
    assert Offer.objects.count() == 0


def test_asking_anyway_knows_only_what_the_order_sets(counter, now):
    order = make_search(now)

    assert counter.get(others(order, "training")).status_code == 404
    assert counter.get(others(make_order(now), "distance_60")).status_code == 303


def test_asking_anyway_is_the_counters(client, now):
    order = make_search(now)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(others(order, "distance_60")).status_code in {403, 404}


# -- whom to call ------------------------------------------------------------------------------
def test_phone_of_who_is_asked_stands_there_with_their_yes_to_calls_and_is_noted(
    counter, coordinator, now
):
    offer = make_offer(now)
    person = offer.expert.user
    person.phone = "040 765 4321"
    person.save()

    set_consents(person, {Purpose.IN_BANK}, by=person, at=now)
    without = shown(counter, offer.order)
    assert not _phone_read(coordinator, person)
    set_consents(person, {Purpose.IN_BANK, Purpose.PHONE}, by=person, at=now)
    with_yes = shown(counter, offer.order)

    assert "040 765 4321" not in without
    assert "The expert has not said yes to calls: write instead." in without
    assert f'{person.name}, <a href="tel:0407654321">040 765 4321</a>' in with_yes
    assert _phone_read(coordinator, person)


@pytest.mark.parametrize("email, has_phone", [("someone@example.org", False), (None, True)])
def test_who_has_no_address_may_be_called_wherever_an_answer_is_written_down(
    counter, now, email, has_phone
):
    offer = make_offer(now)
    person = offer.expert.user
    set_consents(person, {Purpose.IN_BANK}, by=person, at=now)
    type(person).objects.filter(pk=person.pk).update(email=email, phone="040 765 4321")

    pages = [
        shown(counter, offer.order),
        counter.get(reverse("counter:offer-answer", args=[offer.pk])).content.decode(),
    ]

    assert ["040 765 4321" in page for page in pages] == [has_phone] * 2
    refused = ["has not said yes to calls: write instead" in page for page in pages]
    assert refused == [not has_phone] * 2


def _phone_read(coordinator, person):
    noted = AccessLog.objects.filter(reader_id=coordinator.pk, person_ids__contains=[person.pk])
    return any("accounts.user.phone" in row.what for row in noted)


def test_phone_is_gone_once_there_is_nothing_to_call_about(counter, now):
    offer = make_offer(now)
    person = offer.expert.user
    person.phone = "040 765 4321"
    person.save()
    set_consents(person, {Purpose.IN_BANK, Purpose.PHONE}, by=person, at=now)

    assignments.decline(offer, by=person, at=now)

    assert "040 765 4321" not in shown(counter, offer.order)


def test_yes_whose_task_was_cancelled_says_so_beside_it(counter, now):
    task = make_agreed(now)
    told = "the task was cancelled afterwards"
    before = shown(counter, task.order)

    assignments.cancel(task, whose=CancelledBy.EXPERT, reason="Sick", by=task.expert.user, at=now)

    assert [told in before, told in shown(counter, task.order)] == [False, True]


# -- what has been said ------------------------------------------------------------------------
def test_letters_about_the_order_with_state_and_words_on_their_own_page(counter, now):
    order = make_order(now)
    letter = Letter.objects.get(kind="orders.received")

    page = shown(counter, order)
    assert letter.subject in page
    assert "Waits to be sent" in page
    assert letter.body not in page
    words = counter.get(reverse("counter:letter", args=[letter.pk]))

    assert words.status_code == 200
    assert letter.body.splitlines()[0] in words.content.decode()
    assert AccessLog.objects.filter(
        person_ids__contains=[order.contact_id], what__contains="letter.body"
    ).exists()


@pytest.mark.parametrize("who", ["reader", "stranger"])
def test_words_of_a_letter_are_not_for_others_at_the_counters_address(client, now, who):
    order = make_order(now)
    letter = Letter.objects.get(kind="orders.received")
    user = order.contact if who == "reader" else make_person()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")

    assert client.get(reverse("counter:letter", args=[letter.pk])).status_code in {403, 404}
