"""Asking and coming back: by people with and without an account or a name; nothing leaks by mail."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from luukku.accounts.models import User
from luukku.audit.models import AuditEvent
from luukku.guidance import actions
from luukku.guidance.actions.asking import write_on
from luukku.guidance.codes import SIGNS, fingerprint, new_code
from luukku.guidance.models import ClosedAs, Kind, Question, Side, Topic
from luukku.guidance.queries import behind_code
from luukku.guidance.states import QuestionState
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.guidance import make_handed_over, make_question

pytestmark = pytest.mark.django_db


def said(question):
    return [(m.side, m.words) for m in question.messages.all()]


def test_ask_with_an_account_is_received_with_a_letter_that_tells_the_day(at):
    person = make_person(language="fi")

    question = actions.ask("Miten alkuun?", topic=Topic.TRAINING, by=person, at=at)

    letter = Letter.objects.get()
    assert (question.state, question.asked_by) == (QuestionState.ASKED, person)
    assert said(question) == [(Side.ASKER, "Miten alkuun?")]
    assert (letter.kind, letter.reader) == ("guidance.received", person)
    assert "4.12.2026" in letter.body
    assert AuditEvent.objects.get(act="guidance.ask").actor_id == person.pk
    assert str(question) == f"question {question.pk}"


@pytest.mark.parametrize("kind", list(Kind))
def test_ask_without_an_account_sends_nothing_to_the_unverified_address(at, kind):
    question = actions.ask(
        "Kuka?", kind=kind, by=None, at=at, email="Joku@Example.test", language="sv"
    )

    assert (question.email, question.asked_by) == ("joku@example.test", None)
    assert not Letter.objects.exists()


def test_nothing_that_the_asker_typed_is_ever_mailed_to_the_unverified_address(at):
    """Whatever happens to the thread: the address may be a third person's."""
    spam = {"name": "SPAMNIMI", "words": "SPAMSANAT osta heti"}
    counter, contact_at = make_coordinator(), {"email": "uhri@example.test"}
    question = make_question(at, **spam, **contact_at)
    question = actions.write(question, "SPAMLISÄÄ", by=User.objects.machine(), at=at)
    question = actions.answer(question, "Näin se menee.", by=counter, at=at)
    question = actions.add(question, "Vielä tämä.", by=counter, at=at)
    question = actions.write(question, "SPAMTAAS", by=User.objects.machine(), at=at)
    question = actions.hand_over(
        question, to="Kela", agreed="SPAM sovittu", shows_contact=True, follow_on=date(2026, 12, 9),
        by=counter, at=at,
    )  # fmt: skip
    question = actions.write(question, "SPAMKESKEN", by=User.objects.machine(), at=at)
    question = actions.take_back(question, by=counter, at=at)
    actions.remind(at=at.replace(day=20))
    actions.close(question, ClosedAs.SPAM, by=counter, at=at)

    letters = Letter.objects.filter(email="uhri@example.test")

    assert [letter.kind for letter in letters.order_by("pk")] == [
        "guidance.answered", "guidance.answered", "guidance.handed_over",
    ]  # fmt: skip
    for letter in letters:
        assert "SPAM" not in f"{letter.subject} {letter.body} {letter.link} {letter.link_label}"


def test_ask_without_any_way_to_answer_is_refused_by_the_database(at):
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.ask("Kuka?", by=None, at=at)


@pytest.mark.parametrize(
    ("table", "column"),
    [("guidance_message", "words"), ("guidance_note", "words"), ("guidance_handover", "agreed")],
)
def test_words_are_stored_so_that_only_we_can_read_them(at, table, column):
    question = make_question(at, words="Salainen asia")
    counter = make_coordinator()
    actions.note(question, "Salainen huomio", by=counter, at=at)
    actions.hand_over(
        question, to="Kela", agreed="Salainen sopimus", shows_contact=False,
        follow_on=date(2026, 12, 9), by=counter, at=at,
    )  # fmt: skip

    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {table}")
        kept = cursor.fetchall()

    assert kept
    assert "Salainen" not in str(kept)


def test_code_opens_the_thread_however_it_is_typed_and_is_kept_as_a_mark_only(at):
    code = new_code()

    question = make_question(at, code=code)

    assert len(code) == 14
    assert set(code) <= {*SIGNS, "-"}
    assert question.is_anonymous
    assert question.code_mark == fingerprint(code)
    assert code.replace("-", "") not in question.code_mark
    assert behind_code(f" {code.lower().replace('-', ' ')} ") == question
    assert behind_code(code[:-1]) is None
    assert behind_code("") is None


def test_two_codes_are_never_alike():
    assert len({new_code() for _n in range(500)}) == 500


def test_ask_for_is_written_down_by_the_counter_without_a_letter(at):
    person, counter = make_person(language="sv"), make_coordinator()

    question = actions.ask_for("Soitti", person=person, topic=Topic.ORDER, by=counter, at=at)

    event = AuditEvent.objects.get(act="guidance.ask")
    assert (question.asked_by, question.taken_by, question.language) == (person, counter, "sv")
    assert (event.actor_id, event.on_behalf_of_id) == (counter.pk, person.pk)
    assert not Letter.objects.exists()


def test_ask_for_is_the_counter_s_only(at):
    with pytest.raises(PermissionDenied):
        actions.ask_for("Soitti", person=None, by=make_person(), at=at, phone="040")
    assert not Question.objects.exists()


def test_write_after_an_answer_asks_again_with_a_promise_of_its_own(at):
    counter = make_coordinator()
    question = make_question(at)
    actions.assign(question, counter, by=counter, at=at)
    question = actions.answer(question, "Näin.", by=counter, at=at)
    assert (question.state, question.due_on) == (QuestionState.ANSWERED, None)

    later = at.replace(day=10)
    question = actions.write(question, "Entä sitten?", by=question.asked_by, at=later)

    assert (question.state, question.due_on) == (QuestionState.ASKED, date(2026, 12, 15))
    assert said(question)[-1] == (Side.ASKER, "Entä sitten?")
    assert Letter.objects.get(kind="guidance.asked_again").reader == counter


def test_write_while_waiting_keeps_the_first_promise(at):
    question = make_question(at)

    question = actions.write(question, "Lisäys", by=question.asked_by, at=at.replace(day=3))

    assert question.due_on == date(2026, 12, 4)


def test_write_while_handed_over_reaches_who_holds_it(at):
    question, contact = make_handed_over(at)
    Letter.objects.all().delete()

    question = actions.write(question, "Vielä yksi asia", by=question.asked_by, at=at)

    assert question.state == QuestionState.HANDED_OVER
    assert [letter.reader for letter in Letter.objects.all()] == [contact]
    assert "Vielä yksi" not in Letter.objects.get().body


@pytest.mark.parametrize("act", ["write", "close"])
def test_thread_is_moved_on_by_its_asker_the_counter_or_the_machine_only(at, act):
    def do(question, by):
        if act == "write":
            actions.ask_again(question, "Sana", by=by, at=at)
        else:
            actions.close(question, ClosedAs.HELPED, by=by, at=at)

    with pytest.raises(PermissionDenied):
        do(make_question(at), make_person())
    for by in (make_coordinator(), User.objects.machine()):
        do(make_question(at), by)
    mine = make_question(at)
    do(mine, mine.asked_by)


def test_write_on_while_handed_over_is_its_asker_s_the_counter_s_or_the_machine_s(at):
    question, contact = make_handed_over(at)

    for by in (contact, make_person()):
        with pytest.raises(PermissionDenied):
            write_on(question, "Sana", by=by, at=at)
    for by in (question.asked_by, make_coordinator(), User.objects.machine()):
        write_on(question, "Sana", by=by, at=at)

    assert question.messages.count() == 4


def test_close_tells_why_and_writing_opens_it_again(at):
    question = make_question(at)
    question = actions.answer(question, "Näin.", by=make_coordinator(), at=at)

    question = actions.close(question, ClosedAs.HELPED, by=question.asked_by, at=at)

    assert (question.state, question.closed_as) == (QuestionState.CLOSED, ClosedAs.HELPED)
    with pytest.raises(WrongState):
        actions.close(question, ClosedAs.HELPED, by=question.asked_by, at=at)
    question = actions.write(question, "Vielä", by=question.asked_by, at=at)
    assert (question.state, question.closed_as) == (QuestionState.ASKED, "")


def test_close_as_spam_is_the_counter_s_word(at):
    question = make_question(at)

    with pytest.raises(PermissionDenied):
        actions.close(question, ClosedAs.SPAM, by=question.asked_by, at=at)
    actions.close(question, ClosedAs.SPAM, by=make_coordinator(), at=at)


def test_question_goes_with_the_person_who_asked(at):
    question = make_question(at)

    question.asked_by.delete()

    assert not Question.objects.exists()
