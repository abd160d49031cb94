"""Queries compiled once: asked with other values each time, all in one round."""

from datetime import UTC, datetime, timedelta

import pytest

from luukku.accounts.models import User
from luukku.core.compiled import AT, Compiled, ask, compiled, day_at, once, with_keys
from tests.factories.accounts import make_person

NOW = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)  # in Helsinki it is the day after
DAY = timedelta(days=1)


def joined(at):
    person = make_person()
    User.objects.filter(pk=person.pk).update(joined_at=at)
    return person


def keys(rows):
    return [key for (key,) in rows]


@pytest.mark.django_db
def test_one_round_answers_all_questions_each_with_its_values(django_assert_num_queries):
    early, late = joined(NOW - DAY), joined(NOW + DAY)
    before = compiled(User.objects.filter(joined_at__lt=AT).order_by("pk").values_list("pk"))
    after = compiled(User.objects.filter(joined_at__gt=AT - DAY).order_by("pk").values_list("pk"))
    named = compiled(User.objects.filter(with_keys()).order_by("pk").values_list("pk", "joined_at"))

    with django_assert_num_queries(1):
        found = ask(
            [
                (before, {"at": NOW}),
                (after, {"at": NOW + DAY}),
                (named, {"keys": [early.pk, late.pk]}),
                (named, {"keys": []}),
            ]
        )

    assert early.pk in keys(found[0])
    assert late.pk not in keys(found[0])
    assert keys(found[1]) == [late.pk]
    assert found[2:] == [[(early.pk, NOW - DAY), (late.pk, NOW + DAY)], []]


@pytest.mark.django_db
def test_what_finds_nothing_ever_is_not_asked(django_assert_num_queries):
    nothing = compiled(User.objects.none().values_list("pk"))

    assert nothing == Compiled("")
    with django_assert_num_queries(0):
        assert ask([(nothing, {})]) == [[]]


def test_an_instant_of_the_first_asking_is_refused():
    with pytest.raises(ValueError, match="Give the day or instant"):
        compiled(User.objects.filter(joined_at__lt=NOW).values_list("pk"))


@pytest.mark.django_db
@pytest.mark.parametrize("at, given", [(NOW, {}), (AT, {"at": NOW})])
def test_the_day_is_that_of_helsinki(at, given):
    person = make_person()
    rows = User.objects.filter(pk=person.pk).annotate(day=day_at(at)).values_list("day")

    found = ask([(compiled(rows), given)]) if given else [list(rows)]

    assert found == [[((NOW + DAY).date(),)]]


@pytest.mark.django_db
def test_a_query_is_built_once():
    person, built = make_person(), []

    @once
    def names():
        built.append(1)
        return User.objects.filter(with_keys()).values_list("pk", "language")

    assert [names(keys=[person.pk]), names(keys=[])] == [[(person.pk, person.language)], []]
    assert built == [1]
