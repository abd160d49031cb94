"""The queue by the keyboard: a few keys to each row and to what is done to the chosen ones."""

import pytest
from django.test import Client
from django.urls import reverse

from luukku.workbench.models import TakenDuty
from tests.factories.accounts import make_coordinator
from tests.factories.orders import make_order

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def orders(now):
    return [make_order(now, title=f"Luento {n}") for n in range(4)]


def open_queue(chromium, live_server, *, script=True, **viewport):
    context = chromium.new_context(
        locale="fi-FI",
        java_script_enabled=script,
        viewport={"width": 1280, "height": 900} | viewport,
    )
    client = Client()
    client.force_login(make_coordinator(), backend=BACKEND)
    session = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([session | {"url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}{reverse('counter:queue').replace('/en/', '/fi/', 1)}?kind=order")
    return page


def under_fingers(page):
    return page.evaluate("document.activeElement.closest('tr')?.id || document.activeElement.name")


def test_rows_are_walked_chosen_taken_and_opened_by_keys(chromium, live_server, orders):
    page = open_queue(chromium, live_server)
    names = page.eval_on_selector_all("td.pick input", "all => all.map(one => one.value)")

    page.keyboard.press("j")
    first = under_fingers(page)
    for key in "jxjjjk":  # to the end, and one back
        page.keyboard.press(key)
    third = under_fingers(page)
    page.keyboard.press("x")
    said = page.inner_text("[data-chosen]")
    page.keyboard.press("v")
    on_bar = under_fingers(page)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    taken = {f"{row.kind}-{row.key}" for row in TakenDuty.objects.all()}
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert (first, third) == (names[0], names[2])
    assert said == "Rivejä valittu: 2"
    assert on_bar == "take"
    assert taken == {names[1], names[2]}
    assert (
        f"/counter/orders/{names[3].removeprefix('order-')}/" in page.url
    )  # after the row where one was
    page.context.close()


def test_keys_are_told_and_switched_off_for_good_and_a_field_takes_its_letters(
    chromium, live_server, orders
):
    page = open_queue(chromium, live_server)

    page.fill("[name=words]", "")
    page.type("[name=words]", "jxk?v")
    written = page.input_value("[name=words]")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    is_told = page.is_visible("details.keys dl")
    page.uncheck("details.keys input")
    page.reload()
    page.keyboard.press("j")

    assert written == "jxk?v"
    assert page.locator(".pick input:checked").count() == 0
    assert is_told
    assert under_fingers(page) is None
    assert page.is_visible("details.keys summary")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_link_after_a_chosen_row_leads_to_what_is_done_to_it(chromium, live_server, orders, script):
    page = open_queue(chromium, live_server, script=script)
    box = page.locator("td.pick input").nth(1)

    box.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    link = page.locator(":focus")
    told, shape = link.inner_text(), link.bounding_box()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert told == "Siirry valittujen toimintoihin"
    assert shape["width"] > 100
    assert page.evaluate("document.activeElement.name") == "take"
    page.context.close()


def test_all_rows_or_all_between_two_are_chosen_at_once_and_counted(chromium, live_server, orders):
    page = open_queue(chromium, live_server)
    boxes = page.locator("td.pick input")

    page.check("[data-choose-all]")
    of_all = (
        boxes.evaluate_all("all => all.map(one => one.checked)"),
        page.inner_text("[data-count]"),
    )
    page.uncheck("[data-choose-all]")
    boxes.nth(0).click()
    boxes.nth(2).click(modifiers=["Shift"])
    of_three = (
        boxes.evaluate_all("all => all.map(one => one.checked)"),
        page.inner_text("[data-count]"),
    )

    assert of_all == ([True] * 4, "(4)")
    assert of_three == ([True, True, True, False], "(3)")
    assert page.evaluate("document.querySelector('[data-choose-all]').indeterminate")


def test_without_a_script_there_is_nothing_that_chooses_all(chromium, live_server, orders):
    page = open_queue(chromium, live_server, script=False)

    assert not page.is_visible("[data-choose-all]")


def test_from_a_duty_a_key_leads_to_the_next_and_another_back_to_the_row(
    chromium, live_server, orders
):
    page = open_queue(chromium, live_server)
    names = page.eval_on_selector_all("td.pick input", "all => all.map(one => one.value)")
    page.keyboard.press("j")
    for key in ("Enter", "n"):
        with page.expect_navigation():
            page.keyboard.press(key)
    second = page.url
    page.focus("[name=words]")
    page.keyboard.press("n")  # a letter of a word
    stays = page.url
    page.evaluate("document.activeElement.blur()")
    with page.expect_navigation():
        page.keyboard.press("q")
    back = under_fingers(page)
    page.keyboard.press("j")

    assert f"/counter/orders/{names[1].removeprefix('order-')}/" in second
    assert stays == second
    assert (back, under_fingers(page)) == (names[1], names[2])
    page.context.close()


def test_keys_that_are_off_lead_nowhere_from_a_duty(chromium, live_server, orders):
    page = open_queue(chromium, live_server)
    page.keyboard.press("?")
    page.uncheck("details.keys input")
    page.click(".duties .what a >> nth=0")
    there = page.url

    page.keyboard.press("n")

    assert page.url == there
    assert not page.is_visible(".opened kbd")
    page.context.close()


def test_fifteen_duties_of_four_groups_are_seen_without_scrolling(chromium, live_server, orders):
    page = open_queue(chromium, live_server)
    page.goto(page.url.partition("?")[0])

    above, row, head = page.evaluate(
        """() => {
            const table = document.querySelector("table.duties"), row = table.querySelector("tbody tr");
            return [
                row.getBoundingClientRect().top, row.getBoundingClientRect().height,
                table.querySelector("caption").getBoundingClientRect().height + 8,
            ];
        }"""
    )

    wraps = 4 * 12  # four labels that take a second line
    assert above + 15 * row + 3 * head + wraps <= 900
