"""Everything that is wrong in a step is told in one round; what is only odd is said where it can be changed."""

from datetime import time, timedelta
from itertools import combinations

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import timezone

from luukku.core.times import helsinki, instant
from luukku.orders.states import OrderState
from luukku.web.parts.orders.forms import STEPS
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_draft, make_order

YESTERDAY = (helsinki(timezone.now()) - timedelta(days=1)).date().isoformat()
LATER = (helsinki(timezone.now()) + timedelta(days=21)).date().isoformat()
FAULTS = {
    "what": [
        {"task_type": ""}, {"title": ""}, {"title": "x" * 121}, {"goal": ""}, {"goal": "x" * 2001},
        {"expert_does": ""},
    ],
    "who": [
        {"themes": []}, {"languages": []}, {"experts_wanted": "0"}, {"experts_wanted": "x"},
        {"audience": ""}, {"audience_size": "0"}, {"others_present": "x" * 301},
    ],
    "when": [
        {"day1": YESTERDAY}, {"day1": ""}, {"day1": "x"}, {"day1": "9999-12-31"}, {"from1": ""},
        {"from1": "x"}, {"to1": ""}, {"municipality": ""}, {"mode": "either", "meeting_url": "http://x"},
        {"length_minutes": "600"}, {"length_minutes": "1"}, {"day2": LATER}, {"day2": YESTERDAY},
        {"day3": YESTERDAY, "from3": "10:00", "to3": "11:00"},
    ],
    "terms": [
        {"payment": ""}, {"fee_eur": "-1"}, {"sign_up_by": YESTERDAY}, {"sign_up_by": "x"},
        {"recording": "none_such"}, {"invoice_reference": "x" * 101},
    ],
}  # fmt: skip
PAIRS = [
    pytest.param(step, one, other, id=f"{step}: {', '.join([*one, *other])} {n}")
    for step, faults in FAULTS.items()
    for n, (one, other) in enumerate(combinations(faults, 2))
    if not one.keys() & other.keys()
    # How long a time is nobody knows without its start and end.
    and not {"length_minutes"} < {*one, *other} & {"length_minutes", "from1", "to1"}
]


def errors(order, step, data):
    return set(STEPS[step][1](data, instance=order).errors)


@pytest.mark.parametrize(("step", "one", "other"), PAIRS)
def test_two_faults_of_a_step_are_told_in_one_round(orderer, filled, step, one, other):
    order = make_draft(orderer=orderer)
    alone = [errors(order, step, filled[step] | fault) for fault in (one, other)]

    assert all(alone)
    assert errors(order, step, filled[step] | one | other) >= alone[0] | alone[1]


def test_second_time_like_the_first_is_told_of_whatever_else_is_wrong(orderer, filled):
    when = filled["when"]
    twin = {"day2": when["day1"], "from2": when["from1"], "to2": when["to1"]}

    found = errors(
        make_draft(orderer=orderer), "when", when | twin | {"to1": "", "municipality": ""}
    )

    assert found == {"to1", "from2", "municipality"}


@pytest.mark.parametrize("step", STEPS)
def test_wholly_wrong_step_shows_every_fault_and_keeps_what_was_typed(desk, orderer, filled, step):
    order = make_draft(orderer=orderer)
    wrong = {name: value for fault in FAULTS[step] for name, value in fault.items()}
    wanted = set().union(*(errors(order, step, filled[step] | fault) for fault in FAULTS[step]))

    address = reverse("orderer:order-step", args=[order.pk, step])
    response = desk.post(address, filled[step] | wrong)

    assert response.status_code == 422
    assert set(response.context["form"].errors) >= wanted - {"length_minutes"}


# -- What is only odd ------------------------------------------------------------------------------------


def saturday():
    day = helsinki(timezone.now()).date() + timedelta(days=20)
    return day + timedelta(days=(5 - day.weekday()) % 7)


def at_night(day):
    return [(instant(day, time(3)), instant(day, time(22, 30)))]


ODD = ("A part of it is at night.", "It is on a weekend.", "It lasts very long.")


def test_odd_time_is_said_as_soon_as_it_is_saved_and_whenever_it_is_shown(desk, orderer, filled):
    order = make_draft(orderer=orderer)
    address = reverse("orderer:order-step", args=[order.pk, "when"])
    when = filled["when"] | {"day1": saturday().isoformat(), "from1": "03:00", "to1": "22:30"}

    saved = desk.post(address, when)
    after = desk.get(saved["Location"]).content.decode()
    shown = desk.get(address).content.decode()
    refused = desk.post(address, when | {"municipality": ""})

    assert saved.status_code == 303
    for page in (after, shown, refused.content.decode()):
        assert [words in page for words in ODD] == [True] * len(ODD)


def test_ordinary_time_is_passed_over_in_silence(desk, orderer, filled):
    order = make_draft(orderer=orderer)
    day = saturday() + timedelta(days=3)
    when = filled["when"] | {"day1": day.isoformat()}

    saved = desk.post(reverse("orderer:order-step", args=[order.pk, "when"]), when)

    assert list(get_messages(saved.wsgi_request)) == []


def test_time_of_a_draft_that_has_passed_is_said_at_its_step(desk, orderer, now):
    order = make_draft(now - timedelta(days=30), orderer=orderer, days=(14,))

    page = desk.get(reverse("orderer:order-step", args=[order.pk, "when"])).content.decode()

    assert "It has passed." in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "is_said"),
    [
        (OrderState.SENT, True), (OrderState.ACCEPTED, True), (OrderState.SEARCHING, True),
        (OrderState.DECLINED, False),
    ],
)  # fmt: skip
def test_counter_reads_on_the_order_s_page_what_is_odd_about_its_times(client, state, is_said):
    order = make_order(times=at_night(saturday()), state=state)
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("counter:order", args=[order.pk])).content.decode()

    assert ("A part of it is at night." in page) == is_said


@pytest.mark.django_db
def test_counter_reads_it_beside_the_times_that_it_changes(client):
    order = make_order(times=at_night(saturday()))
    client.force_login(make_coordinator(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(reverse("counter:order-times", args=[order.pk])).content.decode()

    assert "It is on a weekend." in page
