"""Words of distress: the counter reads them first, wherever the question is; nobody is promised what cannot be kept."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from luukku.core.duty import queue
from luukku.guidance import actions
from luukku.guidance.actions.asking import ask_again, write_on
from luukku.guidance.models import ClosedAs, Kind, Question
from luukku.guidance.queries import to_follow
from luukku.guidance.states import QuestionState
from luukku.notices.models import Letter
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.guidance import make_handed_over, make_question

pytestmark = pytest.mark.django_db
DISTRESS = "en jaksa elää"
SATURDAY_NIGHT = datetime(2026, 12, 5, 21, 50, tzinfo=UTC)  # 23.50 in Helsinki
SATURDAY = date(2026, 12, 5)


def told():
    return {letter.reader for letter in Letter.objects.filter(kind="guidance.read_first")}


def write_when_asked(at):
    return make_question(at), ask_again


def write_when_answered(at):
    counter, question = make_coordinator(), make_question(at)
    return actions.answer(question, "Näin", by=counter, at=at), ask_again


def write_when_closed(at):
    question = make_question(at)
    return actions.close(question, ClosedAs.HELPED, by=question.asked_by, at=at), ask_again


def write_when_handed_over(at):
    return make_handed_over(at)[0], write_on


def write_when_handed_outside(at):
    question, counter = make_question(at), make_coordinator()
    return actions.hand_over(
        question, to="Kela", agreed="", shows_contact=False, follow_on=date(2026, 12, 20),
        by=counter, at=at,
    ), write_on  # fmt: skip


WRITING = [
    write_when_asked,
    write_when_answered,
    write_when_closed,
    write_when_handed_over,
    write_when_handed_outside,
]


@pytest.mark.parametrize("kind", list(Kind))
def test_distress_leaves_the_promise_to_its_asker_as_it_is(kind):
    plain = make_question(SATURDAY_NIGHT, kind=kind)

    question = make_question(SATURDAY_NIGHT, kind=kind, words=DISTRESS)

    letter = Letter.objects.get(kind="guidance.received", reader=question.asked_by)
    assert (question.due_on, question.remind_on) == (plain.due_on, plain.remind_on)
    assert question.due_on > SATURDAY
    assert (plain.hurry_on, question.hurry_on) == (None, SATURDAY)
    assert "5.12.2026" not in letter.body


def test_distress_tells_everybody_at_the_counter_but_not_what_it_is():
    people = {make_coordinator(), make_coordinator("Toinen")}

    make_question(SATURDAY_NIGHT, words=DISTRESS)

    letter = Letter.objects.filter(kind="guidance.read_first").first()
    assert told() == people
    assert DISTRESS not in f"{letter.subject} {letter.body}"


def test_question_without_distress_hurries_nobody(at):
    make_coordinator()

    make_question(at)

    assert told() == set()


@pytest.mark.parametrize("writing", WRITING)
def test_distress_in_a_thread_is_read_first_whoever_holds_it(at, writing):
    question, write = writing(at)
    people = {make_coordinator()}
    earlier = question.due_on

    question = write(question, DISTRESS, by=question.asked_by, at=SATURDAY_NIGHT)

    assert question.hurry_on == SATURDAY
    assert people <= told()
    assert earlier is None or question.due_on == earlier


@pytest.mark.parametrize("writing", WRITING)
def test_ordinary_words_in_a_thread_hurry_nobody(at, writing):
    question, write = writing(at)

    question = write(question, "Vielä yksi asia", by=question.asked_by, at=SATURDAY_NIGHT)

    assert question.hurry_on is None
    assert told() == set()


def test_what_is_read_first_is_not_late_by_that():
    question = make_question(SATURDAY_NIGHT, words=DISTRESS)

    [duty] = queue(at=SATURDAY_NIGHT, kind="question")

    assert (duty.is_first, duty.is_late(SATURDAY_NIGHT)) == (True, False)
    assert duty.due.date() == question.due_on


@pytest.mark.parametrize("writing", WRITING)
def test_distress_comes_before_every_other_duty_also_the_late_ones(at, writing):
    late = make_question(at)
    question, write = writing(at)

    write(question, DISTRESS, by=question.asked_by, at=SATURDAY_NIGHT)

    duties = [duty.url.rstrip("/").split("/")[-1] for duty in queue(at=SATURDAY_NIGHT)]
    assert duties[:2] == [str(question.pk), str(late.pk)]
    if question.state == QuestionState.HANDED_OVER:
        assert [given.question_id for given in to_follow(at=SATURDAY_NIGHT)] == [question.pk]
    else:
        assert Question.objects.waiting().first() == question


def test_day_asked_of_the_organisation_is_not_moved_by_the_counter_s_hurry(at):
    question, contact = make_handed_over(at)
    Letter.objects.all().delete()

    write_on(question, DISTRESS, by=question.asked_by, at=at)

    letter = Letter.objects.get(reader=contact)
    assert "8.12.2026" in letter.body


@pytest.mark.parametrize("days", [0, 2])
def test_second_word_of_distress_is_told_again_and_keeps_the_first_day(at, days):
    counter = make_coordinator()
    question = make_question(at, words=DISTRESS)

    question = ask_again(
        question, DISTRESS, by=question.asked_by, at=at.replace(day=at.day + days, hour=13)
    )

    assert question.hurry_on == date(2026, 12, 1)
    assert Letter.objects.filter(kind="guidance.read_first", reader=counter).count() == 2


def test_who_writes_it_down_at_the_counter_is_not_told_what_they_know(at):
    counter, other = make_coordinator(), make_coordinator("Toinen")

    question = actions.ask_for(DISTRESS, person=make_person(), by=counter, at=at)

    assert question.hurry_on == date(2026, 12, 1)
    assert told() == {other}


def test_hurry_ends_when_somebody_has_answered_handed_it_on_or_closed_it(at):
    counter = make_coordinator()
    answered, given, closed = (make_question(at, words=DISTRESS) for _n in range(3))

    answered = actions.answer(answered, "Näin", by=counter, at=at)
    given = actions.hand_over(
        given, to="Kela", agreed="", shows_contact=False, follow_on=date(2026, 12, 20),
        by=counter, at=at,
    )  # fmt: skip
    closed = actions.close(closed, ClosedAs.NOT_NEEDED, by=counter, at=at)

    assert [one.hurry_on for one in (answered, given, closed)] == [None, None, None]
    assert list(to_follow(at=at)) == []


def test_hurry_of_what_another_holds_ends_when_it_is_answered_followed_or_looked_at(at):
    counter = make_coordinator()
    (first, contact), (second, _), (third, _) = (make_handed_over(at) for _n in range(3))
    for question in (first, second, third):
        write_on(question, DISTRESS, by=question.asked_by, at=at)

    actions.answer_for(first, "Näin", by=contact, at=at)
    actions.follow(second, by=counter, at=at)
    actions.postpone(third, follow_on=date(2026, 12, 20), by=counter, at=at)

    for question in (first, second, third):
        question.refresh_from_db()
    assert [one.hurry_on for one in (first, second, third)] == [None, None, None]
    assert list(to_follow(at=at)) == []


def test_hurry_stays_when_the_counter_takes_it_back_or_sorts_it_anew(at):
    counter, (question, _contact) = make_coordinator(), make_handed_over(at)
    write_on(question, DISTRESS, by=question.asked_by, at=at)

    question = actions.take_back(question, by=counter, at=at)
    question = actions.sort(question, kind=Kind.FEEDBACK, tags=[], by=counter, at=at)

    question.refresh_from_db()
    assert (question.state, question.hurry_on) == (QuestionState.ASKED, date(2026, 12, 1))


def test_nothing_that_is_done_can_be_in_a_hurry(at):
    question = actions.answer(make_question(at), "Näin", by=make_coordinator(), at=at)

    with pytest.raises(IntegrityError), transaction.atomic():
        Question.objects.filter(pk=question.pk).update(hurry_on=SATURDAY)
