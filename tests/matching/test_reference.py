"""The matcher in SQL against a slow one in Python, over worlds made by chance."""

import pytest
from django.utils import timezone, translation

from luukku.experts.models import Experience
from luukku.matching.actions import rebuild_supply
from luukku.matching.calls import open_calls
from luukku.matching.queries import match, what_would_help
from luukku.orders.models import Mode
from luukku.taxonomy.models import Theme
from tests.matching.reference import World, ranked
from tests.matching.test_supply import rows

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EVERYBODY = 1000


@pytest.fixture(params=range(4))
def world(request):
    return World(request.param, timezone.now())


def listed(order, at):
    return match(order, at=at, limit=EVERYBODY).candidates


def test_ranking_scores_and_facts_equal_the_slow_matchers(world):
    at, count = world.at, 0
    for order in world.orders:
        expected = ranked(order, at)

        found = listed(order, at)

        assert [c.expert_id for c in found] == [row.expert_id for row in expected]
        for candidate, row in zip(found, expected, strict=True):
            assert candidate.score == pytest.approx(row.score, abs=0.01)
            assert sum(candidate.parts.values()) == pytest.approx(candidate.score, abs=0.05)
            assert (candidate.km, candidate.time_id) == (row.km, row.time_id)
            said = {r.partition(": ")[0]: r.partition(": ")[2] for r in candidate.reasons}
            assert set(filter(None, said.get("experience", "").split(", "))) == row.themes
            near = said.get("wider experience of the subject", "")
            assert set(filter(None, near.split(", "))) == row.nearly
        count += len(found)
        limit = max(1, len(found) // 2)
        assert match(order, at=at, limit=limit).candidates == found[:limit]
    assert count > 10  # a world in which nobody fits proves nothing


def test_what_would_help_counts_what_the_slow_matcher_counts(world):
    at, seen = world.at, set()
    for order in world.orders[:4]:
        base = len(ranked(order, at))
        order.experts_wanted = base + 1  # one too few
        relaxed = {
            "remote": {"remote": True} if order.mode == Mode.PLACE else {},
            "distance_60": {"extra_km": 60},
            "distance_120": {"extra_km": 120},
            "time": {} if order.times.filter(is_settled=True).exists() else {"any_time": True},
            "training": {"any_training": True},
            "training_kind": {"any_kind": True},
            "language": {"any_language": True},
            "task_type": {"any_task_type": True},
            "theme": {"any_theme": True},
        }
        expected = {name: len(ranked(order, at, **knob)) - base for name, knob in relaxed.items()}

        helps = what_would_help(order, match(order, at=at), at=at)

        found = {h.condition: h.count for h in helps if h.condition in expected}
        assert found == {name: n for name, n in expected.items() if n > 0}
        seen |= found.keys()
    assert len(seen) > 3


def test_expert_sees_a_call_exactly_when_the_order_lists_the_expert(world):
    at, count = world.at, 0
    who = {order.pk: {c.expert_id for c in listed(order, at)} for order in world.orders}
    for expert in world.experts:
        calls = {call.order_id: call.km for call in open_calls(expert, at=at, limit=EVERYBODY)}

        assert set(calls) == {pk for pk, experts in who.items() if expert.pk in experts}
        count += len(calls)
    assert count > 10


def test_what_the_order_did_not_ask_about_never_changes_the_ranking(world):
    """Themes, perspectives and whether they are shown are health data: only the asked ones count."""
    at, chance = world.at, world.chance
    for order in world.orders:
        before = listed(order, at)
        asked = set(order.order_themes.values_list("theme", flat=True))
        related = asked | set(Theme.objects.filter(pk__in=asked).values_list("parent", flat=True))
        related |= set(Theme.objects.filter(parent__in=asked).values_list("pk", flat=True))
        free = list(Theme.objects.exclude(pk__in=related - {None}).order_by("pk"))
        for expert in world.experts:
            Experience.objects.filter(expert=expert, theme__in=free).delete()
            for theme in chance.sample(free, 2):
                Experience.objects.create(
                    expert=expert, theme=theme, is_shown=chance.random() < 0.7,
                    perspective=chance.choice(["own", "close_person"]),
                )  # fmt: skip

        assert listed(order, at) == before


def test_supply_of_a_whole_world_equals_the_rebuilt(world):
    maintained = rows()

    rebuild_supply()

    assert rows() == maintained


def test_ranking_is_the_same_every_time_and_in_every_language(world):
    for order in world.orders:
        once = [c.expert_id for c in listed(order, world.at)]

        with translation.override("sv"):
            again = [c.expert_id for c in listed(order, world.at)]

        assert again == once
