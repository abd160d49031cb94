"""Two at the counter answer at once: one answer leaves, the other keeps their text; hand-overs likewise."""

import uuid
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import User
from luukku.guidance import actions
from luukku.guidance.models import HandOver
from luukku.notices.models import Letter
from luukku.workflow.actions import WrongState
from tests.factories.accounts import make_coordinator
from tests.factories.guidance import make_handed_over, make_question
from tests.races.at_once import at_once, errors

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture(autouse=True)
def _machine(db):
    User.objects.machine()


def test_two_answers_at_once_one_leaves_and_the_other_keeps_its_text(now):
    question = make_question(now, email="a@example.test")
    clients = []
    for n in range(5):
        client = Client()
        client.force_login(make_coordinator(f"Kaisa {n}"), backend=BACKEND)
        clients.append(client)
    url = reverse("counter:question", args=[question.pk])
    seen = question.messages.get().pk

    def send(n, client):
        form = {"words": f"Vastaus {n}", "act": "answer", "seen": seen, "form_token": uuid.uuid4()}
        return client.post(url, form)

    answers = at_once([partial(send, n, client) for n, client in enumerate(clients)])

    assert errors(answers) == []
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409, 409]
    for n, answer in enumerate(answers):
        if answer.status_code == 409:
            assert f"Vastaus {n}</textarea>" in answer.content.decode()
    assert question.messages.count() == 2
    assert Letter.objects.filter(kind="guidance.answered").count() == 1


def test_organisation_answers_while_the_counter_takes_back_one_of_them_wins(now):
    question, contact = make_handed_over(now)
    counter = make_coordinator()

    outcomes = at_once([
        partial(actions.answer_for, question, "Meillä on.", by=contact, at=now),
        partial(actions.take_back, question, by=counter, at=now),
    ])  # fmt: skip

    assert errors(outcomes) == [WrongState]
    assert HandOver.objects.get().ended_at == now


def test_reminding_twice_at_once_reminds_once(now):
    from datetime import timedelta

    make_coordinator()
    make_question(now - timedelta(days=30))

    counts = at_once([partial(actions.remind, at=now)] * 4)

    assert sorted(counts) == [0, 0, 0, 1]
    assert Letter.objects.filter(kind="guidance.due").count() == 1
