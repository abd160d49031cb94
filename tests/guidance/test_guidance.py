"""Asking and answering: by people with and without an account, by mail, desk and phone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.audit.models import AuditEvent
from luukku.guidance import actions
from luukku.guidance.models import Question, Topic
from luukku.guidance.states import QuestionState
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person

pytestmark = pytest.mark.django_db


def test_ask_with_an_account_is_received_with_a_letter(at):
    person = make_person()

    question = actions.ask("Miten alkuun?", topic=Topic.TRAINING, by=person, at=at)

    assert (question.state, question.asked_by) == (QuestionState.ASKED, person)
    assert Letter.objects.get().kind == "guidance.received"
    assert AuditEvent.objects.get(act="guidance.ask").actor_id == person.pk
    assert str(question) == f"question {question.pk}"


def test_ask_without_an_account_sends_nothing_to_the_unverified_address(at):
    question = actions.ask(
        "Kuka?", topic=Topic.OTHER, by=None, at=at, email="Joku@Example.test", language="sv"
    )

    assert (question.email, question.asked_by) == ("joku@example.test", None)
    assert not Letter.objects.exists()


def test_ask_without_any_way_to_answer_is_refused_by_the_database(at):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.ask("Kuka?", topic=Topic.OTHER, by=None, at=at)


def test_question_is_stored_so_that_only_we_can_read_it(at):
    from django.db import connection

    actions.ask("Salainen asia", topic=Topic.OTHER, by=make_person(), at=at)

    with connection.cursor() as cursor:
        cursor.execute("SELECT words FROM guidance_question")
        assert "Salainen" not in cursor.fetchone()[0]
    assert Question.objects.get().words == "Salainen asia"


@pytest.mark.parametrize("way", ["account", "email", "phone"])
def test_answer_reaches_the_asker(at, way):
    person = make_person() if way == "account" else None
    contact = {
        "email": {"email": "a@example.test", "language": "sv"},
        "phone": {"phone": "040"},
    }.get(way, {})
    question = actions.ask("Miten?", topic=Topic.ORDER, by=person, at=at, **contact)
    Letter.objects.all().delete()

    question = actions.answer(question, "Näin.\nTerveisin", by=make_coordinator(), at=at)

    letters = [(x.reader, x.email, x.body) for x in Letter.objects.all()]
    assert question.state == QuestionState.ANSWERED
    assert question.answer == "Näin.\nTerveisin"
    assert len(letters) == (0 if way == "phone" else 1)
    if letters:
        assert letters[0][0] == person
        assert "Näin." in letters[0][2]
        assert "Miten?" not in letters[0][2]


def test_answer_is_for_the_counter_only(at):
    question = actions.ask("Miten?", topic=Topic.ORDER, by=make_person(), at=at)

    with pytest.raises(PermissionDenied):
        actions.answer(question, "Minä", by=question.asked_by, at=at)


def test_answer_twice_is_refused(at):
    counter, question = (
        make_coordinator(),
        actions.ask("?", topic=Topic.ORDER, by=make_person(), at=at),
    )
    actions.answer(question, "Näin", by=counter, at=at)

    with pytest.raises(WrongState):
        actions.answer(question, "Toisin", by=counter, at=at)
