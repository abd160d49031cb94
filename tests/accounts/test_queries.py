"""Who may be the same person: by folded name, by digits, by address."""

import pytest

from luukku.accounts.queries import people_same
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ({"name": "Kaisa Äijälä"}, True),
        ({"name": " kaisa  aijala "}, True),
        ({"name": "KAISA ÄIJÄLÄ"}, True),
        ({"name": "Kaisa-Äijälä"}, True),
        ({"name": "Kaisa Äijä"}, False),
        ({"name": "Toinen", "phone": "+358 40 123 4567"}, True),
        ({"name": "Toinen", "phone": "040-1234567"}, True),
        ({"name": "Toinen", "phone": "00358401234567"}, True),
        ({"name": "Toinen", "phone": "040 123 456"}, False),
        ({"name": "Toinen", "phone": ""}, False),
        ({"name": "Toinen", "email": "KAISA@example.test"}, True),
        ({"name": "Toinen", "email": "kaisa2@example.test"}, False),
    ],
)
def test_people_same_finds_name_number_and_address_however_written(asked, is_found):
    person = make_person("Kaisa Äijälä", email="kaisa@example.test", phone="040 123 4567")
    make_person("Aivan Muu", email="muu@example.test", phone="")

    assert list(people_same(**asked)) == ([person] if is_found else [])


def test_people_same_finds_a_closed_account_and_never_the_machine():
    closed = make_person("Kaisa Kolmas", is_active=False)

    assert list(people_same(name="Kaisa Kolmas")) == [closed]


def test_names_in_other_letters_are_told_apart():
    make_person("Иван Петров")

    assert list(people_same(name="Пётр Иванов")) == []
