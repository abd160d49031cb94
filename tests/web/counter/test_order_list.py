"""The counter's list of orders: what a coordinator looks for stands in it, in the order and by the filters asked for."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from luukku.core.duty import queue
from luukku.core.times import helsinki
from luukku.orders.states import OrderState
from luukku.taxonomy.models import Municipality
from tests.factories.assignments import make_agreed, make_offer
from tests.factories.orders import make_order, make_orderer, make_vetted_organisation
from tests.markup import flat
from tests.web.valid import faults

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(counter):
    """Return the list as it is shown for a query."""

    def shown(**query):
        response = counter.get(reverse("counter:orders"), query)
        assert response.status_code == 200
        return response

    return shown


def numbers(response):
    return [row.of.pk for row in response.context["list"].rows]


def test_row_tells_number_day_organisation_place_state_and_for_what_it_waits(shown, now):
    order = make_order(now, title="Luento hoitajille")

    page = shown()

    (row,) = page.context["list"].rows
    assert row.url == reverse("counter:order", args=[order.pk])
    assert [cell.column.name for cell in row.cells] == [
        "number", "begins", "title", "organisation", "task_type", "place", "state", "waits", "due_on",
    ]  # fmt: skip
    values = {cell.column.name: cell.value for cell in row.cells}
    assert values["number"] == order.pk
    assert values["begins"] == order.times.get().starts_at
    assert values["title"] == "Luento hoitajille"
    assert values["organisation"] == order.organisation.name
    assert values["place"] == "Pori"
    assert str(values["waits"]) == "the counter to act"
    (duty,) = queue(at=now, kind="order")
    assert values["due_on"] == helsinki(duty.due).date()
    assert faults(page.content.decode()) == []


def test_list_stands_by_the_day_of_the_event_and_turns_by_a_press_on_a_head(shown, now):
    late, soon = make_order(now, days=(30,)), make_order(now, days=(10,))

    page = shown()
    heads = {head.label: head for head in page.context["list"].headers}
    turned = shown(sort="-begins")

    assert numbers(page) == [soon.pk, late.pk]
    assert (heads["Time of the event"].aria_sort, heads["Time of the event"].url) == (
        "ascending",
        "?sort=-begins",
    )
    assert (heads["No."].aria_sort, heads["No."].url) == ("", "?sort=number")
    assert re.findall(r'aria-sort="(\w+)"', page.content.decode()) == ["ascending"]
    assert numbers(turned) == [late.pk, soon.pk]
    assert re.findall(r'aria-sort="(\w+)"', turned.content.decode()) == ["descending"]


def test_names_are_in_the_finnish_order(shown, now):
    made = {name: make_order(now, title=name) for name in ("Öljy", "Ääni", "zen", "Åke", "apu")}

    assert numbers(shown(sort="title")) == [
        made[name].pk for name in ("apu", "zen", "Åke", "Ääni", "Öljy")
    ]


def test_open_ones_are_shown_first_and_each_chip_tells_how_many_it_holds(shown, now):
    sent, agreed = make_order(now), make_agreed(now).order
    declined = make_order(now, state=OrderState.DECLINED)

    page = shown()
    chips = {chip.key: chip.number for chip in page.context["list"].filters.chips}

    assert set(numbers(page)) == {sent.pk, agreed.pk}
    assert chips == {"open": 2, "all": 3, "sent": 1, "staffed": 1, "declined": 1}
    assert numbers(shown(state="declined")) == [declined.pk]
    assert len(numbers(shown(state="all"))) == 3


def test_chips_count_what_the_other_filters_leave(shown, now):
    make_order(now, title="Luento")
    make_order(now, title="Luento", state=OrderState.DECLINED)
    make_order(now, title="Paneeli")

    page = shown(q="luento", state="sent")

    assert page.context["list"].number == 1
    assert {c.key: c.number for c in page.context["list"].filters.chips} == {
        "open": 1, "all": 2, "sent": 1, "declined": 1,
    }  # fmt: skip


def test_filters_leave_the_orders_that_fit_all_of_them(shown, now):
    other = make_vetted_organisation("Muu")
    mine = make_order(now, orderer=make_orderer(other), days=(10,))
    asked = make_offer(now).order
    rauma = make_order(now, days=(40,), municipality=Municipality.objects.get(code="684"))
    day = (now + timedelta(days=12)).date().isoformat()

    assert numbers(shown(organisation=other.pk)) == [mine.pk]
    assert numbers(shown(waits="experts")) == [asked.pk]
    assert numbers(shown(until=day)) == [mine.pk]
    assert mine.pk not in numbers(shown(since=day))
    assert numbers(shown(municipality="609", organisation=other.pk, q=str(mine.pk))) == [mine.pk]
    assert numbers(shown(municipality="684")) == [rauma.pk]
    assert rauma.pk not in numbers(shown(municipality="609"))


@pytest.mark.parametrize(
    "words", ["luento hiltunen", "Hiltunen  luento", "hoitajille 765", "Amina Hiltunen", "040 765 4321"]
)  # fmt: skip
def test_words_are_found_wherever_each_of_them_stands(shown, now, words):
    orderer = make_orderer(name="Amina Hiltunen", phone="+358 40 765 4321")
    wanted = make_order(now, orderer=orderer, title="Luento hoitajille")
    make_order(now, title="Luento")

    expected = [] if words == "hoitajille 765" else [wanted.pk]  # three digits are in many numbers
    assert numbers(shown(q=words)) == expected


def test_filters_in_use_are_said_and_each_can_be_taken_away(shown, now):
    order = make_order(now, title="Luento")
    asked = {"q": "luento", "organisation": order.organisation_id, "sort": "title", "state": "sent"}

    page = shown(**asked)

    listed = page.context["list"]
    assert [(one.name, one.words) for one in listed.filters.active] == [
        ("organisation", order.organisation.name), ("q", "luento"),
    ]  # fmt: skip
    text = flat(page)
    assert listed.cleared == "?sort=title&amp;state=sent".replace("&amp;", "&")
    assert f'href="?organisation={order.organisation_id}&amp;sort=title&amp;state=sent"' in text
    assert f'name="organisation" value="{order.organisation_id}"' in text
    assert 'name="sort" value="title"' in text
    assert 'name="state" value="sent"' in text


def test_pages_and_heads_keep_the_filters(shown, now):
    for _n in range(31):
        make_order(now, title="Luento")

    page = shown(q="luento", sort="-number")
    text = page.content.decode()

    assert page.context["list"].number == 31
    assert "?q=luento&amp;sort=-number&amp;page=2" in text
    second = shown(q="luento", sort="-number", page="2")
    assert len(numbers(second)) == 1
    heads = {head.label: head.url for head in second.context["list"].headers}
    assert heads["Order"] == "?q=luento&sort=title"


ODD = [
    "page=x", "page=-1", "page=999999999999999999999", "sort=;drop", "sort=--begins", "sort=-", "state=nothing",
    "state=", "state=sent&state=open", "organisation=x", "organisation=99999999999999999999999", "municipality=%00",
    "since=31.2.2026", "since=0001-01-01", "until=9999-12-31", "since=2026-99-99", "q=%00", "q=1.1.0000", "q=31.13.2026", "q=99.99.", "q=%25_%5C%27", "waits=all",
    "q=" + "x" * 3000, "task_type=-1", "page=2&sort=waits&waits=", "q=%F0%9F%98%80", "%ff=%ff", "q=%ed%a0%80",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD)
def test_odd_addresses_are_answered(counter, now, query):
    make_order(now)

    assert counter.get(f"{reverse('counter:orders')}?{query}").status_code == 200


@pytest.mark.parametrize(
    "column",
    [
        "number", "begins", "title", "organisation", "task_type", "place", "state", "waits", "due_on",
    ],
)  # fmt: skip
def test_list_can_be_ordered_by_each_column_both_ways(shown, now, column):
    pair = [make_order(now, title=title, days=days) for title, days in (("a", (10,)), ("b", (20,)))]

    up, down = numbers(shown(sort=column)), numbers(shown(sort=f"-{column}"))

    assert up == [order.pk for order in pair]
    assert down == up[::-1]


def test_list_stands_by_the_deadline_and_what_has_none_comes_last(shown, now):
    far = make_order(now, days=(30,))
    near = make_order(now, state=OrderState.SEARCHING, days=(4,))
    none = make_agreed(now, days=(3,)).order

    up, down = shown(sort="due_on"), shown(sort="-due_on")

    assert numbers(up) == [near.pk, far.pk, none.pk]
    assert numbers(down) == [far.pk, near.pk, none.pk]


@pytest.mark.parametrize("words", ["depression", "masennus", "masentunut", "pori masennus"])
def test_order_is_found_by_its_town_and_its_theme(shown, now, words):
    wanted = make_order(now)
    make_order(
        now, themes=("gambling",), municipality=Municipality.objects.get(code="684"), title="Muu"
    )

    assert numbers(shown(q=words)) == [wanted.pk]


def test_last_day_before_the_first_is_said_at_its_field(shown, now):
    order = make_order(now, days=(10,))
    since, until = ((now + timedelta(days=n)).date().isoformat() for n in (5, 2))

    page = shown(since=since, until=until)

    filters = page.context["list"].filters
    assert filters.form.errors == {"until": ["This day is before the first one."]}
    assert filters.is_unfolded
    assert numbers(page) == [order.pk]
    assert f'value="{until}"' in page.content.decode()
    assert shown(since=since, until=since).context["list"].filters.form.errors == {}


def test_list_speaks_finnish(counter, now):
    make_order(now)

    with translation.override("fi"):
        text = counter.get(reverse("counter:orders")).content.decode()

    assert "Odottaa" in text
    assert "luukkua" in text
    assert "1 osuma" in text


@pytest.mark.parametrize("most, times", [(1000, 1), (0, 2)])
def test_word_is_looked_up_once_and_a_common_one_again_for_the_page(
    shown, now, monkeypatch, most, times
):
    """Not for the number of rows in each state; of a common one that is not told."""
    monkeypatch.setattr("luukku.core.ordering.MOST_KEYS", most)
    order = make_order(now, title="Luento hoitajille")
    make_order(now, title="Keskustelu")

    with CaptureQueriesContext(connection) as queries:
        response = shown(q="hoitaj")

    assert numbers(response) == [order.pk]
    assert response.context["list"].number == 1
    assert sum("UNION" in one["sql"] for one in queries) == times


def test_pages_are_as_many_as_the_chosen_state_has_rows(shown, now):
    for n in range(3):
        make_order(now, state=OrderState.SENT if n else OrderState.DECLINED)

    assert [shown(state=one).context["list"].number for one in ("", "open", "sent", "declined")] == [
        3, 2, 2, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("most", "number", "chip", "words", "file"),
    [
        (2, 2, "2+", "Over 2 found. You can leaf through the first 2", "all rows that you have narrowed the list to, more than 2."),
        (3, 3, "3", "3 found", "the 3 rows that you have narrowed the list to."),
    ],
)  # fmt: skip
def test_of_too_many_rows_it_is_told_how_many_can_be_leafed_through(
    shown, counter, now, monkeypatch, most, number, chip, words, file
):
    monkeypatch.setattr("luukku.web.ui.filters.MOST_BY_STATE", 2)
    monkeypatch.setattr("luukku.web.kit.listing.MOST_FOUND", most)
    orders = [make_order(now, days=(n,)) for n in (1, 2, 3)]

    response = shown(page="9")
    page, printed = flat(response), counter.get(reverse("counter:list-print", args=["orders"]))

    assert numbers(response) == [one.pk for one in orders[:most]]
    assert [response.context["list"].number, response.context["list"].has_more] == [
        number,
        most == 2,
    ]
    assert f"Open ones<b>{chip}</b></a>" in page
    assert [one.number for one in response.context["list"].filters.chips] == [None] * (
        2 + len(OrderState)
    )
    assert words in page
    assert f"The file holds {file}" in page
    assert [row.of.pk for row in printed.context["list"].rows] == [one.pk for one in orders]
    assert printed.context["list"].has_more is False


def test_rows_are_counted_by_state_up_to_some_thousands(shown, now, monkeypatch):
    monkeypatch.setattr("luukku.web.ui.filters.MOST_BY_STATE", 2)
    for state in (OrderState.SENT, OrderState.DECLINED):
        make_order(now, state=state)

    chips = shown().context["list"].filters.chips

    assert {one.key: one.number for one in chips} == {
        "open": 1, "all": 2, "sent": 1, "declined": 1,
    }  # fmt: skip
