"""A question handed over to the organisation: its contact person reads it and answers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from luukku.core.times import helsinki
from luukku.guidance import actions
from luukku.guidance.models import HandOver
from luukku.guidance.queries import open_hand_over
from luukku.guidance.states import QuestionState
from luukku.organisations.models import MemberRole
from tests.factories.accounts import make_coordinator
from tests.factories.guidance import make_handed_over
from tests.factories.organisations import make_member
from tests.readings import noted

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed_in(person):
    client = Client(headers={"accept-language": "en"})
    client.force_login(person, backend=BACKEND)
    return client


def address(question):
    return reverse("orderer:question", args=[question.pk])


def test_question_stands_on_the_desk_and_is_answered_once(now):
    question, contact = make_handed_over(now)
    actions.note(question, "SISÄINEN", by=make_coordinator(), at=now)
    client = signed_in(contact)
    assert address(question) in client.get(reverse("orderer:desk")).content.decode()

    page = client.get(address(question)).content.decode()
    assert "Miten alkuun?" in page
    assert "SISÄINEN" not in page
    assert "Maijan" not in page
    assert question.asked_by_id in noted(contact)
    assert client.post(address(question), {"words": ""}).status_code == 422
    assert client.post(address(question), {"words": "Meillä on."}).status_code == 303

    question.refresh_from_db()
    assert question.state == QuestionState.FOLLOWED
    assert address(question) not in client.get(reverse("orderer:desk")).content.decode()


@pytest.mark.parametrize(("days", "is_late"), [(0, False), (1, True)])
def test_desk_tells_by_when_a_question_is_answered_and_that_it_is_late(now, days, is_late):
    question, contact = make_handed_over(now)
    day = helsinki(now).date() - timedelta(days=days)
    HandOver.objects.filter(question=question).update(follow_on=day)

    page = signed_in(contact).get(reverse("orderer:desk")).content.decode()

    assert f"Please answer by {date_format(day, 'SHORT_DATE_FORMAT')}." in page
    assert (">Late</span>" in page) is is_late


@pytest.mark.parametrize("shows_contact", [True, False])
def test_question_shows_who_asks_only_with_their_yes(now, shows_contact):
    question, contact = make_handed_over(
        now,
        shows_contact=shows_contact,
        name="Aino Kysyjä",
        email="aino@example.test",
        phone="040 5",
    )

    page = signed_in(contact).get(address(question)).content.decode()

    for secret in ("Aino Kysyjä", "aino@example.test", "040 5"):
        assert (secret in page) == shows_contact


@pytest.mark.parametrize("shows_contact", [True, False])
def test_question_shows_who_asks_with_an_account_only_with_their_yes(now, shows_contact):
    question, contact = make_handed_over(now, shows_contact=shows_contact)

    page = signed_in(contact).get(address(question)).content.decode()

    assert (question.asked_by.email in page) == shows_contact
    assert (question.asked_by.name in page) == shows_contact


def test_question_is_the_contact_person_s_only(now):
    question, contact = make_handed_over(now)
    organisation = open_hand_over(question).organisation

    for stranger in (
        make_member(organisation, at=now),
        make_member(is_contact=True, at=now),
    ):
        assert signed_in(stranger).get(address(question)).status_code == 404
        assert signed_in(stranger).post(address(question), {"words": "x"}).status_code == 404
    assert signed_in(contact).get(address(question)).status_code == 200


def test_organisation_reads_its_own_answer_and_nothing_later(now):
    question, contact = make_handed_over(now, shows_contact=True)
    client = signed_in(contact)
    client.post(address(question), {"words": "Meillä on."})
    question.refresh_from_db()
    later = timezone.now() + timedelta(minutes=1)
    actions.add(question, "LISÄYS", by=make_coordinator(), at=later)

    page = client.get(address(question)).content.decode()
    again = client.post(address(question), {"words": "Uudelleen"})

    assert "Miten alkuun?" in page
    assert "Meillä on." in page
    assert "LISÄYS" not in page
    assert question.asked_by.name not in page
    assert "answered already" in again.content.decode()
    assert question.messages.count() == 3
    stranger = make_member(open_organisation(question), role=MemberRole.ORDERER)
    assert signed_in(stranger).get(address(question)).status_code == 404


def test_question_taken_back_without_an_answer_is_read_no_more(now):
    question, contact = make_handed_over(now)
    actions.take_back(question, by=make_coordinator(), at=now)

    assert signed_in(contact).get(address(question)).status_code == 404


def open_organisation(question):
    return question.hand_overs.get().organisation


@pytest.mark.parametrize(
    ("asker", "words"),
    [
        ({"phone": "040 1234567", "name": "Aino"}, "The counter calls the asker"),
        ({"code": "ABCD-EFGH-JKLM"}, "reads your answer here with a code"),
        ({"email": "aino@example.test"}, "has been sent to the asker"),
    ],
    ids=["phone", "code", "e-mail"],
)
def test_thanks_promise_only_what_is_kept(now, asker, words):
    question, contact = make_handed_over(now, **asker)

    page = signed_in(contact).post(address(question), {"words": "Meillä on."}, follow=True)

    assert words in page.content.decode()
