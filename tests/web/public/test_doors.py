"""No button that then refuses: every way that an open page offers leads somewhere, whoever goes it."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from luukku.organisations.models import MemberRole
from luukku.taxonomy.models import TaskType
from tests.factories.accounts import make_admin, make_coordinator, make_person, make_steering
from tests.factories.experts import make_expert
from tests.factories.organisations import make_member, make_organisation

pytestmark = pytest.mark.django_db
START = (
    "start", "order-start", "task-types", "calls", "become", "advice", "search", "privacy", "where",
    "feedback-door", "accessibility",
)  # fmt: skip


def member(role, at):
    return make_member(make_organisation(at=at), role=role)


WHO = {
    "nobody yet": lambda at: make_person(),
    "expert": lambda at: make_expert(at=at).user,
    "coordinator": lambda at: make_coordinator(),
    "admin": lambda at: make_admin(),
    "steering": lambda at: make_steering(),
    "background": lambda at: member(MemberRole.BACKGROUND, at),
    "producer": lambda at: member(MemberRole.PRODUCER, at),
    "orderer": lambda at: member(MemberRole.ORDERER, at),
}


def browser_of(person):
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def ways(page):
    """Return the addresses of ours that ``page`` leads to, and where each sign-in goes on to."""
    html = page.content.decode()
    found = {link.replace("&amp;", "&") for link in re.findall(r'href="(/[^"#]*)', html)}
    found = {
        link for link in found if not link.startswith(("/static/", "/media/", "/share/", "/cms/"))
    }
    return {
        re.sub(r"^.*/account/login/\?next=", "", link).replace("%3F", "?").replace("%3D", "=")
        for link in found
    }


def refused(client, addresses):
    return sorted(link for link in addresses if client.get(link, follow=True).status_code == 403)


@pytest.mark.parametrize("who", WHO)
def test_no_way_that_an_open_page_offers_is_refused(who, now):
    client, stranger = browser_of(WHO[who](now)), Client()
    pages = [reverse(f"public:{name}") for name in START]
    code = TaskType.objects.order_by("pk").first().code
    pages += [
        reverse("public:task-type", args=[code]),
        f"{reverse('public:order-start')}?task={code}",
    ]
    offered = set()
    for browser in (client, stranger):  # the second: who signs in after having seen the page
        for page in pages:
            offered |= ways(browser.get(page))
    offered -= {reverse("account_logout")}

    assert refused(client, offered) == []


@pytest.mark.parametrize("who", [name for name in WHO if name != "orderer"])
def test_who_cannot_order_for_an_organisation_is_told_and_orders_as_a_guest(who, now):
    client = browser_of(WHO[who](now))
    address = reverse("public:order-start")

    page = client.get(address).content.decode()
    step = client.post(address, follow=True)

    assert "Your account does not order for an organisation" in page
    assert "I have an account" not in page
    assert step.status_code == 200


def test_the_counter_is_led_to_its_phone_order(now):
    page = browser_of(make_coordinator()).get(reverse("public:order-start")).content.decode()

    assert reverse("counter:order-new") in page


@pytest.mark.parametrize(
    ("address", "words", "way"),
    [
        ("orderer:order-new", "somebody who orders for an organisation", "public:order-start"),
        ("expert:desk", "an expert by experience", "public:welcome"),
        ("counter:queue", "the people who work at the counter", "public:advice"),
    ],
)
def test_a_page_of_another_desk_says_whose_it_is_and_what_works(address, words, way):
    response = browser_of(make_steering()).get(reverse(address))

    assert response.status_code == 403
    page = response.content.decode()
    assert words in page
    assert f'href="{reverse(way)}"' in page
