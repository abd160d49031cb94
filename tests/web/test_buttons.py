"""A button stands on a page exactly where its act may be done: by this reader, to this object, in this state."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from luukku.accounts.models import User
from luukku.config.scenarios import load
from luukku.experts.models import Expert
from luukku.experts.states import ExpertState
from luukku.guidance import actions as guidance
from luukku.guidance.models import ClosedAs, Question
from luukku.guidance.states import QuestionState
from luukku.orders.models import Order
from luukku.orders.states import OrderState
from luukku.organisations.models import Organisation
from luukku.organisations.states import OrganisationState
from luukku.workflow.queries import may
from tests.harness import settle
from tests.web import world

pytestmark = pytest.mark.django_db
S, E, ORG = OrderState, ExpertState, OrganisationState
# What a page does not offer though the act would go: there is a better way there.
NOT_OFFERED = {
    ("counter:order", "orders.reopen"): {
        S.STAFFED
    },  # it reopens by itself when a task is cancelled
    ("counter:order", "orders.give_up"): {S.ACCEPTED},  # offered once somebody had been asked
    ("counter:expert", "experts.leave"): {E.WAITING},  # the counter asks for an addition instead
    ("counter:organisation", "organisations.end"): {
        ORG.WAITING,
        ORG.REFUSED,
    },  # refused, or left so
}
# Each page, and its buttons: (act, the address that does it, what goes before the number's slug).
BUTTONS = {
    "counter:order": [
        ("orders.accept", "counter:order-move", "accept"),
        ("orders.search", "counter:order-move", "search"),
        ("orders.reopen", "counter:order-move", "reopen"),
        ("orders.close", "counter:order-move", "close"),
        ("orders.decline", "counter:order-decline"),
        ("orders.cancel", "counter:order-cancel"),
        ("orders.give_up", "counter:order-give-up"),
        ("orders.change_details", "counter:order-details"),
        ("orders.change_contact", "counter:order-contact"),
        ("orders.set_payment", "counter:order-payment"),
        ("orders.ask_time", "counter:order-ask-time"),
        ("orders.set_link", "counter:order-link"),
    ],
    "orderer:order": [
        ("orders.cancel", "orderer:order-cancel"),
        ("orders.ask_change", "orderer:order-change"),
        ("orders.change_contact", "orderer:order-contact"),
        ("orders.set_link", "orderer:order-link"),
    ],
    "counter:expert": [
        ("experts.welcome", "counter:expert-move", "welcome"),
        ("experts.return", "counter:expert-send-back"),
        ("experts.submit", "counter:expert-move", "submit"),
        ("experts.leave", "counter:expert-move", "leave"),
    ],
    "counter:organisation": [
        ("organisations.vet", "counter:organisation-move", "vet"),
        ("organisations.refuse", "counter:organisation-refuse"),
        ("organisations.reopen", "counter:organisation-move", "reopen"),
        ("organisations.end", "counter:organisation-end"),
    ],
    "counter:question": [
        ("guidance.hand_over", "counter:question-hand-over"),
        ("guidance.follow", "counter:question-follow"),
        ("guidance.close", "counter:question-close"),
    ],
}
MODELS = {
    "counter:order": Order,
    "orderer:order": Order,
    "counter:expert": Expert,
    "counter:organisation": Organisation,
    "counter:question": Question,
}
READERS = ["coord", "admin", "steer", "ordera", "orderb", "behind", "agreed"]
CASES = [
    (page, state)
    for page, model in MODELS.items()
    for state, _label in model._meta.get_field("state").choices
]
# What fills every small form of these acts.
SAID = {
    "reason": "Syy", "words": "Sanat", "whose": "orderer", "failure": "distance", "payment": "agreed",
    "as": "spam", "answered": "1", "meeting_url": "https://example.test",
}  # fmt: skip
DONE = {"expert": "done", "answer": "accepted"}


def document():
    orders = [
        world.order("draft", "ordera", "a", 30, state="draft"),
        world.order("sent", "ordera", "a", 31, state="sent"),
        world.order("accepted", "ordera", "a", 32, state="accepted"),
        world.order("searching", "ordera", "a", 33, state="searching"),
        world.order("staffed", "ordera", "a", 34, state="staffed", offers=[{"expert": "agreed", "answer": "accepted"}]),
        world.order("done", "ordera", "a", -9, state="done", offers=[DONE]),
        world.order("closed", "ordera", "a", -20, state="closed", offers=[DONE | {
            "feedback": [world.scales("expert", "done"), world.scales("orderer", "ordera")]}]),
        world.order("declined", "ordera", "a", 35, state="declined", decline_reason="Ei nyt."),
        world.order("cancelled", "ordera", "a", 36, state="cancelled", cancelled={"whose": "orderer", "reason": "Syy"}),
        world.order("not_found", "ordera", "a", 37, state="not_found", failure="distance"),
    ]  # fmt: skip
    organisations = [
        *world.DOCUMENT["organisations"],
        *(
            {"key": state, "name": f"Koulu {state}", "kind": "school", "state": state}
            for state in ("waiting", "refused", "ended")
        ),
    ]
    people = [*world.DOCUMENT["people"], world.person("draft"), world.person("left")]
    experts = [
        *world.DOCUMENT["experts"],
        world.expert("draft", state="draft"),
        world.expert("left", state="left"),
    ]
    questions = [{"words": state, "person": "asker"} for state in QuestionState.values]
    return world.DOCUMENT | {
        "people": people, "organisations": organisations, "experts": experts, "orders": orders,
        "questions": questions,
    }  # fmt: skip


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        told = load(document())
        found = {key: User.objects.get(pk=row["id"]) for key, row in told["people"].items()}
        _move_questions(found["coord"])
        settle()
        yield found
        transaction.set_rollback(True)


def _move_questions(by):
    at = timezone.now()
    _asked, answered, handed, followed, closed = Question.objects.order_by("pk")
    handing = {
        "to": Organisation.objects.get(name="Tausta C"), "agreed": "", "shows_contact": False,
        "follow_on": (at + timedelta(days=5)).date(), "by": by, "at": at,
    }  # fmt: skip
    guidance.answer(answered, "Näin.", by=by, at=at)
    guidance.hand_over(handed, **handing)
    guidance.hand_over(followed, **handing)
    guidance.follow(followed, by=by, at=at)
    guidance.close(closed, ClosedAs.SPAM, by=by, at=at)


def address_of(name, obj, *slug):
    return reverse(name, args=[obj.pk, *slug])


def stands(html, url):
    """Return whether a link or a form leads to ``url``."""
    return f'href="{url}"' in html or f'action="{url}"' in html


@pytest.mark.parametrize(("page", "state"), CASES)
def test_button_stands_where_its_act_may_be_done(people, client, page, state):
    rows = MODELS[page].objects.filter(state=state).order_by("pk")
    assert rows, "Let the document make one."

    seen = 0
    for reader in READERS:
        client.force_login(people[reader], backend=world.BACKEND)
        for obj in rows:
            answer = client.get(address_of(page, obj))
            if answer.status_code != 200:
                continue  # not their page, or the draft's own
            html, seen = answer.content.decode(), seen + 1
            for act, *where in BUTTONS[page]:
                is_offered = state not in NOT_OFFERED.get((page, act), set())
                expected = may(act, obj, people[reader]) and is_offered
                assert stands(html, address_of(where[0], obj, *where[1:])) == expected, (
                    act,
                    reader,
                )

    assert seen or state == OrderState.DRAFT


@pytest.mark.parametrize(("page", "state"), CASES)
def test_act_whose_button_is_not_there_changes_nothing(people, client, page, state):
    obj = MODELS[page].objects.filter(state=state).order_by("pk").first()
    for reader in READERS:
        client.force_login(people[reader], backend=world.BACKEND)
        for act, *where in BUTTONS[page]:
            if may(act, obj, people[reader]):
                continue
            with transaction.atomic():
                answer = client.post(address_of(where[0], obj, *where[1:]), SAID)
                changed = MODELS[page].objects.get(pk=obj.pk)
                transaction.set_rollback(True)

            assert answer.status_code < 500, (act, reader)
            assert changed.state == state, (act, reader)
