"""The lists and the rules can never drift apart."""

import pytest
from django.contrib.auth.models import AnonymousUser

from luukku.assignments import rules
from luukku.assignments.models import Assignment, Offer
from luukku.organisations.models import MemberRole
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.assignments import make_agreed, make_offer, make_sign_up
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db
WHO = [
    "expert",
    "contact",
    "colleague",
    "background",
    "coordinator",
    "steering",
    "admin",
    "stranger",
]


@pytest.fixture
def people(at):
    """Everybody who could have to do with the one agreed task among two."""
    task = make_agreed(at)
    make_sign_up(at)
    make_agreed(at)
    organisation = task.order.organisation
    return {
        "expert": task.expert.user,
        "contact": task.order.contact,
        "colleague": make_orderer(organisation, at=at),
        "background": make_orderer(organisation, role=MemberRole.BACKGROUND, at=at),
        "coordinator": make_coordinator(),
        "steering": make_steering(),
        "admin": make_admin(),
        "stranger": make_person(),
    }


@pytest.mark.slow
@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize(
    "model,perm", [(Offer, "assignments.view_offer"), (Assignment, "assignments.view")]
)
def test_list_and_rule_agree_on_who_sees(people, who, model, perm):
    user = people[who]

    listed = set(model.objects.visible_to(user))

    assert listed == {one for one in model.objects.all() if user.has_perm(perm, one)}
    expected = {
        "coordinator": model.objects.count(),
        "expert": 1,
        "contact": 1 if model is Assignment else 0,
        "colleague": 1 if model is Assignment else 0,
    }
    assert len(listed) == expected.get(who, 0)


@pytest.mark.parametrize("model", [Offer, Assignment])
def test_nobody_signed_in_sees_nothing(people, model):
    assert list(model.objects.visible_to(AnonymousUser())) == []


def test_predicates_about_nothing_say_no(at):
    user = make_coordinator()

    for predicate in (
        rules.is_offered,
        rules.answers,
        rules.has_made,
        rules.is_assigned,
        rules.has_ordered,
    ):
        assert predicate.test(user, None) is False


def test_each_side_answers_what_the_other_began(at):
    offer, sign_up, counter = make_offer(at), make_sign_up(at), make_coordinator()

    answering = {
        (who, kind): user.has_perm("assignments.accept", one)
        for kind, one in (("offer", offer), ("sign_up", sign_up))
        for who, user in (("expert", one.expert.user), ("counter", counter))
    }

    assert answering == {
        ("expert", "offer"): True,
        ("counter", "offer"): False,
        ("expert", "sign_up"): False,
        ("counter", "sign_up"): True,
    }
