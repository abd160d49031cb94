"""People at the organisation's desk and what they fill in."""

import uuid
from datetime import timedelta

import pytest

from luukku.assignments import actions as assignments
from luukku.assignments.models import Via
from luukku.core.times import helsinki
from luukku.feedback.actions import close_task
from luukku.orders.states import OrderState
from luukku.taxonomy.models import TaskType, Theme
from tests.factories.experts import make_expert
from tests.factories.orders import coordinator_of_orders, make_order, make_orderer


@pytest.fixture
def orderer(db):
    """Somebody who orders for a checked organisation."""
    return make_orderer()


@pytest.fixture
def desk(client, orderer):
    """A browser in which ``orderer`` has signed in."""
    client.force_login(orderer, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def filled(db, now):
    """What one types into each step, ready to go on."""
    day = helsinki(now + timedelta(days=20)).date().isoformat()
    return {
        "what": {
            "task_type": TaskType.objects.get(code="talk").pk,
            "title": "Puheenvuoro koulutuksessa",
            "goal": "Henkilökunta ymmärtää paremmin.",
            "expert_does": "Kertoo ja vastaa kysymyksiin.",
        },
        "who": {
            "themes": [Theme.objects.get(code="depression").pk],
            "perspective": "own",
            "languages": ["fi"],
            "experts_wanted": "1",
            "audience": "Sairaanhoitajia",
            "audience_size": "20",
        },
        "when": {
            "mode": "place",
            "municipality": "609",
            "address": "Antinkatu 2",
            "day1": day,
            "from1": "13:00",
            "to1": "14:30",
        },
        "terms": {
            "payment": "agreed",
            "fee_eur": "120",
            "pays_travel": "on",
            "recording": "none",
        },
    }


@pytest.fixture
def token():
    """A form's own token, as ``{% form_token %}`` writes it."""
    return lambda: str(uuid.uuid4())


@pytest.fixture
def agreed_task(orderer, now):
    """A task that an expert has said yes to; ``orderer`` is its orderer."""
    return make_task(orderer, now)


@pytest.fixture
def done_task(orderer, now):
    """A task that was done a while ago."""
    task = make_task(orderer, now - timedelta(days=30))
    return close_task(task, by=orderer, at=now)


def make_task(orderer, at, **fields):
    """An agreed task of a new order, a fortnight after ``at``."""
    counter = coordinator_of_orders()
    order = make_order(at, state=OrderState.ACCEPTED, orderer=orderer, **fields)
    order = assignments.open_search(order, by=counter, at=at)
    offer = assignments.propose(
        order, make_expert(at=at), by=counter, at=at, answer_by=at + timedelta(days=3)
    )
    return assignments.accept(offer, by=offer.expert.user, at=at, via=Via.DESK)
