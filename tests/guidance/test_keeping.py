"""Closed questions go after two years; what is open stays."""

from datetime import timedelta

import pytest

from luukku.audit.models import AuditEvent
from luukku.guidance import actions
from luukku.guidance.actions import keeping
from luukku.guidance.actions.keeping import KEPT
from luukku.guidance.models import ClosedAs, HandOver, Message, Note, Question
from tests.factories.accounts import make_coordinator
from tests.factories.guidance import make_handed_over, make_question

pytestmark = pytest.mark.django_db


def closed(at, **fields):
    counter = make_coordinator()
    question = actions.answer(make_question(at, **fields), "Näin.", by=counter, at=at)
    return actions.close(question, ClosedAs.HELPED, by=counter, at=at)


def test_forget_old_takes_a_closed_thread_and_all_that_was_said_in_it(at):
    question, contact = make_handed_over(at, code="K7WD-2QXN-HT9C")
    counter = make_coordinator()
    actions.note(question, "Sisäinen", by=counter, at=at)
    question = actions.answer_for(question, "Näin.", by=contact, at=at)
    actions.close(question, ClosedAs.HELPED, by=counter, at=at)

    assert actions.forget_old(at=at + KEPT - timedelta(seconds=1)) == 0
    assert actions.forget_old(at=at + KEPT) == 1

    for model in (Question, Message, Note, HandOver):
        assert not model.objects.exists()
    event = AuditEvent.objects.get(act="guidance.forget")
    assert (event.object_id, event.data) == (str(question.pk), {})


def test_forget_old_counts_from_the_last_closing(at):
    question = closed(at)
    later = at + timedelta(days=400)
    actions.write(question, "Vielä yksi asia", by=question.asked_by, at=later)
    question.refresh_from_db()
    actions.close(question, ClosedAs.NOT_NEEDED, by=question.asked_by, at=later)

    assert actions.forget_old(at=at + KEPT) == 0
    assert actions.forget_old(at=later + KEPT) == 1


def test_forget_old_leaves_what_is_open_however_old(at):
    make_question(at)
    make_handed_over(at)
    actions.answer(make_question(at), "Näin.", by=make_coordinator(), at=at)

    assert actions.forget_old(at=at + 2 * KEPT) == 0

    assert Question.objects.count() == 3


def test_forget_old_leaves_what_is_asked_again_at_this_very_moment(at, monkeypatch):
    first, second = closed(at), closed(at)
    forget = keeping.record

    def record(*args, **kwargs):
        if kwargs["about"].pk == first.pk:  # while the first goes, the second is asked again
            actions.write(second, "Vielä yksi asia", by=second.asked_by, at=at + KEPT)
        forget(*args, **kwargs)

    monkeypatch.setattr(keeping, "record", record)

    assert actions.forget_old(at=at + KEPT) == 1
    assert Question.objects.get() == second
