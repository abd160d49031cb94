import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError

from luukku.accounts.models import User
from luukku.accounts.rules import (
    is_admin,
    is_counter,
    is_machine,
    is_self,
    is_signed_in,
    is_steering,
)
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering

pytestmark = pytest.mark.django_db


def test_many_people_may_be_without_an_address():
    make_person(email="")
    make_person(email="")

    assert User.objects.filter(email=None).count() == 2


@pytest.mark.parametrize("email", ["", "Aino@example.test"])
def test_database_refuses_an_address_that_is_not_kept_as_agreed(email):
    person = make_person()

    with pytest.raises(IntegrityError):
        User.objects.filter(pk=person.pk).update(email=email)


def test_database_refuses_an_unknown_role():
    person = make_person()

    with pytest.raises(IntegrityError):
        User.objects.filter(pk=person.pk).update(roles=["king"])


def test_there_is_one_machine_account():
    machine = User.objects.machine()

    assert User.objects.machine() == machine
    assert is_machine(machine)
    assert not is_machine(make_person())


def test_people_sign_in_by_their_address_in_any_case():
    person = make_person(email="aino@example.test")

    assert User.objects.get_by_natural_key("AINO@example.test") == person


def test_person_is_called_by_the_name_they_gave():
    person = make_person("Aino")

    assert (str(person), person.get_full_name()) == ("Aino", "Aino")


def test_somebody_switched_off_may_nothing():
    coordinator = make_coordinator(is_active=False)

    assert not coordinator.has_perm("accounts.make")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (make_person, (False, False, False)),
        (make_coordinator, (True, False, False)),
        (make_steering, (False, True, False)),
        (make_admin, (False, False, True)),
    ],
)
def test_roles_are_what_they_are_called(make, expected):
    user = make()

    assert (user.is_counter, user.is_steering, user.is_admin) == expected
    assert (is_counter(user), is_steering(user), is_admin(user)) == expected


def test_a_visitor_without_an_account_has_no_role():
    visitor = AnonymousUser()

    assert not any(
        predicate(visitor)
        for predicate in (is_signed_in, is_counter, is_steering, is_admin, is_machine)
    )


def test_is_self_is_one_own_account_only():
    person = make_person()

    assert is_self(person, person)
    assert not is_self(person, make_person())
    assert not is_self(person, None)
