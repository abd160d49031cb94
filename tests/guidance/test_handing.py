"""Handing a question over: who sees it, who answers, and that the answer is followed."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from luukku.core.duty import END_OF_DAY, call, queue
from luukku.core.times import instant
from luukku.guidance import actions
from luukku.guidance.models import HandOver, Question, Side
from luukku.guidance.queries import open_hand_over, receivers, to_follow
from luukku.guidance.states import QuestionState
from luukku.notices.models import Letter
from luukku.organisations.states import OrganisationState
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_admin, make_coordinator, make_person
from tests.factories.guidance import make_handed_over, make_question
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db


def give(question, to, at, *, by=None, **fields):
    return actions.hand_over(
        question,
        **{"to": to, "agreed": "", "shows_contact": False, "follow_on": date(2026, 12, 9)} | fields,
        by=by or make_coordinator(),
        at=at,
    )


def test_hand_over_tells_the_asker_who_answers_and_the_contact_person_that_they_do(at):
    question, contact = make_handed_over(at, email="a@example.test", language="en")

    letters = {letter.kind: letter for letter in Letter.objects.all()}
    assert (question.state, question.due_on) == (QuestionState.HANDED_OVER, None)
    assert letters["guidance.for_organisation"].reader == contact
    told = letters["guidance.handed_over"]
    assert open_hand_over(question).organisation.name in told.body
    assert "not given them your name" in told.body
    assert "Maijan" not in told.body


def test_hand_over_to_an_outside_one_with_the_asker_s_yes(at):
    question = give(
        make_question(at, email="a@example.test", language="en"), "Kela", at, shows_contact=True
    )

    told = Letter.objects.get(kind="guidance.handed_over").body
    assert "Kela" in told
    assert "As you agreed" in told
    assert open_hand_over(question).to_name == "Kela"


def test_hand_over_of_an_anonymous_question_gives_no_contact_details(at):
    question = make_question(at, code="KOODI")

    with pytest.raises(actions.NoConsent):
        give(question, "Kela", at, shows_contact=True)
    give(question, "Kela", at)

    assert not Letter.objects.exists()


@pytest.mark.parametrize("state", [s for s in OrganisationState if s != OrganisationState.VETTED])
def test_hand_over_needs_a_checked_organisation(at, state):
    organisation = make_organisation(state=state, at=at)
    make_member(organisation, is_contact=True, at=at)

    with pytest.raises(actions.NotReady):
        give(make_question(at), organisation, at)


def test_hand_over_needs_a_contact_person(at):
    organisation = make_organisation(at=at)
    make_member(organisation, at=at)

    with pytest.raises(actions.NotReady):
        give(make_question(at), organisation, at)
    assert list(receivers()) == []


@pytest.mark.parametrize("act", ["hand_over", "follow", "take_back", "postpone"])
def test_hand_over_and_its_following_are_the_counter_s(at, act):
    question, contact = make_handed_over(at)
    for by in (contact, question.asked_by, make_person()):
        acts = {
            "hand_over": lambda by=by: give(make_question(at), "Kela", at, by=by),
            "follow": lambda by=by: actions.follow(question, by=by, at=at),
            "take_back": lambda by=by: actions.take_back(question, by=by, at=at),
            "postpone": lambda by=by: actions.postpone(
                question, follow_on=date(2026, 12, 20), by=by, at=at
            ),
        }
        with pytest.raises(PermissionDenied):
            acts[act]()


def test_hand_over_is_open_once_only(at):
    question, _contact = make_handed_over(at)
    given = open_hand_over(question)

    with pytest.raises(WrongState):
        give(question, "Kela", at)
    given.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        given.save()


def test_answer_for_reaches_the_asker_in_the_organisation_s_name(at):
    question, contact = make_handed_over(at, email="a@example.test")

    question = actions.answer_for(question, "Meillä on paikka.", by=contact, at=at)

    message, given = question.messages.last(), HandOver.objects.get()
    assert question.state == QuestionState.FOLLOWED
    assert (message.side, message.organisation) == (Side.ORGANISATION, given.organisation)
    assert (given.ended_at, given.ended_by) == (at, contact)
    assert "paikka" not in Letter.objects.get(kind="guidance.answered").body
    with pytest.raises(WrongState):
        actions.answer_for(question, "Uudelleen", by=contact, at=at)


def test_answer_for_is_the_holder_s_only(at):
    question, contact = make_handed_over(at)
    colleague = make_member(open_hand_over(question).organisation, at=at)

    for by in (make_coordinator(), question.asked_by, colleague, make_person()):
        with pytest.raises(PermissionDenied):
            actions.answer_for(question, "Minä", by=by, at=at)

    question = actions.take_back(question, by=make_coordinator(), at=at)
    other = make_organisation(at=at)
    make_member(other, is_contact=True, at=at)
    question = give(question, other, at)
    with pytest.raises(PermissionDenied):  # the first holder has nothing to say any more
        actions.answer_for(question, "Minä", by=contact, at=at)


@pytest.mark.parametrize(
    ("act", "state"),
    [(actions.follow, QuestionState.FOLLOWED), (actions.take_back, QuestionState.ASKED)],
)
def test_hand_over_ends_by_an_answer_or_by_taking_back(at, act, state):
    question, _contact = make_handed_over(at)

    question = act(question, by=make_coordinator(), at=at)

    assert question.state == state
    assert (question.due_on is not None) == (state == QuestionState.ASKED)
    assert open_hand_over(question) is None
    with pytest.raises(WrongState):
        act(question, by=make_coordinator(), at=at)


def test_to_follow_are_the_ones_whose_day_has_come(at):
    question, _contact = make_handed_over(at)  # a week from now
    week = at + timedelta(days=7)

    assert list(to_follow(at=week - timedelta(days=1))) == []
    assert [given.question for given in to_follow(at=week)] == [question]
    actions.postpone(
        question, follow_on=week.date() + timedelta(days=3), by=make_coordinator(), at=week
    )
    assert list(to_follow(at=week)) == []


@pytest.mark.parametrize("ended", [False, True])
def test_list_and_rule_agree_on_who_sees_a_question(at, ended):
    held, contact = make_handed_over(at)
    organisation = open_hand_over(held).organisation
    make_question(at)
    make_question(at, email="a@example.test")
    if ended:
        Question.objects.filter(pk=held.pk)
        organisation.state = OrganisationState.ENDED
        organisation.save()
    people = [
        make_coordinator(), make_admin(), make_person(), contact, held.asked_by,
        make_member(organisation, at=at),
    ]  # fmt: skip

    for person in people:
        may = {q for q in Question.objects.all() if person.has_perm("guidance.view", q)}
        assert set(Question.objects.visible_to(person)) == may
    assert set(Question.objects.visible_to(contact)) == (set() if ended else {held})


def test_postpone_of_a_question_that_nobody_holds_is_refused(at):
    question = make_question(at)

    with pytest.raises(WrongState):
        actions.postpone(question, follow_on=date(2026, 12, 20), by=make_coordinator(), at=at)


def duty(at):
    return [(one.pk, one.kind) for one in queue(at=at, kind="tell_asker")]


def test_asker_with_a_phone_only_is_called_when_an_organisation_has_answered(at):
    question, contact = make_handed_over(at, phone="040 1234567", name="Aino")
    assert duty(at) == []

    question = actions.answer_for(question, "Meillä on paikka.", by=contact, at=at)

    assert duty(at) == [(question.pk, "tell_asker")]
    ((_duty, called),) = call(queue(at=at, kind="tell_asker"))
    assert (called.name, called.phone) == ("Aino", "040 1234567")
    actions.add(question, "Kerroin puhelimessa.", by=make_coordinator(), at=at + timedelta(hours=1))
    assert duty(at) == []


def test_asker_is_called_by_the_end_of_the_next_working_day_not_in_the_night(at):
    friday_evening = instant(date(2026, 12, 11), time(21, 30))
    question, contact = make_handed_over(at, phone="040 1234567", name="Aino")

    actions.answer_for(question, "Meillä on paikka.", by=contact, at=friday_evening)

    (waits,) = queue(at=friday_evening, kind="tell_asker")
    assert waits.due == instant(date(2026, 12, 14), END_OF_DAY)


@pytest.mark.parametrize(
    "asker", [{}, {"email": "aino@example.test", "phone": "040 1"}, {"code": "ABCD-EFGH-JKLM"}]
)
def test_asker_who_is_told_otherwise_is_not_called(at, asker):
    question, contact = make_handed_over(at, **asker)

    actions.answer_for(question, "Meillä on paikka.", by=contact, at=at)

    assert duty(at) == []


def test_asker_who_has_been_told_is_not_called(at):
    question, _contact = make_handed_over(at, phone="040 1234567")

    actions.follow(question, by=make_coordinator(), at=at)

    assert duty(at) == []
