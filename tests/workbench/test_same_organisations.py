"""A guest's school that is known already becomes one with it when the counter says so, never by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.notices.models import Letter
from luukku.orders import actions
from luukku.orders.models import Order
from luukku.organisations.actions import NotJoined
from luukku.organisations.models import Membership, Organisation, Task, Unit
from luukku.organisations.queries import may_be_same, why_not_joined
from luukku.organisations.states import OrganisationState
from luukku.workbench.actions import join_organisation
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.orders import (
    make_guest_draft,
    make_order,
    make_orderer,
    make_vetted_organisation,
)
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
WHY = "Soitettu: sama koulu."


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

    join_organisation(new, school, reason=WHY, by=make_coordinator(), at=at)

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
    join_organisation(order.organisation, school, reason=WHY, by=make_coordinator(), at=at)
    order.refresh_from_db()
    assert order.organisation == school


def test_joining_twice_is_refused_and_changes_nothing(order, school, at):
    new, counter = order.organisation, make_coordinator()
    join_organisation(new, school, reason=WHY, by=counter, at=at)

    with pytest.raises(WrongState):
        join_organisation(new, school, reason=WHY, by=counter, at=at)


@pytest.mark.parametrize("who", ["guest", "colleague"])
def test_only_the_counter_joins(order, school, at, who):
    by = order.contact if who == "guest" else make_orderer(school)

    with pytest.raises(PermissionDenied):
        join_organisation(order.organisation, school, reason=WHY, by=by, at=at)

    assert Order.objects.get(pk=order.pk).organisation != school


def test_organisation_that_is_known_by_another_name_is_joined_when_the_counter_says_so(order, at):
    other = make_vetted_organisation("Aivan muu")

    join_organisation(order.organisation, other, reason=WHY, by=make_coordinator(), at=at)

    assert Order.objects.get(pk=order.pk).organisation == other


VETTED, WAITING, REFUSED, ENDED = (
    OrganisationState(state) for state in ("vetted", "waiting", "refused", "ended")
)


@pytest.mark.parametrize(
    ("new_is", "into_is", "may"),
    [
        (WAITING, WAITING, True),
        (WAITING, VETTED, True),
        (VETTED, VETTED, True),
        (VETTED, WAITING, False),
        (WAITING, REFUSED, False),
        (WAITING, ENDED, False),
    ],
)
def test_checked_one_goes_on_and_neither_has_ended(at, new_is, into_is, may):
    new, into = make_organisation("Yksi", at=at), make_organisation("Toinen", at=at)
    for one, state in ((new, new_is), (into, into_is)):
        Organisation.objects.filter(pk=one.pk).update(state=state)
        one.refresh_from_db()

    assert (why_not_joined(new, into) == "") == may
    if not may:
        with pytest.raises(NotJoined) as refusal:
            join_organisation(new, into, reason=WHY, by=make_coordinator(), at=at)
        assert refusal.value.told() == why_not_joined(new, into)
        assert Organisation.objects.get(pk=new.pk).state == new_is


def test_the_one_that_goes_on_does_at_least_what_the_other_does(at):
    new = make_organisation("Yksi", tasks=(Task.ORDERS, Task.BACKGROUND), at=at)
    into = make_organisation("Toinen", tasks=(Task.ORDERS,), at=at)

    assert str(Task.BACKGROUND.label) in why_not_joined(new, into)
    assert why_not_joined(into, new) == ""
    assert why_not_joined(new, new) != ""


def test_units_go_along_and_one_of_the_same_name_stays_one(at):
    new, into = make_organisation("Yksi", at=at), make_organisation("Toinen", at=at)
    ward, same = (Unit.objects.create(organisation=new, name=name) for name in ("A", "B"))
    theirs = Unit.objects.create(organisation=into, name="B")
    orderer = make_member(new)
    orders = [make_order(at, orderer=orderer, unit=unit) for unit in (ward, same)]
    Membership.objects.filter(user=orderer).update(unit=same)

    join_organisation(new, into, reason=WHY, by=make_coordinator(), at=at)

    assert [Order.objects.get(pk=one.pk).unit for one in orders] == [ward, theirs]
    assert set(into.units.all()) == {ward, theirs}
    assert into.memberships.get(user=orderer).unit == theirs


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
