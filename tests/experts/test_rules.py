import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.experts.models import Expert
from luukku.experts.rules import is_behind, is_own
from luukku.organisations.models import MemberRole, Task
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
WHO = {
    "anonymous": lambda organisation, expert: AnonymousUser(),
    "stranger": lambda organisation, expert: make_person(),
    "expert": lambda organisation, expert: expert.user,
    "orderer": lambda organisation, expert: make_member(organisation),
    "background": lambda organisation, expert: make_member(
        organisation, role=MemberRole.BACKGROUND
    ),
    "producer": lambda organisation, expert: make_member(organisation, role=MemberRole.PRODUCER),
    "coordinator": lambda organisation, expert: make_coordinator(),
    "steering": lambda organisation, expert: make_steering(),
    "admin": lambda organisation, expert: make_admin(),
}
SEES = {"expert": 1, "background": 1, "coordinator": 2}
NEEDS = {"expert", "coordinator"}


@pytest.fixture
def scene():
    organisation = make_organisation(tasks=[Task.BACKGROUND, Task.ORDERS])
    make_expert()
    return organisation, make_expert(background_organisation=organisation)


@pytest.mark.parametrize("who", WHO)
def test_list_and_rule_agree_on_who_sees_an_expert_with_name(who, scene):
    user = WHO[who](*scene)

    listed = set(Expert.objects.visible_to(user))

    assert len(listed) == SEES.get(who, 0)
    if user.is_authenticated:
        assert listed == {
            expert for expert in Expert.objects.all() if user.has_perm("experts.view", expert)
        }


@pytest.mark.parametrize("who", sorted(WHO.keys() - {"anonymous"}))
def test_support_needs_are_for_the_expert_and_the_counter(who, scene):
    user = WHO[who](*scene)

    assert user.has_perm("experts.view_support_needs", scene[1]) is (who in NEEDS)


def test_no_profile_is_nobody_s():
    assert not is_own(make_person(), None)
    assert not is_behind(make_person(), None)
    assert not is_behind(make_person(), make_expert())
