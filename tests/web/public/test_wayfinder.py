"""“Where do I start?”: every answer leads to a question or a door, every way back leads to the first."""

import pytest
from django.urls import reverse

from luukku.web.public.wayfinder import NODES, START, Ask, Door

pytestmark = pytest.mark.django_db


def test_where_every_answer_leads_somewhere_and_every_page_is_reached():
    reached = {START}
    for node in NODES.values():
        if isinstance(node, Ask):
            reached |= {to for _words, to in node.answers}

    assert reached == NODES.keys()


def test_where_the_way_back_leads_to_the_first_question():
    for node in NODES.values():
        steps = 0
        while node.before:
            node, steps = NODES[node.before], steps + 1
            assert isinstance(node, Ask)
            assert steps < 5
        assert node is NODES[START]


def test_where_ends_at_every_door_of_the_plan():
    targets = {
        name for node in NODES.values() if isinstance(node, Door) for _w, name, _q in node.buttons
    }

    assert targets == {
        "public:order-start", "public:programmes", "public:task-types", "expert:start", "public:calls", "public:become",
        "public:advice",
    }  # fmt: skip


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("node", sorted(NODES))
def test_where_page_opens_names_112_and_remembers_nothing(
    client, node, language, django_assert_num_queries
):
    with django_assert_num_queries(node == "acute"):  # there, the lines to call
        page = client.get(f"/{language}/where/{node}/")

    assert page.status_code == 200
    assert 'href="tel:112"' in page.content.decode()
    assert "sessionid" not in page.cookies


def test_where_is_linked_from_the_start_page_and_the_first_question_is_there(client):
    assert (
        f'href="{reverse("public:where")}"' in client.get(reverse("public:start")).content.decode()
    )
    assert client.get("/fi/where/").status_code == 200
    assert client.get("/fi/where/no-such/").status_code == 404


def test_where_satakunta_s_points_are_satakunta_s(client, settings):
    assert "Ulvilassa" in client.get("/fi/where/peer/").content.decode()
    settings.LUUKKU_REGION = "kainuu"

    assert "Ulvilassa" not in client.get("/fi/where/peer/").content.decode()


@pytest.mark.parametrize("phone", ["", "02 123"])
def test_where_person_shows_a_number_only_when_there_is_one(client, settings, phone):
    settings.LUUKKU_COUNTER_PHONE = phone

    page = client.get("/fi/where/person/").content.decode()

    assert ('href="tel:02123"' in page) == bool(phone)
