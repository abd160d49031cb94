"""Somebody calls to order: who it is and for whom on one page, then the first question."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.core.duty import queue
from luukku.notices.models import Letter
from luukku.orders.actions import forget_empty
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.models import Kind, MemberRole, Membership, Organisation
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_person
from tests.factories.orders import make_orderer, make_vetted_organisation
from tests.markup import flat, said

pytestmark = pytest.mark.django_db
NEW = {
    "name": "Eero Ek", "phone": "040 123 4562", "email": "",
    "organisation": "Kylän koulu", "kind": "school",
}  # fmt: skip


def send(counter, **data):
    return counter.post(reverse("counter:order-new"), data)


def errors(response):
    return set(response.context["form"].errors)


def sure(organisation):
    return {f"sure_{organisation.pk}": "on"}


def choices(response, name):
    return [value for value, _label in response.context["form"].fields[name].choices]


def is_first_question(response):
    return response.get("Location", "").startswith(f"{reverse('counter:order-begin')}?begun=")


def test_new_caller_from_a_new_organisation_is_two_page_loads_from_the_first_question(counter):
    assert counter.get(reverse("counter:order-new")).status_code == 200

    response = send(counter, **NEW)

    assert is_first_question(response)
    assert "task_type" in counter.get(response["Location"]).context["form"].fields
    member = Membership.objects.get()
    assert (member.user.name, member.user.phone, member.user.email) == (
        "Eero Ek",
        "040 123 4562",
        None,
    )
    assert (member.organisation.name, member.organisation.kind, member.role, member.is_contact) == (
        "Kylän koulu", Kind.SCHOOL, MemberRole.ORDERER, True,
    )  # fmt: skip
    assert Order.objects.get().contact == member.user  # waits in the queue, however one leaves
    made = AuditEvent.objects.get(act="accounts.make")
    assert made.on_behalf_of_id == member.user.pk


def test_order_of_a_new_caller_is_written_down_as_theirs(counter):
    first = send(counter, **NEW)["Location"]

    counter.post(first, {"title": "Puheenvuoro", "go": "later"})

    order = Order.objects.get()
    assert (order.contact.name, order.organisation.name) == ("Eero Ek", "Kylän koulu")
    assert AuditEvent.objects.get(act="orders.start").on_behalf_of_id == order.contact_id


@pytest.mark.parametrize(
    "said",
    [
        {"phone": "+358401234567"},
        {"name": "kaisa kolmas"},
        {"name": "Kaisa"},
        {"email": "KAISA@example.test"},
    ],
)
def test_known_caller_is_found_by_any_word_and_chosen(counter, said):
    known = make_orderer(name="Kaisa Kolmas", phone="040 123 4567", email="kaisa@example.test")
    member = known.memberships.get()

    asked = send(counter, **said)

    assert (asked.status_code, choices(asked, "contact")[0]) == (422, str(member.pk))
    assert is_first_question(send(counter, **said, contact=member.pk))
    assert (
        User.objects.filter(name__icontains="kaisa kolmas").count(),
        Organisation.objects.count(),
    ) == (1, 1)


def test_known_caller_is_not_taken_with_another_organisation(counter):
    member = make_orderer(name="Kaisa Kolmas").memberships.get()

    page = send(counter, contact=str(member.pk), name="Kaisa Kolmas", organisation="Aivan muu ry")

    assert page.status_code == 422
    assert list(page.context["form"].errors) == ["organisation"]
    assert member.organisation.name in said(page)


def test_known_caller_s_other_details_are_told_not_to_be_taken(counter):
    member = make_orderer(name="Kaisa Kolmas", phone="040 123 4567").memberships.get()

    same = send(counter, contact=str(member.pk), phone="+358 40 1234567")
    before = said(counter.get(same["Location"]))
    other = send(counter, contact=str(member.pk), phone="050 765 4321", email="uusi@example.test")
    after = said(counter.get(other["Location"]))

    words = "050 765 4321, uusi@example.test was not written down: Kaisa Kolmas"
    assert (words in before, words in after) == (False, True)


def test_every_page_of_the_order_names_who_orders(counter):
    first = send(counter, **NEW)["Location"]
    begun = said(counter.get(first))
    counter.post(first, {"title": "Puheenvuoro", "go": "later"})
    order = Order.objects.get()

    pages = [
        said(counter.get(reverse("counter:order-step", args=[order.pk, "when"]))),
        said(counter.get(reverse("counter:order-check", args=[order.pk]))),
    ]

    assert ["Eero Ek, Kylän koulu" in page for page in (begun, *pages)] == [True] * 3
    assert "you read the order and accept it" not in pages[1]  # something is still missing


def test_known_person_orders_for_another_organisation(counter):
    known, school = make_person("Kaisa Kolmas"), make_vetted_organisation("Kenttäkoulu")
    said = {"name": "Kaisa Kolmas", "organisation": "kenttäkoulu"}
    asked = send(counter, **said)

    contact = {"contact": f"person-{known.pk}"}
    unsure = send(counter, **said, **contact)
    made = Membership.objects.count()
    response = send(counter, **said, **contact, **sure(school))

    assert (asked.status_code, errors(unsure), made) == (422, {f"sure_{school.pk}"}, 0)
    assert is_first_question(response)
    assert (Membership.objects.get().user, Membership.objects.get().is_contact) == (known, False)
    assert (Membership.objects.get().organisation, Organisation.objects.count()) == (school, 1)


def test_another_person_of_the_same_name_is_made_only_when_chosen(counter):
    make_orderer(name="Eero Ek")
    asked = send(counter, **NEW)
    new = choices(asked, "contact")[-1]

    response = send(counter, **NEW, contact=new)

    assert (asked.status_code, is_first_question(response)) == (422, True)
    assert User.objects.filter(name="Eero Ek").count() == 2


def test_choice_of_somebody_new_covers_only_those_shown(counter):
    make_orderer(name="Eero Ek")
    new = choices(send(counter, **NEW), "contact")[-1]
    make_orderer(name="Eero Ek")

    response = send(counter, **NEW, contact=new)

    assert (response.status_code, errors(response)) == (422, {"contact"})
    assert User.objects.filter(name="Eero Ek").count() == 2


def test_two_organisations_of_one_name_are_asked_about(counter):
    schools = [make_vetted_organisation("Kylän koulu") for _n in range(2)]
    asked = send(counter, **NEW)

    response = send(counter, **NEW, which=schools[1].pk, **sure(schools[1]))

    assert (asked.status_code, errors(asked)) == (422, {"which"})
    assert is_first_question(response)
    assert Membership.objects.get().organisation == schools[1]


def test_organisation_with_a_like_name_is_shown_before_a_new_one_is_made(counter):
    make_vetted_organisation("Kylän koulun vanhempainyhdistys")
    said = NEW | {"organisation": "kylän koulu"}
    asked = send(counter, **said)

    response = send(counter, **said, which=choices(asked, "which")[-1])

    assert (errors(asked), is_first_question(response)) == ({"which"}, True)
    assert Organisation.objects.count() == 2


def test_mistyped_name_of_an_organisation_shows_the_one_that_is_meant(counter):
    known = make_vetted_organisation("Meren koulu")
    make_vetted_organisation("Porin lukio")
    said = NEW | {"organisation": "Meren koulo"}

    asked = send(counter, **said)

    assert (errors(asked), choices(asked, "which")[0]) == ({"which"}, str(known.pk))
    assert len(choices(asked, "which")) == 2
    assert is_first_question(send(counter, **said, which=choices(asked, "which")[-1]))


def test_ended_organisation_is_not_ordered_for(counter):
    make_vetted_organisation("Kylän koulu", state=OrganisationState.ENDED)

    response = send(counter, **NEW)

    assert is_first_question(response)
    assert Membership.objects.get().organisation.state == OrganisationState.WAITING


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": "", "organisation": "", "phone": ""}, {"name", "organisation"}),
        ({"name": "", "kind": ""}, {"name", "kind"}),
        ({"phone": "soita", "kind": ""}, {"phone", "kind"}),
        ({"email": "ei osoite"}, {"email"}),
        ({"name": "x" * 121}, {"name"}),
    ],
)
def test_faults_are_told_at_their_fields_in_one_round_and_what_was_typed_stays(
    counter, change, wrong
):
    response = send(counter, **NEW | change)

    assert (response.status_code, errors(response)) == (422, wrong)
    form = response.context["form"]
    assert {name: form[name].value() for name in NEW} == NEW | change
    assert (Membership.objects.count(), Organisation.objects.count()) == (0, 0)


def test_taken_address_is_refused_at_its_field(counter):
    make_person("Kaisa Kolmas", email="kaisa@example.test")
    said = NEW | {"email": "Kaisa@example.test"}
    new = choices(send(counter, **said), "contact")[-1]

    response = send(counter, **said, contact=new)

    assert (response.status_code, errors(response)) == (422, {"email"})


def test_membership_alone_still_begins(counter):
    assert is_first_question(send(counter, contact=make_orderer().memberships.get().pk))


@pytest.mark.parametrize("odd", ["0", "x", "person-", "person-99999", "9" * 40, "new-", "²"])
def test_odd_choices_are_refused(counter, odd):
    make_orderer(name="Eero Ek")

    assert send(counter, **NEW, contact=odd).status_code == 422


def test_same_form_sent_again_makes_one_of_each(counter):
    form = NEW | {"form_token": "7f6b0f0e-3c1a-4a7e-9f65-0d5b7a0f8e11"}

    answers = {send(counter, **form)["Location"] for _n in range(3)}

    assert (len(answers), User.objects.filter(name="Eero Ek").count()) == (1, 1)
    assert (Organisation.objects.count(), Membership.objects.count()) == (1, 1)


def test_caller_s_page_is_the_counter_s(client):
    client.force_login(make_orderer(), backend="django.contrib.auth.backends.ModelBackend")

    assert {
        send(client, **NEW).status_code,
        client.get(reverse("counter:order-new")).status_code,
    } == {403}
    assert User.objects.filter(name="Eero Ek").count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_those_known_ask_the_database_the_same_for_one_and_three(
    counter, count, django_assert_num_queries
):
    for _n in range(count):
        make_orderer(name="Eero Ek")
    send(counter, **NEW)

    with django_assert_num_queries(
        16
    ):  # nothing is called like the organisation: names near it are looked for
        send(counter, **NEW)


def test_name_is_asked_for_as_the_form_takes_it(counter):
    form = counter.get(reverse("counter:order-new")).context["form"]

    assert (form.fields["name"].required, form.fields["phone"].required) == (True, False)
    assert errors(send(counter, **NEW | {"name": ""})) == {"name"}


def test_known_caller_is_found_by_the_parts_of_the_name_as_it_is_offered(counter):
    """As a telephone book says it, and not chosen among what was offered."""
    known = make_orderer(name="Kaisa Kolmas")

    asked = send(counter, **NEW | {"name": "Kolmas Kaisa"})

    assert choices(asked, "contact")[0] == str(known.memberships.get().pk)
    assert User.objects.filter(name="Kolmas Kaisa").count() == 0


@pytest.mark.parametrize("written", ["vanhempainyhdistys kylan", "Kylän-vanhempain"])
def test_known_organisation_is_found_by_what_is_offered_for_it(counter, written):
    known = make_vetted_organisation("Kylän vanhempainyhdistys")

    asked = send(counter, **NEW | {"organisation": written})

    assert (errors(asked), choices(asked, "which")[0]) == ({"which"}, str(known.pk))
    assert Organisation.objects.count() == 1


def test_machine_is_no_caller(counter):
    machine = User.objects.machine()

    asked = send(counter, **NEW | {"name": machine.name})

    assert is_first_question(asked)


@pytest.mark.parametrize("chosen", ["9" * 30, "²", "-1"])
def test_choice_that_is_no_key_chooses_nobody(counter, chosen):
    make_orderer(name="Eero Ek")

    response = send(counter, **NEW, contact=chosen)

    assert (response.status_code, errors(response)) == (422, {"contact"})


def drafts():
    return [duty.key for duty in queue(at=timezone.now(), kind="draft")]


def test_order_left_after_the_caller_waits_in_the_queue_and_is_thrown_away_from_its_page(counter):
    first = send(counter, **NEW)["Location"]
    send(counter, **NEW | {"phone": "040 123 4562"})
    order = Order.objects.get()
    later = timezone.now() + timedelta(days=3)
    page = reverse("counter:order-cancel", args=[order.pk])

    assert forget_empty(at=later) == 0
    assert drafts() == [order.pk]
    assert page in flat(counter.get(first))
    asked = flat(counter.get(page))
    told = Letter.objects.count()
    done = counter.post(page)

    assert "Nobody is told" in asked
    assert "Eero Ek and Kylän koulu stay." in asked
    assert done["Location"] == reverse("counter:queue")
    order.refresh_from_db()
    assert (order.state, drafts(), Letter.objects.count()) == (OrderState.CANCELLED, [], told)
