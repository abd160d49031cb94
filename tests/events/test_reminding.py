"""Who comes is reminded the day before, once for each session."""

from datetime import timedelta

import pytest

from luukku.events import actions
from luukku.events.models import Mode
from luukku.events.states import EventState, SignUpState
from luukku.notices.models import Letter
from tests.factories.accounts import make_person
from tests.factories.events import make_event, make_sign_up

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def reminders():
    return Letter.objects.filter(kind="events.tomorrow")


def test_each_who_has_a_place_is_reminded_once_the_day_before(at):
    event = make_event(at, starts_at=at + DAY, mode=Mode.REMOTE, meeting_url="https://video.example.test/x",
                       title_fi="Hiljainen ilta", sessions=2)  # fmt: skip
    own = make_sign_up(event)
    make_sign_up(event, state=SignUpState.WAITING)
    make_sign_up(event, make_person(is_active=False))
    make_sign_up(make_event(at, starts_at=at + 2 * DAY))
    make_sign_up(make_event(at, starts_at=at + DAY, state=EventState.CANCELLED))

    assert (actions.remind(at=at), actions.remind(at=at + timedelta(hours=2))) == (1, 0)

    letter = reminders().get()
    assert letter.reader == own.person
    assert "https://video.example.test/x" in letter.body
    assert "Hiljainen" not in letter.subject
    assert letter.expires_at == event.starts_at
    assert actions.remind(at=at + 7 * DAY) == 1


def test_what_was_moved_to_another_day_is_reminded_of_again(at):
    event = make_event(at, starts_at=at + DAY)
    make_sign_up(event)
    actions.remind(at=at)
    starts_at = at + 5 * DAY
    moved = actions.Time(starts_at, starts_at + timedelta(hours=1), "", event.sessions.get().pk)

    actions.set_times(event, [moved], by=event.responsible, at=at)

    assert actions.remind(at=at + 4 * DAY) == 1
