"""Finding by words: put into SQL once, the same whatever the words are."""

import pytest

from luukku.accounts.models import User
from luukku.core import ordering
from luukku.core.finding import found_once
from luukku.core.ordering import NONE, among, any_of, has_words
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
built = []


def parts(words, people=NONE):
    built.append(words)
    rows = User.objects.order_by()
    return [rows.filter(has_words(words, "name")), rows.filter(among(people))]


keys_of = found_once(parts)


@pytest.mark.parametrize(
    "words", ["Äijälä", "aijala oy", "o'hara", "50 %", "_", "\\", "(", "…", ""]
)
def test_found_are_the_same_as_without_keeping_the_query(words):
    for name in ("Aino Äijälä Oy", "Pat O’Hara", "Otto 50 %", "_ alku", "Muu"):
        make_person(name=name)
    other = make_person(name="Toinen")

    for people in (NONE, {other.pk}):
        assert keys_of(words=words, people=people) == any_of(parts(words, people))


def test_a_query_is_built_once_for_each_choice_of_names(django_assert_num_queries):
    one, other = make_person(name="Eka Koe"), make_person(name="Toka Koe")
    keys_of(words="koe", people={one.pk})
    built.clear()

    with django_assert_num_queries(2):
        assert keys_of(words="eka", people={other.pk}) == {one.pk, other.pk}
        assert keys_of(words="toka", people={one.pk, other.pk}) == {one.pk, other.pk}
    assert built == []


def test_too_many_are_a_query(monkeypatch):
    monkeypatch.setattr(ordering, "MOST_KEYS", 1)
    people = [make_person(name=f"Moni {n}") for n in range(3)]

    found = found_once(parts)(words="moni")

    assert {key for (key,) in found} == {person.pk for person in people}


def test_a_query_among_what_is_given_is_asked_as_it_is():
    person = make_person(name="Eka Koe")
    make_person(name="Toka Koe")

    assert keys_of(words="ei", people=User.objects.filter(pk=person.pk).values("pk")) == {person.pk}
