"""Who fits an order: each hard condition by itself, each part of the score, and what would help."""

import io
import json
from datetime import date, timedelta
from datetime import time as clock

import pytest
from django.core.management import CommandError, call_command

from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.core.times import helsinki, instant
from luukku.experts import actions as experts
from luukku.experts.models import FurtherKind, Perspective, TrainingKind
from luukku.experts.queries import is_free
from luukku.experts.states import ExpertState
from luukku.feedback import actions as feedback
from luukku.feedback.models import Side
from luukku.matching.calls import open_calls
from luukku.matching.fit import unfit
from luukku.matching.points import POINTS
from luukku.matching.queries import (
    for_matching,
    likely_failure,
    match,
    what_would_help,
    who_would_fit,
)
from luukku.orders.models import CancelledBy, Failure, Mode, Order
from luukku.organisations.actions import add_member
from luukku.organisations.models import MemberRole
from luukku.privacy.actions import set_consents
from luukku.privacy.models import Purpose
from luukku.taxonomy.models import TaskType, Theme
from tests.factories.assignments import make_agreed, make_done, make_search
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_draft, make_orderer

pytestmark = pytest.mark.django_db
PORI, RAUMA, HELSINKI = "609", "684", "091"


def fitting(order, at):
    return [c.expert_id for c in match(order, at=at).candidates]


def reload(order):
    return Order.objects.get(pk=order.pk)


# -- hard conditions ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expert", "order", "fits"),
    [
        ({}, {}, True),
        ({"themes": ("cancer",)}, {}, False),
        ({"themes": ("depression",)}, {"themes": ("mental-health",)}, True),
        ({"themes": ("mental-health",)}, {"themes": ("depression",)}, True),
        ({"themes": ("anxiety",)}, {"themes": ("depression",)}, False),
        ({"task_types": ("lecture",)}, {}, False),
        ({"languages": ("sv",)}, {}, False),
        ({"languages": ("fi", "sv")}, {"languages": ("fi", "sv")}, True),
        ({"languages": ("fi",)}, {"languages": ("fi", "sv")}, False),
        ({"municipality": HELSINKI}, {}, False),
        ({"municipality": RAUMA, "reach_km": 80}, {}, True),
        ({"municipality": RAUMA, "reach_km": 20}, {}, False),
        ({"municipality": HELSINKI, "is_remote_ok": True}, {"mode": Mode.REMOTE}, True),
        ({"municipality": HELSINKI, "is_remote_ok": True}, {"mode": Mode.EITHER}, True),
        ({"municipality": HELSINKI, "is_remote_ok": True}, {"mode": Mode.PLACE}, False),
        ({"is_remote_ok": False}, {"mode": Mode.REMOTE}, False),
        ({}, {"needs_further_training": True}, False),
        ({"state": ExpertState.WAITING}, {}, False),
        ({"state": ExpertState.LEFT}, {}, False),
    ],
)
def test_match_hard_condition(at, expert, order, fits):
    found = make_expert(at=at, **expert)

    candidates = fitting(make_search(at, **order), at)

    assert candidates == ([found.pk] if fits else [])


def add_further_training(expert, at, **fields):
    return experts.add_training(
        expert, kind=TrainingKind.FURTHER, name="J", producer="P", hours=8, completed_on=date(2026, 1, 1),
        by=expert.user, at=at, **fields,
    )  # fmt: skip


def test_match_further_training_counts_once_somebody_has_seen_the_certificate(at):
    expert, order = make_expert(at=at), make_search(at, needs_further_training=True)
    order.is_open_call = True
    order.save()

    training = add_further_training(expert, at)
    assert (fitting(order, at), open_calls(expert, at=at)) == ([], [])

    experts.verify_training(training, by=coordinator_of_orders(), at=at)
    assert fitting(order, at) == [expert.pk]
    assert [call.order_id for call in open_calls(expert, at=at)] == [order.pk]

    experts.revoke_training(training, "Väärennös.", by=coordinator_of_orders(), at=at)
    assert (fitting(order, at), open_calls(expert, at=at)) == ([], [])

    experts.restore_training(training, by=coordinator_of_orders(), at=at)
    assert fitting(order, at) == [expert.pk]

    experts.unverify_training(training, "Väärennös.", by=coordinator_of_orders(), at=at)
    assert (fitting(order, at), open_calls(expert, at=at)) == ([], [])


@pytest.mark.parametrize(("days", "fits"), [(-1, False), (0, True), (1, True)])
def test_match_further_training_counts_until_its_last_day(at, days, fits):
    expert, order = make_expert(at=at), make_search(at, needs_further_training=True)
    last = helsinki(at).date() + timedelta(days=days)

    experts.verify_training(
        add_further_training(expert, at, valid_until=last), by=coordinator_of_orders(), at=at
    )

    assert fitting(order, at) == ([expert.pk] if fits else [])


def test_match_one_kind_of_further_training_is_found_by_that_kind_alone(at):
    counter = coordinator_of_orders()
    order = make_search(at, needs_further_training=True)
    experts_of = {}
    for kind in FurtherKind:
        experts_of[kind] = make_expert(at=at)
        training = add_further_training(experts_of[kind], at, further_kind=kind)
        experts.verify_training(training, by=counter, at=at)

    found = {}
    for kind in ["", *FurtherKind]:
        Order.objects.update(further_kind=kind, is_open_call=True)
        order.refresh_from_db()
        called = [e.pk for e in experts_of.values() if open_calls(e, at=at)]
        assert sorted(fitting(order, at)) == sorted(called)
        found[kind] = sorted(called)

    every = [expert.pk for expert in experts_of.values()]
    assert found == {"": every} | {kind: [expert.pk] for kind, expert in experts_of.items()}


def test_match_tells_that_another_kind_of_further_training_would_have_helped(at):
    expert = make_expert(at=at)
    training = add_further_training(expert, at, further_kind=FurtherKind.DIGITAL)
    experts.verify_training(training, by=coordinator_of_orders(), at=at)
    order = make_search(at, needs_further_training=True, further_kind=FurtherKind.PAIR)

    helps = what_would_help(order, match(order, at=at), at=at)

    assert [(h.condition, h.count) for h in helps] == [("training_kind", 1), ("training", 1)]
    lacks = ["no further training of the kind asked"]
    for condition in ("training_kind", "training"):
        assert [c.on("against") for c in who_would_fit(order, condition, at=at)] == [lacks]
    assert likely_failure(order, at=at) == Failure.TRAINING
    order = for_matching().get(pk=order.pk)
    assert unfit(order, [expert, other := make_expert(at=at)], at=at) == {
        expert.pk: lacks,
        other.pk: ["no further training"],
    }


def test_match_needs_the_consent_to_be_suggested(at):
    expert, order = make_expert(at=at), make_search(at)

    set_consents(expert.user, {Purpose.EMAIL}, by=expert.user, at=at)

    assert fitting(order, at) == []


def test_match_leaves_an_unshown_experience_alone(at):
    expert, order = make_expert(at=at, themes=("depression", "cancer")), make_search(at)
    rows = [
        (Theme.objects.get(code=c), Perspective.OWN, c == "cancer")
        for c in ("depression", "cancer")
    ]

    experts.set_experiences(expert, rows, by=expert.user, at=at)

    assert fitting(order, at) == []


def test_match_leaves_out_who_has_been_asked_already(at):
    expert, order = make_expert(at=at), make_search(at)
    offer = assignments.propose(
        order, expert, by=coordinator_of_orders(), at=at, answer_by=at + timedelta(days=3)
    )
    assignments.decline(offer, by=expert.user, at=at)

    assert fitting(order, at) == []


def test_match_leaves_out_who_belongs_to_the_orderer(at):
    expert, order = make_expert(at=at), make_search(at)
    add_member(
        order.organisation, expert.user, role=MemberRole.ORDERER, by=coordinator_of_orders(), at=at
    )

    assert fitting(order, at) == []


def test_match_asks_again_who_was_told_that_the_task_had_been_filled(at):
    """The expert who said yes cancels: whoever signed up and was thanked fits again."""
    order = make_search(at)
    ready = make_expert(at=at)
    assignments.sign_up(order, ready, by=ready.user, at=at)
    task = make_agreed(at, order=order)

    assignments.cancel(task, whose=CancelledBy.EXPERT, reason="", by=task.expert.user, at=at)

    assert fitting(reload(order), at) == [ready.pk]
    assert [c.order_id for c in open_calls(ready, at=at)] == [order.pk]


def test_match_leaves_out_the_contact_person_of_the_order(at):
    orderer = make_orderer(at=at)
    expert = make_expert(at=at, user=orderer)
    order = make_search(at, orderer=orderer)
    orderer.memberships.all().delete()

    assert fitting(order, at) == []
    assert open_calls(expert, at=at) == []


def test_match_nobody_once_every_time_has_passed(at):
    make_expert(at=at)
    order = make_search(at)

    assert fitting(order, order.times.get().starts_at) == []


# -- the calendar ------------------------------------------------------------------------------
def wished(day, start, end):
    return [(instant(day, clock.fromisoformat(start)), instant(day, clock.fromisoformat(end)))]


THURSDAY = date(2026, 12, 17)


@pytest.mark.parametrize(
    ("slots", "time", "fits"),
    [
        ([], ("13:00", "14:00"), True),
        ([(3, "12:00", "16:00")], ("13:00", "14:00"), True),
        ([(3, "12:00", "16:00")], ("12:00", "16:00"), True),
        ([(3, "12:00", "16:00")], ("11:59", "13:00"), False),
        ([(3, "12:00", "16:00")], ("15:00", "16:01"), False),
        ([(2, "12:00", "16:00")], ("13:00", "14:00"), False),
        ([(3, "08:00", "12:00"), (3, "12:00", "16:00")], ("10:00", "14:00"), True),
        ([(3, "08:00", "11:00"), (3, "12:00", "16:00")], ("10:00", "14:00"), False),
    ],
)
def test_match_weekly_pattern_in_helsinki_time(at, slots, time, fits):
    expert = make_expert(at=at)
    rows = [(day, clock.fromisoformat(a), clock.fromisoformat(b)) for day, a, b in slots]
    experts.set_availability(expert, slots=rows, exceptions=[], by=expert.user, at=at)

    assert fitting(make_search(at, times=wished(THURSDAY, *time)), at) == (
        [expert.pk] if fits else []
    )


@pytest.mark.parametrize(
    ("slots", "exception", "fits"),
    [
        ([], (THURSDAY, THURSDAY, False), False),
        ([], (THURSDAY + timedelta(days=1), THURSDAY + timedelta(days=2), False), True),
        ([(0, clock(8), clock(9))], (THURSDAY, THURSDAY, True), True),
        ([(0, clock(8), clock(9))], (THURSDAY - timedelta(days=3), THURSDAY - timedelta(days=1), True), False),
    ],
)  # fmt: skip
def test_match_days_that_differ(at, slots, exception, fits):
    expert = make_expert(at=at)
    experts.set_availability(expert, slots=slots, exceptions=[exception], by=expert.user, at=at)

    order = make_search(at, times=wished(THURSDAY, "13:00", "14:00"))

    assert fitting(order, at) == ([expert.pk] if fits else [])


@pytest.mark.parametrize(
    ("until", "fits"), [(None, False), (THURSDAY, False), (THURSDAY - timedelta(days=1), True)]
)
def test_match_break(at, until, fits):
    expert = make_expert(at=at)
    experts.pause(expert, until=until, by=expert.user, at=at)

    order = make_search(at, times=wished(THURSDAY, "13:00", "14:00"))

    assert fitting(order, at) == ([expert.pk] if fits else [])


def test_match_nobody_with_another_task_then(at):
    expert, first = make_expert(at=at), make_search(at, times=wished(THURSDAY, "13:00", "14:00"))
    offer = assignments.propose(
        first, expert, by=coordinator_of_orders(), at=at, answer_by=at + timedelta(days=3)
    )
    assignments.accept(offer, by=expert.user, at=at, via=Via.DESK)

    overlapping = make_search(at, times=wished(THURSDAY, "13:30", "15:00"))
    after = make_search(at, times=wished(THURSDAY, "14:00", "15:00"))

    assert (fitting(overlapping, at), fitting(after, at)) == ([], [expert.pk])


def test_match_own_limit_of_tasks_in_the_month_of_the_task(at):
    expert = make_expert(at=at, monthly_limit=1)
    first = make_search(at, times=wished(THURSDAY, "13:00", "14:00"))
    offer = assignments.propose(
        first, expert, by=coordinator_of_orders(), at=at, answer_by=at + timedelta(days=3)
    )
    assignments.accept(offer, by=expert.user, at=at, via=Via.DESK)

    same_month = make_search(at, times=wished(date(2026, 12, 29), "13:00", "14:00"))
    next_month = make_search(at, times=wished(date(2027, 1, 5), "13:00", "14:00"))

    assert (fitting(same_month, at), fitting(next_month, at)) == ([], [expert.pk])


def test_match_says_which_of_the_times_fits(at):
    expert = make_expert(at=at)
    experts.set_availability(
        expert, slots=[(4, clock(8), clock(16))], exceptions=[], by=expert.user, at=at
    )
    order = make_search(
        at,
        times=[
            *wished(THURSDAY, "13:00", "14:00"),
            *wished(THURSDAY + timedelta(days=1), "13:00", "14:00"),
        ],
    )

    (candidate,) = match(order, at=at).candidates

    assert helsinki(order.times.get(pk=candidate.time_id).starts_at).weekday() == 4


def test_match_until_midnight_does_not_touch_the_next_day(at):
    expert, friday = make_expert(at=at), THURSDAY + timedelta(days=1)
    away = [(friday, friday, False)]
    experts.set_availability(expert, slots=[], exceptions=away, by=expert.user, at=at)
    midnight = instant(friday, clock(0))
    order = make_search(at, times=[(instant(THURSDAY, clock(22)), midnight)])

    assert fitting(order, at) == [expert.pk]
    assert is_free(expert, midnight - timedelta(hours=2), midnight)


def test_match_night_when_summer_time_ends(at):
    expert = make_expert(at=at)
    sunday = date(2027, 10, 31)
    experts.set_availability(
        expert, slots=[(6, clock(8), clock(12))], exceptions=[], by=expert.user, at=at
    )

    assert fitting(make_search(at, times=wished(sunday, "08:00", "12:00")), at) == [expert.pk]


# -- the score ---------------------------------------------------------------------------------
def parts(order, at):
    return match(order, at=at).candidates[0].parts


def test_match_score_is_the_sum_of_its_parts(at):
    make_expert(at=at, perspective=Perspective.OWN)
    order = make_search(at, perspective="own")

    candidate = match(order, at=at).candidates[0]

    assert candidate.parts == {
        "theme": 2 * POINTS.theme, "perspective": POINTS.perspective, "near": POINTS.near,
        "rested": POINTS.rested, "light": POINTS.light, "praise": 0,
    }  # fmt: skip
    assert candidate.score == sum(candidate.parts.values())


def test_match_broader_theme_gives_half(at):
    make_expert(at=at, themes=("mental-health",))

    assert parts(make_search(at, themes=("depression",)), at)["theme"] == POINTS.theme


def test_match_other_perspective_gives_none_but_does_not_refuse(at):
    make_expert(at=at, perspective=Perspective.CLOSE_PERSON)

    assert parts(make_search(at, perspective="own"), at)["perspective"] == 0


def test_match_nearer_comes_first(at):
    far = make_expert(at=at, municipality=RAUMA, reach_km=80)
    near = make_expert(at=at, municipality=PORI)

    assert fitting(make_search(at), at) == [near.pk, far.pk]


def test_match_newcomer_outweighs_praise_after_a_recent_task(at):
    task = make_done(at)
    for side, by in ((Side.EXPERT, task.expert.user), (Side.ORDERER, task.order.contact)):
        feedback.give(
            task,
            side=side,
            smooth=5,
            useful=5,
            heard=5,
            again=5,
            words="",
            by=by,
            at=at,
            via=Via.LINK,
        )
    newcomer = make_expert(at=at)

    later = task.ends_at + timedelta(days=3)
    candidates = match(make_search(later), at=later).candidates

    assert [c.expert_id for c in candidates] == [newcomer.pk, task.expert_id]
    assert (candidates[1].parts["praise"], candidates[1].tasks) == (3 * POINTS.praise, 1)


def test_match_theme_that_the_order_did_not_ask_about_changes_nothing(at):
    first, second = make_expert(at=at), make_expert(at=at)
    order = make_search(at)
    before = [(c.expert_id, c.score) for c in match(order, at=at).candidates]

    rows = [
        (Theme.objects.get(code=c), Perspective.OWN, True) for c in ("depression", "cancer", "debt")
    ]
    experts.set_experiences(second, rows, by=second.user, at=at)
    experts.save(second, by=second.user, at=at, support_needs="Taukoja", own_words="Sanoja")

    assert [(c.expert_id, c.score) for c in match(order, at=at).candidates] == before
    assert {pk for pk, _score in before} == {first.pk, second.pk}


def test_match_equal_ones_are_not_always_in_the_same_order(at):
    for _n in range(4):
        make_expert(at=at)

    orders = {tuple(fitting(make_search(at), at)) for _n in range(8)}

    assert len(orders) > 1


def test_match_reasons_name_only_what_the_order_asked_for(at):
    make_expert(at=at, themes=("depression", "cancer"), municipality=RAUMA, reach_km=80)

    reasons = " · ".join(match(make_search(at), at=at).candidates[0].reasons)

    assert "Depression" in reasons
    assert "km" in reasons
    assert "no task yet" in reasons
    assert "ancer" not in reasons


def test_match_reasons_tell_the_exact_from_the_broader_and_leave_out_what_is_not_there(at):
    make_expert(at=at, themes=("cancer",))
    make_expert(at=at, themes=("mental-health",))
    order = make_search(at, themes=("depression", "cancer"))

    said = {c.reasons[0] for c in match(order, at=at).candidates}

    assert said == {"experience: Cancer", "wider experience of the subject: Depression"}


def test_match_reasons_of_remote_and_of_earlier_tasks(at):
    task = make_done(at)
    experts.save(task.expert, by=task.expert.user, at=at, is_remote_ok=True)
    order = make_search(at, mode=Mode.REMOTE, days=(200,))

    def reasons(days):
        return match(order, at=task.starts_at + timedelta(days=days)).candidates[0].reasons

    assert "can do it remotely" in reasons(1)
    assert "last task within a month" in reasons(1)
    assert "last task 2 months ago" in reasons(70)
    assert "has a task coming" in reasons(-1)
    assert "1 task in a year" in reasons(1)


def test_match_without_themes_finds_anybody(at):
    expert = make_expert(at=at)
    order = make_search(at)
    order.order_themes.all().delete()

    assert fitting(order, at) == [expert.pk]


def test_match_limit(at):
    for _n in range(3):
        make_expert(at=at)

    assert len(match(make_search(at), at=at, limit=2).candidates) == 2


@pytest.mark.parametrize("n", [1, 3])
def test_match_asks_seven_queries_whatever_the_number(at, n, django_assert_num_queries):
    for _n in range(n):
        make_expert(at=at)
    order = make_search(at)

    with django_assert_num_queries(7):
        match(for_matching().get(pk=order.pk), at=at)


# -- what would help ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expert", "order", "condition", "failure"),
    [
        ({"municipality": HELSINKI, "is_remote_ok": True}, {}, "remote", Failure.DISTANCE),
        ({"municipality": RAUMA, "reach_km": 20}, {}, "distance_60", Failure.DISTANCE),
        ({"task_types": ("lecture",)}, {}, "task_type", Failure.TASK_TYPE),
        ({"languages": ("sv",)}, {}, "language", Failure.LANGUAGE),
        ({"themes": ("cancer",)}, {}, "theme", Failure.THEME),
        ({}, {"needs_further_training": True}, "training", Failure.TRAINING),
    ],
)
def test_help_names_the_condition_that_would_bring_somebody(at, expert, order, condition, failure):
    make_expert(at=at, **expert)
    found = make_search(at, **order)

    helps = {h.condition: h.count for h in what_would_help(found, match(found, at=at), at=at)}

    assert helps[condition] == 1
    assert likely_failure(found, at=at) == failure


def test_help_another_time(at):
    expert = make_expert(at=at)
    experts.pause(expert, until=date(2027, 6, 1), by=expert.user, at=at)
    order = make_search(at)

    helps = what_would_help(order, match(order, at=at), at=at)

    assert [(h.condition, h.count) for h in helps] == [("time", 1)]
    assert likely_failure(order, at=at) == Failure.TIME


def test_help_another_time_does_not_count_a_break_without_an_end(at):
    expert = make_expert(at=at)
    experts.pause(expert, by=expert.user, at=at)
    order = make_search(at)

    assert what_would_help(order, match(order, at=at), at=at) == []


@pytest.mark.parametrize("days", [(14,), (14, 45)])
def test_help_another_time_does_not_count_who_has_reached_their_own_limit(at, days):
    expert = make_expert(at=at, monthly_limit=1)
    for day in days:  # in December, and in January
        make_agreed(at, expert=expert, days=(day,))
    order = make_search(at, days=days)

    assert fitting(reload(order), at) == []
    assert what_would_help(order, match(order, at=at), at=at) == []


def test_help_another_time_counts_whose_limit_leaves_room_in_one_of_the_months(at):
    expert = make_expert(at=at, monthly_limit=1)
    make_agreed(at, expert=expert)
    january = helsinki(at + timedelta(days=45)).date()
    experts.set_availability(
        expert, slots=[], exceptions=[(january, january, False)], by=expert.user, at=at
    )
    order = make_search(at, days=(14, 45))

    helps = what_would_help(order, match(order, at=at), at=at)

    assert [(h.condition, h.count) for h in helps if h.condition == "time"] == [("time", 1)]


def test_help_names_no_other_time_when_the_time_is_settled(at):
    order = make_search(at, experts_wanted=2)
    make_agreed(at, order=order)
    resting = make_expert(at=at)
    experts.pause(resting, until=date(2027, 6, 1), by=resting.user, at=at)
    order = reload(order)

    assert what_would_help(order, match(order, at=at), at=at) == []


def test_match_order_without_times_leaves_out_a_break_without_an_end(at):
    resting, back = make_expert(at=at), make_expert(at=at)
    for expert in (resting, back):
        experts.pause(expert, by=expert.user, at=at)
    experts.resume(back, by=back.user, at=at)
    order = make_search(at)
    order.times.all().delete()

    assert fitting(reload(order), at) == [back.pk]


def test_help_is_not_given_when_enough_fit(at):
    make_expert(at=at)
    order = make_search(at)

    assert what_would_help(order, match(order, at=at), at=at) == []
    assert likely_failure(order, at=at) == Failure.NO_YES


def test_help_nothing_would(at):
    assert likely_failure(make_search(at, mode=Mode.REMOTE), at=at) == Failure.OTHER


def test_help_for_an_order_that_asks_for_nothing(at):
    order = make_draft(at, themes=(), days=(), languages=(), task_type=None, mode=Mode.REMOTE)

    assert what_would_help(order, match(order, at=at), at=at) == []


def test_help_at_another_hour_of_the_wished_day(at):
    expert = make_expert(at=at)
    experts.set_availability(
        expert, slots=[(3, clock(12), clock(16))], exceptions=[], by=expert.user, at=at
    )
    order = make_search(at, times=wished(THURSDAY, "09:00", "10:00"))

    helps = {h.condition: h.count for h in what_would_help(order, match(order, at=at), at=at)}

    assert helps == {"time": 1, "afternoon": 1}
    assert likely_failure(order, at=at) == Failure.TIME


def test_help_names_no_hour_that_was_wished_or_has_passed(at):
    experts_day = make_expert(at=at)
    experts.set_availability(
        experts_day, slots=[(3, clock(8), clock(22))],
        exceptions=[(THURSDAY, THURSDAY, False)], by=experts_day.user, at=at,
    )  # fmt: skip
    order = make_search(at, times=wished(THURSDAY, "09:00", "10:00"))
    afternoon = instant(THURSDAY, clock(14))

    assert [h.condition for h in what_would_help(order, match(order, at=at), at=at)] == ["time"]
    experts.set_availability(
        experts_day, slots=[(3, clock(17), clock(22))], exceptions=[], by=experts_day.user, at=at
    )
    order = make_search(at, times=wished(THURSDAY, "15:00", "16:00"))
    helps = what_would_help(order, match(order, at=afternoon), at=afternoon)
    assert [h.condition for h in helps] == ["time", "evening"]


def test_help_counts_to_an_end_and_says_so(at, monkeypatch):
    monkeypatch.setattr("luukku.matching.queries.MOST_COUNTED", 2)
    for _n in range(3):
        make_expert(at=at, languages=("sv",))
    order = make_search(at)

    (help_,) = what_would_help(order, match(order, at=at), at=at)

    assert (help_.condition, help_.count, help_.is_at_least) == ("language", 2, True)


def test_help_is_not_given_because_few_are_shown(at):
    for _n in range(3):
        make_expert(at=at)
    make_expert(at=at, languages=("sv",))
    order = make_search(at, experts_wanted=2)

    found = match(order, at=at, limit=1)

    assert (len(found.candidates), found.is_enough) == (1, True)
    assert what_would_help(order, found, at=at) == []


# -- open calls --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("expert", "order"),
    [
        ({}, {}),
        ({"themes": ("cancer",)}, {}),
        ({"themes": ("mental-health",)}, {}),
        ({"municipality": HELSINKI, "is_remote_ok": True}, {"mode": Mode.EITHER}),
        ({"municipality": RAUMA, "reach_km": 20}, {}),
        ({"languages": ("sv",)}, {}),
        ({"task_types": ("lecture",)}, {}),
        ({}, {"needs_further_training": True}),
    ],
)
def test_open_calls_agree_with_match(at, expert, order):
    found, call = make_expert(at=at, **expert), make_search(at, **order)

    assert (call.pk in [c.order_id for c in open_calls(found, at=at)]) == (
        found.pk in fitting(call, at)
    )


def test_open_calls_leave_out_what_is_closed_past_or_taken(at):
    expert = make_expert(at=at)
    open_one = make_search(at, days=(20,))
    make_search(at, is_open_call=False)
    past = make_search(at, days=(1,))
    signed = make_search(at, days=(30,))
    assignments.sign_up(signed, expert, by=expert.user, at=at)

    calls = open_calls(expert, at=past.times.get().starts_at)

    assert [c.order_id for c in calls] == [open_one.pk]
    assert calls[0].km == 0


# -- the command -------------------------------------------------------------------------------
def command(*args):
    out = io.StringIO()
    call_command("match", *map(str, args), stdout=out)
    return json.loads(out.getvalue())


def test_match_command_prints_one_document(at):
    from django.utils import timezone

    now = timezone.now()
    expert, order = make_expert(at=now), make_search(now, experts_wanted=2)
    make_expert(at=now, municipality=HELSINKI, is_remote_ok=True)

    document = command(order.pk)

    assert (document["order"], document["wanted"]) == (order.pk, 2)
    assert [c["expert"] for c in document["candidates"]] == [expert.pk]
    assert {"score", "parts", "reasons", "code_name"} <= document["candidates"][0].keys()
    assert {
        "condition": "remote",
        "label": "Jos tehtävä tehtäisiin etänä",
        "count": 1,
        "at_least": False,
    } in document["help"]


@pytest.mark.parametrize("args", [(999999,), (1, "--limit=0")])
def test_match_command_refuses(at, args):
    if len(args) == 2:
        args = (make_search(at).pk, args[1])

    with pytest.raises(CommandError):
        command(*args)


def test_match_switched_off_task_type_still_matches_its_orders(at):
    expert, order = make_expert(at=at), make_search(at)
    TaskType.objects.filter(code="talk").update(is_active=False)

    assert fitting(reload(order), at) == [expert.pk]
