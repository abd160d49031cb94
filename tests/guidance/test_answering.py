"""The counter's side: answers reach the asker once, notes never do, ready answers are counted."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from luukku.audit.models import AuditEvent
from luukku.guidance import actions
from luukku.guidance.actions import promise
from luukku.guidance.models import CannedAnswer, HandOver, Kind, Question, Side
from luukku.guidance.notices import AskedAgain
from luukku.guidance.queries import canned_answers, faq_answers, tags_in_use
from luukku.guidance.states import ANSWER, QuestionState
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.guidance import make_handed_over, make_question

pytestmark = pytest.mark.django_db


def make_canned(at, **fields):
    return actions.keep_answer(
        None,
        **{
            "title": "Milloin seuraava koulutus alkaa?",
            "words": "Keväällä.",
            "language": "fi",
            "may_be_faq": False,
            "is_active": True,
            "by": make_coordinator(),
            "at": at,
        }
        | fields,
    )


@pytest.mark.parametrize("way", ["account", "email", "phone", "code"])
def test_answer_reaches_the_asker(at, way):
    contact = {
        "email": {"email": "a@example.test", "language": "sv"},
        "phone": {"phone": "040"},
        "code": {"code": "KOOD-IKOO-DIKO"},
    }.get(way, {})
    question = make_question(at, words="Miten?", **contact)
    Letter.objects.all().delete()

    question = actions.answer(question, "Näin.\nTerveisin", by=make_coordinator(), at=at)

    letters = list(Letter.objects.all())
    assert (question.state, question.due_on) == (QuestionState.ANSWERED, None)
    assert question.messages.last().side == Side.COUNTER
    assert question.messages.last().words == "Näin.\nTerveisin"
    assert len(letters) == (0 if way in {"phone", "code"} else 1)
    if letters:
        assert letters[0].reader == question.asked_by
        assert "Näin" not in letters[0].body  # read in the thread, which is encrypted
        assert "Miten?" not in letters[0].body
        assert ("/l/advice/" in letters[0].link) == (way == "email")


@pytest.mark.parametrize("act", ["answer", "add"])
def test_answer_is_for_the_counter_only(at, act):
    question = make_question(at)
    if act == "add":
        actions.answer(question, "Näin", by=make_coordinator(), at=at)

    with pytest.raises(PermissionDenied):
        getattr(actions, act)(question, "Minä", by=question.asked_by, at=at)


def test_answer_twice_is_refused_but_something_may_be_added(at):
    counter, question = make_coordinator(), make_question(at)
    actions.answer(question, "Näin", by=counter, at=at)

    with pytest.raises(WrongState):
        actions.answer(question, "Toisin", by=counter, at=at)
    question = actions.add(question, "Ja näin", by=counter, at=at)

    assert [m.words for m in question.messages.all()] == ["Miten alkuun?", "Näin", "Ja näin"]
    assert Letter.objects.filter(kind="guidance.answered").count() == 2


def test_answer_to_words_that_were_not_seen_is_refused(at):
    counter, question = make_coordinator(), make_question(at)
    seen = question.messages.get().pk
    actions.write(question, "Unohda tuo, kysynkin toista", by=question.asked_by, at=at)

    with pytest.raises(actions.NewWords):
        actions.answer(question, "Näin", by=counter, at=at, seen=seen)

    question.refresh_from_db()
    assert question.state == QuestionState.ASKED
    assert not Letter.objects.filter(kind="guidance.answered").exists()


def test_assign_tells_the_other_one_and_not_oneself(at):
    me, other = make_coordinator(), make_coordinator("Toinen")
    question = make_question(at)

    actions.assign(question, me, by=me, at=at)
    assert not Letter.objects.filter(kind="guidance.assigned").exists()
    question = actions.assign(question, other, by=me, at=at)

    assert question.assignee == other
    assert Letter.objects.get(kind="guidance.assigned").reader == other
    assert actions.assign(question, None, by=me, at=at).assignee is None
    assert AuditEvent.objects.filter(act="guidance.assign").count() == 3


def test_assign_goes_to_the_counter_only_and_by_it_only(at):
    question, counter = make_question(at), make_coordinator()

    with pytest.raises(actions.CannotAssign):
        actions.assign(question, make_person(), by=counter, at=at)
    with pytest.raises(PermissionDenied):
        actions.assign(question, counter, by=make_person(), at=at)


def test_sort_keeps_plain_words_and_gives_accessibility_its_own_clock(at):
    question = make_question(at)
    words = ["  Koulutus ", "koulutus", "", "x" * 99, *"abcdefghij"]

    question = actions.sort(
        question, kind=Kind.ACCESSIBILITY, tags=words, by=make_coordinator(), at=at
    )

    assert question.tags == ["koulutus", "x" * 30, *"abcdef"]
    assert str(question.due_on) == "2026-12-15"
    assert tags_in_use() == sorted(question.tags)


@pytest.mark.parametrize("act", ["sort", "note", "keep_answer"])
def test_sorting_notes_and_ready_answers_are_the_counter_s_own(at, act):
    question, by = make_question(at), make_person()
    acts = {
        "sort": lambda: actions.sort(question, kind=Kind.ADVICE, tags=["x"], by=by, at=at),
        "note": lambda: actions.note(question, "x", by=by, at=at),
        "keep_answer": lambda: make_canned(at, by=by),
    }

    with pytest.raises(PermissionDenied):
        acts[act]()


def test_ready_answer_is_counted_when_it_has_been_sent(at):
    canned, question = make_canned(at), make_question(at)

    actions.answer(
        question, "Keväällä.", by=make_coordinator(), at=at, canned=[canned.pk, canned.pk]
    )

    canned.refresh_from_db()
    assert canned.used_count == 1
    assert str(canned) == "Milloin seuraava koulutus alkaa?"


def test_faq_answers_are_the_ones_in_use_that_may_be_published(at):
    yes = make_canned(at, may_be_faq=True)
    make_canned(at)
    swedish = make_canned(at, may_be_faq=True, language="sv")
    off = make_canned(at, may_be_faq=True)
    make = {"title": off.title, "words": "Syksyllä.", "language": "fi", "may_be_faq": True}
    actions.keep_answer(off, **make, is_active=False, by=make_coordinator(), at=at)

    assert list(faq_answers()) == [yes, swedish]
    assert canned_answers("fi").count() == 2
    assert CannedAnswer.objects.get(pk=off.pk).words == "Syksyllä."


def test_note_is_in_nothing_that_an_asker_or_an_organisation_gets(at):
    from luukku.guidance.queries import thread_of

    question, _contact = make_handed_over(at, email="a@example.test")
    actions.note(question, "SISÄINEN", by=make_coordinator(), at=at)

    assert question.notes.get().words == "SISÄINEN"
    assert "SISÄINEN" not in str([getattr(row, "words", "") for row in thread_of(question)])
    assert not Letter.objects.filter(body__contains="SISÄINEN").exists()


def test_assign_to_who_has_it_already_tells_nothing_again(at):
    counter, question = make_coordinator(), make_question(at)
    taken = actions.assign(question, to=counter, by=counter, at=at)

    assert actions.assign(taken, to=counter, by=counter, at=at).assignee == counter
    assert AuditEvent.objects.filter(act="guidance.assign").count() == 1


def test_new_kind_of_an_answered_question_makes_no_new_promise(at):
    counter, question = make_coordinator(), make_question(at)
    answered = actions.answer(question, "Näin.", by=counter, at=at)

    sorted_ = actions.sort(answered, kind=Kind.ACCESSIBILITY, tags=[], by=counter, at=at)

    assert (sorted_.kind, sorted_.due_on) == (Kind.ACCESSIBILITY, None)


def test_quiet_thread_that_somebody_moves_meanwhile_is_left_alone(at, monkeypatch):
    question = actions.answer(make_question(at), "Näin.", by=make_coordinator(), at=at)

    def faster(found, *_args, **_kwargs):
        raise WrongState(found, ANSWER)

    monkeypatch.setattr(promise, "close", faster)

    assert promise.close_quiet(at=at + timedelta(days=60)) == 0
    assert Question.objects.get(pk=question.pk).state == QuestionState.ANSWERED


def test_rows_of_a_thread_name_no_words(at):
    question, _contact = make_handed_over(at)
    note = actions.note(question, "Soita.", by=make_coordinator(), at=at)

    assert str(question.messages.first()) == f"message {question.messages.first().pk}"
    assert str(note) == f"note {note.pk}"
    assert str(HandOver.objects.get()) == f"hand-over {HandOver.objects.get().pk}"
    assert not Question.objects.visible_to(AnonymousUser()).exists()


def test_writing_on_while_an_outside_one_answers_tells_whoever_took_the_question(at):
    counter, question = make_coordinator(), make_question(at)
    actions.assign(question, to=counter, by=counter, at=at)
    question = actions.hand_over(
        question, to="Velkalinja", agreed="Sovittu", shows_contact=False,
        follow_on=(at + timedelta(days=7)).date(), by=counter, at=at,
    )  # fmt: skip

    actions.write(question, "Vielä yksi asia.", by=question.asked_by, at=at)

    letter = Letter.objects.filter(reader=counter).latest("pk")
    assert letter.kind == AskedAgain.kind
    assert "Vielä yksi" not in letter.body


def test_sort_of_a_question_that_has_been_answered_keeps_its_day(at):
    question = make_question(at)
    answered = actions.answer(question, "Näin.", by=make_coordinator(), at=at)
    due = answered.due_on

    actions.sort(answered, kind=Kind.FEEDBACK, tags=[], by=make_coordinator(), at=at)

    answered.refresh_from_db()
    assert (answered.kind, answered.due_on) == (Kind.FEEDBACK, due)
