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
from luukku.orders.models import CancelledBy
from luukku.workflow.actions import move_all
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_offer, make_search
from tests.factories.experts import make_expert

pytestmark = pytest.mark.django_db


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
