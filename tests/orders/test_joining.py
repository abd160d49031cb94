"""A guest's school that is known already becomes one with it when the counter says so, never by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.models import Order
from luukku.organisations.models import Organisation, Task
from luukku.organisations.queries import may_be_same
from luukku.organisations.states import OrganisationState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_guest_draft, make_orderer, make_vetted_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def school():
    return make_vetted_organisation("Kenttäkoulu")


@pytest.fixture
def order(school, at):
    """An order that a guest of the same school has confirmed."""
    guest = actions.ask_confirmation(
        make_guest_draft(at), name="Veera Vieras", email="veera@example.test", phone="",
        organisation_name="kenttäkoulu ", organisation_kind="school", language="fi", at=at,
    )  # fmt: skip
    return actions.confirm(guest, at=at + timedelta(minutes=5))


def test_guest_of_a_known_school_is_not_joined_by_themselves(order, school):
    assert order.organisation != school
    assert not order.contact.organisations.filter(pk=school.pk).exists()
    assert may_be_same(order.organisation) == [school]


def test_joining_moves_orders_and_people_and_ends_the_second_one(order, school, at):
    new = order.organisation
    Letter.objects.all().delete()

    actions.join_organisation(new, school, by=make_coordinator(), at=at)

    order.refresh_from_db()
    new.refresh_from_db()
    assert (order.organisation, new.state) == (school, OrganisationState.ENDED)
    assert set(Order.objects.visible_to(order.contact)) == {order}
    [letter] = Letter.objects.all()
    assert (letter.kind, letter.reader) == ("organisations.member_added", order.contact)
    event = AuditEvent.objects.get(act="orders.join")
    assert (event.object_id, event.data) == (str(order.pk), {"from": new.pk, "to": school.pk})


def test_guest_who_orders_for_a_checked_one_already_may_have_named_it_anew(school, at):
    orderer = make_orderer(school, email="veera@example.test")
    guest = actions.ask_confirmation(
        make_guest_draft(at), name="Veera", email="veera@example.test", phone="",
        organisation_name="Aivan muu", organisation_kind="school", language="fi", at=at,
    )  # fmt: skip
    order = actions.confirm(guest, at=at)

    [one] = may_be_same(order.organisation)

    assert (one, one.shares_orderer, order.contact) == (school, True, orderer)
    actions.join_organisation(order.organisation, school, by=make_coordinator(), at=at)
    order.refresh_from_db()
    assert order.organisation == school


def test_joining_twice_is_refused_and_changes_nothing(order, school, at):
    new, counter = order.organisation, make_coordinator()
    actions.join_organisation(new, school, by=counter, at=at)

    with pytest.raises(WrongState):
        actions.join_organisation(new, school, by=counter, at=at)


@pytest.mark.parametrize("who", ["guest", "colleague"])
def test_only_the_counter_joins(order, school, at, who):
    by = order.contact if who == "guest" else make_orderer(school)

    with pytest.raises(PermissionDenied):
        actions.join_organisation(order.organisation, school, by=by, at=at)

    assert Order.objects.get(pk=order.pk).organisation != school


def test_organisations_with_nothing_in_common_are_not_joined(order, at):
    other = make_vetted_organisation("Aivan muu")

    with pytest.raises(ValueError, match=str(other.pk)):
        actions.join_organisation(order.organisation, other, by=make_coordinator(), at=at)


def test_checked_one_is_one_only_with_an_older_checked_one(order, school):
    new = order.organisation
    Organisation.objects.filter(pk=new.pk).update(state=OrganisationState.VETTED)
    new.refresh_from_db()

    assert (may_be_same(new), may_be_same(school)) == ([school], [])
    Organisation.objects.filter(pk=school.pk).update(state=OrganisationState.WAITING)
    assert may_be_same(new) == []


@pytest.mark.parametrize(
    "change",
    [{"state": OrganisationState.REFUSED}, {"tasks": [Task.ORDERS, Task.BACKGROUND]}],
)
def test_refused_one_and_one_that_stands_behind_experts_are_not_offered(order, school, change):
    Organisation.objects.filter(pk=order.organisation_id).update(**change)

    assert may_be_same(Organisation.objects.get(pk=order.organisation_id)) == []
