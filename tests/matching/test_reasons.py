"""What speaks for a candidate and what against, and who would fit if one condition did not hold."""

from datetime import timedelta

import pytest

from luukku.assignments import actions as assignments
from luukku.matching.queries import match, what_would_help, who_would_fit
from luukku.matching.reasons import Side
from luukku.orders.models import Order
from tests.factories.assignments import make_offer, make_search
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders

pytestmark = pytest.mark.django_db
RAUMA, HELSINKI = "684", "091"


def only(order, at):
    (found,) = match(order, at=at).candidates
    return found


def reload(order):
    return Order.objects.get(pk=order.pk)


def test_candidate_without_anything_against_fits_well(at):
    make_expert(at=at)

    found = only(make_search(at), at)

    assert found.fits_well
    assert found.on(Side.FOR) == ["experience: Depression", "lives in the same municipality"]
    assert found.on(Side.AGAINST) == []
    assert found.on(Side.LOAD) == ["no task yet"]


@pytest.mark.parametrize(
    ("expert", "order", "against"),
    [
        (
            {"themes": ("mental-health",)},
            {},
            ["wider experience of the subject: Depression"],
        ),
        ({}, {"themes": ("depression", "cancer")}, ["no experience of: Cancer"]),
        ({}, {"perspective": "close_person"}, ["another perspective than you asked for"]),
        (
            {"municipality": HELSINKI, "reach_km": 300},
            {},
            ["lives about 292 km away (estimate)"],
        ),
    ],
)
def test_candidate_with_something_against_fits_partly(at, expert, order, against):
    make_expert(at=at, **expert)

    found = only(make_search(at, **order), at)

    assert not found.fits_well
    assert found.on(Side.AGAINST) == against


def test_candidate_with_the_perspective_of_each_theme_or_of_some(at):
    make_expert(at=at, themes=("depression", "cancer"))
    order = make_search(at, themes=("depression", "cancer"), perspective="own")
    assert "the perspective you asked for" in only(order, at).on(Side.FOR)

    order.order_themes.filter(theme__code="cancer").update(perspective="close_person")

    assert only(reload(order), at).on(Side.AGAINST) == [
        "the perspective you asked for only in part"
    ]


def test_candidate_who_said_no_to_another_time_says_so_against(at):
    offer = make_offer(at)
    assignments.decline(offer, by=offer.expert.user, at=at)
    start = at + timedelta(days=30)
    assignments.set_times(
        offer.order, [(start, start + timedelta(hours=1))], by=coordinator_of_orders(), at=at
    )

    found = only(reload(offer.order), at)

    assert found.on(Side.AGAINST) == ["said no to 15.12."]
    assert not found.fits_well


# -- who would fit -----------------------------------------------------------------------------
def test_who_would_fit_if_one_condition_did_not_hold(at):
    fits = make_expert(at=at)
    near = make_expert(at=at, municipality=RAUMA, reach_km=20)
    make_expert(at=at, themes=("cancer",))
    order = make_search(at, experts_wanted=3)

    found = who_would_fit(order, "distance_60", at=at)

    assert [c.expert_id for c in found] == [near.pk]
    assert found[0].on(Side.AGAINST) == ["farther than the expert has said to travel"]
    assert fits.pk not in {c.expert_id for c in who_would_fit(order, "theme", at=at)}


def test_who_would_fit_with_another_theme_is_said_to_know_none_that_was_asked_for(at):
    expert = make_expert(at=at, themes=("cancer",))

    (found,) = who_would_fit(make_search(at, perspective="own"), "theme", at=at)

    assert found.expert_id == expert.pk
    assert found.on(Side.AGAINST) == ["no experience of the theme"]
    assert not any("Depression" in words or "ancer" in words for words in found.reasons)


def test_who_would_fit_is_as_many_as_help_counts(at):
    for _n in range(2):
        make_expert(at=at, municipality=RAUMA, reach_km=20)
    make_expert(at=at, is_remote_ok=True, reach_km=10, municipality=RAUMA)
    order = make_search(at)

    helps = what_would_help(order, match(order, at=at), at=at)

    assert {h.condition for h in helps} == {"remote", "distance_60", "distance_120"}
    assert {h.condition: h.count for h in helps} == {
        h.condition: len(who_would_fit(order, h.condition, at=at)) for h in helps
    }


@pytest.mark.parametrize("condition", ["", "training", "nothing", "remote'"])
def test_who_would_fit_knows_only_conditions_that_the_order_sets(at, condition):
    make_expert(at=at)

    assert who_would_fit(make_search(at), condition, at=at) == []
