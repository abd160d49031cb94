"""The same through the browser: nobody reads an error page."""

import re
import threading
import uuid
from contextlib import nullcontext, suppress
from functools import partial, wraps

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from luukku.accounts.models import User
from luukku.assignments import actions as assignments
from luukku.assignments.actions.common import lock_experts
from luukku.assignments.models import Assignment
from luukku.audit.models import AuditEvent
from luukku.content import actions as content
from luukku.content.models import PracticePage
from luukku.core.links import Link, sign
from luukku.experts.actions import profile as experts
from luukku.experts.models import Expert
from luukku.guidance.models import Question
from luukku.orders.models import Order
from luukku.organisations.actions import registering as organisations
from luukku.organisations.models import Membership
from luukku.web.parts.account.sign_in.adapter import SignInAdapter
from luukku.web.parts.experts import profile
from tests import patience
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_offer, make_search
from tests.factories.content import make_section
from tests.factories.orders import make_orderer, make_vetted_organisation
from tests.races.at_once import at_once, errors
from tests.races.test_assignments import quick_expert

BACKEND = "django.contrib.auth.backends.ModelBackend"
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _machine(db):
    User.objects.machine()


def link_of(offer):
    token = sign(Link("offer", offer.pk, offer.expert.user_id))
    return reverse("public:offer-link", args=[token])


def post(url, data, token=None):
    """Send a form from a browser of its own, and look where it leads."""
    said = {"form_token": token or str(uuid.uuid4())} | data
    return Client().post(url, said, follow=True)


def test_fifty_experts_answer_the_mail_at_once_one_wins_and_the_rest_read_kind_words(now):
    order = make_search(now)
    offers = [make_offer(now, order=order, expert=quick_expert(now)) for _ in range(50)]

    answers = at_once([partial(post, link_of(offer), {"accept": "1"}) for offer in offers])

    assert errors(answers) == []
    pages = [answer.content.decode() for answer in answers]
    assert sorted(("answered first" in page, "You said yes" in page) for page in pages) == [
        (False, True),
        *[(True, False)] * 49,
    ]
    assert Assignment.objects.count() == 1


def test_one_link_used_twice_at_once_books_once(now):
    offer = make_offer(now)

    answers = at_once([partial(post, link_of(offer), {"accept": "1"})] * 2)

    assert ["You said yes" in answer.content.decode() for answer in answers] == [True, True]
    assert Assignment.objects.count() == 1


def test_one_form_sent_five_times_at_once_is_one_row_and_one_answer(now):
    token = str(uuid.uuid4())
    question = {
        "topic": "order",
        "words": "Miten tilaan?",
        "email": "kysyja@example.test",
        "shown": signing.dumps(now.timestamp() - 60, salt="luukku.ask"),
    }

    answers = at_once([partial(post, reverse("public:advice"), question, token)] * 5)

    assert errors(answers) == []
    assert {answer.redirect_chain[0][1] for answer in answers} == {303}
    assert len({answer.redirect_chain[0][0] for answer in answers}) == 1
    assert Question.objects.count() == 1


# -- Two transactions in each other's way --------------------------------------------------------


def crossing(monkeypatch, first, second):
    """Make each cancelling take one expert more: the other request's, after both hold their own."""
    gate, begun = threading.Barrier(2), []
    real = assignments.cancel_order

    def cancel(order, **kwargs):
        mine, other = (first, second) if order.organisation.name == "A" else (second, first)
        if len(begun) < 2:
            begun.append(order)
            lock_experts([mine.pk])
            gate.wait(timeout=patience.SECONDS)
            lock_experts([other.pk])
        return real(order, **kwargs)

    monkeypatch.setattr(assignments, "cancel_order", cancel)


def test_a_form_that_the_database_ended_for_another_ones_sake_is_taken_once_more(monkeypatch, now):
    counter = make_coordinator()
    first, second = quick_expert(now), quick_expert(now)
    orders = [
        make_search(now, orderer=make_orderer(make_vetted_organisation(name))) for name in "AB"
    ]
    crossing(monkeypatch, first, second)

    def cancel(order):
        client = Client()
        client.force_login(counter, BACKEND)
        url = reverse("counter:order-cancel", args=[order.pk])
        said = {"whose": "counter", "reason": "x", "form_token": str(uuid.uuid4())}
        return client.post(url, said, follow=True)

    answers = at_once([partial(cancel, order) for order in orders])

    assert errors(answers) == []
    assert [answer.status_code for answer in answers] == [200, 200]
    for answer in answers:
        assert answer.content.decode().count("Everybody is told") == 1
    assert {order.state for order in Order.objects.all()} == {"cancelled"}
    assert AuditEvent.objects.filter(act="orders.cancel").count() == 2


# -- The same thing from two tabs, or by two people ----------------------------------------------


def meeting(monkeypatch, module, name, *, alone_after=None):
    """Let the first two calls of ``module.name`` wait for each other: both have looked before either acts.

    Where the second may rightly be kept waiting outside, the first goes on ``alone_after`` so many seconds.
    """
    gate, begun = threading.Barrier(2), []
    real = getattr(module, name)

    @wraps(real)
    def act(*args, **kwargs):
        if len(begun) < 2:
            begun.append(args)
            with nullcontext() if alone_after is None else suppress(threading.BrokenBarrierError):
                gate.wait(timeout=alone_after or patience.SECONDS)
        return real(*args, **kwargs)

    monkeypatch.setattr(module, name, act)


def twice(user, url, data=None):
    """Send two forms of ``user``, each shown in a tab of its own, at once; return how they were answered."""

    def send():
        client = Client()
        client.force_login(user, BACKEND)
        return client.post(url, {"form_token": str(uuid.uuid4())} | (data or {}))

    answers = at_once([send, send])
    assert errors(answers) == []
    return sorted(answer.status_code for answer in answers)


@pytest.mark.parametrize("is_counter", [False, True])
def test_profile_begun_in_two_tabs_at_once_is_one_and_both_go_on(monkeypatch, is_counter):
    person = make_person()
    meeting(monkeypatch, experts, "_begin")
    url = (
        reverse("counter:person-profile", args=[person.pk])
        if is_counter
        else reverse("expert:start")
    )

    assert twice(make_coordinator() if is_counter else person, url) == [303, 303]
    assert Expert.objects.get().user == person
    assert AuditEvent.objects.filter(act="experts.start").count() == 1


def test_new_caller_taken_twice_at_once_is_one_and_the_second_is_asked_who_calls(monkeypatch):
    meeting(monkeypatch, organisations, "make_person")
    caller = {"name": "Eero Ek", "phone": "", "email": "eero@example.test"}
    said = caller | {"organisation": "Kylän koulu", "kind": "school"}

    assert twice(make_coordinator(), reverse("counter:order-new"), said) == [303, 422]
    assert Membership.objects.get().user.email == "eero@example.test"


def test_account_made_twice_at_once_is_one_and_both_are_sent_to_the_code(monkeypatch):
    meeting(monkeypatch, SignInAdapter, "save_user", alone_after=2)
    url = reverse("account_signup")
    said = {"name": "Aino Aho", "email": "aino@example.test", "password1": "kolme sinistä kuppia"}

    def send():
        client = Client()
        shown = re.findall(r'name="form_token" value="([^"]+)"', client.get(url).content.decode())
        return client.post(url, said | {"form_token": shown})

    answers = at_once([send, send])

    assert errors(answers) == []
    sent = reverse("account_email_verification_sent")
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, sent)] * 2
    assert User.objects.get(email="aino@example.test").name == "Aino Aho"


def test_profile_erased_twice_at_once_is_gone_and_nobody_reads_an_error(monkeypatch, now):
    expert = quick_expert(now)
    meeting(monkeypatch, profile, "erase_profile")
    url = reverse("counter:expert-erase", args=[expert.pk])

    assert twice(make_coordinator(), url) == [303, 404]
    assert not Expert.objects.exists()


def test_good_practices_of_one_name_sent_at_once_are_both_kept(monkeypatch):
    make_section("practices")
    meeting(monkeypatch, content, "submit_practice")
    told = {"title": "Kahvihetki", "intro": "Vartti.", "done": "Tultiin.", "changed": "Moni jäi."}

    person = make_person()

    assert twice(person, "/fi/practices/new/", told) == [303, 303]
    sent = PracticePage.objects.filter(submitted_by=person)
    assert len(set(sent.values_list("slug", flat=True))) == 2
