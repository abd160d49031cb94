"""Whether an expert who has been found still fits: each condition by itself, whatever the calendar says."""

import pytest

from luukku.matching.fit import unfit
from luukku.matching.queries import for_matching
from luukku.orders.models import Mode, Order
from luukku.taxonomy.models import Language, TaskType, Theme
from tests.factories.assignments import make_agreed
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db
HELSINKI, PORI = "091", "609"


def said(task, at, **changes):
    """What does not fit once the order's row holds ``changes``."""
    Order.objects.filter(pk=task.order_id).update(**changes)
    return unfit(for_matching().get(pk=task.order_id), [task.expert], at=at)[task.expert_id]


def test_expert_who_has_said_yes_fits_although_busy_then(at):
    assert said(make_agreed(at), at) == []


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"municipality": HELSINKI}, "farther than the expert has said to travel"),
        ({"mode": Mode.REMOTE}, "not remotely"),
        ({"needs_further_training": True}, "no further training"),
    ],
    ids=str,
)
def test_condition_that_is_not_met_is_named(at, changes, words):
    task = make_agreed(at, expert=make_expert(at=at, is_remote_ok=False, reach_km=30))

    assert said(task, at, **changes) == [words]


def test_way_does_not_matter_to_whoever_does_it_remotely(at):
    task = make_agreed(at, expert=make_expert(at=at, is_remote_ok=True, reach_km=30))

    assert said(task, at, mode=Mode.EITHER, municipality=HELSINKI) == []


def test_kind_of_task_and_language_that_the_expert_has_not(at):
    task = make_agreed(at)
    task.order.languages.add(Language.objects.get(pk="sv"))

    assert said(task, at, task_type=TaskType.objects.get(code="lecture")) == [
        "does not do this kind of task",
        "not in all the languages asked",
    ]


def test_theme_without_experience_is_named(at):
    task = make_agreed(at)
    other = Theme.objects.get(code="homelessness")
    task.order.order_themes.create(theme=other)

    assert said(task, at) == [f"no experience of: {other.name}"]


def test_of_somebody_outside_the_bank_nothing_is_said(at):
    task = make_agreed(at)
    outside = make_expert(at=at, state="waiting")

    assert unfit(for_matching().get(), [outside, task.expert], at=at)[outside.pk] == []


def test_three_take_as_many_queries_as_one(at, django_assert_num_queries):
    order = for_matching().get(pk=make_agreed(at).order_id)
    experts = [make_expert(at=at) for _n in range(3)]
    unfit(order, experts[:1], at=at)

    for some in (experts[:1], experts):
        with django_assert_num_queries(2):
            unfit(order, some, at=at)
