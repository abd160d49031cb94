import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.organisations.models import MemberRole, Organisation
from luukku.organisations.rules import is_member
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
WHO = {
    "anonymous": lambda organisation: AnonymousUser(),
    "stranger": lambda organisation: make_person(),
    "orderer": lambda organisation: make_member(organisation),
    "background": lambda organisation: make_member(organisation, role=MemberRole.BACKGROUND),
    "producer": lambda organisation: make_member(organisation, role=MemberRole.PRODUCER),
    "coordinator": lambda organisation: make_coordinator(),
    "steering": lambda organisation: make_steering(),
    "admin": lambda organisation: make_admin(),
}
SEES = {
    "anonymous": 0,
    "stranger": 0,
    "orderer": 1,
    "background": 1,
    "producer": 1,
    "coordinator": 2,
    "steering": 0,
    "admin": 2,
}


@pytest.mark.parametrize("who", WHO)
def test_list_and_rule_agree_on_who_sees_an_organisation(who):
    make_organisation()
    user = WHO[who](make_organisation())

    listed = set(Organisation.objects.visible_to(user))

    assert len(listed) == SEES[who]
    if user.is_authenticated:
        assert listed == {
            o for o in Organisation.objects.all() if user.has_perm("organisations.view", o)
        }


def test_nobody_is_a_member_of_no_organisation():
    assert not is_member(make_person(), None)
