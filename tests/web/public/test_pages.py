"""The open pages: they open for everybody in three languages, and say nothing about people."""

import re

import pytest
from django.urls import reverse

from luukku.taxonomy.models import TaskType
from tests.factories.accounts import make_person
from tests.factories.assignments import make_search
from tests.factories.orders import make_order
from tests.markup import flat

pytestmark = pytest.mark.django_db
PAGES = [
    "start", "become", "task-types", "calls", "privacy", "accessibility", "advice", "order-start",
    "feedback-door",
]  # fmt: skip
DOORS = ["order-start", "programmes", "become", "calls", "feedback-door", "advice"]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_page_opens_in_each_language(client, name, language):
    url = "/" + language + reverse(f"public:{name}").removeprefix("/en")

    page = client.get(url)

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.parametrize("name", [*PAGES, "search", "where"])
def test_page_tells_search_engines_what_it_is_about_and_its_one_address(client, name):
    url = reverse(f"public:{name}")

    page = flat(client.get(f"{url}?from=/fi/"))

    assert re.search(r'<meta name="description" content="[^"]{20,}">', page)
    assert re.findall(r'<link rel="canonical" href="([^"]*)">', page) == [f"http://testserver{url}"]


def test_start_has_the_five_doors(client):
    page = client.get(reverse("public:start")).content.decode()

    main = page.split("<main", 1)[1]
    assert [name for name in DOORS if f'href="{reverse(f"public:{name}")}"' in main] == DOORS


def test_start_asks_for_changes_itself_its_neighbours_and_its_links(
    client, django_assert_num_queries
):
    with django_assert_num_queries(4):
        client.get(reverse("public:start"))


def test_welcome_is_for_people_with_an_account(client):
    url = reverse("public:welcome")
    assert client.get(url).status_code == 302
    client.force_login(make_person(), backend="django.contrib.auth.backends.ModelBackend")

    page = client.get(url).content.decode()

    assert reverse("expert:start") in page
    assert reverse("orderer:found") in page


def test_task_type_switched_off_is_not_found(client):
    url = reverse("public:task-type", args=["talk"])
    assert client.get(url).status_code == 200
    TaskType.objects.filter(code="talk").update(is_active=False)

    assert client.get(url).status_code == 404
    assert url not in client.get(reverse("public:task-types")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_calls_ask_the_same_number_of_queries(client, now, rows, django_assert_num_queries):
    for _n in range(rows):
        make_search(now, is_open_call=True)

    with django_assert_num_queries(4):
        page = client.get(reverse("public:calls"))

    assert len(page.context["calls"]) == rows


def test_calls_tell_kind_and_place_but_neither_theme_nor_orderer(client, now):
    order = make_search(now, is_open_call=True, themes=("homelessness",))

    page = client.get(reverse("public:calls")).content.decode()

    assert order.task_type.name in page
    assert order.municipality.name in page
    for hidden in (
        "Homelessness",
        order.title,
        order.organisation.name,
        order.contact.name,
        order.address,
    ):
        assert hidden not in page


def test_calls_leave_out_what_is_not_searched_or_has_passed(client, now):
    make_order(now)

    page = client.get(reverse("public:calls")).content.decode()

    assert "No open calls right now." in page


def test_calls_stand_by_their_first_day(client, now):
    late, soon, between = (
        make_search(now, is_open_call=True, days=days) for days in ((40,), (14,), (20, 50))
    )

    page = client.get(reverse("public:calls"))

    assert [call.pk for call in page.context["calls"]] == [soon.pk, between.pk, late.pk]
