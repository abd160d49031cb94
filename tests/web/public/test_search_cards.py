"""Cards in the search: the limit, the reason for more, and what the counter sees of it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from luukku.audit.models import AccessLog
from luukku.core.duty import call, queue
from luukku.search.actions import show_cards
from luukku.search.models import WideReading
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member
from tests.factories.search import ask_for_more_cards
from tests.markup import said
from tests.web.valid import faults

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"
SEARCH, WIDER = "/fi/search/", "/fi/search/wider/"
ALL = {"q": "koditon", "kind": "experts"}


@pytest.fixture(autouse=True)
def _limit(settings):
    settings.LUUKKU_CARDS_A_DAY = 3


@pytest.fixture
def experts(now):
    return [make_expert(at=now, themes=("homelessness",)) for _n in range(5)]


@pytest.fixture
def orderer():
    return make_member()


def signed_in(person):
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def shown(answer):
    return [card.code_name for card in answer.context["experts"]]


def test_search_shows_as_many_cards_as_the_limit_lets_and_says_so(experts, orderer):
    answer = signed_in(orderer).get(SEARCH, {"q": "koditon", "kind": "experts"})

    assert (len(shown(answer)), answer.context["hidden_cards"]) == (3, 2)
    page = said(answer)
    assert "Tältä sivulta jää näyttämättä 2 kokemusasiantuntijaa" in page
    assert f"{WIDER}?q=koditon&amp;kind=experts" in page
    hidden = {expert.code_name for expert in experts} - set(shown(answer))
    assert not any(name in page for name in hidden)


def test_search_notes_whose_cards_were_shown_and_nobody_elses(experts, orderer):
    answer = signed_in(orderer).get(SEARCH, ALL)

    by_name = {expert.code_name: expert.user_id for expert in experts}
    row = AccessLog.objects.get(reader_id=orderer.pk)
    assert set(row.person_ids) == {by_name[name] for name in shown(answer)}
    assert (row.why, row.reader_as) == ("public:search", "orderer")


@pytest.mark.parametrize("number", [1, 3, 4])
def test_search_counts_as_many_experts_as_it_shows(now, orderer, settings, number):
    settings.LUUKKU_CARDS_A_DAY = 30
    for _n in range(number):
        make_expert(at=now, themes=("homelessness",))

    answer = signed_in(orderer).get(SEARCH, {"q": "koditon"})

    assert len(shown(answer)) == number
    assert answer.context["found"].experts.paginator.count == number
    counts = {url: choice.count for choice, url in answer.context["kinds"]}
    assert counts["?q=koditon&kind=experts"] == str(number)


def test_search_of_the_counter_is_not_limited_but_noted(experts):
    coordinator = make_coordinator()

    answer = signed_in(coordinator).get(SEARCH, ALL)

    assert (len(shown(answer)), answer.context["hidden_cards"]) == (5, 0)
    assert set(AccessLog.objects.get(reader_id=coordinator.pk).person_ids) == {
        expert.user_id for expert in experts
    }


def test_search_shows_more_once_a_reason_is_given(experts, orderer):
    client = signed_in(orderer)
    client.get(SEARCH, ALL)

    answer = client.post(f"{WIDER}?q=koditon&kind=experts&odd=1", {"reason": "Luentosarja"})

    assert (answer.status_code, answer["Location"]) == (303, f"{SEARCH}?q=koditon&kind=experts")
    assert len(shown(client.get(SEARCH, ALL))) == 5
    assert WideReading.objects.get().reason == "Luentosarja"


@pytest.mark.parametrize("reason", ["x", "   x   "])
def test_search_takes_no_letter_for_a_reason(experts, orderer, reason):
    client = signed_in(orderer)
    client.get(SEARCH, ALL)

    answer = client.post(f"{WIDER}?q=koditon&kind=experts", {"reason": reason})

    assert (answer.status_code, WideReading.objects.exists()) == (422, False)
    assert "Kerro muutamalla sanalla, mihin tarvitset heitä." in answer.content.decode()


@pytest.mark.parametrize("kind", ["experts", "calls", "practice"])
def test_narrowed_search_without_a_hit_says_so(experts, orderer, kind):
    page = signed_in(orderer).get(SEARCH, {"q": "qwxzqwxz", "kind": kind}).content.decode()

    status = page.split('<div role="status">')[1].split("</div>")[0]
    assert "”qwxzqwxz” ja näillä rajauksilla ei löytynyt" in status


def test_search_keeps_what_was_typed_for_a_reason(experts, orderer):
    client = signed_in(orderer)
    client.get(SEARCH, ALL)

    empty = client.post(f"{WIDER}?q=koditon", {"reason": " "})
    long = client.post(f"{WIDER}?q=koditon", {"reason": "pitkä " * 400})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "pitkä pitkä" in long.content.decode()
    assert not WideReading.objects.exists()


@pytest.mark.parametrize(
    ("make", "status"),
    [
        (make_member, 200),
        (make_person, 403),
        (make_coordinator, 403),
        (make_admin, 403),
        (make_steering, 403),
    ],
)
def test_reason_is_asked_only_of_who_orders(make, status):
    client = signed_in(make())

    assert client.get(WIDER).status_code == status
    if status == 403:
        assert client.post(WIDER, {"reason": "x"}).status_code == 403


@pytest.fixture
def asked(orderer, now):
    return ask_for_more_cards(now, by=orderer, reason="Haluan nähdä kaikki")


def test_counter_has_the_reason_in_its_queue_until_it_is_seen(asked, orderer, now):
    client, ((duty, called),) = (
        signed_in(make_coordinator()),
        call(queue(at=now, kind="wide_reading")),
    )

    page = client.get(duty.url).content.decode()
    answer = client.post(duty.url)

    assert called.title == orderer.name
    assert "Haluan nähdä kaikki" in page
    assert orderer.memberships.get().organisation.name in page
    assert answer.status_code == 303
    assert queue(at=now, kind="wide_reading") == []
    assert "I have seen this" not in client.get(duty.url).content.decode()


def test_counter_sees_who_reads_many_cards(asked, orderer):
    answer = signed_in(make_coordinator()).get(reverse("counter:wide-readers"))

    [row] = answer.context["list"].rows
    assert [cell.value for cell in row.cells] == [
        orderer.name, [orderer.memberships.get().organisation.name], 3, 1, 3,
    ]  # fmt: skip
    assert row.url == reverse("counter:person", args=[orderer.pk])
    assert faults(answer.content.decode()) == []


def test_readers_of_many_cards_are_ordered_and_narrowed():
    few, many = make_member(name="Aino Aalto"), make_member(name="Onni Öhman")
    show_cards([1], to=few, at=timezone.now())
    show_cards([1, 2], to=many, at=timezone.now())
    client = signed_in(make_coordinator())

    def shown(**query):
        rows = client.get(reverse("counter:wide-readers"), query).context["list"].rows
        return [row.of.name for row in rows]

    assert shown() == ["Onni Öhman", "Aino Aalto"]
    assert shown(sort="name") == ["Aino Aalto", "Onni Öhman"]
    assert shown(q="öhman") == ["Onni Öhman"]


@pytest.mark.parametrize("make", [make_person, make_member, make_admin, make_steering])
def test_nobody_else_sees_who_reads_many_cards(make, asked):
    client = signed_in(make())

    for address in (
        reverse("counter:wide-readers"),
        reverse("counter:wide-reading", args=[asked.pk]),
    ):
        assert client.get(address).status_code == 403
    assert client.post(reverse("counter:wide-reading", args=[asked.pk])).status_code == 403
    assert WideReading.objects.waiting().count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_list_of_readers_asks_the_same_number_of_queries(rows, django_assert_num_queries):
    for _n in range(rows):
        show_cards([1, 2], to=make_member(), at=timezone.now())
    client = signed_in(make_coordinator())

    with django_assert_num_queries(9):
        answer = client.get(reverse("counter:wide-readers"))

    assert len(answer.context["list"].rows) == rows
