"""An expert's own calendar and an organisation's: what stands on which day, and what never does."""

from datetime import date, timedelta

import pytest

from luukku.assignments.actions import cancel
from luukku.events.models import Audience
from luukku.events.states import EventState, SignUpState
from luukku.orders.models import CancelledBy
from luukku.organisations.models import MemberRole, Task
from luukku.workbench.queries import OWN_SORTS, experts_calendar, organisations_calendar
from tests.factories.assignments import make_agreed, make_offer, make_search
from tests.factories.events import make_event, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_draft, make_orderer
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)


def lines(days):
    return {
        (one.day.day, entry.sort.value): entry.task_id or entry.offer_id or entry.order_id or entry.event_id
        for one in days
        for entry in one.entries
    }  # fmt: skip


@pytest.fixture
def expert(at):
    return make_expert(at=at)


def test_expert_has_own_tasks_what_offers_ask_about_and_events(at, expert):
    task, offer = (
        make_agreed(at, expert=expert, days=(2,)),
        make_offer(at, expert=expert, days=(3,)),
    )
    event = make_event(at, starts_at=at + timedelta(days=1))
    make_sign_up(event, expert.user)
    waits = make_event(at, starts_at=at + timedelta(days=4))
    make_sign_up(waits, expert.user, state=SignUpState.WAITING)

    found = lines(experts_calendar(expert.user, MONDAY, 7, most=9))

    assert found == {
        (3, "task"): task.pk,
        (4, "wish"): offer.pk,
        (2, "event"): event.pk,
        (5, "event"): waits.pk,
    }


def test_expert_sees_nothing_of_others_and_nothing_that_is_over(at, expert):
    make_agreed(at, days=(2,))
    make_offer(at, days=(3,))
    make_search(at, days=(3,))
    off = make_agreed(at, expert=expert, days=(4,))
    cancel(off, whose=CancelledBy.EXPERT, reason="Sairastuin.", by=expert.user, at=at)
    make_sign_up(make_event(at, starts_at=at + timedelta(days=1)))
    gone = make_event(at, starts_at=at + timedelta(days=1), state=EventState.CANCELLED)
    make_sign_up(gone, expert.user)
    left = make_event(at, starts_at=at + timedelta(days=2))
    make_sign_up(left, expert.user, state=SignUpState.WITHDRAWN)

    assert lines(experts_calendar(expert.user, MONDAY, 7, most=9)) == {}


def test_organisation_has_its_tasks_times_that_wait_and_events(at):
    orderer = make_orderer(at=at)
    here = orderer.memberships.get().organisation
    task = make_agreed(at, orderer=orderer, days=(2,))
    search = make_search(at, orderer=orderer, days=(3,))
    ours = make_event(at, organiser=here, starts_at=at + timedelta(days=1))
    been = make_event(at, starts_at=at + timedelta(days=4))
    make_sign_up(been, orderer)

    found = lines(organisations_calendar(orderer, here, MONDAY, 7, most=9))

    assert found == {
        (3, "task"): task.pk,
        (4, "wish"): search.pk,
        (2, "event"): ours.pk,
        (5, "event"): been.pk,
    }


def test_organisation_sees_nothing_of_others_and_no_draft(at):
    orderer = make_orderer(at=at)
    here = orderer.memberships.get().organisation
    make_draft(at, orderer=orderer, days=(2,))
    make_agreed(at, days=(2,))
    make_search(at, days=(3,))
    make_event(at, organiser=here, starts_at=at + timedelta(days=1), state=EventState.DRAFT)
    make_event(at, starts_at=at + timedelta(days=1))

    assert lines(organisations_calendar(orderer, here, MONDAY, 7, most=9)) == {}


def test_who_stands_for_no_orderer_there_sees_no_order_of_it(at):
    orderer = make_orderer(at=at)
    here = orderer.memberships.get().organisation
    make_agreed(at, orderer=orderer, days=(2,))
    make_search(at, orderer=orderer, days=(3,))
    other = make_member(here, role=MemberRole.BACKGROUND, at=at)

    assert lines(organisations_calendar(other, here, MONDAY, 7, most=9)) == {}


def test_event_for_the_invited_stands_on_the_desk_of_who_arranges_it(at):
    here = make_organisation("Oppiva ry", tasks=[Task.TRAINS], at=at)
    ours = make_event(
        at, organiser=here, audience=Audience.INVITED, starts_at=at + timedelta(days=1)
    )
    member = make_member(here, role=MemberRole.PRODUCER, at=at)

    assert lines(organisations_calendar(member, here, MONDAY, 7, most=9)) == {(2, "event"): ours.pk}


@pytest.mark.parametrize("sort", [*OWN_SORTS, "", "deadline"])
def test_one_sort_alone(at, expert, sort):
    make_agreed(at, expert=expert, days=(2,))
    make_offer(at, expert=expert, days=(3,))
    make_sign_up(make_event(at, starts_at=at + timedelta(days=1)), expert.user)

    found = {
        kind for _day, kind in lines(experts_calendar(expert.user, MONDAY, 7, most=9, sort=sort))
    }

    assert found == ({str(sort)} if sort in OWN_SORTS else {"task", "event", "wish"})


def test_day_is_in_the_order_of_the_clock_and_tells_how_many_it_leaves_out(at, expert):
    for hours in (5, 1, 3):
        event = make_event(at, starts_at=at + timedelta(days=2, hours=hours))
        make_sign_up(event, expert.user)
    make_offer(at, expert=expert, days=(2,))

    [day] = [one for one in experts_calendar(expert.user, MONDAY, 7, most=2) if one.entries]

    times = [entry.starts_at for entry in day.entries]
    assert times == sorted(times)
    assert (len(times), day.left_out) == (3, 1)


@pytest.mark.parametrize("number", [1, 3])
def test_months_ask_three_times_however_much_they_hold(
    at, expert, number, django_assert_num_queries
):
    for n in range(number):
        make_agreed(at, expert=expert, days=(2 + n,))
        make_offer(at, expert=expert, days=(6 + n,))
        make_sign_up(make_event(at, starts_at=at + timedelta(days=12 + n)), expert.user)

    with django_assert_num_queries(3):
        found = experts_calendar(expert.user, MONDAY, 35, most=9)

    assert sum(len(one.entries) for one in found) == 3 * number
