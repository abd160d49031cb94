"""The organisation's own details, units and people; registering a new one."""

import pytest
from django.urls import reverse

from luukku.accounts.actions import close
from luukku.organisations.models import ChangeAsked, MemberRole, Organisation
from luukku.organisations.states import OrganisationState
from tests.factories.accounts import make_admin, make_person
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db
PAGE = "orderer:organisation"


def text(response):
    return response.content.decode()


def test_organisation_names_its_people_and_units(desk, orderer, now):
    organisation = orderer.organisations.get()
    make_orderer(organisation, name="Kaino Kollega", is_contact=False)
    desk.post(reverse("orderer:unit-add"), {"unit-name": "Osasto 3", "unit-municipality": "609"})

    page = text(desk.get(reverse(PAGE)))

    for words in (
        organisation.name,
        orderer.name,
        "Kaino Kollega",
        "Osasto 3",
        "Pori",
        "Contact person",
    ):
        assert words in page


def test_organisation_names_nobody_whose_account_is_closed(desk, orderer, now):
    """Neither to be reached nor to be made its contact person."""
    organisation = orderer.organisations.get()
    gone = make_orderer(organisation, name="Leena Lähtenyt", is_contact=False)
    membership = gone.memberships.get()
    close(gone, by=make_admin(), at=now)

    page = text(desk.get(reverse(PAGE)))
    named = desk.post(reverse("orderer:contact-name", args=[membership.pk]))

    assert "Leena" not in page
    assert named.status_code == 404


def test_organisation_without_units_says_what_they_are_for(desk):
    assert "No units yet." in text(desk.get(reverse(PAGE)))


@pytest.mark.parametrize("state", [OrganisationState.WAITING, OrganisationState.VETTED])
def test_organisation_changes_its_name_once_checked_and_its_place_at_once(desk, orderer, state):
    Organisation.objects.update(state=state)
    before = orderer.organisations.get()
    response = desk.post(
        reverse(PAGE),
        {
            "name": "Uusi nimi ry",
            "municipality": "684",
            "kind": "parish",
            "sector": "parish",
            "services": ["hyte"],
        }
        | {"business_id": "1234567-1"},
    )

    organisation = orderer.organisations.get()
    asked = ChangeAsked.objects.filter(organisation=organisation).first()
    shown = text(desk.get(reverse(PAGE)))
    holds = before if state == OrganisationState.VETTED else organisation
    assert (response.status_code, organisation.municipality_id) == (303, "684")
    assert list(organisation.services.values_list("code", flat=True)) == ["hyte"]
    assert (organisation.name, organisation.sector, organisation.business_id) == (
        holds.name, holds.sector, holds.business_id
    )  # fmt: skip
    new = asked if state == OrganisationState.VETTED else organisation
    assert (new.name, new.sector, new.business_id) == ("Uusi nimi ry", "parish", "1234567-1")
    assert ("You have asked for: Uusi nimi ry" in shown) == (state == OrganisationState.VETTED)


def test_organisation_without_a_name_is_told_at_the_field(desk, orderer):
    response = desk.post(
        reverse(PAGE), {"name": "", "kind": "ngo", "sector": "third", "business_id": "1234567-2"}
    )

    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"name", "business_id"}
    assert f"<h1>{orderer.organisations.get().name}</h1>" in text(response)


def test_unit_without_a_name_is_told_at_the_field(desk, orderer):
    response = desk.post(reverse("orderer:unit-add"), {"unit-name": ""})

    assert (response.status_code, set(response.context["unit_form"].errors)) == (422, {"name"})
    assert orderer.organisations.get().units.count() == 0


def test_contact_person_is_named(desk, orderer):
    colleague = make_orderer(orderer.organisations.get(), is_contact=False)

    desk.post(reverse("orderer:contact-name", args=[colleague.memberships.get().pk]))

    assert colleague.memberships.get().is_contact is True
    assert orderer.memberships.get().is_contact is False


def test_contact_person_of_another_organisation_is_not_there(desk):
    stranger = make_orderer(is_contact=False)

    response = desk.post(reverse("orderer:contact-name", args=[stranger.memberships.get().pk]))

    assert (response.status_code, stranger.memberships.get().is_contact) == (404, False)


FOUND = {
    "name": "Kylän koulu",
    "kind": "school",
    "tasks": ["orders", "background"],
    "municipality": "609",
    "services": ["education"],
}


def test_found_registers_an_organisation_that_waits_for_the_counter(client):
    person = make_person()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(reverse("orderer:found")).status_code == 200

    response = client.post(reverse("orderer:found"), FOUND)

    organisation = Organisation.objects.get()
    assert response["Location"] == reverse("orderer:desk")
    assert (organisation.state, organisation.municipality_id) == (OrganisationState.WAITING, "609")
    assert [service.code for service in organisation.services.all()] == ["education"]
    assert {m.role for m in organisation.memberships.all()} == {
        MemberRole.ORDERER,
        MemberRole.BACKGROUND,
    }
    assert "<h1>Kylän koulu</h1>" in text(client.get(reverse("orderer:desk")))


def test_found_opens_the_new_desk_also_for_who_has_another(desk):
    desk.post(reverse("orderer:found"), FOUND)

    assert "<h1>Kylän koulu</h1>" in text(desk.get(reverse("orderer:desk")))


@pytest.mark.parametrize(
    "changes, wrong",
    [
        ({"name": ""}, "name"),
        ({"tasks": []}, "tasks"),
        ({"tasks": ["coordinates"]}, "tasks"),
        ({"kind": "x"}, "kind"),
        ({"municipality": "999"}, "municipality"),
    ],
)
def test_found_tells_what_is_wrong_at_its_field(desk, changes, wrong):
    response = desk.post(reverse("orderer:found"), FOUND | changes)

    assert (response.status_code, set(response.context["form"].errors)) == (422, {wrong})
    assert Organisation.objects.count() == 1


def test_found_is_for_people_with_an_account(client):
    assert client.get(reverse("orderer:found")).status_code == 302
