"""A session that ends while a form is filled in: what was typed waits for its writer, and for nobody else."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.orders.actions import start
from luukku.workflow.models import Submission, Typed
from luukku.workflow.tasks import forget_typed
from tests.factories.accounts import make_coordinator
from tests.factories.experts import make_expert
from tests.factories.guidance import make_question
from tests.factories.orders import make_orderer
from tests.factories.organisations import make_organisation
from tests.web.kit.forms.found import forms_in

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


def signed(user):
    client = Client()
    client.force_login(user, backend=BACKEND)
    return client


def end_session(client):
    del client.cookies[settings.SESSION_COOKIE_NAME]


def form_on(client, page, action=None):
    html = client.get(page).content.decode()
    forms = [form for form in forms_in(html, page) if form.token("form_token")]
    return next(form for form in forms if form.action == (action or page))


def next_of(response):
    return parse_qs(urlsplit(response["Location"]).query)["next"][0]


@pytest.fixture
def draft(now):
    orderer = make_orderer()
    return start(by=orderer, at=now, organisation=orderer.memberships.get().organisation)


def test_what_was_typed_into_the_order_is_there_after_signing_in_and_can_be_sent(draft):
    client = signed(draft.contact)
    page = reverse("orderer:order-step", args=[draft.pk, "what"])
    typed = form_on(client, page).data() | {
        "title": ["Vierailu <kurssille> & muuta"],
        "go": ["later"],
    }
    end_session(client)

    away = client.post(page, typed)

    assert (away.status_code, next_of(away)) == (302, page)
    assert not Submission.objects.exists()
    client.force_login(draft.contact, backend=BACKEND)
    html = client.get(page).content.decode()
    assert "What you wrote is here" in html
    form = next(f for f in forms_in(html, page) if f.action == page and f.token("form_token"))
    assert form.data()["title"] == ["Vierailu <kurssille> & muuta"]
    assert client.post(page, form.data() | {"go": "later"}).status_code == 303
    draft.refresh_from_db()
    assert draft.title == "Vierailu <kurssille> & muuta"
    assert not Typed.objects.exists()
    assert "What you wrote is here" not in client.get(page).content.decode()


def test_the_same_page_sent_again_after_signing_in_is_taken(draft):
    """Its token was not burned by the sending that found nobody signed in."""
    client = signed(draft.contact)
    page = reverse("orderer:order-step", args=[draft.pk, "what"])
    typed = form_on(client, page).data() | {"title": ["Vierailu"], "go": ["later"]}
    end_session(client)
    client.post(page, typed)
    client.force_login(draft.contact, backend=BACKEND)

    client.post(page, typed)

    draft.refresh_from_db()
    assert draft.title == "Vierailu"


def test_boxes_choices_and_long_texts_come_back(now):
    expert = make_expert()
    client = signed(expert.user)
    page = reverse("expert:profile-section", args=["place"])
    typed = form_on(client, page).data()
    typed.pop("is_remote_ok", None)
    typed |= {"reach_km": ["77"], "equipment": ["Rivi 1\nRivi 2"], "shows_municipality": ["on"]}
    end_session(client)
    client.post(page, typed)
    client.force_login(expert.user, backend=BACKEND)

    sent = form_on(client, page).data()

    for name, values in typed.items():
        if name not in {"csrfmiddlewaretoken", "form_token"}:
            assert (name, sent.get(name)) == (name, values)
    assert "is_remote_ok" not in sent


def test_what_was_typed_is_never_given_to_somebody_else(draft):
    client = signed(draft.contact)
    page = reverse("orderer:organisation")
    secret = "Salainen sana"
    typed = form_on(client, page).data() | {"name": [secret]}
    end_session(client)
    client.post(page, typed)
    colleague = make_orderer(organisation=draft.organisation)
    client.force_login(colleague, backend=BACKEND)

    assert secret not in client.get(page).content.decode()

    elsewhere = signed(draft.contact)  # the same person, another machine
    assert secret not in elsewhere.get(page).content.decode()
    client.force_login(draft.contact, backend=BACKEND)
    assert secret in client.get(page).content.decode()


def test_what_was_typed_lies_encrypted_and_is_forgotten_within_the_hour(draft):
    client = signed(draft.contact)
    page = reverse("orderer:organisation")
    typed = form_on(client, page).data() | {"name": ["Salainen sana"]}
    end_session(client)

    response = client.post(page, typed)

    cookie = response.cookies["typed"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 3600)
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM workflow_typed t")
        row = cursor.fetchone()[0]
    assert "Salainen" not in row
    assert cookie.value not in row
    Typed.objects.update(at=timezone.now() - timedelta(minutes=61))
    client.force_login(draft.contact, backend=BACKEND)
    assert "Salainen" not in client.get(page).content.decode()
    assert forget_typed.func() == 1


def test_an_act_sent_without_a_session_leads_back_to_the_page_it_stood_on(now):
    clerk, organisation = make_coordinator(), make_organisation()
    client = signed(clerk)
    page = reverse("counter:organisation", args=[organisation.pk])
    action = reverse("counter:add-unit", args=[organisation.pk])
    typed = form_on(client, page, action).data() | {"unit-name": ["Kirjasto"]}
    end_session(client)

    away = client.post(action, typed, headers={"referer": f"http://testserver{page}"})
    bare = client.post(action, typed)

    assert next_of(away) == page
    assert next_of(bare) == page
    client.force_login(clerk, backend=BACKEND)
    assert form_on(client, page, action).data()["unit-name"] == ["Kirjasto"]


def test_another_sites_address_is_not_gone_back_to(draft):
    page = reverse("orderer:organisation")

    away = Client().post(page, {}, headers={"referer": "https://evil.example/fi/counter/"})

    assert next_of(away) == page


def test_words_are_shown_where_the_page_has_no_such_form_any_more(draft):
    client = signed(draft.contact)
    page = reverse("orderer:order-cancel", args=[draft.pk])
    typed = form_on(client, page).data() | {"reason": ["Ryhmä peruuntui"]}
    end_session(client)
    client.post(page, typed)
    Typed.objects.update(action="/nowhere/")
    client.force_login(draft.contact, backend=BACKEND)

    html = client.get(page).content.decode()

    assert "Ryhmä peruuntui" in html
    assert "You can copy your words from here" in html


def test_message_to_a_question_opened_by_a_code_waits_for_the_same_question(now):
    def opened(client, question):
        session = client.session
        session["open_question"] = [question.pk, int(now.timestamp())]
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key

    mine, other = (
        make_question(now, code="AAAA-BBBB-CCCC"),
        make_question(now, code="DDDD-EEEE-FFFF"),
    )
    client, page = Client(), reverse("public:advice-opened")
    opened(client, mine)
    html = client.get(page).content.decode()
    typed = next(f for f in forms_in(html, page) if f.token("write")).data() | {
        "words": ["Vielä yksi asia"]
    }
    end_session(client)

    away = client.post(page, typed)

    assert away["Location"] == reverse("public:advice-code")
    opened(client, other)
    assert "Vielä yksi asia" not in client.get(page).content.decode()
    opened(client, mine)
    assert "Vielä yksi asia" in client.get(page).content.decode()


def test_form_opened_before_signing_in_anew_is_held_and_sent_by_one_more_press(draft):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.contact, backend=BACKEND)
    page = reverse("orderer:order-step", args=[draft.pk, "what"])
    typed = form_on(client, page).data() | {"title": ["Vierailu"], "go": ["later"]}
    client.cookies["csrftoken"] = "x" * 32  # what signing in in another tab does

    held = client.post(page, typed, headers={"origin": "http://testserver"})

    assert held.status_code == 403
    assert "nothing is lost" in held.content.decode()
    form = next(f for f in forms_in(held.content.decode(), page) if f.token("title"))
    assert client.post(form.action, form.data()).status_code == 303
    draft.refresh_from_db()
    assert draft.title == "Vierailu"


@pytest.mark.parametrize(
    "change", [{"headers": {"origin": "https://evil.example"}}, {}, {"token": "not-a-token"}]
)
def test_form_that_may_come_from_elsewhere_is_refused_in_our_words(draft, change):
    client = Client(enforce_csrf_checks=True)
    client.force_login(draft.contact, backend=BACKEND)
    page = reverse("orderer:order-step", args=[draft.pk, "what"])
    typed = form_on(client, page).data() | {"title": ["Vierailu"]}
    client.cookies["csrftoken"] = "x" * 32
    headers = change.get("headers", {"origin": "http://testserver"} if "token" in change else {})
    typed["form_token"] = [change.get("token", typed["form_token"][0])]

    refused = client.post(page, typed, headers=headers)

    assert refused.status_code == 403
    assert "Open the page again" in refused.content.decode()
    assert "Vierailu" not in refused.content.decode()


def kept_after_signing_in(page, **typed):
    """The page of a coordinator whose form was sent without a session."""
    coordinator = make_coordinator(language="en")
    client = signed(coordinator)
    action = typed.pop("action", page)
    data = form_on(client, page, action).data() | {name: [words] for name, words in typed.items()}
    end_session(client)
    client.post(action, data)
    client.force_login(coordinator, backend=BACKEND)
    return client.get(page).content.decode()


@pytest.mark.parametrize(("words", "is_told"), [("", False), ("Kysyn.", True)])
def test_form_with_its_first_choices_only_tells_of_nothing_written(words, is_told):
    html = kept_after_signing_in(reverse("counter:question-new"), words=words)

    assert ("What you wrote is here" in html) == is_told


def test_form_that_is_folded_away_is_open_where_it_holds_what_was_written(now):
    question = make_question(now)
    page = reverse("counter:question", args=[question.pk])
    action = reverse("counter:question-said", args=[question.pk])

    html = kept_after_signing_in(page, action=action, said="Soitti uudestaan.")

    before = html[: html.index("What you wrote is here")]
    assert before[before.rindex("<details") :].split(">")[0].endswith(" open")
