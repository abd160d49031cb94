"""The same form twice is one act; a changed form is a form of its own; nothing is thrown away unsaid."""

import uuid
from functools import partial

import pytest
from django.core import signing
from django.test import Client
from django.urls import reverse

from luukku.assignments.models import Assignment, Offer
from luukku.guidance.models import Question
from luukku.orders.actions import start
from luukku.organisations.models import Unit
from luukku.workflow.models import Submission
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_offer
from tests.factories.orders import make_orderer
from tests.factories.organisations import make_organisation
from tests.races.at_once import at_once, errors
from tests.web.kit.forms.found import forms_in

pytestmark = pytest.mark.django_db


def signed(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def token_of(client, url, action=None):
    html = client.get(url).content.decode()
    forms = [form for form in forms_in(html, url) if form.token("form_token")]
    return next(form for form in forms if action in {None, form.action}).token("form_token")


@pytest.fixture
def draft(now):
    orderer = make_orderer()
    organisation = orderer.memberships.get().organisation
    return start(by=orderer, at=now, organisation=organisation)


def test_back_correct_and_send_saves_the_correction(client, draft):
    client = signed(draft.contact)
    url = reverse("orderer:order-step", args=[draft.pk, "what"])
    form = {"form_token": token_of(client, url), "go": "later", "title": "Ensimmäinen"}

    client.post(url, form)
    client.post(url, form | {"title": "Korjattu"})

    draft.refresh_from_db()
    assert draft.title == "Korjattu"


def test_the_same_form_again_gets_the_same_answer(draft):
    client = signed(draft.contact)
    url = reverse("orderer:organisation")
    action = reverse("orderer:unit-add")
    form = {"form_token": token_of(client, url, action), "unit-name": "Kirjasto"}

    answers = [client.post(action, form) for _n in range(3)]

    assert [(a.status_code, a["Location"]) for a in answers] == [(303, url)] * 3
    assert Unit.objects.filter(name="Kirjasto").count() == 1


def test_a_changed_form_that_makes_one_more_is_asked_about_and_then_taken(draft):
    client = signed(draft.contact)
    url, action = reverse("orderer:organisation"), reverse("orderer:unit-add")
    form = {"form_token": token_of(client, url, action), "unit-name": "Kirjsto"}
    client.post(action, form)

    asked = client.post(action, form | {"unit-name": "Kirjasto"})

    assert asked.status_code == 409
    assert Unit.objects.count() == 1
    held = next(f for f in forms_in(asked.content.decode(), action) if f.token("unit-name"))
    assert held.token("unit-name") == "Kirjasto"
    assert f'href="{url}"' in asked.content.decode()
    client.post(held.action, held.data())
    client.post(held.action, held.data())
    assert sorted(Unit.objects.values_list("name", flat=True)) == ["Kirjasto", "Kirjsto"]


def test_a_corrected_question_is_asked_about_before_it_comes_beside_the_first(client, now):
    url = reverse("public:advice")
    form = {
        "form_token": token_of(client, url), "topic": "order", "words": "Miten tilan?",
        "email": "kysyja@example.test", "shown": signing.dumps(now.timestamp() - 60, salt="luukku.ask"),
    }  # fmt: skip
    client.post(url, form)

    asked = client.post(url, form | {"words": "Miten tilaan?"})

    assert asked.status_code == 409
    assert "Miten tilaan?" in asked.content.decode()
    assert Question.objects.count() == 1


def test_no_after_yes_from_the_same_page_says_that_yes_was_recorded_and_how_to_cancel(now):
    offer = make_offer(now)
    client = signed(offer.expert.user)
    page = reverse("expert:offer", args=[offer.pk])
    token = token_of(client, page)
    client.post(reverse("expert:offer-accept", args=[offer.pk]), {"form_token": token})

    late = client.post(
        reverse("expert:offer-decline", args=[offer.pk]), {"form_token": token}, follow=True
    )

    task = Assignment.objects.get()
    assert late.status_code == 200
    assert "You had already said yes" in late.content.decode()
    assert reverse("expert:task-cancel", args=[task.pk]) in late.content.decode()
    assert Offer.objects.get().state == "accepted"


def test_yes_after_no_from_the_same_page_says_that_no_was_recorded(now):
    offer = make_offer(now)
    client = signed(offer.expert.user)
    token = token_of(client, reverse("expert:offer", args=[offer.pk]))
    client.post(reverse("expert:offer-decline", args=[offer.pk]), {"form_token": token})

    late = client.post(
        reverse("expert:offer-accept", args=[offer.pk]), {"form_token": token}, follow=True
    )

    assert late.status_code == 200
    assert "You had already said no" in late.content.decode()
    assert not Assignment.objects.exists()


def test_another_persons_token_is_not_taken_for_the_own_one(now):
    organisation, other = make_organisation(), make_organisation()
    token = str(uuid.uuid4())
    clerk = make_coordinator()
    for found in (organisation, other):
        signed(clerk).post(
            reverse("counter:add-unit", args=[found.pk]),
            {"form_token": token, "unit-name": "Yksikkö"},
        )

    assert Unit.objects.count() == 2


def test_refused_forms_leave_no_trace_and_may_come_again(client, now):
    url = reverse("public:advice")
    form = {"form_token": token_of(client, url), "topic": "order", "words": ""}

    assert client.post(url, form).status_code == 422

    assert not Submission.objects.exists()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_form_five_times_and_a_changed_one_at_once_are_two_acts():
    clerk, person = make_coordinator(), make_person("Pekka Puhelin")
    url, token = reverse("counter:person", args=[person.pk]), str(uuid.uuid4())
    form = {"name": "Pekka P", "phone": "", "language": "fi", "form_token": token}
    clients = [signed(clerk) for _n in range(6)]

    answers = at_once(
        [partial(c.post, url, form) for c in clients[:5]]
        + [partial(clients[5].post, url, form | {"name": "Pekka Puhelias"})]
    )

    assert errors(answers) == []
    assert {(a.status_code, a["Location"]) for a in answers} == {(303, url)}
    assert Submission.objects.count() == 2


@pytest.mark.parametrize("wrong", ["another site", "no token"])
def test_a_form_again_is_asked_first_whether_it_comes_from_here(draft, wrong):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.contact, backend="django.contrib.auth.backends.ModelBackend")
    url, action = reverse("orderer:organisation"), reverse("orderer:unit-add")
    forms = forms_in(client.get(url).content.decode(), url)
    form = next(form for form in forms if form.action == action).data() | {"unit-name": "Kirjasto"}
    here = {"HTTP_ORIGIN": "http://testserver"}
    assert client.post(action, form, **here).status_code == 303
    if wrong == "another site":
        here = {"HTTP_ORIGIN": "https://paha.example"}
    else:
        form = {name: value for name, value in form.items() if name != "csrfmiddlewaretoken"}

    again = client.post(action, form, **here)

    assert (again.status_code, again.get("Location")) == (403, None)
    assert Unit.objects.count() == 1
