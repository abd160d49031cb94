"""Two organisations become one with the experts and questions that were the other's."""

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.organisations.models import Organisation
from luukku.workbench.actions import join_organisation
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.guidance import make_handed_over
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(at):
    return [make_organisation(name, tasks=("background",), at=at) for name in ("Tuki ry", "Tuki")]


def test_joining_moves_the_experts_behind_which_it_stands(two, at):
    new, into = two
    expert = make_expert(at=at)
    type(expert).objects.filter(pk=expert.pk).update(background_organisation=new)

    join_organisation(new, into, by=make_coordinator(), at=at)

    expert.refresh_from_db()
    assert expert.background_organisation == into
    event = AuditEvent.objects.get(act="experts.join")
    assert (event.object_id, event.data) == (str(expert.pk), {"from": new.pk, "to": into.pk})


def test_questions_handed_to_the_one_are_the_other_s(at):
    question, contact = make_handed_over(at)
    new = contact.memberships.get().organisation
    into = make_organisation("Toinen", tasks=new.tasks, at=at)
    Organisation.objects.filter(pk=into.pk).update(state=new.state)

    join_organisation(new, into, by=make_coordinator(), at=at)

    assert question.hand_overs.get().organisation == into
    assert into.memberships.get().user == contact


@pytest.mark.parametrize("make", [make_person, make_admin])
def test_nobody_else_joins(two, make, at):
    with pytest.raises(PermissionDenied):
        join_organisation(*two, by=make(), at=at)
    assert Organisation.objects.filter(state="ended").count() == 0
