"""The main job in real browsers: an order from draft to "what changed", by three people in Finnish."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from luukku.assignments.models import Assignment
from luukku.config.scenarios import load
from luukku.core.times import helsinki
from luukku.notices.models import Letter
from luukku.orders.models import Order
from luukku.orders.states import OrderState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "pitkä-salasana-testissä"


@pytest.fixture
def people():
    return load(
        {
            "people": [
                {"key": "tarja", "name": "Tarja Luukku", "email": "tarja@example.test", "roles": ["coordinator"], "password": PASSWORD},
                {"key": "olli", "name": "Olli Opettaja", "email": "olli@example.test", "password": PASSWORD},
                {"key": "kaisa", "name": "Kaisa Kokemus", "email": "kaisa@example.test", "phone": "040 123", "password": PASSWORD},
            ],
            "organisations": [
                {"key": "school", "name": "Jokivarren opisto", "kind": "school", "municipality": "Pori",
                 "members": [{"person": "olli", "role": "orderer", "is_contact": True}]},
            ],
            "experts": [
                {"key": "k", "person": "kaisa", "municipality": "Rauma", "reach_km": 80, "task_types": ["lecture"],
                 "languages": ["fi"], "experiences": [{"theme": "homelessness"}]},
            ],
        }
    )  # fmt: skip


def sign_in(chromium, live_server, email):
    page = chromium.new_context(locale="fi-FI", viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{live_server.url}/fi/account/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form.form button")
    page.wait_for_load_state()
    return page


def press(page, name):
    page.get_by_role("button", name=name, exact=True).first.click()
    page.wait_for_load_state()


def test_journey_order_from_draft_to_what_changed(chromium, live_server, people):
    orderer = sign_in(chromium, live_server, "olli@example.test")
    counter = sign_in(chromium, live_server, "tarja@example.test")
    expert = sign_in(chromium, live_server, "kaisa@example.test")
    day = helsinki(timezone.now()).date() + timedelta(days=14)

    # The orderer fills in five steps and sends.
    orderer.goto(f"{live_server.url}/fi/orderer/orders/new/")
    press(orderer, "Aloita tilaus")
    orderer.select_option("[name=task_type]", label="Luento tai oppitunti")
    orderer.fill("[name=title]", "Vierailu kurssilla")
    orderer.fill("[name=goal]", "Opiskelijat uskaltavat kohdata")
    orderer.fill("[name=expert_does]", "Kertoo ja vastaa")
    press(orderer, "Tallenna ja jatka")
    orderer.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    orderer.get_by_label("Asunnottomuus", exact=True).first.check()
    orderer.fill("[name=audience]", "Toisen vuoden opiskelijat")
    press(orderer, "Tallenna ja jatka")
    orderer.select_option("[name=municipality]", label="Pori")
    orderer.fill("[name=day1]", day.isoformat())
    orderer.fill("[name=from1]", "13:00")
    orderer.fill("[name=to1]", "14:30")
    press(orderer, "Tallenna ja jatka")
    orderer.check("[name=payment][value=agreed]")
    orderer.fill("[name=fee_eur]", "100")
    press(orderer, "Tallenna ja jatka")
    press(orderer, "Lähetä tilaus")
    order = Order.objects.get()
    assert order.state == OrderState.SENT

    # The counter finds it in the queue, accepts, searches and asks the one who fits.
    counter.goto(f"{live_server.url}/fi/counter/")
    counter.get_by_role("link", name=re.compile("Vierailu kurssilla")).click()
    press(counter, "Hyväksy ja etsi")
    assert "asunnottomuus" in counter.inner_text("main").replace("\xad", "").lower()
    assert "Kaisa" not in counter.inner_text("form[action*=propose]")
    counter.locator("input[name=experts]").first.check()
    press(counter, "Kysy valituilta")

    # Before the yes the orderer sees no name; the expert reads and says yes.
    orderer.goto(f"{live_server.url}/fi/orderer/orders/{order.pk}/")
    assert "Kaisa" not in orderer.inner_text("main").replace("\xad", "")
    expert.goto(f"{live_server.url}/fi/expert/")
    expert.get_by_role("link", name=re.compile("Luento")).first.click()
    assert "Vierailu kurssilla" in expert.inner_text("main").replace("\xad", "")
    press(expert, "Kyllä, teen sen")
    orderer.reload()
    assert "Kaisa Kokemus" in orderer.inner_text("main").replace("\xad", "")
    assert "040 123" in orderer.inner_text("main").replace("\xad", "")

    # Time passes; the task is done, both tell how it went.
    task = Assignment.objects.get()
    now = timezone.now()
    Assignment.objects.filter(pk=task.pk).update(
        starts_at=now - timedelta(hours=3), ends_at=now - timedelta(hours=1)
    )
    expert.goto(f"{live_server.url}/fi/expert/tasks/{task.pk}/")
    press(expert, "Tehtävä on tehty")
    feedback(expert)
    link = Letter.objects.get(kind="feedback.wanted", reader__email="olli@example.test").link
    orderer.goto(live_server.url + link.removeprefix("http://testserver"))
    feedback(orderer)
    order.refresh_from_db()
    assert order.state == OrderState.CLOSED

    # What changed: the orderer tells, the expert reads.
    orderer.goto(f"{live_server.url}/fi/orderer/orders/{order.pk}/changed/")
    orderer.fill("[name=words]", "Kutsukirje on nyt selkeämpi.")
    press(orderer, "Lähetä vastaus")
    expert.goto(f"{live_server.url}/fi/expert/tasks/{task.pk}/")
    assert "Kutsukirje on nyt selkeämpi." in expert.inner_text("main").replace("\xad", "")


def feedback(page):
    for scale in ("smooth", "useful", "heard", "again"):
        page.locator(f"[name={scale}][value='5']").check()
    press(page, "Lähetä palaute")


def test_journey_works_without_javascript_by_keyboard(chromium, live_server, people):
    context = chromium.new_context(
        java_script_enabled=False, locale="fi-FI", viewport={"width": 320, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/fi/advice/")
    page.locator("[name=topic][value=order]").focus()
    page.keyboard.press("Space")
    page.locator("[name=words]").focus()
    page.keyboard.type("Miten tilaan?")
    page.keyboard.press("Tab")
    page.keyboard.type("Kysyjä")
    page.keyboard.press("Tab")
    page.keyboard.type("kysyja@example.test")
    page.wait_for_timeout(2100)  # nobody fills the form in two seconds: robots do

    page.keyboard.press("Enter")

    page.wait_for_url("**/fi/advice/thanks/")


def test_journey_offer_link_is_not_accepted_by_a_mail_scanner(live_server, people):
    made = load(
        {
            "people": [{"key": "a", "name": "A"}, {"key": "b", "name": "B", "email": "b@example.test"}],
            "organisations": [{"key": "o", "name": "O", "kind": "ngo", "members": [{"person": "a", "role": "orderer"}]}],
            "experts": [{"key": "e", "person": "b", "municipality": "Pori", "task_types": ["talk"], "experiences": [{"theme": "debt"}]}],
            "orders": [{"key": "x", "organisation": "o", "contact": "a", "task_type": "talk", "themes": [{"theme": "debt"}],
                        "municipality": "Pori", "offers": [{"expert": "e"}],
                        "times": [{"starts_at": (timezone.now() + timedelta(days=9)).isoformat(),
                                   "ends_at": (timezone.now() + timedelta(days=9, hours=1)).isoformat()}]}],
        }
    )  # fmt: skip
    link = Letter.objects.get(kind="assignments.offered", reader__email="b@example.test").link
    path = link.removeprefix("http://testserver")

    for _n in range(3):
        assert Client().get(path).status_code == 200

    assert not Assignment.objects.filter(order_id=made["orders"]["x"]).exists()
