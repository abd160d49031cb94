"""Sending a good practice through the web, and what one sees of it afterwards."""

import re

import pytest
from django.test import Client
from wagtail.models import Page

from luukku.content.models import PracticePage
from luukku.taxonomy.models import TaskType, Theme
from tests.content.test_practices import send, send_back, told
from tests.factories.accounts import make_coordinator, make_person
from tests.factories.assignments import make_done
from tests.factories.content import make_section

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
GOOD = {
    "title": "Kahvihetki",
    "intro": "Vartti kahvia.",
    "done": "Tultiin aiemmin.",
    "changed": "Moni jäi.",
}


@pytest.fixture(autouse=True)
def section():
    return make_section("practices")


@pytest.fixture
def sender(client):
    person = make_person()
    client.force_login(person, backend=BACKEND)
    return person


def text_of(response):
    return response.content.decode()


def test_section_invites_to_share(client):
    assert 'href="/fi/practices/new/"' in text_of(client.get("/fi/practices/"))


def test_form_is_for_people_who_have_signed_in(client):
    response = client.get("/fi/practices/new/")

    assert response.status_code == 302
    assert "/account/login/" in response["Location"]


def test_sending_tells_what_happens_next(client, sender):
    more = {
        "task_types": [TaskType.objects.get(code="talk").pk],
        "themes": [Theme.objects.get(code="cancer").pk],
    }

    response = client.post("/fi/practices/new/", GOOD | more, follow=True)

    practice = PracticePage.objects.get(submitted_by=sender)
    assert [theme.code for theme in practice.themes.all()] == ["cancer"]
    assert "Luukku lukee" in text_of(response)
    assert practice.title in text_of(response)


@pytest.mark.parametrize("missing", GOOD)
def test_form_keeps_what_was_typed_and_says_what_is_missing(client, sender, missing):
    response = client.post("/fi/practices/new/", GOOD | {missing: ""})

    assert response.status_code == 422
    assert all(value in text_of(response) for name, value in GOOD.items() if name != missing)
    assert PracticePage.objects.filter(submitted_by=sender).count() == 0


def test_form_without_a_section_in_the_language_goes_to_the_finnish_counter(client, sender):
    Page.objects.filter(url_path="/en/practices/").delete()

    client.post("/en/practices/new/", GOOD)

    assert PracticePage.objects.get(submitted_by=sender).locale.language_code == "fi"


def test_what_came_back_is_changed_and_sent_again(client, sender, at):
    practice = send(sender, at)
    send_back(practice, "Kuinka monta kertaa?")
    address = f"/fi/practices/sent/{practice.pk}/"

    listed, form = client.get("/fi/practices/sent/"), client.get(address)
    client.post(address, GOOD | {"done": "Neljä kertaa."})

    assert f'href="{address}"' in text_of(listed)
    assert "Kuinka monta kertaa?" in text_of(form)
    assert "Ryhmän ohjaajat tulivat" in text_of(form)
    practice.refresh_from_db()
    assert practice.get_latest_revision_as_object().done == "Neljä kertaa."
    again = client.post(address, GOOD, follow=True)
    assert "Teksti on luukulla" in text_of(again)


def test_sent_is_nobody_elses_to_see_or_change(sender, at):
    practice, stranger = send(sender, at), Client()
    send_back(practice)
    stranger.force_login(make_person(), backend=BACKEND)

    assert practice.title not in text_of(stranger.get("/fi/practices/sent/"))
    assert stranger.get(f"/fi/practices/sent/{practice.pk}/").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_sent_query_count(client, sender, at, rows, django_assert_num_queries):
    for _n in range(rows):
        send(sender, at)

    with django_assert_num_queries(6):
        client.get("/fi/practices/sent/")


def test_counter_starts_a_practice_from_what_changed(client, at):
    answer = told(at)
    client.force_login(make_coordinator(), backend=BACKEND)
    address = f"/fi/counter/orders/{answer.order_id}/practice/"

    before = text_of(client.get(f"/fi/counter/orders/{answer.order_id}/"))
    response = client.post(address)

    practice = PracticePage.objects.get(what_changed=answer)
    assert address in before
    assert response["Location"] == f"/cms/pages/{practice.pk}/edit/"
    assert f"/cms/pages/{practice.pk}/edit/" in text_of(
        client.get(f"/fi/counter/orders/{answer.order_id}/")
    )


def test_counter_sees_no_button_without_the_orderers_yes(client, at):
    answer = told(at, may_be_practice=False)
    client.force_login(make_coordinator(), backend=BACKEND)

    assert "/practice/" not in text_of(client.get(f"/fi/counter/orders/{answer.order_id}/"))
    assert client.post(f"/fi/counter/orders/{answer.order_id}/practice/").status_code == 403


def test_orderer_says_yes_by_a_tick(client, at):
    task = make_done(at)
    client.force_login(task.order.contact, backend=BACKEND)

    client.post(
        f"/fi/orderer/orders/{task.order_id}/changed/",
        {"words": "Jono lyheni.", "may_be_practice": "on"},
    )

    task.order.what_changed.refresh_from_db()
    assert task.order.what_changed.may_be_practice


def test_queue_holds_what_waits_to_be_read(client, at, sender):
    practice = send(sender, at)
    coordinator = Client()
    coordinator.force_login(make_coordinator(), backend=BACKEND)

    queue = text_of(coordinator.get("/fi/counter/?kind=page"))

    [way] = set(re.findall(r"/fi/counter/open/page/\d+/", queue))
    assert coordinator.get(way)["Location"] == f"/cms/pages/{practice.pk}/edit/"
