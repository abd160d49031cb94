from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from luukku.audit.queries import history
from luukku.notices.models import Letter
from luukku.organisations import actions
from luukku.organisations.models import (
    ChangeAsked,
    Kind,
    MemberRole,
    Membership,
    Organisation,
    Sector,
    Task,
)
from luukku.organisations.states import OrganisationState
from luukku.taxonomy.models import Municipality, Service
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
WHY = "Y-tunnusta ei löytynyt."
keep_old = partial(actions.refuse_change, reason=WHY)


def found(by, **changes):
    fields = {"name": "Toivo ry", "kind": Kind.NGO, "tasks": [Task.ORDERS], "by": by, "at": AT}
    return actions.register(**fields | changes)


def test_found_waits_for_the_counter_and_the_maker_stands_for_it():
    person = make_person()

    organisation = found(person)

    assert (organisation.state, organisation.sector) == (OrganisationState.WAITING, Sector.THIRD)
    assert list(organisation.memberships.values_list("user", "role", "is_contact")) == [
        (person.pk, MemberRole.ORDERER, True)
    ]
    assert [event.act for event in history(organisation)] == ["organisations.register"]
    assert not Letter.objects.filter(reader=person).exists()


def test_found_gives_a_role_for_each_task_that_has_one():
    organisation = found(make_person(), tasks=[Task.BACKGROUND, Task.TRAINS, Task.COORDINATES])

    assert sorted(organisation.memberships.values_list("role", flat=True)) == [
        "background",
        "producer",
    ]


def test_found_by_the_counter_makes_nobody_of_the_counter_a_member():
    organisation = found(make_coordinator())

    assert not organisation.memberships.exists()


def test_found_by_the_counter_for_somebody_makes_them_a_member():
    person = make_person()

    organisation = found(make_coordinator(), for_user=person, sector=Sector.PRIVATE)

    assert list(organisation.members.all()) == [person]
    assert organisation.sector == Sector.PRIVATE


def test_found_keeps_services_and_business_id():
    sote = Service.objects.get(code="sote")

    organisation = found(make_person(), services=[sote], business_id="1234567-1")

    assert list(organisation.services.all()) == [sote]
    assert Organisation.objects.get().business_id == "1234567-1"


def test_found_needs_an_account():
    with pytest.raises(PermissionDenied):
        found(AnonymousUser())


def test_found_for_somebody_else_is_for_the_counter_only():
    with pytest.raises(PermissionDenied):
        found(make_person(), for_user=make_person())

    assert not Organisation.objects.exists()


@pytest.mark.parametrize("state", [OrganisationState.WAITING, OrganisationState.REFUSED])
def test_vet_checks_the_organisation_and_tells_its_people(state):
    organisation = make_organisation(state=state, tasks=[Task.ORDERS, Task.BACKGROUND])
    member = make_member(organisation)

    organisation = actions.vet(organisation, by=make_coordinator(), at=AT)

    assert organisation.state == OrganisationState.VETTED
    assert organisation.state_changed_at == AT
    letter = Letter.objects.get(reader=member)
    assert letter.kind == "organisations.vetted"


def test_vet_cannot_be_done_twice():
    with pytest.raises(WrongState):
        actions.vet(make_organisation(), by=make_coordinator(), at=AT)


def test_vet_is_for_the_counter_only():
    organisation = make_organisation(state=OrganisationState.WAITING)
    member = make_member(organisation)

    with pytest.raises(PermissionDenied):
        actions.vet(organisation, by=member, at=AT)

    assert Organisation.objects.get().state == OrganisationState.WAITING


def test_refuse_tells_its_people_why():
    organisation = make_organisation(state=OrganisationState.WAITING)
    member = make_member(organisation)

    organisation = actions.refuse(organisation, reason=WHY, by=make_coordinator(), at=AT)

    assert (organisation.state, organisation.refused_because) == (OrganisationState.REFUSED, WHY)
    letter = Letter.objects.get(reader=member)
    assert (letter.kind, WHY in letter.body) == ("organisations.refused", True)


@pytest.mark.parametrize(
    ("again", "state"),
    [
        (actions.reopen, OrganisationState.WAITING),
        (actions.vet, OrganisationState.VETTED),
        (actions.end, OrganisationState.ENDED),
    ],
)
def test_refusal_is_taken_back_with_its_reason(again, state):
    organisation, by = make_organisation(state=OrganisationState.WAITING), make_coordinator()
    member = make_member(organisation)
    actions.refuse(organisation, reason=WHY, by=by, at=AT)

    organisation = again(organisation, by=by, at=AT + timedelta(hours=1))

    assert (organisation.state, organisation.refused_because) == (state, "")
    assert Letter.objects.filter(reader=member).count() == 2


def test_database_keeps_no_reason_of_a_refusal_that_does_not_hold():
    with pytest.raises(IntegrityError, match="organisation_refused_with_reason"):
        make_organisation(refused_because=WHY)


def test_refuse_comes_too_late_for_a_checked_one():
    with pytest.raises(WrongState):
        actions.refuse(make_organisation(), reason=WHY, by=make_coordinator(), at=AT)


def test_refuse_is_for_the_counter_only():
    organisation = make_organisation(state=OrganisationState.WAITING)

    with pytest.raises(PermissionDenied):
        actions.refuse(organisation, reason=WHY, by=make_member(organisation), at=AT)


def test_end_leaves_the_people_their_accounts():
    organisation = make_organisation()
    member = make_member(organisation)

    organisation = actions.end(organisation, by=make_coordinator(), at=AT)

    assert organisation.state == OrganisationState.ENDED
    member.refresh_from_db()
    assert member.is_active


def test_end_is_for_the_counter_only():
    organisation = make_organisation()

    with pytest.raises(PermissionDenied):
        actions.end(organisation, by=make_member(organisation), at=AT)


def details(**changes):
    fields = {
        "name": "Uusi nimi",
        "kind": Kind.SCHOOL,
        "sector": Sector.PUBLIC,
        "municipality": None,
        "services": [],
    }
    return fields | {"business_id": "", "at": AT} | changes


def test_reopen_lets_it_wait_to_be_checked_and_tells_its_people():
    organisation = make_organisation()
    member = make_member(organisation)
    actions.end(organisation, by=make_coordinator(), at=AT)

    organisation = actions.reopen(organisation, by=make_coordinator(), at=AT)

    assert organisation.state == OrganisationState.WAITING
    assert set(Letter.objects.filter(reader=member).values_list("kind", flat=True)) == {
        "organisations.ended", "organisations.reopened"
    }  # fmt: skip


def test_reopen_is_for_the_counter_only():
    organisation = make_organisation(state=OrganisationState.ENDED)

    with pytest.raises(PermissionDenied):
        actions.reopen(organisation, by=make_member(organisation), at=AT)


@pytest.mark.parametrize(
    ("make", "state"),
    [(make_member, OrganisationState.WAITING), (lambda _o: make_coordinator(), OrganisationState.VETTED)],
)  # fmt: skip
def test_edit_changes_every_detail(make, state):
    organisation = make_organisation(state=state)
    rauma, sote = Municipality.objects.get(code="684"), Service.objects.get(code="sote")
    member = make(organisation)

    holds = actions.edit(
        organisation,
        by=member,
        **details(municipality=rauma, services=[sote], business_id="1234567-1"),
    )

    organisation.refresh_from_db()
    assert holds
    assert (organisation.name, organisation.municipality) == ("Uusi nimi", rauma)
    assert (organisation.kind, organisation.sector) == (Kind.SCHOOL, Sector.PUBLIC)
    assert organisation.business_id == "1234567-1"
    assert list(organisation.services.all()) == [sote]
    assert [event.act for event in history(organisation)] == ["organisations.edit"]


def ask(organisation, by, **changes):
    assert not actions.edit(organisation, by=by, **details(**changes))
    organisation.refresh_from_db()
    return ChangeAsked.objects.get(organisation=organisation)


@pytest.mark.parametrize(
    "changes",
    [
        {"name": "Satasairaala"},
        {"kind": Kind.COUNTY},
        {"sector": Sector.PRIVATE},
        {"business_id": "1234567-1"},
    ],
)
def test_edit_of_what_the_counter_has_checked_waits_and_the_old_holds(changes):
    organisation = make_organisation("Toivo ry")
    member, rauma = make_member(organisation), Municipality.objects.get(code="684")
    same = {"name": "Toivo ry", "kind": organisation.kind, "sector": organisation.sector}

    asked = ask(organisation, member, **same | {"municipality": rauma} | changes)

    assert (organisation.name, organisation.business_id) == ("Toivo ry", "")
    assert (organisation.kind, organisation.sector) == (Kind.NGO, Sector.THIRD)
    assert organisation.municipality == rauma
    assert {field: getattr(asked, field) for field in changes} == changes
    assert asked.asked_by == member


def test_edit_of_nothing_that_was_checked_holds_at_once_and_takes_the_wish_back():
    organisation = make_organisation("Toivo ry")
    member = make_member(organisation)
    ask(organisation, member)

    holds = actions.edit(
        organisation,
        by=member,
        **details(name="Toivo ry", kind=organisation.kind, sector=organisation.sector),
    )

    assert holds
    assert not ChangeAsked.objects.exists()


def test_edit_by_the_counter_leaves_a_wish_waiting_and_grants_the_same():
    organisation, counter = make_organisation("Toivo ry"), make_coordinator()
    member, rauma = make_member(organisation), Municipality.objects.get(code="684")
    asked = ask(organisation, member)
    as_it_was = details(
        name="Toivo ry", kind=organisation.kind, sector=organisation.sector, municipality=rauma
    )

    actions.edit(organisation, by=counter, **as_it_was)

    assert ChangeAsked.objects.get() == asked
    assert not Letter.objects.filter(reader=member).exists()
    actions.edit(organisation, by=counter, **details())
    assert not ChangeAsked.objects.exists()
    told = Letter.objects.filter(reader=member).values_list("kind", flat=True)
    assert list(told) == ["organisations.change_accepted"]


@pytest.mark.parametrize(
    ("decide", "name", "kind"),
    [
        (actions.accept_change, "Uusi nimi", "organisations.change_accepted"),
        (keep_old, "Toivo ry", "organisations.change_refused"),
    ],
)
def test_change_is_decided_once_by_the_counter_and_told(decide, name, kind):
    organisation = make_organisation("Toivo ry")
    member = make_member(organisation)
    asked = ask(organisation, member)

    decide(asked, by=make_coordinator(), at=AT)
    with pytest.raises(actions.AskedAnew):
        decide(
            ChangeAsked(pk=asked.pk or 1, organisation=organisation), by=make_coordinator(), at=AT
        )

    organisation.refresh_from_db()
    assert organisation.kind == (Kind.SCHOOL if name == "Uusi nimi" else Kind.NGO)
    assert (organisation.name, organisation.state) == (name, OrganisationState.VETTED)
    letter = Letter.objects.get(reader=member)
    assert (letter.kind, WHY in letter.body) == (kind, decide is keep_old)


@pytest.mark.parametrize("decide", [actions.accept_change, keep_old])
@pytest.mark.parametrize("make", [make_member, lambda _o: make_person()])
def test_change_is_decided_by_nobody_else(decide, make):
    organisation = make_organisation()
    asked = ask(organisation, make_member(organisation))

    with pytest.raises(PermissionDenied):
        decide(asked, by=make(organisation), at=AT)


def test_change_is_not_accepted_by_who_asked_for_it():
    organisation, coordinator = make_organisation(), make_coordinator()
    asked = ask(organisation, make_member(organisation))
    ChangeAsked.objects.update(asked_by=coordinator)
    asked.refresh_from_db()

    with pytest.raises(PermissionDenied):
        actions.accept_change(asked, by=coordinator, at=AT)


def test_edit_is_not_for_strangers():
    with pytest.raises(PermissionDenied):
        actions.edit(make_organisation(), by=make_member(), **details())


def test_database_refuses_what_is_no_business_id():
    with pytest.raises(IntegrityError, match="organisation_business_id"):
        make_organisation(business_id="12345671")


def test_add_unit_adds_it_once():
    organisation = make_organisation()
    member = make_member(organisation)

    unit = actions.add_unit(organisation, name="Osasto 3", municipality=None, by=member, at=AT)
    again = actions.add_unit(organisation, name="Osasto 3", municipality=None, by=member, at=AT)

    assert unit == again
    assert [event.act for event in history(unit)] == ["organisations.add_unit"]


def test_add_unit_is_not_for_strangers():
    with pytest.raises(PermissionDenied):
        actions.add_unit(make_organisation(), name="x", municipality=None, by=make_member(), at=AT)


@pytest.mark.parametrize("role", list(MemberRole))
def test_add_member_tells_the_person_what_they_may_do_now(role):
    organisation, person = make_organisation("Toivo ry"), make_person()
    unit = organisation.units.create(name="Osasto 3")

    membership = actions.add_member(
        organisation, person, role=role, unit=unit, by=make_coordinator(), at=AT
    )

    assert (membership.role, membership.unit, membership.is_contact) == (role, unit, False)
    letter = Letter.objects.get(reader=person)
    assert "Toivo ry" in letter.body
    assert "Toivo ry" not in letter.subject


def test_add_member_twice_changes_nothing():
    organisation, person, coordinator = make_organisation(), make_person(), make_coordinator()

    for _time in range(2):
        actions.add_member(organisation, person, role=MemberRole.ORDERER, by=coordinator, at=AT)

    assert Membership.objects.filter(user=person).count() == 1
    assert Letter.objects.filter(reader=person).count() == 1


def test_add_member_is_for_the_contact_person_of_the_same_role():
    organisation, person = make_organisation(), make_person()
    contact, member = make_member(organisation, is_contact=True), make_member(organisation)

    membership = actions.add_member(
        organisation, person, role=MemberRole.ORDERER, by=contact, at=AT
    )
    with pytest.raises(PermissionDenied):
        actions.add_member(organisation, make_person(), role=MemberRole.ORDERER, by=member, at=AT)

    assert membership.added_by == contact


def test_add_member_does_not_let_an_orderer_open_the_names_of_experts():
    organisation = make_organisation(tasks=[Task.ORDERS, Task.BACKGROUND])
    orderer = make_member(organisation)

    with pytest.raises(PermissionDenied):
        actions.add_member(organisation, orderer, role=MemberRole.BACKGROUND, by=orderer, at=AT)

    assert not Membership.objects.filter(role=MemberRole.BACKGROUND).exists()


def test_add_member_is_not_for_strangers():
    with pytest.raises(PermissionDenied):
        actions.add_member(
            make_organisation(), make_person(), role=MemberRole.ORDERER, by=make_member(), at=AT
        )


def test_name_contact_leaves_one_contact_in_a_role():
    organisation = make_organisation()
    before, after = make_member(organisation, is_contact=True), make_member(organisation)
    behind = make_member(organisation, role=MemberRole.BACKGROUND, is_contact=True)

    actions.name_contact(after.memberships.get(), by=before, at=AT)

    contacts = organisation.memberships.filter(is_contact=True).values_list("user", flat=True)
    assert set(contacts) == {after.pk, behind.pk}


@pytest.mark.parametrize("role", [MemberRole.ORDERER, MemberRole.BACKGROUND])
def test_nobody_makes_a_contact_person_of_themselves(role):
    organisation = make_organisation()
    contact = make_member(organisation, role=role, is_contact=True)
    member = make_member(organisation, role=role)

    with pytest.raises(PermissionDenied):
        actions.name_contact(member.memberships.get(), by=member, at=AT)
    with pytest.raises(PermissionDenied):
        actions.remove_member(contact.memberships.get(), by=member, at=AT)

    assert contact.memberships.get().is_contact


def test_name_contact_is_not_for_strangers():
    membership = make_member().memberships.get()

    with pytest.raises(PermissionDenied):
        actions.name_contact(membership, by=make_member(), at=AT)


def test_remove_member_ends_the_role():
    organisation = make_organisation()
    member, other = make_member(organisation, is_contact=True), make_member(organisation)

    actions.remove_member(other.memberships.get(), by=member, at=AT)

    assert list(organisation.members.all()) == [member]


def test_remove_member_is_not_for_strangers():
    membership = make_member().memberships.get()

    with pytest.raises(PermissionDenied):
        actions.remove_member(membership, by=make_member(), at=AT)

    assert Membership.objects.filter(pk=membership.pk).exists()
