"""Before a second one of the same is made, the counter sees what is there already."""

import pytest
from django.urls import reverse

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.orders.states import OrderState
from luukku.organisations.actions.registering import MayBeSame
from luukku.organisations.models import Organisation
from luukku.organisations.states import OrganisationState
from luukku.workbench.models import Joined
from tests.factories.accounts import make_person
from tests.factories.orders import make_order, make_orderer, make_vetted_organisation
from tests.factories.organisations import make_organisation
from tests.markup import flat

pytestmark = pytest.mark.django_db
PERSON = {"name": "Kaisa Kolmas", "email": "", "phone": "", "language": "fi"}
WHY = {"reason": "Soitettu: sama koulu."}
SCHOOL = {"name": "Kenttäkoulu", "kind": "school", "tasks": ["orders"]}


def post(counter, page, *args, **data):
    return counter.post(reverse(f"counter:{page}", args=args), data)


def tick(response):
    """Return the tick that says: this is another one."""
    return response.context["form"].fields["another"].widget.attrs["value"]


def test_organisation_of_almost_the_same_name_is_asked_about(counter):
    known = make_organisation("Meren koulu")
    again = SCHOOL | {"name": "Meren koulo"}

    response = post(counter, "organisation-new", **again)

    assert (response.status_code, Organisation.objects.count()) == (422, 1)
    assert reverse("counter:organisation", args=[known.pk]) in response.content.decode()
    post(counter, "organisation-new", **again, another=tick(response))
    assert Organisation.objects.count() == 2


# -- People ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        {"name": "Kaisa Kolmas"},
        {"name": "kaisa  KOLMAS"},
        {"name": "Toinen Nimi", "phone": "+358401234567"},
    ],
)
def test_second_person_is_asked_about_and_what_was_typed_stays(counter, again):
    known = make_orderer(name="Kaisa Kolmas", email="kaisa@example.test", phone="040 123 4567")

    response = post(counter, "person-new", **PERSON | {"language": "sv"} | again)

    page = response.content.decode()
    assert (response.status_code, User.objects.filter(name=again["name"], email=None).count()) == (
        422,
        0,
    )
    assert reverse("counter:person", args=[known.pk]) in page
    for fact in ("kaisa@example.test", "040 123 4567", known.memberships.get().organisation.name):
        assert fact in page
    assert response.context["form"]["language"].value() == "sv"
    assert list(response.context["form"].errors) == ["another"]


def test_another_person_of_the_same_name_is_made_once_ticked(counter):
    make_person("Kaisa Kolmas")
    seen = tick(post(counter, "person-new", **PERSON))

    response = post(counter, "person-new", **PERSON, another=seen)

    made = User.objects.filter(name="Kaisa Kolmas").latest("pk")
    assert response["Location"] == reverse("counter:person", args=[made.pk])
    assert User.objects.filter(name="Kaisa Kolmas").count() == 2


def test_tick_covers_only_the_ones_that_were_shown(counter):
    make_person("Kaisa Kolmas")
    seen = tick(post(counter, "person-new", **PERSON))
    make_person("Kaisa Kolmas")

    response = post(counter, "person-new", **PERSON, another=seen)

    assert response.status_code == 422
    assert response.context["form"]["another"].value() is not True
    assert User.objects.filter(name="Kaisa Kolmas").count() == 2


def test_new_person_like_nobody_is_made_at_once(counter):
    assert post(counter, "person-new", **PERSON).status_code == 303


def test_taken_address_says_whose_it_is_and_what_to_do(counter):
    owner = make_person("Kaisa Kolmas", email="kaisa@example.test")

    response = post(
        counter,
        "person-new",
        name="Toinen",
        email="KAISA@example.test",
        language="fi",
        another=str(owner.pk),
    )

    [error] = response.context["form"].errors["email"]
    assert (response.status_code, User.objects.filter(name="Toinen").exists()) == (422, False)
    assert "go on with that account" in error
    assert reverse("counter:person", args=[owner.pk]) in response.content.decode()


def test_address_of_another_given_to_a_paper_person_says_what_to_do(counter):
    owner = make_person("Kaisa Kolmas", email="kaisa@example.test")
    paper = User.objects.create_user("", name="Kaisa Kolmas")

    response = post(counter, "person-email", paper.pk, email="Kaisa@example.test")

    page = response.content.decode()
    assert response.status_code == 422
    assert "belongs to the account of Kaisa Kolmas" in page
    assert reverse("counter:person", args=[owner.pk]) in page
    assert reverse("counter:person-merge-with", args=[paper.pk, owner.pk]) in page
    assert 'value="Kaisa@example.test"' in page


# -- Organisations ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "again",
    [
        {},
        {"name": "KENTTÄ-KOULU"},
        {"name": "Muu", "business_id": "1234567-1"},
        {"name": "Muu", "business_id": "12345671"},
    ],
)
def test_second_organisation_is_asked_about(counter, again):
    known = make_organisation("Kenttäkoulu", state=OrganisationState.VETTED)
    Organisation.objects.update(business_id="1234567-1")

    response = post(counter, "organisation-new", **SCHOOL | again)

    assert (response.status_code, Organisation.objects.count()) == (422, 1)
    assert reverse("counter:organisation", args=[known.pk]) in response.content.decode()

    response = post(counter, "organisation-new", **SCHOOL | again, another=tick(response))

    assert (response.status_code, Organisation.objects.count()) == (303, 2)
    assert AuditEvent.objects.filter(act="organisations.register").count() >= 1


@pytest.mark.parametrize("count", [1, 3])
def test_those_found_ask_the_database_the_same_for_one_and_three(
    counter, count, django_assert_num_queries
):
    for _n in range(count):
        make_orderer(name="Kaisa Kolmas")
    url = reverse("counter:person-new")
    post(counter, "person-new", **PERSON)

    with django_assert_num_queries(11):
        counter.post(url, PERSON)


# -- A guest of a school that is known already ------------------------------------------------------------


@pytest.fixture
def guests(now):
    """An order from somebody whose school the counter knows: the order and the school."""
    school = make_vetted_organisation("Kenttäkoulu")
    orderer = make_orderer(make_vetted_organisation("kenttäkoulu", state=OrganisationState.WAITING))
    return make_order(orderer=orderer), school


@pytest.mark.parametrize("page", ["order", "organisation"])
def test_counter_sees_that_the_school_is_known_and_joins_it(counter, guests, page):
    order, school = guests
    key = order.pk if page == "order" else order.organisation_id
    address = reverse("counter:organisation-join", args=[order.organisation_id, school.pk])
    assert address in counter.get(reverse(f"counter:{page}", args=[key])).content.decode()
    shown = counter.get(address).content.decode()
    assert order.contact.name in shown

    response = counter.post(address, WHY)

    order.refresh_from_db()
    assert (response["Location"], order.organisation) == (
        reverse("counter:organisation", args=[school.pk]), school,
    )  # fmt: skip
    again = counter.post(address, WHY)
    assert again["Location"] == reverse(
        "counter:organisation", args=[order.contact.memberships.earliest("pk").organisation_id]
    )


@pytest.mark.parametrize("page", ["order", "organisation"])
def test_guest_s_school_is_checked_only_once_it_is_said_to_be_another(counter, guests, page):
    order, _school = guests
    act = {"order": ("order-move", order.pk, "accept"), "organisation": ("organisation-move", order.organisation_id, "vet")}[page]  # fmt: skip
    key = order.pk if page == "order" else order.organisation_id

    refused = counter.post(reverse(f"counter:{act[0]}", args=act[1:]), {"vet": "1"}, follow=True)

    order.refresh_from_db()
    assert (order.state, order.organisation.state) == (OrderState.SENT, OrganisationState.WAITING)
    assert str(MayBeSame.words) in [str(one) for one in refused.context["messages"]]
    assert 'name="another"' in counter.get(reverse(f"counter:{page}", args=[key])).content.decode()

    post(counter, *act, vet="1", another="1")

    order.refresh_from_db()
    assert order.organisation.state == OrganisationState.VETTED


def test_checked_second_school_can_still_be_joined_from_its_page(counter, guests):
    order, school = guests
    post(counter, "order-move", order.pk, "accept", vet="1", another="1")
    address = reverse("counter:organisation-join", args=[order.organisation_id, school.pk])
    page = reverse("counter:organisation", args=[order.organisation_id])
    assert address in counter.get(page).content.decode()

    counter.post(address, WHY)

    order.refresh_from_db()
    assert (order.organisation, order.state) == (school, OrderState.ACCEPTED)


def test_organisation_known_by_another_name_is_found_by_a_search(counter, guests):
    order, school = guests
    other = make_vetted_organisation("Muu koulu")
    Organisation.objects.filter(pk=other.pk).update(business_id="1234567-1")
    page = reverse("counter:organisation-same", args=[order.organisation_id])
    join = [
        reverse("counter:organisation-join", args=[order.organisation_id, one.pk])
        for one in (school, other)
    ]

    own = flat(counter.get(reverse("counter:organisation", args=[order.organisation_id])))
    like = flat(counter.get(page))
    found = [counter.post(page, {"other_words": words}) for words in ("muu", "1234567")]
    chosen = counter.post(page, {"other": other.pk})

    assert page in own
    assert [link in like for link in join] == [True, False]
    assert [one["Location"] for one in found] == [join[1]] * 2  # one hit leads on at once
    assert chosen["Location"] == join[1]


def test_joining_the_wrong_way_round_says_so_and_changes_nothing(counter, guests):
    order, school = guests
    page = reverse("counter:organisation-join", args=[school.pk, order.organisation_id])

    shown = flat(counter.get(page))
    sent = counter.post(page, WHY, follow=True)

    school.refresh_from_db()
    assert "The one that has been checked must go on" in shown
    assert reverse("counter:organisation-join", args=[order.organisation_id, school.pk]) in shown
    assert "Yes, join them" not in shown
    assert "The one that has been checked must go on" in flat(sent)
    assert school.state == OrganisationState.VETTED


def test_join_is_no_page_of_an_orderer(client, guests):
    order, school = guests
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("counter:organisation-join", args=[order.organisation_id, school.pk])

    assert {client.get(address).status_code, client.post(address).status_code} == {403}


def test_joining_shows_both_side_by_side_and_asks_why(counter, guests):
    order, school = guests
    Organisation.objects.filter(pk=school.pk).update(business_id="1234567-1")
    address = reverse("counter:organisation-join", args=[order.organisation_id, school.pk])

    shown, empty = flat(counter.get(address)), counter.post(address, {"reason": " "})

    order.refresh_from_db()
    assert [shown.count(word) for word in ("Ends:", "Goes on:", "1234567-1")] == [1, 1, 1]
    assert (empty.status_code, order.organisation != school) == (422, True)


def test_both_pages_tell_of_the_joining_and_lead_to_taking_it_back(counter, guests):
    order, school = guests
    new = order.organisation
    counter.post(reverse("counter:organisation-join", args=[new.pk, school.pk]), WHY)
    joined = Joined.objects.get()
    back = reverse("counter:joining-take-back", args=[joined.pk])

    pages = [
        flat(counter.get(reverse("counter:organisation", args=[one.pk]))) for one in (new, school)
    ]
    history = flat(counter.get(reverse("counter:order", args=[order.pk])))
    asked = counter.get(back)
    order.refresh_from_db()
    was = order.organisation
    done = [counter.post(back) for _n in range(2)]

    assert [back in page and WHY["reason"] in page for page in pages] == [True, True]
    assert reverse("counter:organisation", args=[school.pk]) in pages[0]
    assert reverse("counter:organisation", args=[new.pk]) in pages[1]
    assert "Open again" not in pages[0]
    assert f"Moved from {new.name} to {school.name}" in history
    order.refresh_from_db()
    assert (asked.status_code, was, order.organisation) == (200, school, new)
    assert {one["Location"] for one in done} == {reverse("counter:organisation", args=[new.pk])}
    after = flat(counter.get(reverse("counter:organisation", args=[new.pk])))
    assert back not in after


def test_taking_a_joining_back_is_no_page_of_an_orderer(counter, client, guests):
    order, school = guests
    counter.post(reverse("counter:organisation-join", args=[order.organisation_id, school.pk]), WHY)
    client.force_login(order.contact, backend="django.contrib.auth.backends.ModelBackend")
    back = reverse("counter:joining-take-back", args=[Joined.objects.get().pk])

    assert {client.get(back).status_code, client.post(back).status_code} == {403}
    assert Joined.objects.holding().exists()
