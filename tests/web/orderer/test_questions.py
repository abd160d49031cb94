"""A question handed over to the organisation: its contact person reads it and answers."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.formats import date_format

from luukku.core.times import helsinki
from luukku.guidance import actions
from luukku.guidance.models import HandOver
from luukku.guidance.queries import open_hand_over
from luukku.guidance.states import QuestionState
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
    assert client.get(address(question)).status_code == 404
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
