"""Names in Finnish order."""

import random

import pytest
from django.utils import translation

from luukku.accounts.models import User
from luukku.core.ordering import FROM, TO, by_label, by_surname, in_finnish
from luukku.organisations.models import Kind, Organisation
from tests.factories.accounts import make_person
from tests.factories.organisations import make_organisation

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


def test_people_are_ordered_by_their_surnames():
    names = ["Bo von Aalto", "Yusuf Aalto", "Cher", "Aino Vainio", "Åke Åberg"]
    for name in random.Random(3).sample(names, len(names)):
        make_person(name)

    found = User.objects.filter(name__in=names).order_by(by_surname("name"))

    assert list(found.values_list("name", flat=True)) == names


@pytest.mark.parametrize(
    "language, kinds",
    [("fi", ["county", "municipality", "school"]), ("en", ["municipality", "school", "county"])],
)
def test_kinds_are_ordered_by_what_they_are_called(language, kinds):
    for kind in ("school", "municipality", "county"):
        make_organisation(kind=kind)

    with translation.override(language):
        rows = list(Organisation.objects.order_by(by_label("kind", Kind)))

    assert [row.kind for row in rows] == kinds
