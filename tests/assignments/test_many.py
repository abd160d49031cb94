"""Acts that end many offers at once: as many queries for many as for one, and everybody gets their letter."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.models import Offer, Via
from luukku.assignments.states import WITHDRAW
from luukku.audit.models import AuditEvent
from luukku.notices.models import Channel, Letter, NoticeChoice
from luukku.orders import actions as orders
from luukku.orders.models import CancelledBy
from luukku.workflow.actions import move_all
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import ANSWER_TIME, make_offer, make_search
from tests.factories.experts import make_expert
from tests.factories.orders import make_series

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
A_DATE = 30  # queries: three locks, seven rows written, their savepoints, what the rules ask, the calendar's entry


@pytest.fixture(autouse=True)
def _machine(db):
    """Its account is there, as in every database that has been set up."""
    User.objects.machine()


def asked(at, n, **changes):
    """The offers of one order to ``n`` experts."""
    order = make_search(at, **changes)
    return [make_offer(at, order=order, expert=make_expert(at=at)) for _ in range(n)]


def queries_of_the_last_yes(at, others):
    offer, *_others = asked(at, others + 1)
    with CaptureQueriesContext(connection) as queries:
        actions.accept(offer, by=offer.expert.user, at=at, via=Via.DESK)
    assert Letter.objects.filter(kind="assignments.filled").count() == others
    Letter.objects.filter(kind="assignments.filled").delete()
    return len(queries)


def queries_of_cancelling(at, n):
    order = asked(at, n)[0].order
    with CaptureQueriesContext(connection) as queries:
        actions.cancel_order(
            order, whose=CancelledBy.COUNTER, reason="", by=make_coordinator(), at=at
        )
    return len(queries)


def queries_of_yes_to_dates(at, n):
    series, counter = make_series(at, times_more=n - 1)[0].series, make_coordinator()
    orders.accept_series(series, by=counter, at=at)
    actions.open_search_series(series, by=counter, at=at)
    expert = make_expert(at=at)
    asked = actions.propose_series(series, expert, by=counter, at=at, answer_by=at + ANSWER_TIME)
    yes = {one.pk: None for one in asked}
    with CaptureQueriesContext(connection) as queries:
        done = actions.answer_series(asked[0], yes=yes, no=[], by=expert.user, at=at, via=Via.DESK)
    assert len(done.agreed) == n
    return len(queries)


def test_yes_to_dates_of_a_series_costs_each_date_its_own_writes_and_one_letter_to_each_side(at):
    two, three, five = (queries_of_yes_to_dates(at, n) for n in (2, 3, 5))

    assert three - two == A_DATE
    assert five - three == 2 * A_DATE
    told = Letter.objects.filter(kind="assignments.agreed").values_list("subject", flat=True)
    assert len(told) == 2 * 3


def test_yes_to_dates_plans_a_reminder_of_each_to_both_sides(at):
    queries_of_yes_to_dates(at, 3)

    waiting = Letter.objects.filter(kind="assignments.reminder", sent_at=None)
    days = waiting.values_list("not_before_at", flat=True)
    assert len(days) == 2 * 3
    assert len(set(days)) == 3


def test_a_yes_says_that_the_expert_is_found_once_and_nothing_older_is_sent(at):
    (offer,) = asked(at, 1)
    Letter.objects.filter(kind="orders.accepted").update(sent_at=None, channel=Channel.MAIL)
    assert Letter.objects.filter(kind="orders.accepted", sent_at=None).exists()

    actions.accept(offer, by=offer.expert.user, at=at, via=Via.DESK)

    assert not Letter.objects.filter(kind="orders.staffed").exists()
    assert not Letter.objects.filter(kind="orders.accepted", sent_at=None).exists()


def test_the_last_yes_thanks_three_and_nine_by_as_many_queries(at):
    assert queries_of_the_last_yes(at, 3) == queries_of_the_last_yes(at, 9)


def test_cancelling_tells_three_and_nine_by_as_many_queries(at):
    assert queries_of_cancelling(at, 3) == queries_of_cancelling(at, 9)


def test_each_of_many_gets_a_letter_in_their_language_and_by_their_channel_and_an_audit_event(at):
    offers = asked(at, 3)
    first, second, third = (offer.expert.user for offer in offers)
    type(first).objects.filter(pk=first.pk).update(language="fi")
    type(second).objects.filter(pk=second.pk).update(email=None)
    NoticeChoice.objects.create(user=third, kind="assignments.withdrawn", channel="digest")

    actions.cancel_order(
        offers[0].order, whose=CancelledBy.COUNTER, reason="", by=make_coordinator(), at=at
    )

    letters = Letter.objects.filter(kind="assignments.withdrawn").order_by("reader")
    assert [(one.reader_id, one.channel) for one in letters] == [
        (first.pk, Channel.MAIL),
        (second.pk, Channel.PAPER),
        (third.pk, Channel.MAIL),  # what must be known comes at once, whatever was chosen
    ]
    events = AuditEvent.objects.filter(act="assignments.withdraw")
    told = {"from": "proposed", "to": "withdrawn"}
    assert {event.object_id: event.data for event in events} == {
        str(offer.pk): told for offer in offers
    }
    assert set(Offer.objects.values_list("state", "state_changed_at")) == {("withdrawn", at)}


def test_many_move_only_for_who_may_move_each(at):
    offers = asked(at, 2)
    other = make_person()
    rows = Offer.objects.all().select_related("expert")

    with pytest.raises(PermissionDenied):
        move_all(rows, WITHDRAW, by=other, at=at)

    assert [offer.state for offer in Offer.objects.all()] == ["proposed"] * len(offers)
