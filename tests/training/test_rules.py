"""Who sees which programme."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.organisations.models import MemberRole, Task
from luukku.training.models import Programme
from luukku.training.states import ProgrammeState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_programme

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
EVERY = set(ProgrammeState)
SEES = {
    "anonymous": {ProgrammeState.AGREED},
    "person": {ProgrammeState.AGREED},
    "closed": set(),
    "other producer": {ProgrammeState.SHARED, ProgrammeState.AGREED},
    "own producer": EVERY,
    "coordinator": EVERY,
}


@pytest.mark.parametrize("who", SEES)
def test_list_and_rule_agree_on_who_sees_a_programme(who):
    producer, other = (make_organisation(tasks=[Task.TRAINS], at=AT) for _n in range(2))
    user = {
        "anonymous": AnonymousUser,
        "person": make_person,
        "closed": lambda: make_person(is_active=False),
        "other producer": lambda: make_member(other, role=MemberRole.PRODUCER),
        "own producer": lambda: make_member(producer, role=MemberRole.PRODUCER),
        "coordinator": make_coordinator,
    }[who]()
    for state in ProgrammeState:
        make_programme(AT, producer=producer, state=state)

    listed = {one.state for one in Programme.objects.visible_to(user)}
    ruled = {one.state for one in Programme.objects.all() if user.has_perm("training.view", one)}

    assert (listed, ruled) == (SEES[who], SEES[who])
