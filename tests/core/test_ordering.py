"""Names in Finnish order."""

import random

import pytest

from luukku.accounts.models import User
from luukku.core.ordering import FROM, TO, in_finnish
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
NAMES = [
    "aho", "Élodie", "Kaisa", "Kristina", "müller", "Šakki", "Wiki", "Zeta", "Åberg", "ågren", "Äijälä", "Äijö",
    "östman", "Özil",
]  # fmt: skip


def test_names_come_as_in_a_finnish_telephone_book():
    for name in random.Random(3).sample(NAMES, len(NAMES)):
        make_person(name)

    found = User.objects.filter(name__in=NAMES).order_by(in_finnish("name"), "pk")

    assert list(found.values_list("name", flat=True)) == NAMES


def test_each_letter_has_its_place():
    assert len(FROM) == len(TO) == len(set(FROM))
