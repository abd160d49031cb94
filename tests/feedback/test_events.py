"""What people thought of an event: who may tell, until when, who is asked, and what is told of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from luukku.accounts.models import User
from luukku.events.actions import forget_guests
from luukku.events.models import Attendance, Kind, Presence
from luukku.events.states import EventState, SignUpState
from luukku.feedback import actions
from luukku.feedback.models import SCALES, EventFeedback
from luukku.feedback.queries import thoughts_of_event
from luukku.feedback.refusals import EventLongAgo, EventNotOver, ToldAlready, WasNotThere
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.events import make_event, make_guest, make_sign_up

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FOUR = dict.fromkeys(SCALES, 4)


def been(at, *, days=1, **fields):
    return make_sign_up(make_event(at, starts_at=at - days * DAY, seats=9, **fields))


def mark_away(own, at):
    Attendance.objects.create(
        sign_up=own,
        session=own.event.sessions.get(),
        presence=Presence.AWAY,
        marked_by=own.event.responsible,
        marked_at=at,
    )


def tell(own, at, **more):
    return actions.tell_of_event(own, by=own.person, at=at, **FOUR | more)


def test_later_answer_takes_the_place_of_the_first(at):
    own = been(at)
    tell(own, at, words="Kiire")

    tell(own, at + DAY, useful=2)

    given = EventFeedback.objects.get()
    assert (given.useful, given.words, given.given_at) == (2, "", at + DAY)


@pytest.mark.parametrize(
    ("days", "fields", "refusal"),
    [
        (-1, {}, EventNotOver),
        (0, {}, EventNotOver),
        (1, {"state": EventState.CANCELLED}, EventNotOver),
        (61, {}, EventLongAgo),
        (1, {"kind": Kind.PRACTICE_LECTURE}, WasNotThere),
    ],
)
def test_feedback_is_refused(at, days, fields, refusal):
    own = been(at, days=days, **fields)

    with pytest.raises(refusal):
        tell(own, at)


def test_who_was_marked_absent_or_had_no_place_tells_nothing(at):
    own = been(at)
    mark_away(own, at)
    waiting = make_sign_up(own.event, state=SignUpState.WAITING)

    with pytest.raises(WasNotThere):
        tell(own, at)
    with pytest.raises(WrongState):
        tell(waiting, at)


def test_nobody_tells_for_somebody_else(at):
    own = been(at)

    for other in (make_person(), own.event.responsible):
        with pytest.raises(PermissionDenied):
            actions.tell_of_event(own, by=other, at=at, **FOUR)


def test_each_who_was_there_is_asked_once_the_day_after(at):
    own = been(at, title_fi="Hiljainen ilta")
    mark_away(make_sign_up(own.event), at)
    tell(make_sign_up(own.event), at)
    make_sign_up(own.event, make_person(is_active=False))
    been(at, days=20)

    assert (actions.ask_of_events(at=at), actions.ask_of_events(at=at + DAY)) == (1, 0)

    letter = Letter.objects.get(kind="feedback.event")
    assert letter.reader == own.person
    assert "Hiljainen" not in letter.subject + letter.body


def test_fewer_than_five_answers_are_never_told_and_more_only_when_none_can_change(at):
    event = make_event(at, starts_at=at - DAY, seats=9)
    later = at + 61 * DAY
    for n in range(4):
        tell(make_sign_up(event), at, words=f"Sana {4 - n}")
    assert thoughts_of_event(event, at=later) is None

    tell(make_sign_up(event), at, useful=1)

    assert thoughts_of_event(event, at=at + 50 * DAY) is None
    told = thoughts_of_event(event, at=later)
    assert told.number == 5
    assert len(told.shares) == len(SCALES)


@pytest.mark.parametrize("number", [4, 5])
def test_own_words_are_told_only_among_those_of_five(at, number):
    event = make_event(at, starts_at=at - DAY, seats=9)
    for n in range(6):
        tell(make_sign_up(event), at, words=f"Sana {6 - n}" if n < number else "")

    told = thoughts_of_event(event, at=at + 61 * DAY)

    shown = [f"Sana {n}" for n in range(2, 7)] if number == 5 else []
    assert (told.number, told.words, told.has_few_words) == (6, shown, number == 4)


def test_feedback_goes_a_year_after_the_event(at):
    own = been(at)
    tell(own, at)

    assert actions.forget_event_feedback(at=at + 300 * DAY) == 0
    assert actions.forget_event_feedback(at=at + 370 * DAY) == 1


def guest_of(own, **fields):
    return make_guest(own.event, **fields)


def tell_by_link(own, at, **more):
    return actions.tell_of_event(own, by=User.objects.machine(), at=at, **FOUR | more)


def test_a_guest_tells_once_by_the_link(at):
    own = guest_of(been(at))

    tell_by_link(own, at, words="Kiitos")

    assert EventFeedback.objects.get().words == "Kiitos"
    with pytest.raises(ToldAlready):
        tell_by_link(own, at + DAY, words="Joku muu")
    assert EventFeedback.objects.get().words == "Kiitos"


@pytest.mark.parametrize(
    ("days", "refusal"), [(0, EventNotOver), (61, EventLongAgo), (-1, EventNotOver)]
)
def test_a_guests_feedback_is_refused_before_the_end_and_late(at, days, refusal):
    with pytest.raises(refusal):
        tell_by_link(guest_of(been(at, days=days)), at)


def test_a_guest_who_was_marked_absent_or_had_no_place_tells_nothing(at):
    own = guest_of(been(at))
    mark_away(own, at)
    waiting = guest_of(own, state=SignUpState.WAITING)

    with pytest.raises(WasNotThere):
        tell_by_link(own, at)
    with pytest.raises(WrongState):
        tell_by_link(waiting, at)


def test_nobody_who_signs_in_tells_for_a_guest_and_the_machine_for_nobody_with_an_account(at):
    own = been(at)
    guest = guest_of(own)

    for other in (make_person(), make_coordinator(), own.event.responsible, own.person):
        with pytest.raises(PermissionDenied):
            actions.tell_of_event(guest, by=other, at=at, **FOUR)
    with pytest.raises(PermissionDenied):
        tell_by_link(own, at)


def test_guests_are_asked_once_in_their_language_by_a_letter_that_names_no_theme(at):
    own = been(at, title_fi="Hiljainen ilta")
    tell(own, at)
    guest = guest_of(own, language="sv")
    mark_away(guest_of(own), at)
    tell_by_link(guest_of(own), at)
    guest_of(own, state=SignUpState.WAITING)

    assert (actions.ask_of_events(at=at), actions.ask_of_events(at=at + DAY)) == (1, 0)

    letter = Letter.objects.get(kind="feedback.event")
    assert (letter.email, letter.language, letter.reader) == (guest.guest.email, "sv", None)
    assert letter.link.rpartition("/l/")[2].startswith("event/")
    assert letter.link.endswith("/feedback/")
    assert "Hiljainen" not in letter.subject + letter.body


def test_a_guests_answer_counts_among_the_others_and_goes_with_the_guest(at):
    event = make_event(at, starts_at=at - DAY, seats=9)
    guest = make_guest(event)
    for own in [make_sign_up(event) for _n in range(4)]:
        tell(own, at)
    tell_by_link(guest, at, words="Vieraan sana")
    told = thoughts_of_event(event, at=at + 61 * DAY)
    assert (told.number, told.words, told.has_few_words) == (5, [], True)

    forget_guests(at=at + 370 * DAY)

    assert EventFeedback.objects.filter(sign_up__person=None).count() == 0
    assert EventFeedback.objects.count() == 4
