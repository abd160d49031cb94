"""What is in one of several parts: few keys are asked for at once, many stay a query; texts folded as in SQL."""

import pytest
from django.db.models import Value

from luukku.accounts.models import User
from luukku.core import ordering
from luukku.core.ordering import any_of, folded, folded_text
from tests.factories.accounts import make_person


@pytest.mark.django_db
@pytest.mark.parametrize("most, queries", [(3, 2), (1, 2)])
def test_few_and_many_find_the_same(most, queries, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(ordering, "MOST_KEYS", most)
    one, other, _third = (make_person() for _n in range(3))
    parts = [
        User.objects.filter(pk=one.pk),
        User.objects.filter(pk__in=[one.pk, other.pk]),
        User.objects.none(),
    ]

    with django_assert_num_queries(queries):
        found = set(User.objects.filter(pk__in=any_of(parts)))

    assert found == {one, other}


@pytest.mark.django_db
def test_one_part_and_none():
    person = make_person()

    assert any_of([User.objects.filter(pk=person.pk)]) == {person.pk}
    assert any_of([User.objects.none(), User.objects.none()]) == set()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    ["Mäki-Öster 2", "Ülo D’Angelo, ÅBO", "ŠIŠKA (luento)", "50 %_\\ x", "-- !", "Straße Ñandú"],
)
def test_text_is_folded_as_the_database_folds_it(text):
    make_person()
    in_sql = User.objects.annotate(plain=folded(Value(text))).values_list("plain", flat=True)

    assert folded_text(text) == in_sql[0]
