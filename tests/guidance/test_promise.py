"""The promised day counts working days in Finland; who owes the answer is reminded before it breaks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from luukku.core.times import is_working_day, working_day
from luukku.guidance import actions
from luukku.guidance.clock import due_on, remind_on
from luukku.guidance.models import ClosedAs, Kind, Question
from luukku.guidance.states import QuestionState
from luukku.notices.models import Letter
from tests.factories.accounts import make_coordinator
from tests.factories.guidance import make_question


def noon(day):
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        (date(2026, 12, 1), date(2026, 12, 4)),  # Tuesday → Friday
        (date(2026, 12, 4), date(2026, 12, 9)),  # Friday → Wednesday
        (date(2026, 12, 5), date(2026, 12, 9)),  # Saturday counts from Monday
        (date(2026, 12, 22), date(2026, 12, 29)),  # 23rd, Christmas and its Eve, 28th, 29th
        (date(2026, 12, 30), date(2027, 1, 5)),  # New Year
        (date(2027, 1, 4), date(2027, 1, 8)),  # Epiphany
        (date(2027, 6, 23), date(2027, 6, 29)),  # Midsummer Eve is a Friday
    ],
)
def test_due_skips_weekends_and_holidays(asked, due):
    assert due_on(Kind.ADVICE, at=noon(asked)) == due


def test_due_follows_the_region_s_days(settings, at):
    settings.LUUKKU_REPLY_DAYS = 1

    assert due_on(Kind.FEEDBACK, at=at) == date(2026, 12, 2)


def test_due_day_is_helsinki_s():
    assert due_on(Kind.ADVICE, at=datetime(2026, 12, 1, 22, 30, tzinfo=UTC)) == date(2026, 12, 7)


def test_due_of_accessibility_is_fourteen_days_whatever_the_region_promises(settings, at):
    settings.LUUKKU_REPLY_DAYS = 1

    due = due_on(Kind.ACCESSIBILITY, at=at)

    assert due == date(2026, 12, 15)
    assert remind_on(Kind.ACCESSIBILITY, due) == date(2026, 12, 11)


def test_reminder_comes_one_working_day_before():
    assert remind_on(Kind.ADVICE, date(2026, 12, 28)) == date(2026, 12, 23)
    assert not is_working_day(date(2026, 12, 24))
    assert working_day(date(2026, 12, 7), 0) == date(2026, 12, 7)


@pytest.mark.django_db
def test_remind_tells_the_assignee_once_in_the_morning(at):
    counter, other = make_coordinator(), make_coordinator("Toinen")
    question = make_question(at)  # due on Friday 4th, reminded on Thursday 3rd
    actions.assign(question, counter, by=counter, at=at)

    counts = [
        actions.remind(at=when)
        for when in (
            at + timedelta(days=1),
            datetime(2026, 12, 3, 5, 59, tzinfo=UTC),
            datetime(2026, 12, 3, 6, 0, tzinfo=UTC),
            datetime(2026, 12, 3, 7, 0, tzinfo=UTC),
        )
    ]

    letter = Letter.objects.get(kind="guidance.due")
    assert counts == [0, 0, 1, 0]
    assert letter.reader == counter
    assert other.letters.count() == 0


@pytest.mark.django_db
def test_remind_tells_everybody_at_the_counter_when_nobody_has_taken_it(at):
    people = {make_coordinator(), make_coordinator("Toinen")}
    make_question(at)

    assert actions.remind(at=noon(date(2026, 12, 3))) == 1

    assert {letter.reader for letter in Letter.objects.filter(kind="guidance.due")} == people


@pytest.mark.django_db
def test_remind_leaves_answered_ones_alone_and_comes_again_for_a_new_promise(at):
    counter, question = make_coordinator(), make_question(at)
    actions.remind(at=noon(date(2026, 12, 3)))
    question = actions.answer(question, "Näin", by=counter, at=at)
    assert actions.remind(at=noon(date(2026, 12, 30))) == 0

    actions.write(question, "Entä?", by=question.asked_by, at=noon(date(2026, 12, 30)))

    assert actions.remind(at=noon(date(2027, 1, 4))) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("days", [29, 30])
def test_close_quiet_ends_what_has_been_answered_for_a_month(at, days):
    waiting = make_question(at)
    answered = actions.answer(make_question(at), "Näin", by=make_coordinator(), at=at)

    count = actions.close_quiet(at=at + timedelta(days=days))

    answered.refresh_from_db()
    waiting.refresh_from_db()
    assert count == (days == 30)
    assert answered.closed_as == (ClosedAs.QUIET if count else "")
    assert waiting.state == QuestionState.ASKED


@pytest.mark.django_db
def test_late_are_the_ones_past_their_day(at):
    question = make_question(at)

    assert list(Question.objects.late(noon(date(2026, 12, 4)))) == []
    assert list(Question.objects.late(noon(date(2026, 12, 5)))) == [question]
