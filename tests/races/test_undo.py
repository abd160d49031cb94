"""Taking an act back while a worker sends its letters, and while somebody acts on it. Real threads, real commits."""

from datetime import timedelta
from functools import partial

import pytest
from django.core import mail
from django.db import connection

from luukku.accounts.models import User
from luukku.assignments import actions
from luukku.assignments.actions import NotUndone
from luukku.assignments.models import Assignment, Offer, Undo, Via
from luukku.assignments.states import OfferState
from luukku.notices.actions import send_outbox
from luukku.notices.actions.sending import OUTBOX
from luukku.notices.models import HELD, Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.assignments import make_offer, make_search
from tests.factories.experts import make_expert
from tests.races.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def worker():
    User.objects.machine()
    return make_coordinator()


@pytest.fixture
def said_yes(at, worker):
    """A yes by phone that was just written down; what was told before has left."""
    offer = make_offer(at)
    send_outbox(at=at)
    mail.outbox.clear()
    with actions.undoable(offer.order, by=worker, at=at):
        actions.accept(offer, by=worker, at=at, via=Via.COUNTER, on_behalf_of=offer.expert.user)
    return offer


@pytest.mark.parametrize("turn", range(5))
def test_undo_and_the_outbox_at_once_are_both_or_neither(at, worker, said_yes, turn):
    """The worker's clock is a little ahead: it takes the letters for due while they can still be taken back."""
    undo, last = Undo.objects.get(), at + HELD - timedelta(milliseconds=1)

    undone, *_counts = at_once(
        [
            partial(actions.undo, undo, by=worker, at=last),
            *[partial(send_outbox, at=at + HELD)] * 2,
        ]
    )

    said_yes.refresh_from_db()
    if isinstance(undone, NotUndone):
        send_outbox(at=at + HELD)  # what a worker left to the one who was taking it back
        assert said_yes.state == OfferState.ACCEPTED
        assert len(mail.outbox) == 2
    else:
        assert said_yes.state == OfferState.PROPOSED
        assert not Assignment.objects.exists()
        assert mail.outbox == []
        assert not Letter.objects.filter(kind="assignments.agreed").exists()


def test_undo_leaves_alone_what_a_worker_is_sending(at, worker, said_yes):
    letter = Letter.objects.filter(kind="assignments.agreed").first()

    def undo_meanwhile():
        with pytest.raises(NotUndone):
            actions.undo(Undo.objects.get(), by=worker, at=at)

    with connection.cursor() as cursor:  # a worker has the letter in its hands
        cursor.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", [OUTBOX, letter.lane])
        try:
            [outcome] = at_once([undo_meanwhile])
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [OUTBOX, letter.lane])

    assert outcome is None
    said_yes.refresh_from_db()
    assert said_yes.state == OfferState.ACCEPTED


@pytest.mark.parametrize("turn", range(3))
def test_undo_of_asking_and_the_experts_yes_at_once(at, worker, turn):
    order, expert = make_search(at), make_expert(at=at)
    with actions.undoable(order, by=worker, at=at):
        offer = actions.propose(order, expert, by=worker, at=at, answer_by=at + timedelta(days=5))
    undo = Undo.objects.get()

    undone, yes = at_once(
        [
            partial(actions.undo, undo, by=worker, at=at),
            partial(actions.accept, offer, by=expert.user, at=at, via=Via.DESK),
        ]
    )

    if isinstance(undone, NotUndone):
        assert isinstance(yes, Assignment)
        assert Offer.objects.get().state == OfferState.ACCEPTED
    else:
        assert isinstance(yes, (Offer.DoesNotExist, WrongState))
        assert not Offer.objects.exists()


def test_undo_pressed_twice_at_once_is_done_once(at, worker, said_yes):
    undo = Undo.objects.get()

    outcomes = at_once([partial(actions.undo, undo, by=worker, at=at)] * 2)

    assert sorted(isinstance(outcome, NotUndone) for outcome in outcomes) == [False, True]
    said_yes.refresh_from_db()
    assert said_yes.state == OfferState.PROPOSED
