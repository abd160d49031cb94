"""The queue as the day's work: groups, whose, handing out, one after the other."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import Role
from luukku.core import duty
from luukku.core.times import helsinki
from luukku.guidance.models import HelpLine
from luukku.orders.actions import accept
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.web.counter import queue as queue_page
from luukku.workbench import actions
from luukku.workbench.models import TakenDuty
from luukku.workbench.queries import Group, Whose, assignees, day_of
from tests.factories.accounts import make_coordinator, make_person, make_steering
from tests.factories.assignments import make_offer, make_search
from tests.factories.guidance import make_question
from tests.factories.orders import make_draft, make_order, make_orderer
from tests.markup import flat
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def queue_url():
    return reverse("counter:queue")


def names(page):
    return re.findall(r'name="duty" value="([^"]+)"', page)


def groups(day):
    return [(tally.value, tally.number) for tally in day.groups]


def hand_out(client, query="", **sent):
    return client.post(reverse("counter:queue-hand-out") + query, sent)


def test_day_is_in_groups_by_how_soon_it_is_due(at, coordinator):
    """1 December 2026 is a Tuesday."""
    make_order(at - timedelta(days=7))
    make_order(at - timedelta(days=4))  # Friday: promised for Tuesday afternoon
    make_order(at)
    make_search(at, days=(40,))

    day = day_of(coordinator, at=at)

    known = [(one.value, one.number) for one in day.kinds]
    assert dict(known)["order"] == 3
    assert [
        (day.group_of(duty).value, duty.kind)
        for duty in day.duties
        if duty.kind in {"order", "staffing"}
    ] == [("late", "order"), ("today", "order"), ("week", "order"), ("later", "staffing")]
    assert sum(number for _group, number in groups(day)) == len(day.duties)


def test_event_that_is_near_comes_before_an_older_order_for_later(at, coordinator):
    far, near = make_search(at - timedelta(days=2), days=(60,)), make_search(at, days=(4,))

    day = day_of(coordinator, kind="staffing", at=at)

    assert [duty.key for duty in day.duties] == [near.pk, far.pk]


@pytest.mark.parametrize("count", [1, 3])
def test_queue_asks_the_same_for_one_and_three(
    counter, now, count, queue_url, django_assert_num_queries
):
    for _n in range(count):
        make_order(now)
        make_question(now)
    counter.get(queue_url)

    with django_assert_num_queries(15):
        counter.get(queue_url)


def test_queue_tells_the_event_the_deadline_and_who_does_it(counter, coordinator, now, queue_url):
    order = make_order(now)
    actions.assign([("order", order.pk)], to=coordinator, by=coordinator, at=now)

    page = counter.get(queue_url).content.decode()

    row = page.split(f'id="order-{order.pk}"')[1].split("</tr>")[0]
    assert order.title in row
    assert order.organisation.name in row
    assert coordinator.name in row
    assert len(re.findall(r"\w{3} \d+\.\d+\.|\w{3}\w* \d", row)) >= 2


def test_queue_says_whom_to_call_and_notes_who_looked(counter, now, queue_url):
    offer = make_offer(now - timedelta(days=4))
    person = offer.expert.user
    person.phone = "040 765 4321"
    person.save()

    page = counter.get(queue_url, {"kind": "silent"}).content.decode()

    assert 'href="tel:0407654321"' in page
    assert "accounts.user.phone" in noted()[person.pk]


def test_queue_tells_a_question_by_its_number_and_first_words(counter, now, queue_url):
    question = make_question(now)
    words = question.messages.first().words.split()

    page = counter.get(queue_url, {"kind": "question"}).content.decode()

    assert f"{question.pk} · {words[0]}" in page


def test_taking_and_handing_out_come_back_to_the_row(counter, coordinator, now, queue_url):
    colleague = make_coordinator("Kalle")
    first, second = make_order(now), make_order(now)
    keys = [("order", first.pk), ("order", second.pk)]

    took = hand_out(counter, "?whose=nobodys", take="", duty=[f"order-{first.pk}"])
    gave = hand_out(
        counter, give="", to=colleague.pk, duty=[f"order-{first.pk}", f"order-{second.pk}"]
    )

    assert took["Location"] == f"{queue_url}?whose=nobodys#order-{first.pk}"
    assert gave["Location"] == f"{queue_url}#order-{second.pk}"
    assert assignees(keys) == dict.fromkeys(keys, colleague.pk)
    mine = names(counter.get(queue_url, {"whose": "mine"}).content.decode())
    assert mine == []


def test_taking_what_a_colleague_was_faster_to_take_says_so(counter, now, queue_url):
    order, colleague = make_order(now), make_coordinator("Kalle")
    actions.take([("order", order.pk)], by=colleague, at=now)

    response = hand_out(counter, take="", duty=[f"order-{order.pk}"])

    assert "1 row has somebody already." in counter.get(response["Location"]).content.decode()
    assert TakenDuty.objects.get().assignee == colleague


@pytest.mark.parametrize(
    "sent, words",
    [
        ({"take": ""}, "Choose at least one row."),
        (
            {"take": "", "duty": ["?", "order-", "order-x", "-1", "no-1"]},
            "Choose at least one row.",
        ),
        ({"take": "", "duty": ["order-99999999999999999999"]}, "Choose at least one row."),
    ],
)
def test_what_is_not_chosen_is_asked_for(counter, sent, words):
    response = hand_out(counter, **sent)

    assert response.status_code == 303
    assert words in counter.get(response["Location"]).content.decode()
    assert TakenDuty.objects.count() == 0


@pytest.mark.parametrize("to", [None, "", "999999", "99999999999999999999", "x"])
def test_what_was_ticked_stays_so_while_it_is_asked_who_does_it(counter, now, to):
    chosen, other = make_order(now), make_order(now)
    sent = {"give": "", "duty": [f"order-{chosen.pk}"]} | ({} if to is None else {"to": to})

    response = hand_out(counter, **sent)

    assert response.status_code == 422
    page = flat(response.content.decode())
    assert "Choose who does it." in page
    ticked = [f'value="order-{pk}" checked' in page for pk in (chosen.pk, other.pk)]
    assert ticked == [True, False]
    assert TakenDuty.objects.count() == 0


def test_taking_what_is_mine_already_changes_nothing(counter, coordinator, now):
    order = make_order(now)
    actions.take([("order", order.pk)], by=coordinator, at=now)

    response = hand_out(counter, take="", duty=[f"order-{order.pk}"])

    assert "1 row is yours now." in counter.get(response["Location"]).content.decode()
    assert TakenDuty.objects.get().assigned_at == now


def test_handing_out_to_who_does_not_serve_any_more_is_refused(counter, now):
    order, gone = make_order(now), make_person()

    response = hand_out(counter, give="", to=gone.pk, duty=[f"order-{order.pk}"])

    page = counter.get(response["Location"]).content.decode()
    assert "They do not serve at the counter any more." in page
    assert TakenDuty.objects.count() == 0


@pytest.mark.parametrize("make", [make_person, make_steering])
def test_handing_out_is_the_counter_s_own(client, now, make):
    order, stranger = make_order(now), make()
    client.force_login(stranger, backend=BACKEND)

    assert hand_out(client, take="", duty=[f"order-{order.pk}"]).status_code == 403
    assert TakenDuty.objects.count() == 0


def test_whoever_loses_the_role_hands_out_nothing_on_the_next_request(
    counter, coordinator, now, queue_url
):
    order = make_order(now)
    counter.get(queue_url)
    coordinator.roles = [Role.STEERING]
    coordinator.save()

    assert hand_out(counter, take="", duty=[f"order-{order.pk}"]).status_code == 403


def test_duty_that_waits_anew_is_nobody_s(at, coordinator):
    order = make_search(at)
    actions.take([("staffing", order.pk)], by=coordinator, at=at)

    type(order).objects.filter(pk=order.pk).update(state_changed_at=at + timedelta(days=1))

    later = at + timedelta(days=2)
    assert [d.key for d in day_of(coordinator, whose_rows=Whose.MINE, at=later).duties] == []
    nobodys = day_of(coordinator, kind="staffing", whose_rows=Whose.NOBODYS, at=later)
    assert [d.key for d in nobodys.duties] == [order.pk]


def test_hurry_stands_before_what_is_late(at, coordinator):
    make_order(at - timedelta(days=7))
    hurried = make_question(at)
    type(hurried).objects.filter(pk=hurried.pk).update(hurry_on=at.date())

    day = day_of(coordinator, at=at)

    assert groups(day)[0] == (Group.FIRST.value, 1)
    assert day.duties[0].key == hurried.pk


def open_duty(client, *duty, **query):
    response = client.get(reverse("counter:queue-open", args=duty), query)
    return response["Location"]


def test_what_was_opened_from_the_queue_leads_to_the_next(counter, coordinator, now, queue_url):
    first, second, third = (make_order(now - timedelta(hours=n)) for n in (3, 2, 1))

    page = counter.get(open_duty(counter, "order", first.pk, kind="order")).content.decode()
    accept(first, by=coordinator, at=now)
    after_act = counter.get(reverse("counter:order", args=[first.pk])).content.decode()
    onward = counter.get(reverse("counter:queue-next", args=["order", first.pk]))

    link = reverse("counter:queue-next", args=["order", first.pk])
    assert [link in text for text in (page, after_act)] == [True, True]
    assert f'href="{queue_url}?kind=order#order-{first.pk}"' in page
    assert onward["Location"] == reverse("counter:order", args=[second.pk])
    onward = counter.get(reverse("counter:queue-next", args=["order", second.pk]))
    assert onward["Location"] == reverse("counter:order", args=[third.pk])
    end = counter.get(reverse("counter:queue-next", args=["order", third.pk]))
    assert end["Location"] == f"{queue_url}?kind=order"


def test_bar_above_the_page_says_that_the_duty_is_done(counter, coordinator, now):
    order = make_order(now)
    page = flat(counter.get(open_duty(counter, "order", order.pk)))
    accept(order, by=coordinator, at=now)

    after_act = flat(counter.get(reverse("counter:order", args=[order.pk])))

    assert ["This is done:" in text for text in (page, after_act)] == [False, True]


@pytest.fixture
def too_many(monkeypatch):
    """Let one row of a kind be enough, and stand on a page."""
    monkeypatch.setattr(duty, "MOST_ROWS", 1)
    for name in ("FIRST_ROWS", "ON_A_PAGE"):
        monkeypatch.setattr(queue_page, name, 1)


def test_pages_and_the_next_go_on_beyond_the_most_urgent(counter, now, queue_url, too_many):
    orders = [make_order(now - timedelta(hours=n)) for n in (3, 2, 1)]

    pages = [
        flat(counter.get(queue_url, {"kind": "order", "page": page}))
        for page in ("1", "2", "3", "9", "x")
    ]
    open_duty(counter, "order", orders[1].pk, kind="order")
    onward = counter.get(reverse("counter:queue-next", args=["order", orders[1].pk]))

    rows = [f"order-{one.pk}" for one in orders]
    assert [re.findall(r'value="(order-\d+)"', page) for page in pages] == [
        [rows[n]] for n in (0, 1, 2, 2, 0)
    ]
    assert ["page=2" in pages[0], "page=3" in pages[1], "page=4" in pages[2]] == [True, True, False]
    assert onward["Location"] == reverse("counter:order", args=[orders[2].pk])
    assert "2+</b>" in pages[0]  # of the group; the chip of the kind tells all three
    assert "<b>3</b>" in pages[0]


def test_draft_that_was_opened_from_the_queue_leads_to_the_next_on_each_step(
    counter, coordinator, now
):
    draft = make_draft(now, orderer=make_orderer())
    Order.objects.filter(pk=draft.pk).update(made_by=coordinator)
    opened = counter.get(reverse("counter:queue-open", args=["draft", draft.pk]), follow=True)
    other = counter.get(reverse("counter:order-step", args=[make_draft(now).pk, "what"]))

    step = opened.request["PATH_INFO"]
    assert step == reverse("counter:order-step", args=[draft.pk, "what"])
    assert reverse("counter:queue-next", args=["draft", draft.pk]) in opened.content.decode()
    assert "/counter/next/" not in other.content.decode()


def test_two_tabs_go_on_each_from_their_own_duty(counter, now):
    orders = [make_order(now - timedelta(hours=n)) for n in (4, 3, 2, 1)]
    for order in (orders[0], orders[2]):
        open_duty(counter, "order", order.pk, kind="order")

    onward = [
        counter.get(reverse("counter:queue-next", args=["order", order.pk]))["Location"]
        for order in (orders[0], orders[2])
    ]

    assert onward == [reverse("counter:order", args=[orders[n].pk]) for n in (1, 3)]


def test_page_that_was_not_opened_from_the_queue_leads_nowhere(counter, now, queue_url):
    order = make_order(now, state=OrderState.ACCEPTED)

    page = counter.get(reverse("counter:order", args=[order.pk])).content.decode()

    assert "Next in the queue" not in page
    onward = counter.get(reverse("counter:queue-next", args=["order", order.pk]))
    assert onward["Location"] == queue_url


def test_duty_that_is_done_already_says_so(counter, now, queue_url):
    order = make_order(now, state=OrderState.ACCEPTED)

    location = open_duty(counter, "order", order.pk)

    assert location == queue_url
    assert "This has been done already." in counter.get(location).content.decode()


@pytest.mark.parametrize(
    "path, status",
    [("open/no-such/1/", 404), ("open/order/99999999999999999/", 303), ("next/x/1/", 404)],
)
def test_odd_addresses_are_no_fault(counter, queue_url, path, status):
    assert counter.get(queue_url + path).status_code == status


def test_queue_opens_for_the_counter_only(now):
    client, order = Client(), make_order(now)
    client.force_login(make_steering(), backend=BACKEND)

    for name in ("queue-open", "queue-next"):
        url = reverse(f"counter:{name}", args=["order", order.pk])
        assert client.get(url).status_code == 403


def test_line_that_was_added_today_can_be_taken(coordinator, now):
    line = HelpLine.objects.first()
    HelpLine.objects.filter(pk=line.pk).update(checked_on=None, added_on=helsinki(now).date())

    actions.take([("help_line", line.pk)], by=coordinator, at=now)

    mine = day_of(coordinator, kind="help_line", whose_rows=Whose.MINE, at=now)
    assert [duty.key for duty in mine.duties] == [line.pk]
    assert mine.duties[0].since <= now
