"""What the database refuses is told in the words of the domain."""

import pytest
from django.db import IntegrityError

from luukku.accounts.models import User
from luukku.core.constraints import refused_as
from luukku.core.refused import Refused

pytestmark = pytest.mark.django_db


class Taken(Refused):
    """Somebody has it."""


def again(name):
    User.objects.create_user("one@a.test", name="A")
    with refused_as({name: Taken()}):
        User.objects.create_user("one@a.test", name="B")


def test_broken_constraint_is_told_as_what_it_means_and_the_transaction_goes_on():
    with pytest.raises(Taken) as refusal:
        again("email")

    assert isinstance(refusal.value.__cause__, IntegrityError)
    assert User.objects.get(email="one@a.test").name == "A"


def test_constraint_of_which_nothing_is_said_is_an_error():
    with pytest.raises(IntegrityError):
        again("another_constraint")
