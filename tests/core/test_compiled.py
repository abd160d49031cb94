"""Queries compiled once: asked with other values each time, all in one round."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection, transaction
from django.db.models import BooleanField, ExpressionWrapper, Q

from luukku.accounts.models import User
from luukku.core.compiled import AT, Compiled, ask, compiled, day_at, objects_once, once, with_keys
from luukku.core.reading import collecting
from tests.factories.accounts import make_person
from tests.factories.organisations import make_member

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


def kept_queries():
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement FROM pg_prepared_statements")
        return [statement for (statement,) in cursor.fetchall()]


@pytest.mark.django_db
def test_a_connection_has_the_database_keep_a_query(django_assert_num_queries):
    early, late = joined(NOW - DAY), joined(NOW + DAY)
    percent = Q(name__contains="%s") | Q(joined_at__lt=AT)
    rows = User.objects.filter(percent, with_keys()).exclude(email="100 %")
    query = compiled(rows.order_by("pk").values_list("pk"))
    there = len(kept_queries())

    found = [
        ask([(query, {"keys": [early.pk, late.pk], "at": at})])
        for at in (NOW, NOW + 2 * DAY, NOW - 2 * DAY)
    ]

    assert found == [[[(early.pk,)]], [[(early.pk,), (late.pk,)]], [[]]]
    assert len(kept_queries()) == there + 1


@pytest.mark.django_db
def test_what_failed_is_asked_again():
    person = joined(NOW - DAY)
    query = compiled(User.objects.filter(pk=person.pk, joined_at__lt=AT).values_list("pk"))

    with pytest.raises(DataError), transaction.atomic():
        ask([(query, {"at": "no instant"})])

    assert [ask([(query, {"at": NOW})]) for _n in range(2)] == [[[(person.pk,)]]] * 2


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


@objects_once
def people():
    rows = User.objects.filter(with_keys()).order_by("pk")
    return rows.annotate(is_new=ExpressionWrapper(Q(joined_at__gt=AT), BooleanField()))


@pytest.mark.django_db
def test_objects_come_with_other_values_each_time(django_assert_num_queries):
    early, late = joined(NOW - DAY), joined(NOW + DAY)

    with django_assert_num_queries(2):
        both = people(keys=[early.pk, late.pk], at=NOW)
        (one,) = people(keys=[early.pk], at=NOW - 2 * DAY)

    assert [(person.pk, person.is_new) for person in both] == [(early.pk, False), (late.pk, True)]
    assert (one, one.is_new, one.name) == (early, True, early.name)


@objects_once
def with_memberships():
    return User.objects.filter(with_keys()).prefetch_related("memberships")


@pytest.mark.django_db
def test_what_is_prefetched_is_that_of_each_asking(django_assert_num_queries):
    one, other = make_person(), make_person()
    for person in (one, other):
        make_member(user=person)

    asked = [with_memberships(keys=[person.pk]) for person in (one, other)]

    with django_assert_num_queries(0):
        got = [[row.user_id for row in person.memberships.all()] for (person,) in asked]
    assert got == [[one.pk], [other.pk]]


@objects_once
def nobody():
    return User.objects.none()


@pytest.mark.django_db
def test_objects_that_can_never_be_found_are_not_asked_for(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert nobody() == []


@pytest.mark.django_db
def test_what_is_read_of_kept_objects_is_noted():
    person = make_person()

    with collecting() as readings:
        (found,) = people(keys=[person.pk], at=NOW)
        assert found.name

    assert readings.seen[User, person.pk] == {"name"}
