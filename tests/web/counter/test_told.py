"""What the counter reads after an act is true: nobody has been told yet, and whom no e-mail reaches is named."""

import re
from pathlib import Path

import pytest
from django.urls import reverse

from luukku.notices.models import Letter
from tests.factories.accounts import make_person
from tests.factories.assignments import make_agreed, make_search
from tests.factories.orders import make_order, make_orderer
from tests.factories.organisations import make_organisation

pytestmark = pytest.mark.django_db


def said(counter, page, *args, **data):
    response = counter.post(reverse(f"counter:{page}", args=args), data, follow=True)
    return [str(one) for one in response.context["messages"]]


def paper(**fields):
    return make_orderer(email=None, phone="040 1234567", **fields)


def cancel_order():
    order = make_order(orderer=paper(name="Reino Paperi"))
    return "order-cancel", [order.pk], {"whose": "counter", "reason": "Syy"}


def decline():
    order = make_order(orderer=paper(name="Reino Paperi"))
    return "order-decline", [order.pk], {"reason": "Syy"}


def give_up():
    order = make_search(orderer=paper(name="Reino Paperi"))
    return "order-give-up", [order.pk], {"failure": "time"}


def cancel_task():
    task = make_agreed()
    task.expert.user.name, task.expert.user.email = "Reino Paperi", None
    task.expert.user.save()
    return "task-cancel", [task.pk], {"whose": "orderer", "reason": "Syy"}


def add_member():
    person = make_person(name="Reino Paperi", email="", phone="040")
    return "add-member", [make_organisation().pk], {"user": person.pk, "role": "orderer"}


@pytest.mark.parametrize("act", [cancel_order, decline, give_up, cancel_task, add_member])
def test_who_has_no_email_is_named_as_not_told_yet(counter, act):
    page, args, data = act()

    words = said(counter, page, *args, **data)

    assert Letter.objects.on_paper().filter(reader__name="Reino Paperi").exists()
    assert [line for line in words if line.startswith("No e-mail reaches Reino Paperi")] != []


def test_nobody_is_named_when_all_have_an_email(counter):
    order = make_order()

    words = said(counter, "order-decline", order.pk, reason="Syy")

    assert words == ["Declined. The orderer is told."]


def test_no_act_says_that_somebody_has_been_told():
    places = Path("luukku/web").rglob("*.py")
    claims = [
        f"{path}: {found[0][-60:]}"
        for path in places
        for found in re.finditer(
            r'_\(\s*"[^"]*(?:been told|(?:and|person|orderer|addresses|expert|Everybody) told)[^"]*"',
            path.read_text(),
        )
    ]
    assert claims == []
