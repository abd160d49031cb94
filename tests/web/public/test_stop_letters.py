"""The page behind List-Unsubscribe: without signing in, by one post of a mail program, at once."""

import pytest
from django.test import Client
from django.utils import translation

from luukku.feedback.notices import FeedbackWanted
from luukku.notices.actions import choose, send_outbox
from luukku.notices.mail import DAILY, stop_path
from luukku.notices.models import Channel, Letter, NoticeChoice
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed

pytestmark = pytest.mark.django_db
REMINDER = "assignments.reminder"


def path(kind, person):
    with translation.override("fi"):
        return stop_path(kind, person.pk)


def test_mail_program_stops_a_kind_of_letter_by_one_post(at):
    task = make_agreed(at)
    person = task.expert.user
    client = Client(enforce_csrf_checks=True)

    response = client.post(path(REMINDER, person), {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert NoticeChoice.objects.get(user=person).channel == Channel.DESK
    reminder = Letter.objects.get(reader=person, kind=REMINDER)  # planned before
    send_outbox(at=reminder.not_before_at.replace(hour=10))
    reminder.refresh_from_db()
    assert (reminder.channel, reminder.sent_at) == (Channel.DESK, None)


def test_looking_stops_nothing_and_shows_what_and_how(client, at):
    person = make_person()

    page = client.get(path(FeedbackWanted.kind, person)).content.decode()

    assert not NoticeChoice.objects.exists()
    assert "<form" in page


def test_it_can_be_taken_back(client):
    person = make_person()
    client.post(path(REMINDER, person))

    client.post(path(REMINDER, person) + "?again")

    assert NoticeChoice.objects.get(user=person).channel == Channel.MAIL


def test_daily_mail_stops_as_a_whole(client, at):
    person = make_person()
    choose(person, REMINDER, Channel.DIGEST, by=person, at=at)
    choose(person, FeedbackWanted.kind, Channel.MAIL, by=person, at=at)

    assert client.post(path(DAILY, person)).status_code == 200

    chosen = dict(NoticeChoice.objects.values_list("kind", "channel"))
    assert chosen == {REMINDER: "desk", FeedbackWanted.kind: "mail"}


def test_link_is_for_one_kind_and_one_person(client):
    mine, kind = path(REMINDER, make_person()), FeedbackWanted.kind

    assert client.post(mine.replace(REMINDER, kind)).status_code == 404
    assert client.post(mine.replace(REMINDER, "assignments.agreed")).status_code == 404
    assert client.post(mine.replace(REMINDER, "no.such")).status_code == 404
    assert client.post(mine[:-3] + "xx/").status_code == 404
    assert not NoticeChoice.objects.exists()
