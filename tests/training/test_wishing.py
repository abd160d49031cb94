"""Wishes for further trainings: told by the person or by phone, and counted by people, never named."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.experts.models import FurtherKind
from luukku.training import actions
from luukku.training.models import TrainingWish
from luukku.training.queries import own_wish, wished
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.experts import make_expert
from tests.factories.organisations import make_organisation
from tests.factories.training import make_application

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


def make_wish(person=None, kinds=("digital",), **fields):
    person = person or make_person()
    return actions.wish(person, kinds=kinds, by=fields.pop("by", person), at=AT, **fields)


def test_last_wish_stands_in_place_of_the_first_and_nothing_takes_it_back():
    person = make_person()

    make_wish(person, ["digital", "pair"], mode="remote")
    again = make_wish(person, ["performing"])

    assert (own_wish(person), again.kinds, again.via) == (again, ["performing"], "desk")
    assert TrainingWish.objects.count() == 1
    assert make_wish(person, []) is None
    assert make_wish(person, []) is None
    assert not TrainingWish.objects.exists()
    assert AuditEvent.objects.filter(act="training.wish").count() == 3


def test_counter_writes_it_down_by_phone_and_nobody_else_for_another():
    caller, by = make_person(email=""), make_coordinator()

    assert make_wish(caller, by=by).via == "counter"
    with pytest.raises(PermissionDenied):
        make_wish(caller, by=make_person())


def test_wish_is_forgotten_when_the_account_closes():
    person = make_person()
    make_wish(person)

    actions.leave_applications(person, by=make_coordinator(), at=AT)

    assert own_wish(person) is None


def test_people_are_counted_once_and_others_than_the_counter_see_tens_and_no_order_of_few():
    organisation = make_organisation(name="Yhdistys")
    expert = make_expert(background_organisation=organisation)
    for _n in range(2):  # two accounts that became one have two rows
        TrainingWish.objects.create(
            person=expert.user,
            kinds=["online"],
            mode="both",
            via="desk",
            made_at=AT,
            made_by=expert.user,
        )
    for _n in range(11):
        make_wish(kinds=["digital"], mode="remote")

    exact, tens = wished(make_coordinator()), wished(make_person(roles=["steering"]))

    assert (str(exact.people), str(tens.people)) == ("12", "10–19")
    assert {name: str(n) for name, n in exact.kinds}["Working online"] == "1"
    assert [str(n) for _name, n in tens.kinds] == ["10–19", *["under 10"] * (len(FurtherKind) - 1)]
    assert [name for name, _n in tens.kinds][1:3] == [
        "Working online",
        "Developing and influencing",
    ]
    assert [name for name, _counts in exact.behind] == ["", "Yhdistys"]


def test_closed_account_is_not_counted():
    person = make_person()
    make_wish(person)
    type(person).objects.filter(pk=person.pk).update(is_active=False)

    assert str(wished(make_coordinator()).people) == "0"


@pytest.mark.parametrize("number", [1, 3])
def test_counting_costs_the_same_with_one_and_three(number, django_assert_num_queries):
    by = make_coordinator()
    for _n in range(number):
        make_wish(make_expert().user)

    with django_assert_num_queries(3):
        wished(by)


def test_what_makes_it_hard_is_counted_by_people_of_wishes_and_applications_together():
    person = make_person()
    make_wish(person, barriers=["travel", "cost"])
    make_application(person=person, barriers=["travel"])
    make_application(barriers=["travel"])

    exact, tens = wished(make_coordinator()), wished(make_person(roles=["steering"]))

    assert own_wish(person).barriers == ["cost", "travel"]
    numbers = {name: str(n) for name, n in exact.barriers}
    assert (
        numbers["The way there is long or hard"],
        numbers["Costs"],
        numbers["The language"],
    ) == ("2", "1", "0")
    assert {str(n) for _name, n in tens.barriers} == {"under 10"}
