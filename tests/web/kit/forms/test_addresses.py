"""No address of an act is a dead end: looked at, it leads to its page; refused, it says so in our words."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from luukku.matching.queries import match
from luukku.orders.actions import start
from tests.factories.accounts import make_admin, make_coordinator
from tests.factories.assignments import make_agreed, make_search, make_sign_up
from tests.factories.experts import make_expert
from tests.factories.orders import make_orderer

pytestmark = pytest.mark.django_db


def signed(user):
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_address_of_an_act_leads_to_the_page_that_it_belongs_to(now):
    clerk, task = make_coordinator(), make_agreed(now)
    order = task.order
    counter = signed(clerk)
    for act, page in {
        reverse("counter:order-propose", args=[order.pk]): reverse("counter:order", args=[order.pk]),
        reverse("counter:task-debrief", args=[task.pk, "expert"]): reverse("counter:order", args=[order.pk]),
        reverse("counter:person-email", args=[order.contact_id]): reverse("counter:person", args=[order.contact_id]),
        reverse("counter:switch"): reverse("counter:words"),
    }.items():  # fmt: skip
        answer = counter.get(act)
        assert (act, answer.status_code, answer["Location"]) == (act, 303, page)
        assert counter.get(page).status_code == 200


def test_a_strangers_look_at_an_act_tells_nothing_of_its_object(now):
    task = make_agreed(now)
    stranger = signed(make_orderer())

    for pk in (task.pk, 999_999):
        assert stranger.get(reverse("orderer:task-done", args=[pk])).status_code == 404
        away = Client().get(reverse("orderer:task-done", args=[pk]))
        assert away["Location"].endswith("?next=/en/orderer/")


def test_changing_the_language_after_a_refused_act_leads_to_its_page(now):
    order, clerk = make_search(now), make_coordinator()
    make_expert()
    client = signed(clerk)
    act = reverse("counter:order-propose", args=[order.pk])

    changed = client.post(reverse("set_language"), {"language": "sv", "next": act}, follow=True)

    assert changed.status_code == 200
    assert changed.redirect_chain[-1][0] == f"/sv/counter/orders/{order.pk}/"


def test_asking_nobody_comes_back_to_the_page_with_a_message_at_the_boxes(now):
    order, clerk = make_search(now), make_coordinator()
    make_expert(at=now)
    assert match(order, at=now).candidates
    client = signed(clerk)

    answer = client.post(
        reverse("counter:order-propose", args=[order.pk]), {"answer_by": "2099-01-02"}
    )

    html = answer.content.decode()
    assert answer.status_code == 422
    boxes = html[html.index('id="id_experts"') : html.index("</fieldset>")]
    assert "Choose at least one expert." in boxes
    assert 'value="2099-01-02"' in html


def test_what_was_ticked_stays_ticked_when_the_day_is_wrong(now):
    order, clerk = make_search(now), make_coordinator()
    expert = make_expert(at=now)

    answer = signed(clerk).post(
        reverse("counter:order-propose", args=[order.pk]),
        {"experts": [expert.pk], "answer_by": "2020-01-02"},
    )

    box = re.search(rf'<input[^>]*value="{expert.pk}"[^>]*>', answer.content.decode())
    assert "checked" in box[0].split()


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_what_an_address_does_not_do_is_refused_in_our_words(method, now):
    orderer = make_orderer()
    draft = start(by=orderer, at=now, organisation=orderer.memberships.get().organisation)
    client = signed(orderer)
    for url in (
        reverse("public:start"),
        reverse("orderer:order-step", args=[draft.pk, "what"]),
        reverse("set_language"),
        "/en/account/login/",
    ):
        answer = getattr(client, method)(url)
        if answer.status_code == 405:
            assert 'href="/' in answer.content.decode()  # a page of ours, with ways on
            assert "POST" in answer["Allow"] or "GET" in answer["Allow"]


def test_sending_to_a_page_that_is_only_read_is_refused_in_our_words(client):
    answer = client.post(reverse("public:calls"))

    assert answer.status_code == 405
    assert answer["Allow"] == "GET"
    assert "This cannot be done here" in answer.content.decode()


def test_sign_up_taken_back_by_its_address_leads_to_the_calls(now):
    own = make_sign_up(now)

    answer = signed(own.expert.user).get(reverse("expert:take-back", args=[own.pk]))

    assert answer["Location"] == reverse("expert:calls")


def test_roles_page_of_an_admin_is_found_from_the_act(now):
    admin, person = make_admin(), make_coordinator()

    answer = signed(admin).get(reverse("counter:person-roles", args=[person.pk]), follow=True)

    assert answer.status_code == 200
