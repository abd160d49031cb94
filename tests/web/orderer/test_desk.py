"""What waits for whom on the organisation's desk."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from luukku.core.times import helsinki
from luukku.events.models import How
from luukku.events.states import SignUpState
from luukku.experts.actions import add_training, pause
from luukku.experts.states import ExpertState
from luukku.feedback.models import WhatChanged
from luukku.orders.actions import answer_time, ask_time
from luukku.orders.states import OrderState
from luukku.organisations.models import MemberRole, Task
from luukku.organisations.states import OrganisationState
from luukku.privacy.actions import set_consents
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_search
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_draft, make_order, make_orderer, make_vetted_organisation
from tests.factories.organisations import make_member, make_organisation
from tests.markup import said

pytestmark = pytest.mark.django_db
DESK = "orderer:desk"
QUERIES = 12  # of the desk of who trains or stands behind experts


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def text(response):
    return response.content.decode()


def test_desk_shows_drafts_orders_and_their_next_step(desk, orderer):
    make_draft(orderer=orderer, title="Keskeneräinen")
    make_order(orderer=orderer, title="Matkalla", state=OrderState.SEARCHING)
    make_order(orderer=orderer, title="Ohi", state=OrderState.CLOSED)

    page = text(desk.get(reverse(DESK)))

    assert "Keskeneräinen" in page
    assert "Matkalla" in page
    assert "We are asking experts." in page
    assert "Ohi" not in page


def test_desk_shows_the_first_ten_and_leads_to_all_that_are_under_way(desk, orderer):
    for n in range(11):
        make_order(orderer=orderer, title=f"Matka {n}.", state=OrderState.SEARCHING)
    closed = make_order(orderer=orderer, title="Ohi", state=OrderState.CLOSED)
    page = said(desk.get(reverse(DESK)))
    link = reverse("orderer:orders") + "?state=going"

    everything = said(desk.get(link))

    assert sum(f"Matka {n}." in page for n in range(11)) == 10
    assert (link in page, "See all 11 orders" in page) == (True, True)
    assert sum(f"Matka {n}." in everything for n in range(11)) == 11
    assert closed.title not in everything


def test_desk_with_ten_orders_leads_to_no_more(desk, orderer):
    for _n in range(10):
        make_order(orderer=orderer, state=OrderState.SEARCHING)

    assert "?state=going" not in said(desk.get(reverse(DESK)))


def test_desk_without_orders_says_what_experts_can_do(desk):
    assert "No orders yet." in text(desk.get(reverse(DESK)))


def test_desk_shows_a_colleagues_draft_with_their_name(desk, orderer):
    colleague = make_orderer(orderer.organisations.get(), name="Kollega Kaino")
    make_draft(orderer=colleague)

    assert "Kollega Kaino" in text(desk.get(reverse(DESK)))


def test_desk_counts_the_organisations_own_use(desk, orderer):
    for state in (
        OrderState.SENT,
        OrderState.SEARCHING,
        OrderState.CLOSED,
        OrderState.NOT_FOUND,
        OrderState.DRAFT,
    ):
        make_order(orderer=orderer, state=state)
    make_order()

    use = desk.get(reverse(DESK)).context["use"]

    assert (use.sent, use.open, use.done, use.not_found) == (4, 2, 1, 1)


def test_desk_asks_for_feedback_and_for_what_changed(desk, done_task, now):
    page = text(desk.get(reverse(DESK)))
    assert reverse("orderer:feedback", args=[done_task.pk]) in page
    assert reverse("orderer:changed", args=[done_task.order_id]) not in page

    WhatChanged.objects.update(asked_at=now)

    assert reverse("orderer:changed", args=[done_task.order_id]) in text(desk.get(reverse(DESK)))


def test_desk_asks_about_another_time_until_it_is_answered(desk, orderer, now):
    order = make_search(now, orderer=orderer)
    there, words = reverse("orderer:order", args=[order.pk]), "Would another time suit you?"
    before = said(desk.get(reverse(DESK)))
    asked = ask_time(order, by=make_coordinator(), at=now)
    waits = said(desk.get(reverse(DESK)))
    answer_time(asked, [], by=orderer, at=now)

    after = said(desk.get(reverse(DESK)))

    assert [words in page for page in (before, waits, after)] == [False, True, False]
    assert f'href="{there}"' in waits


@pytest.mark.parametrize(
    "state, words",
    [
        (OrganisationState.WAITING, "The counter is getting to know your organisation."),
        (OrganisationState.REFUSED, "The counter could not check your organisation yet"),
    ],
)
def test_desk_says_kindly_that_the_organisation_is_unchecked(client, state, words):
    sign_in(client, make_orderer(make_vetted_organisation(state=state)))

    assert words in text(client.get(reverse(DESK)))


def test_desk_alerts_when_nobody_is_the_contact_person(client):
    sign_in(client, make_orderer(is_contact=False))

    assert "Your organisation has no contact person." in text(client.get(reverse(DESK)))


@pytest.mark.parametrize("count", [1, 3])
def test_desk_asks_the_database_the_same_for_one_order_and_three(
    desk, orderer, count, django_assert_num_queries
):
    for _n in range(count):
        make_draft(orderer=orderer)
        make_order(orderer=orderer, days=(14, 21))
    desk.get(reverse(DESK))

    with django_assert_num_queries(15):
        desk.get(reverse(DESK))


def background(organisation=None):
    organisation = organisation or make_organisation(tasks=[Task.BACKGROUND])
    return make_member(organisation, role=MemberRole.BACKGROUND)


def test_desk_of_a_background_organisation_counts_experts_without_a_responsible_person(client):
    member = background()
    organisation = member.organisations.get()
    make_expert(background_organisation=organisation, responsible_person=member)
    make_expert(background_organisation=organisation)
    make_expert(background_organisation=organisation, state=ExpertState.LEFT)
    make_expert()

    page = text(sign_in(client, member).get(reverse(DESK)))

    assert "See all 2 experts" in page
    assert "1 expert has no responsible person." in page
    assert reverse("orderer:order-new") not in page


def test_desk_of_a_background_organisation_without_experts(client):
    assert "No expert has named your organisation yet." in text(
        sign_in(client, background()).get(reverse(DESK))
    )


@pytest.mark.parametrize("number", [1, 3])
@pytest.mark.parametrize("role", [MemberRole.PRODUCER, MemberRole.BACKGROUND])
def test_desk_tells_what_our_own_events_wait_for(
    client, now, role, number, django_assert_num_queries
):
    task = Task.TRAINS if role == MemberRole.PRODUCER else Task.BACKGROUND
    here, other = (make_organisation(tasks=[task], at=now) for _n in range(2))
    person = make_member(here, role=role)
    for n in range(number):
        applied = make_event(
            now, organiser=here, title_fi=f"Haku {n}", title_en=f"Applied {n}", how=How.APPROVAL
        )
        for _n in range(2):
            make_sign_up(applied, state=SignUpState.APPLIED)
        make_event(
            now, organiser=here, title_en=f"Few {n}", min_seats=2, decide_on=helsinki(now).date()
        )
    theirs = make_event(now, organiser=other, title_en="Theirs", how=How.APPROVAL)
    make_sign_up(theirs, state=SignUpState.APPLIED)
    make_event(now, organiser=here, title_en="Quiet")
    desk = sign_in(client, person)
    desk.get(reverse(DESK))

    with django_assert_num_queries(QUERIES + 2 * (role == MemberRole.PRODUCER)):  # threads
        page = said(desk.get(reverse(DESK)))

    assert page.count("2 sign-ups wait for your answer") == number
    assert page.count("Too few come: is it held?") == number
    assert all(f"Applied {n}" in page and f"Few {n}" in page for n in range(number))
    assert "Theirs" not in page
    assert "Quiet" not in page


def test_desk_of_a_producer_speaks_of_trainings(client):
    member = make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER)

    page = text(sign_in(client, member).get(reverse(DESK)))

    assert "Your organisation trains experts." in page


@pytest.mark.parametrize("count", [1, 3])
def test_experts_are_named_without_their_themes(client, count, django_assert_num_queries):
    member = background()
    made = [
        make_expert(
            background_organisation=member.organisations.get(),
            responsible_person=member,
            themes=["cancer"],
        )
        for _n in range(count)
    ]
    sign_in(client, member).get(reverse("orderer:experts"))

    with django_assert_num_queries(9):
        page = text(client.get(reverse("orderer:experts")))

    for expert in made:
        assert expert.user.name in page
    assert "Cancer" not in page
    assert f"Responsible person: {member.name}" in page


def test_experts_are_said_to_be_in_the_bank_only_while_they_are_offered_tasks(client, now):
    member = background()
    behind = {"background_organisation": member.organisations.get(), "responsible_person": member}
    withdrawn, rested = (make_expert(user=make_person(name), **behind) for name in "AB")
    set_consents(withdrawn.user, set(), by=withdrawn.user, at=timezone.now())
    pause(rested, until=now.date() - timedelta(days=2), by=rested.user, at=now)

    page = text(sign_in(client, member).get(reverse("orderer:experts")))

    tags = re.findall(r'<span class="ds-tag"[^>]*>([^<]+)<', page)
    assert tags == ["Not in the expert bank", "In the expert bank"]
    assert "on a break" not in page.lower()


def test_experts_of_another_organisation_are_not_shown(client):
    stranger = make_expert(background_organisation=make_organisation(tasks=[Task.BACKGROUND]))

    assert stranger.user.name not in text(
        sign_in(client, background()).get(reverse("orderer:experts"))
    )


def test_experts_are_not_for_orderers(desk):
    assert desk.get(reverse("orderer:experts")).status_code == 403


@pytest.mark.parametrize(
    "name", [DESK, "orderer:orders", "orderer:order-new", "orderer:organisation"]
)
def test_desk_is_for_members_only(client, name):
    assert client.get(reverse(name)).status_code == 302

    assert sign_in(client, make_expert().user).get(reverse(name)).status_code == 403


def test_settings_lead_to_the_accounts_own_page(desk):
    assert desk.get(reverse("orderer:settings"))["Location"] == reverse("notice-settings")


def test_orderer_who_also_stands_behind_experts_elsewhere_orders_from_that_desk_too(client, now):
    orderer = make_orderer(make_vetted_organisation("Öljymäen koulu"))
    other = make_organisation("Aamun yhdistys", tasks=[Task.BACKGROUND])
    make_member(other, role=MemberRole.BACKGROUND, user=orderer)
    sign_in(client, orderer)

    page = text(client.get(reverse(DESK)))
    assert "<h1>Aamun yhdistys</h1>" in page

    first = client.post(reverse("orderer:order-new"))["Location"]
    client.post(first, {"title": "Puheenvuoro", "go": "later"})

    assert orderer.orders.get().organisation.name == "Öljymäen koulu"


def test_desk_of_a_producer_counts_the_trainings_that_carry_its_name(client, now):
    member = make_member(
        make_organisation("Oppiva ry", tasks=[Task.TRAINS]), role=MemberRole.PRODUCER
    )
    training = {"kind": "basic", "name": "Perus", "completed_on": date(2026, 1, 1), "at": now}
    for producer, by in (("oppiva ry", None), ("Oppiva ry", make_coordinator()), ("Muu", None)):
        expert = make_expert()
        add_training(expert, producer=producer, by=by or expert.user, **training)

    page = sign_in(client, member).get(reverse(DESK))

    assert (page.context["trained"], page.context["verified"]) == (2, 1)
    assert "2 trainings in the experts’ profiles carry" in text(page)
