"""The dates of a series that experts may sign up to are one call: one row, one page, one letter."""

import re
import uuid
from datetime import time

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from luukku.assignments import actions
from luukku.assignments.actions.common import CallClosed, TimesChanged
from luukku.assignments.models import Offer, Origin, Via
from luukku.core.times import helsinki, instant
from luukku.notices.models import Letter
from luukku.orders.calls import as_listed, calls_to_come, dates_told, open_dates
from luukku.orders.queries import times_told
from tests import markup
from tests.factories.accounts import make_coordinator, show_who_is_there
from tests.factories.assignments import make_search, make_series_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def expert(now):
    return make_expert(at=now)


@pytest.fixture
def desk(client, expert):
    client.force_login(expert.user, backend=BACKEND)
    return client


@pytest.fixture
def found(expert):
    noon = instant(
        helsinki(timezone.now()).date(), time(12)
    )  # past midnight is told in another way
    return make_series_search(noon, is_open_call=True)


def told(page):
    return " ".join(re.sub("<[^>]*>", " ", markup.said(page)).split())


def url(name, thing):
    return reverse(f"expert:{name}", args=[thing.pk])


def time_of(order):
    return str(order.times.get().pk)


def sign_up(client, order, *dates):
    data = {"times": [time_of(one) for one in dates], "form_token": str(uuid.uuid4())}
    return client.post(url("sign-up", order), data)


def states(orders):
    offers = {offer.order_id: offer.state for offer in Offer.objects.order_by("pk")}
    return [offers.get(one.pk, "") for one in orders]


@pytest.mark.parametrize("address", ["public:calls", "expert:calls"])
def test_series_is_one_row_with_its_dates(desk, found, now, address):
    single = make_search(now, is_open_call=True, days=(20,))

    page = told(desk.get(reverse(address)))

    row = dates_told(found)
    assert page.count(f"{row}. You may sign up to some of the times.") == 1
    assert page.count(times_told(single)) == 1
    assert [page.count(times_told(one)) for one in found[:2]] == [0, 0]


def test_dates_are_said_with_the_clock_once(now, found):
    days = [times_told(one).partition(", ") for one in found]

    assert dates_told(found) == "3 times: {}, {} and {}, {}".format(
        *(day for day, _comma, _clock in days), days[0][2]
    )


def test_dates_at_other_hours_are_said_each_whole(now, found):
    time = found[1].times.get()
    time.ends_at = time.ends_at.replace(minute=30)
    time.save()
    orders = [type(one).objects.get(pk=one.pk) for one in found]

    said = [times_told(one) for one in orders]
    assert dates_told(orders) == f"3 times: {said[0]}, {said[1]} and {said[2]}"


def test_dates_that_are_wished_at_one_of_several_times_are_said_each_whole(now):
    found = make_series_search(now, is_open_call=True, days=(14, 15), times_more=1)

    assert dates_told(found) == "2 times: " + "; ".join(times_told(one) for one in found)


def test_date_that_is_past_leaves_the_row(found):
    later = found[0].times.get().starts_at

    row = as_listed(calls_to_come(at=later), at=later).get()

    assert [one.pk for one in open_dates(row)] == [one.pk for one in found[1:]]


def test_search_shows_a_series_once(client, found):
    page = client.get(reverse("public:search"), {"q": "puheenvuoro Pori"})

    assert told(page).count(dates_told(found)) == 1
    assert [call.pk for call in page.context["found"].calls] == [found[0].pk]


@pytest.mark.parametrize("address", ["public:calls", "expert:calls", "expert:desk"])
def test_lists_ask_as_much_for_three_series_as_for_one(desk, found, now, address, expert):
    make_sign_up(now, order=found[0], expert=expert)
    make_sign_up(now, order=found[1], expert=expert)
    desk.get(reverse(address))
    with CaptureQueriesContext(connection) as one:
        desk.get(reverse(address))
    for _ in range(2):
        more = make_series_search(now, is_open_call=True)
        make_sign_up(now, order=more[0], expert=expert)
    desk.get(reverse(address))
    with CaptureQueriesContext(connection) as three:
        desk.get(reverse(address))

    assert len(three) == len(one)


@pytest.mark.parametrize("nth", [0, 2])
def test_any_date_opens_the_page_where_all_are_ticked(desk, found, nth):
    page = desk.get(url("call", found[nth]))

    assert [pk for pk, _label in page.context["form"].fields["times"].choices] == [
        time_of(one) for one in found
    ]
    assert "You may sign up to some of them" in told(page)


def test_some_dates_are_signed_up_to_at_once_and_told_in_one_letter(desk, found, expert):
    response = sign_up(desk, found[0], found[0], found[2])

    assert response.status_code == 303
    assert states(found) == ["proposed", "", "proposed"]
    assert set(Offer.objects.values_list("origin", flat=True)) == {Origin.SIGNED_UP}
    letter = Letter.objects.get(kind="assignments.signed_up", reader=expert.user)
    with translation.override(expert.user.language):
        assert [times_told(one) in letter.body for one in found] == [True, False, True]


def test_one_date_of_a_series_is_told_as_one(desk, found, expert):
    sign_up(desk, found[0], found[1])

    assert states(found) == ["", "proposed", ""]
    letter = Letter.objects.get(kind="assignments.signed_up")
    assert letter.key.startswith(f"assignments.signed_up:{Offer.objects.get().pk}:")


def test_the_rest_of_the_dates_stay_to_be_signed_up_to(desk, found):
    sign_up(desk, found[0], found[0])

    page = desk.get(url("call", found[0]))

    assert [pk for pk, _label in page.context["form"].fields["times"].choices] == [
        time_of(one) for one in found[1:]
    ]
    assert [row.waits for row in page.context["rows"]] == [True]
    assert dates_told(found[1:]) in told(desk.get(reverse("expert:calls")))


def test_sign_ups_to_a_series_are_one_row_that_leads_to_where_each_is_taken_back(desk, found):
    sign_up(desk, found[0], found[0], found[1])
    first, second = Offer.objects.order_by("pk")

    for address in ("expert:calls", "expert:desk"):
        page = desk.get(reverse(address))
        assert told(page).count(dates_told(found[:2])) == 1
        assert "See or take back" in told(page)
    page = desk.get(url("call", found[0]))
    assert all(url("take-back", one) in page.content.decode() for one in (first, second))

    desk.post(url("take-back", first), {"form_token": str(uuid.uuid4())})

    assert states(found) == ["withdrawn", "proposed", ""]
    assert dates_told(found[1:2]) in told(desk.get(reverse("expert:calls")))


def test_date_that_was_taken_back_can_be_signed_up_to_again(desk, found):
    sign_up(desk, found[0], found[0], found[1])
    first = Offer.objects.order_by("pk").first()
    desk.post(url("take-back", first), {"form_token": str(uuid.uuid4())})

    sign_up(desk, found[0], found[0])

    assert states(found) == ["proposed", "proposed", ""]


def test_counter_answers_each_date_by_itself_and_the_page_says_what_came_of_it(
    desk, found, expert, now
):
    sign_up(desk, found[0], *found)
    counter = coordinator_of_orders()
    yes, no, _waits = Offer.objects.order_by("order")
    actions.accept(yes, by=counter, at=now, via=Via.COUNTER)
    actions.decline(no, by=counter, at=now)

    page = desk.get(url("call", found[0]))

    rows = page.context["rows"]
    assert [(bool(row.task), row.waits) for row in rows] == [(True, False), (False, True)]
    assert reverse("expert:task", args=[yes.assignment.pk]) in page.content.decode()
    assert page.context["form"].fields["times"].choices == [
        (time_of(found[1]), times_told(found[1]))  # a no to one sign-up is none to a new one
    ]


def test_date_that_the_counter_has_offered_leads_to_the_offer(desk, found, expert, now):
    counter = coordinator_of_orders()
    offer = actions.propose(
        found[0], expert, by=counter, at=now, answer_by=found[0].times.get().starts_at
    )
    sign_up(desk, found[1], found[1])

    page = desk.get(url("call", found[1]))

    assert [row.is_offered for row in page.context["rows"]] == [True, False]
    assert reverse("expert:offer", args=[offer.pk]) in page.content.decode()


def test_nothing_ticked_is_said_at_the_field(desk, found):
    response = sign_up(desk, found[0])

    assert (response.status_code, states(found)) == (422, ["", "", ""])
    assert "Choose at least one time that suits." in told(response)


def test_time_of_another_series_is_refused(desk, found, now):
    other = make_series_search(now, is_open_call=True)

    response = sign_up(desk, found[0], found[0], other[0])

    assert (response.status_code, Offer.objects.count()) == (422, 0)


def test_same_dates_sent_twice_are_signed_up_to_once(desk, found):
    sign_up(desk, found[0], found[0], found[1])
    response = sign_up(desk, found[0], found[0], found[1])

    assert response.status_code == 422  # the page shows what is left
    assert states(found) == ["proposed", "proposed", ""]
    assert Letter.objects.filter(kind="assignments.signed_up").count() == 1


def test_everything_signed_up_to_before_is_told_kindly(desk, found):
    sign_up(desk, found[0], *found)

    response = sign_up(desk, found[0], *found)

    assert (response.status_code, response["Location"]) == (303, reverse("expert:calls"))
    assert states(found) == ["proposed"] * 3


def test_act_leaves_out_what_is_with_the_expert_already(found, expert, now):
    times = [one.times.get() for one in found]
    actions.sign_up_dates(found[0], expert, times=times[:2], by=expert.user, at=now)

    made = actions.sign_up_dates(found[0], expert, times=times, by=expert.user, at=now)

    assert [offer.order for offer in made] == [found[2]]
    with pytest.raises(actions.OfferedAlready):
        actions.sign_up_dates(found[0], expert, times=times, by=expert.user, at=now)


@pytest.mark.parametrize("of_other", [True, False])
def test_act_refuses_no_times_and_those_of_other_orders(found, expert, now, of_other):
    other = make_search(now, is_open_call=True)
    times = [other.times.get()] if of_other else []

    with pytest.raises(TimesChanged):
        actions.sign_up_dates(found[0], expert, times=times, by=expert.user, at=now)

    assert not Offer.objects.exists()


def test_act_is_refused_to_others(found, expert, now):
    times = [found[0].times.get()]

    with pytest.raises(PermissionDenied):
        actions.sign_up_dates(found[0], expert, times=times, by=make_expert().user, at=now)


def test_act_that_one_closed_date_refuses_changes_nothing(found, expert, now):
    times = [one.times.get() for one in found]
    order, counter = found[1], coordinator_of_orders()
    actions.cancel_order(order, whose="orderer", reason="", by=order.contact, at=now)

    with pytest.raises(CallClosed):
        actions.sign_up_dates(found[0], expert, times=times, by=counter, at=now)

    assert not Offer.objects.exists()


def test_counter_signs_up_who_has_called_to_some_of_the_dates(client, found, expert):
    client.force_login(make_coordinator(), backend=BACKEND)
    show_who_is_there(client)
    page = reverse("counter:order-sign-up", args=[found[0].pk])
    assert len(client.get(page).context["form"].fields["times"].choices) == 3

    client.post(
        page,
        {
            "expert": str(expert.pk),
            "times": [time_of(found[0]), time_of(found[2])],
            "form_token": str(uuid.uuid4()),
        },
    )

    assert states(found) == ["proposed", "", "proposed"]
    assert Letter.objects.filter(kind="assignments.signed_up").count() == 1


def test_alternative_times_of_a_date_say_which_date_they_are_of(desk, now, expert):
    found = make_series_search(now, is_open_call=True, days=(14, 15), times_more=1)

    labels = [
        str(label)
        for _pk, label in desk.get(url("call", found[0])).context["form"].fields["times"].choices
    ]

    assert [label.partition(":")[0] for label in labels] == ["time 1", "time 1", "time 2", "time 2"]
