"""What was looked for in vain, at the counter."""

from datetime import date

import pytest
from django.urls import reverse

from luukku.search.actions import note_miss
from luukku.search.models import Miss
from luukku.search.queries import search, waiting_misses
from tests.factories.accounts import make_admin, make_coordinator
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
URL = reverse("counter:misses")


@pytest.fixture
def words():
    note_miss("zumblata", language="fi", on=date(2026, 12, 1))
    return Miss.objects.get().words


@pytest.fixture
def coordinator(client):
    person = make_coordinator()
    client.force_login(person, backend=BACKEND)
    return person


def test_misses_are_listed(client, coordinator, words):
    page = client.get(URL).content.decode()

    assert words in page
    assert URL in client.get(reverse("counter:words")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_misses_ask_the_same_number_of_queries(
    client, coordinator, rows, django_assert_num_queries
):
    for number in range(rows):
        note_miss(f"zumbla{'abc'[number]}x", language="sv", on=date(2026, 12, 1))

    with django_assert_num_queries(6):
        client.get(URL)


def test_misses_can_be_dismissed_once(client, coordinator, words):
    form = {"words": words, "language": "fi"}

    first = client.post(reverse("counter:miss-dismiss"), form, follow=True).content.decode()
    second = client.post(reverse("counter:miss-dismiss"), form, follow=True).content.decode()

    assert "Off the list" in first
    assert "already seen to" in second
    assert not waiting_misses()


def test_misses_can_lead_to_a_theme(client, coordinator, words):
    form = {"words": words, "language": "fi", "theme": "debt"}

    page = client.post(reverse("counter:miss-synonym"), form, follow=True).content.decode()
    again = client.post(reverse("counter:miss-synonym"), form, follow=True).content.decode()

    assert "lead to the theme from now on" in page
    assert "already seen to" in again
    assert search("zumblata", language="fi").hits[0].object_id == "debt"


@pytest.mark.parametrize(
    ("said", "offered"),
    [
        ({"theme": "no-such"}, []),
        ({"theme": "", "theme_words": "velka"}, ["debt"]),
        ({"theme": "", "theme_words": ""}, []),
    ],
)
def test_theme_that_is_not_clear_is_asked_at_its_words(client, coordinator, words, said, offered):
    note_miss("kolmelata", language="fi", on=date(2026, 12, 1))
    form = {"words": words, "language": "fi"} | said

    response = client.post(reverse("counter:miss-synonym"), form)

    rows = {miss["words"]: form for miss, form in response.context["rows"]}
    assert (response.status_code, len(waiting_misses())) == (422, 2)
    assert [bool(rows[one].errors) for one in ("zumblata", "kolmelata")] == [True, False]
    page = response.content.decode()
    assert [f'value="{code}"' in page for code in offered] == [True] * len(offered)


def test_misses_stand_by_how_often_or_by_the_last_day(client, coordinator):
    for words, day in (("zumblata", 1), ("zumblata", 2), ("kolmelata", 3)):
        note_miss(words, language="fi", on=date(2026, 12, day))

    orders = [
        [miss["words"] for miss, _form in client.get(URL, {"sort": sort}).context["rows"]]
        for sort in ("", "last", "x")
    ]

    often, late = ["zumblata", "kolmelata"], ["kolmelata", "zumblata"]
    assert orders == [often, late, often]


def test_one_comes_back_to_the_list_as_it_was_ordered(client, coordinator, words):
    form = {"words": words, "language": "fi"}

    response = client.post(f"{reverse('counter:miss-dismiss')}?sort=last", form)

    assert response["Location"] == f"{reverse('counter:misses')}?sort=last"


@pytest.mark.parametrize("make", [make_admin, make_orderer])
@pytest.mark.parametrize("name", ["misses", "miss-dismiss", "miss-synonym"])
def test_misses_are_for_the_coordinator(client, words, make, name):
    client.force_login(make(), backend=BACKEND)
    url = reverse(f"counter:{name}")
    form = {"words": words, "language": "fi", "theme": "debt"}

    response = client.get(url) if name == "misses" else client.post(url, form)

    assert response.status_code == 403
    assert len(waiting_misses()) == 1


def test_words_switched_off_are_not_found_any_more(client, coordinator):
    client.post(reverse("counter:switch"), {"group": "task_types", "was": "panel"})

    assert not [
        h for h in search("paneelikeskustelu", language="fi").hits if h.object_id == "panel"
    ]
