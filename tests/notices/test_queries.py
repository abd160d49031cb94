"""What has become of a letter, and what waits for the counter to be told."""

from datetime import timedelta

import pytest

from luukku.core.duty import Called, call, queue
from luukku.notices.actions import forget_told, tell, tell_address
from luukku.notices.models import Channel, Letter
from luukku.notices.queries import Fate, fate_of
from tests.factories.accounts import make_person
from tests.notices.kinds import Duty, News

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kinds")]
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("changes", "fate", "hours"),
    [
        ({}, Fate.WAITS, 0),
        ({"not_before_at": 5}, Fate.WAITS, 5),
        ({"sent_at": 1}, Fate.SENT, 1),
        ({"last_error": "450", "tried_at": 2}, Fate.TRIED, 2),
        ({"expires_at": 3}, Fate.OVER, 3),
        ({"expires_at": 9}, Fate.WAITS, 0),
        ({"channel": Channel.DESK, "sent_at": 0}, Fate.ON_DESK, 0),
        ({"channel": Channel.PAPER}, Fate.BY_POST, 0),
        ({"channel": Channel.PAPER, "last_error": "550"}, Fate.FAILED, 0),
        ({"channel": Channel.PAPER, "sent_at": 4}, Fate.TOLD, 4),
    ],
)
def test_fate_of_a_letter_is_told_with_its_instant(at, changes, fate, hours):
    letter = tell(News(), to=make_person(), at=at)
    for name, value in changes.items():
        setattr(letter, name, at + value * HOUR if isinstance(value, int) else value)
    letter.save()

    assert fate_of(letter, at=at + 8 * HOUR) == (fate, at + hours * HOUR)


@pytest.mark.parametrize(("notice", "fate"), [(News, Fate.NO_MAIL), (Duty, Fate.PASSED)])
def test_letter_that_nobody_tells_to_who_has_no_desk_says_so(at, kinds, notice, fate):
    letter = tell(notice(), to=make_person(email=""), at=at)
    Letter.objects.update(channel=Channel.DESK, sent_at=at)
    letter.refresh_from_db()

    assert fate_of(letter, at=at) == (fate, at)


def test_letter_to_a_person_without_an_address_is_called_by_them_and_their_letters(at):
    person = make_person(email="", phone="040 1234567")
    first = tell(Duty(1), to=person, at=at)

    one = call(queue(at=at, kind="letter"))
    tell(Duty(2), to=person, at=at)
    two = call(queue(at=at, kind="letter"))

    assert [called for _duty, called in one] == [
        Called(f"{person.name} · {first.subject}", person.name, person.phone)
    ]
    assert [called.phone for _duty, called in two] == [person.phone]


def test_letter_to_an_address_that_does_not_exist_is_called_by_its_subject(at):
    letter = tell_address(Duty(), "vieras@example.test", language="fi", at=at)
    Letter.objects.update(channel=Channel.PAPER)

    assert [called for _duty, called in call(queue(at=at, kind="letter"))] == [
        Called(letter.subject)
    ]


def test_forgetting_nothing_takes_no_letter_away(at):
    letter = tell(News(), to=make_person(), at=at)

    forget_told([], at=at)

    assert list(Letter.objects.all()) == [letter]
