"""Two organisations become one with all that was the other's, and two again; beside each act its permission twin."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from luukku.audit.models import AuditEvent
from luukku.notices.models import Letter
from luukku.orders.history import timeline
from luukku.orders.models import Order
from luukku.organisations.actions import reopen
from luukku.organisations.models import MemberRole, Membership, Organisation, Unit
from luukku.organisations.states import OrganisationState
from luukku.workbench.actions import JoinedOn, join_organisation, merge, part, write_note
from luukku.workbench.actions.joining import MEMBERSHIPS
from luukku.workbench.models import Joined
from luukku.workbench.queries.joining import BELONGS
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.guidance import make_handed_over
from tests.factories.orders import make_order
from tests.factories.organisations import make_member, make_organisation
from tests.patience import SECONDS

pytestmark = pytest.mark.django_db
WHY = "Soitettu: kouluilla on kaksi nimeä."

STAYS = {
    "organisations.Organisation.joined_into": "which one it is one with",
    "organisations.ChangeAsked.organisation": "a wish to be called otherwise ends with what it is about",
    "training.ProgrammeNo.organisation": "each organisation says no for itself",
    "training.ProgrammeYes.organisation": "each organisation says yes for itself",
    "training.BadgeIssuer.organisation": "badges stay signed by who signed them",
    "coping.Reminder.organisation": "the one that goes on is reminded of its own",
    "organisations.Membership.organisation": "its people get roles of their own in the other",
    "workbench.Joined.into": "a joining of its own",
    "workbench.Joined.double": "a joining of its own",
}


def test_every_field_that_names_an_organisation_says_whether_it_moves():
    """A new one is added to BELONGS of workbench/queries/joining.py, or here with the reason why it stays."""
    ours = {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is Organisation
    }

    assert ours - set(BELONGS) == set(STAYS)


@pytest.fixture
def two(at):
    return [make_organisation(name, tasks=("background",), at=at) for name in ("Tuki ry", "Tuki")]


def test_joining_moves_the_experts_behind_which_it_stands(two, at):
    new, into = two
    expert = make_expert(at=at)
    type(expert).objects.filter(pk=expert.pk).update(background_organisation=new)

    join_organisation(new, into, reason=WHY, by=make_coordinator(), at=at)

    expert.refresh_from_db()
    assert expert.background_organisation == into
    event = AuditEvent.objects.get(act="experts.join")
    assert (event.object_id, event.data) == (str(expert.pk), {"from": new.pk, "to": into.pk})


def test_questions_handed_to_the_one_are_the_other_s(at):
    question, contact = make_handed_over(at)
    new = contact.memberships.get().organisation
    into = make_organisation("Toinen", tasks=new.tasks, at=at)
    Organisation.objects.filter(pk=into.pk).update(state=new.state)

    join_organisation(new, into, reason=WHY, by=make_coordinator(), at=at)

    assert question.hand_overs.get().organisation == into
    assert into.memberships.get().user == contact


@pytest.mark.parametrize("make", [make_person, make_admin])
def test_nobody_else_joins(two, make, at):
    with pytest.raises(PermissionDenied):
        join_organisation(*two, reason=WHY, by=make(), at=at)
    assert Organisation.objects.filter(state="ended").count() == 0


@pytest.fixture
def kaisa():
    return make_coordinator()


@pytest.fixture
def schools(at):
    """One that waits to be checked and one that has been; each has an orderer of its own."""
    new = make_organisation("Meren koulu", state=OrganisationState.WAITING, at=at)
    into = make_organisation("Jokivarren ammattiopisto", at=at)
    return new, into, make_member(new, at=at), make_member(into, at=at)


def test_joining_remembers_why_and_what_it_moved(schools, kaisa, at):
    new, into, orderer, _other = schools
    order = make_order(at, orderer=orderer)

    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)

    assert (joined.double, joined.into, joined.by, joined.was) == (new, into, kaisa, "waiting")
    assert Joined.objects.get().reason == WHY
    assert joined.moved["orders.Order.organisation"] == [order.pk]
    assert joined.added == [into.memberships.get(user=orderer).pk]
    assert str(timeline(order)[-1].words) == (
        "Moved from Meren koulu to Jokivarren ammattiopisto, when the counter joined the two"
    )
    event = AuditEvent.objects.get(act="workbench.join")
    assert (event.object_id, event.data) == (str(into.pk), {"new": new.pk, "units": []})


def test_taking_back_returns_what_came_and_leaves_what_is_new(schools, kaisa, at):
    new, into, orderer, other = schools
    old = make_order(at, orderer=orderer)
    write_note(new, "Soittaa aina iltapäivällä.", by=kaisa, at=at)
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    since = make_order(at, orderer=other)
    later = at + timedelta(days=1)

    for _n in range(2):
        part(joined, by=kaisa, at=later)

    new.refresh_from_db()
    old.refresh_from_db()
    assert [Order.objects.get(pk=one.pk).organisation for one in (old, since)] == [new, into]
    assert (new.state, new.internal_notes.count()) == (OrganisationState.WAITING, 1)
    assert [one.user for one in into.memberships.all()] == [other]
    assert [one.user for one in new.memberships.all()] == [orderer]
    assert (old in Order.objects.visible_to(orderer), old in Order.objects.visible_to(other)) == (
        True, False,
    )  # fmt: skip
    assert str(timeline(old)[-1].words) == (
        "Given back from Jokivarren ammattiopisto to Meren koulu: the counter took the joining back"
    )
    assert Letter.objects.get(kind="organisations.member_removed").reader == orderer
    assert AuditEvent.objects.filter(act="workbench.part").count() == 1


def test_taking_back_returns_experts_and_questions_to_a_checked_one(two, kaisa, at):
    new, into = two
    expert = make_expert(at=at)
    type(expert).objects.filter(pk=expert.pk).update(background_organisation=new)
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)

    part(joined, by=kaisa, at=at)

    expert.refresh_from_db()
    new.refresh_from_db()
    assert (expert.background_organisation, new.state) == (new, OrganisationState.VETTED)
    event = AuditEvent.objects.get(act="experts.part")
    assert (event.object_id, event.data) == (str(expert.pk), {"from": into.pk, "to": new.pk})


def test_units_go_back_and_each_order_names_one_of_its_own(schools, kaisa, at):
    new, into, orderer, other = schools
    ward, same = (Unit.objects.create(organisation=new, name=name) for name in ("A", "B"))
    theirs = Unit.objects.create(organisation=into, name="B")
    old = [make_order(at, orderer=orderer, unit=unit) for unit in (ward, same)]
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    ward.refresh_from_db()
    since = make_order(at, orderer=other, unit=ward)

    part(joined, by=kaisa, at=at)

    assert [Order.objects.get(pk=one.pk).unit for one in old] == [ward, same]
    since.refresh_from_db()
    assert (since.unit.organisation, since.unit.name) == (into, "A")
    assert {unit.name for unit in new.units.all()} == {"A", "B"}
    assert theirs in into.units.all()


def test_unit_of_a_name_that_is_there_again_stays_with_the_other(schools, kaisa, at):
    new, into, orderer, _other = schools
    ward = Unit.objects.create(organisation=new, name="A")
    order = make_order(at, orderer=orderer, unit=ward)
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    again = Unit.objects.create(organisation=new, name="A")

    part(joined, by=kaisa, at=at)

    order.refresh_from_db()
    ward.refresh_from_db()
    assert (order.unit, ward.organisation) == (again, into)


def make_contact(_into, member, _at):
    Membership.objects.filter(pk=member.pk).update(is_contact=True)


def let_lead(into, member, at):
    order = make_order(at, orderer=make_member(into, at=at))
    Order.objects.filter(pk=order.pk).update(contact=member.user)


@pytest.mark.parametrize(
    ("since", "stays"), [(None, False), (make_contact, True), (let_lead, True)]
)
def test_role_that_has_been_used_since_stays(schools, kaisa, at, since, stays):
    new, into, orderer, _other = schools
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    if since:
        since(into, into.memberships.get(user=orderer), at)

    part(joined, by=kaisa, at=at)

    assert into.memberships.filter(user=orderer).exists() == stays


def test_who_answers_for_an_expert_of_the_other_keeps_the_role(two, kaisa, at):
    new, into = two
    contact = make_member(new, role=MemberRole.BACKGROUND, at=at)
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    expert = make_expert(at=at)
    type(expert).objects.filter(pk=expert.pk).update(
        background_organisation=into, responsible_person=contact
    )

    part(joined, by=kaisa, at=at)

    assert into.memberships.get().user == contact


def test_a_chain_is_taken_back_from_its_end(schools, kaisa, at):
    new, into, _orderer, _other = schools
    third = make_organisation("Kolmas", at=at)
    one = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    two = join_organisation(into, third, reason=WHY, by=kaisa, at=at)

    with pytest.raises(JoinedOn):
        part(one, by=kaisa, at=at)
    part(two, by=kaisa, at=at)
    part(one, by=kaisa, at=at)

    assert not Joined.objects.holding().exists()


def test_one_that_is_joined_is_neither_opened_again_nor_joined_with_another(schools, kaisa, at):
    new, into, _orderer, _other = schools
    third = make_organisation("Kolmas", at=at)
    joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    new = Organisation.objects.get(pk=new.pk)

    with pytest.raises(PermissionDenied):
        reopen(new, by=kaisa, at=at)
    with pytest.raises(WrongState), transaction.atomic():
        join_organisation(new, third, reason=WHY, by=kaisa, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=new.pk).update(state=OrganisationState.WAITING)
    part(joined, by=kaisa, at=at)

    new.refresh_from_db()
    assert (new.state, new.joined_into) == (OrganisationState.WAITING, None)


def is_waiting(other):
    """Return whether a session of this database waits for a lock."""
    with other.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone()[0] > 0


@pytest.mark.django_db(transaction=True)
def test_two_joinings_at_once_both_tell_the_merge_what_goes_back_with_it(at):
    """A person who stands for two organisations by one merge of accounts."""
    kaisa, double, into = make_coordinator(), make_person("Onni"), make_person("Onni")
    pairs = [(make_organisation(at=at), make_organisation(at=at)) for _n in range(2)]
    for new, _into in pairs:
        make_member(new, user=double, at=at)
    merged = merge(double, into, reason=WHY, by=kaisa, at=at)
    had = set(merged.moved[MEMBERSHIPS])

    def join(pair):
        join_organisation(*pair, reason=WHY, by=kaisa, at=at)
        connection.close()

    second, until = threading.Thread(target=join, args=[pairs[1]]), time.monotonic() + SECONDS
    other = connection.copy()
    with transaction.atomic():
        join_organisation(*pairs[0], reason=WHY, by=kaisa, at=at)
        second.start()
        while second.is_alive() and not is_waiting(other) and time.monotonic() < until:
            time.sleep(0.05)
    second.join(timeout=SECONDS)
    other.close()

    came = {known.memberships.get(user=into).pk for _new, known in pairs}
    merged.refresh_from_db()
    assert set(merged.moved[MEMBERSHIPS]) == had | came


def locked(captured, table):
    """Return the keys of the rows of ``table`` that are locked before anything is written, lowest first."""
    writes = [n for n, one in enumerate(captured) if one["sql"].startswith(("UPDATE", "INSERT"))]
    found = [
        one["sql"]
        for one in captured[: writes[0]]
        if f'FROM "{table}"' in one["sql"] and one["sql"].endswith("FOR NO KEY UPDATE")
    ]
    return [int(key) for sql in found for key in re.findall(r"\d+", sql.rpartition(" IN ")[2])]


def test_orders_and_experts_are_locked_first_and_in_the_one_order_of_the_house(two, kaisa, at):
    """Also the order that came since and names a unit which goes back: it is written after the experts."""
    new, into = two
    expert, old = make_expert(at=at), make_order(at, orderer=make_member(new, at=at))
    type(expert).objects.filter(pk=expert.pk).update(background_organisation=new)
    ward = Unit.objects.create(organisation=new, name="A")

    with CaptureQueriesContext(connection) as joining:
        joined = join_organisation(new, into, reason=WHY, by=kaisa, at=at)
    ward.refresh_from_db()
    since = make_order(at, orderer=make_member(into, at=at), unit=ward)
    with CaptureQueriesContext(connection) as parting:
        part(joined, by=kaisa, at=at)

    assert locked(joining.captured_queries, "orders_order") == [old.pk]
    assert locked(joining.captured_queries, "experts_expert") == [expert.pk]
    assert locked(parting.captured_queries, "orders_order") == sorted([old.pk, since.pk])
    assert locked(parting.captured_queries, "experts_expert") == [expert.pk]
    event = AuditEvent.objects.get(act="workbench.part")
    assert event.data == {"new": new.pk, "units": [since.pk]}


@pytest.mark.parametrize("make", [make_person, make_admin])
def test_nobody_else_takes_back_or_sees_it(schools, kaisa, at, make):
    joined, by = join_organisation(*schools[:2], reason=WHY, by=kaisa, at=at), make()

    with pytest.raises(PermissionDenied):
        part(joined, by=by, at=at)

    assert list(Joined.objects.visible_to(by).holding()) == []
    assert list(Joined.objects.visible_to(kaisa).holding()) == [joined]
