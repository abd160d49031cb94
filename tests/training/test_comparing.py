"""The common core, where a programme holds less of it, and coming trainings that overlap."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.experts.models import FurtherKind, TrainingKind
from luukku.notices.models import Letter
from luukku.organisations.models import MemberRole, Task
from luukku.taxonomy.models import Municipality, Topic
from luukku.training import actions
from luukku.training.models import CommonCore, Programme, Run
from luukku.training.queries import comparison, core_now, holes_of, overlaps
from luukku.training.refusals import EmptyCore
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.organisations import make_member, make_organisation
from tests.factories.training import make_application, make_programme, make_run

pytestmark = pytest.mark.django_db
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
DAY = timedelta(days=1)
CORE = {"story": (600, 300), "limits": (60, 0)}


def make_core(by=None, *, topics=CORE, decided_on=date(2026, 11, 20)):
    minutes = {Topic.objects.get(pk=code): spent for code, spent in topics.items()}
    return actions.agree_core(
        decided_on=decided_on,
        decision="Kouluttajien kokous, kohta 3",
        minutes=minutes,
        by=by or make_coordinator(),
        at=AT,
    )


def test_newest_version_is_in_force_and_told_to_those_who_train():
    producer = make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER)

    first, second = make_core(), make_core(topics={"story": (60, 0)})

    assert (first.version, second.version, core_now()) == (1, 2, second)
    letters = Letter.objects.filter(reader=producer, kind="training.core_agreed")
    assert "Kouluttajien kokous, kohta 3" in letters.first().body
    assert letters.count() == 2


@pytest.mark.parametrize("who", ["producer", "stranger"])
def test_nobody_but_the_counter_writes_it_down(who):
    producer = make_member(make_organisation(tasks=[Task.TRAINS]), role=MemberRole.PRODUCER)

    with pytest.raises(PermissionDenied):
        make_core({"producer": producer, "stranger": make_person()}[who])


def test_core_of_nothing_and_a_decision_of_tomorrow_are_refused():
    with pytest.raises(EmptyCore):
        make_core(topics={"story": (0, 0)})
    with pytest.raises(actions.NotDecidedYet):
        make_core(decided_on=date(2026, 12, 2))

    assert not CommonCore.objects.exists()


def test_hole_is_told_of_a_basic_training_and_more_than_the_core_is_none():
    make_core()
    whole = make_programme(AT, topics={"story": (900, 300), "limits": (60, 0), "ethics": (60, 0)})
    short = make_programme(AT, topics={"story": (600, 299)})
    further = make_programme(
        AT, kind=TrainingKind.FURTHER, further_kind=FurtherKind.DIGITAL, topics={"digital": (60, 0)}
    )

    compared = comparison(Programme.objects.order_by("pk"))

    told = [(one.pk, [topic.pk for topic in missing]) for one, missing in compared.holes]
    assert [(one, sorted(missing)) for one, missing in told] == [(short.pk, ["limits", "story"])]
    assert {topic.pk for topic in holes_of(short)} == {"limits", "story"}
    assert (holes_of(whole), holes_of(further)) == ([], [])
    assert [line.topic.pk for line in compared.rows if line.least] == [
        one.pk for one in Topic.objects.filter(pk__in=CORE)
    ]


@pytest.mark.parametrize("number", [1, 3])
def test_comparing_costs_the_same_with_one_and_three(number, django_assert_num_queries):
    make_core()
    for _n in range(number):
        programme = make_programme(AT, state="agreed")
        make_run(AT, programme=programme, municipality=town("Pori"))

    with django_assert_num_queries(7):
        comparison(Programme.objects.order_by("pk"))
    with django_assert_num_queries(4):
        overlaps(Run.objects.all(), at=AT)


def town(name):
    return Municipality.objects.get(name_fi=name, valid_to=None)


def two(**other):
    """Two runs of one programme's topics in Pori, the other one with ``other``."""
    return (
        make_run(AT, mode="place", municipality=town("Pori")),
        make_run(AT, **{"mode": "place", "municipality": town("Ulvila")} | other),
    )


def test_trainings_alike_near_and_with_free_places_overlap():
    one, other = two()

    (found,) = overlaps(Run.objects.all(), at=AT)

    assert ({found.one, found.other}, found.share, found.free) == ({one, other}, 100, (3, 3))
    assert 0 < found.km <= 60


@pytest.mark.parametrize(
    "changes",
    [
        {"municipality": "Helsinki"},
        {"starts_at": AT + 300 * DAY},
        {"starts_at": AT - DAY},
        {"state": "cancelled"},
        {"municipality": None},
    ],
)
def test_trainings_far_from_each_other_or_over_do_not(changes):
    if isinstance(changes.get("municipality"), str):
        changes = {"municipality": town(changes["municipality"])}
    two(**changes)

    assert overlaps(Run.objects.all(), at=AT) == []


def test_place_does_not_matter_where_one_takes_part_remotely_and_a_full_one_does_not_count():
    one, _other = two(mode="remote", municipality=None, seats=1)
    assert [pair.km for pair in overlaps(Run.objects.all(), at=AT)] == [None]
    full = Run.objects.exclude(pk=one.pk).get()
    actions.choose(make_application(full, at=AT), by=make_coordinator(), at=AT)

    assert overlaps(Run.objects.all(), at=AT) == []


def test_other_topics_do_not_overlap():
    make_run(AT, mode="remote")
    make_run(
        AT, mode="remote", programme=make_programme(AT, state="agreed", topics={"digital": (60, 0)})
    )

    assert overlaps(Run.objects.all(), at=AT) == []


def test_one_producer_that_holds_the_same_training_twice_overlaps_with_nobody():
    programme = make_programme(AT, state="agreed")
    for _n in range(2):
        make_run(AT, programme=programme, mode="remote")

    assert overlaps(Run.objects.all(), at=AT) == []


def test_core_that_is_sent_twice_is_one_version():
    by, minutes = make_coordinator(), {Topic.objects.get(pk="story"): (60, 0)}

    first, again = (
        actions.agree_core(decided_on=AT.date(), decision="Kokous", minutes=minutes, by=by, at=AT)
        for _n in range(2)
    )

    assert first == again
    assert first.version == 1
