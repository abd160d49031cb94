"""Every URL × role has an expected status; no public view is unlisted."""

import io
import json
import re

import pytest
from django.core.management import call_command
from django.test import Client

from luukku.accounts.models import User
from luukku.config.demo import DOMAIN
from luukku.config.management.commands.list_urls import rows
from tests.factories.accounts import show_who_is_there

ROLES = {
    "expert": "kokemus1", "orderer": "tilaaja1", "background": "jarjesto1", "producer": "jarjesto1",
    "coordinator": "koordinaattori", "steering": "ohjausryhma", "admin": "yllapito",
}  # fmt: skip
# What anybody may open. A new public view is added here on purpose, never by chance.
PUBLIC = {
    "health-live", "health-ready", "set_language", "public:start", "public:task-types", "public:task-type",
    "public:calls", "public:programmes", "public:search", "public:search-miss", "public:apply", "public:certificate", "public:certificate-check", "public:certificate-paper",
    "badge-issuer", "badge-status", "badge-picture", "public:become", "public:privacy",
    "public:accessibility", "public:advice", "public:address-link",
    "public:advice-thanks", "public:advice-accessibility", "public:advice-feedback", "public:advice-code-shown",
    "public:advice-code", "public:advice-opened", "public:advice-leave", "public:advice-link", "public:where",
    "public:where-next", "public:stop-letters", "public:order-start", "public:order-begin", "public:order-asked",
    "public:order-check", "public:order-step",
    "public:feedback-door", "public:feedback-sent", "public:guest-link", "public:offer-link", "public:time-link",
    "public:feedback-link", "public:changed-link", "public:offer-calendar", "public:offer-cancel", "public:calendar-feed", "ui:gallery",
    "public:events", "public:event", "public:event-series", "public:event-sign-up", "public:event-asked", "public:event-guest", "public:event-guest-leave",
    "robots", "sitemap", "card", "media", "document", "public:rss", "public:atom",
    "wagtail_serve", "wagtaildocs_serve",
    "wagtaildocs_authenticate_with_password",
}  # fmt: skip
OURS = [
    row
    for row in rows()
    if not row["pattern"].startswith("fi/account/") and "account/" not in row["pattern"]
]
ASKED = [
    row for row in OURS if not row["name"].startswith("wagtail") and "cms/" not in row["pattern"]
]
ASKED.sort(key=lambda row: row["name"] == "end-sessions")  # the one that signs out comes last
FILL = {
    "int": "999999", "slug": "no-such", "str": "no-such", "path": "no-such.png", "uuid": "00000000-0000-0000-0000-000000000000",
}  # fmt: skip


def address(pattern):
    path = re.sub(r"<(\w+):\w+>", lambda match: FILL[match[1]], pattern)
    return "/" + re.sub(r"^(en|fi|sv)/", "fi/", path)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        from django.db import transaction

        with transaction.atomic():
            call_command("load_demo", experts=3, orders=2, stdout=io.StringIO())
            yield
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_urls_of_accounts_open_to_strangers_are_the_declared_ones(client):
    wrong = []
    for row in rows():
        if "/account/" not in row["pattern"] or "(?P" in row["pattern"]:
            continue
        response = client.get(address(row["pattern"]))
        asks = response.status_code == 302 and "/login/?next=" in response["Location"]
        if asks == row["public"] or response.status_code >= 400:
            wrong.append((row["name"], response.status_code, row["public"]))

    assert wrong == []


def test_urls_are_printed_with_the_names_of_the_contracts_roles():
    out = io.StringIO()

    call_command("list_urls", stdout=out)

    printed = {row["name"]: row for row in json.loads(out.getvalue())}
    assert {role for row in printed.values() for role in row["roles"]} == {"anonymous", *ROLES}
    assert printed["public:start"]["roles"] == ["anonymous", *ROLES]
    assert printed["desk"]["roles"] == [*ROLES]
    assert printed["counter:queue"]["roles"] == ["coordinator"]


def test_urls_all_say_who_may_open_them():
    untold = [row["name"] for row in rows() if not row["roles"]]
    assert untold == [], "Put @page(…) with the roles, or EVERYONE, on these views."


def test_urls_public_ones_are_the_listed_ones():
    names = {row["name"]: row["public"] for row in OURS}
    unlisted = {name for name, public in names.items() if public} - PUBLIC
    assert unlisted == set(), "If anybody may open these, add them to PUBLIC in this file."
    assert {name for name in PUBLIC & names.keys() if not names[name]} == set()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_urls_answer_each_role_as_declared(people, django_db_blocker, role):
    wrong = []
    with django_db_blocker.unblock():
        client, held = Client(raise_request_exception=False), set()
        if role != "anonymous":
            user = User.objects.get(email=f"{ROLES[role]}@{DOMAIN}")
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            show_who_is_there(client)
            held = {"signed_in", *user.roles, *user.memberships.values_list("role", flat=True)}
            held |= {"expert"} if hasattr(user, "expert") else set()
        for row in ASKED:
            method = "GET" if "GET" in row["methods"] else "POST"
            response = client.generic(method, address(row["pattern"]))
            wanted = expected(row, role, held)
            if response.status_code not in wanted:
                wrong.append((row["name"], method, response.status_code, sorted(wanted)))

    assert wrong == []


def expected(row, role, held):
    has_argument = "<" in row["pattern"]
    if row["public"] or held & set(row["roles"]):
        return {404, 410} if has_argument else {200, 302, 303, 404, 422}
    return {302} if role == "anonymous" else {403}
