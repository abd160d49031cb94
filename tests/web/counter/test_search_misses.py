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

    with django_assert_num_queries(7):
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


def test_misses_lead_to_no_unknown_theme(client, coordinator, words):
    form = {"words": words, "language": "fi", "theme": "no-such"}

    assert client.post(reverse("counter:miss-synonym"), form).status_code == 404


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
    client.post(reverse("counter:switch"), {"of": "task_type", "code": "panel"})

    assert not [
        h for h in search("paneelikeskustelu", language="fi").hits if h.object_id == "panel"
    ]
