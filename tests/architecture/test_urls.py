"""Every URL × role has an expected status; no public view is unlisted."""

import io
import json
import re
from typing import NamedTuple

import pytest
from django.core.management import call_command
from django.test import Client

from luukku.accounts.models import User
from luukku.config.demo import DOMAIN
from luukku.config.management.commands.list_urls import rows
from tests.factories.accounts import show_who_is_there
from tests.harness import settle
from tests.web.told import difference, refusal, told

ROLES = {
    "expert": "kokemus1", "orderer": "tilaaja1", "background": "jarjesto1", "producer": "jarjesto1",
    "coordinator": "koordinaattori", "steering": "ohjausryhma", "admin": "yllapito",
}  # fmt: skip
# What anybody may open. A new public view is added here on purpose, never by chance.
PUBLIC = {
    "health-live", "health-ready", "set_language", "public:start", "public:task-types", "public:task-type",
    "public:calls", "public:remote", "public:programmes", "public:search", "public:search-miss", "public:apply", "public:certificate", "public:certificate-check", "public:certificate-paper",
    "badge-issuer", "badge-status", "badge-picture", "public:become", "public:privacy",
    "public:accessibility", "public:advice", "public:address-link",
    "public:advice-thanks", "public:advice-accessibility", "public:advice-feedback", "public:advice-code-shown",
    "public:advice-code", "public:advice-opened", "public:advice-leave", "public:advice-link", "public:where",
    "public:where-next", "public:stop-letters", "public:order-start", "public:order-begin", "public:order-asked",
    "public:order-check", "public:order-step",
    "public:feedback-door", "public:feedback-sent", "public:guest-link", "public:offer-link", "public:time-link",
    "public:feedback-link", "public:changed-link", "public:offer-calendar", "public:offer-cancel", "public:calendar-feed", "ui:gallery",
    "public:events", "public:event", "public:event-series", "public:event-sign-up", "public:event-asked", "public:event-guest", "public:event-guest-leave",
    "public:event-guest-feedback",
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
            settle()
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


class Answer(NamedTuple):
    """What one address answered one role."""

    row: dict
    method: str
    is_open: bool  # whether the role is let in, as the address declares
    status: int
    headers: dict
    told: str  # of a refusal


class Walks:
    """What each role was answered at every address: asked for once, for all tests of this file."""

    def __init__(self):
        self._answers = {}

    def of(self, role):
        if role not in self._answers:
            self._answers[role] = list(self._ask(role))
        return self._answers[role]

    def _ask(self, role):
        client, held = Client(raise_request_exception=False), set()
        if role != "anonymous":
            user = User.objects.get(email=f"{ROLES[role]}@{DOMAIN}")
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
            show_who_is_there(client)
            held = {"signed_in", *user.roles, *user.memberships.values_list("role", flat=True)}
            held |= {"expert"} if hasattr(user, "expert") else set()
        refused = set()
        for row in ASKED:
            is_open, path = row["public"] or bool(held & set(row["roles"])), address(row["pattern"])
            for method in methods(
                row, is_open or refusal(row["name"], row["roles"]) not in refused
            ):
                client.cookies.pop("messages", None)  # what the answer before has said
                answer = client.generic(method, path)
                yield Answer(
                    row,
                    method,
                    is_open,
                    answer.status_code,
                    dict(answer.headers),
                    "" if is_open else told(answer, path),
                )
            if not is_open:
                refused.add(refusal(row["name"], row["roles"]))


def methods(row, is_all):
    """Return how an address is asked for; refusals are alike, so GET finds each."""
    acts = [] if "GET" in row["methods"] else ["POST"]
    return ["GET", *(["HEAD", "OPTIONS"] if is_all else []), *acts]


@pytest.fixture(scope="module")
def walks(people):
    return Walks()


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ["anonymous", *ROLES])
def test_urls_answer_each_role_as_declared(walks, role):
    wrong = []
    for answer in walks.of(role):
        wanted = expected(answer.row, role, is_open=answer.is_open)
        is_usual = answer.method == ("GET" if "GET" in answer.row["methods"] else "POST")
        if is_usual and answer.status not in wanted:
            wrong.append((answer.row["name"], answer.method, answer.status, sorted(wanted)))

    assert wrong == []


def expected(row, role, *, is_open):
    has_argument = "<" in row["pattern"]
    if is_open:
        return {404, 410} if has_argument else {200, 302, 303, 404, 422}
    return {302} if role == "anonymous" else {403}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_urls_of_a_surface_that_are_open_to_the_same_roles_refuse_alike(walks, role):
    """Byte by byte: who is kept out learns nothing of the address. So other tests ask for one of those."""
    first, wrong = {}, []
    for answer in walks.of(role):
        if answer.is_open:
            continue
        key = (answer.method, *refusal(answer.row["name"], answer.row["roles"]))
        if (answer.status, answer.told) != first.setdefault(key, (answer.status, answer.told)):
            wrong.append(
                (answer.row["name"], answer.method, difference(first[key][1], answer.told))
            )

    assert wrong == [], "\n".join(map(str, wrong))
    assert first


KEPT = {"ETag", "Last-Modified", "Expires"}


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_no_answer_to_somebody_signed_in_is_kept(walks, role):
    """By whatever way it was asked for."""
    kept = [
        (answer.row["pattern"], answer.method, answer.status)
        for answer in walks.of(role)
        if answer.headers.get("Cache-Control") != "no-store"
        or KEPT & answer.headers.keys()
        or answer.status >= 500
        if not answer.row["name"].startswith("health")
    ]

    assert kept == []
    assert {answer.method for answer in walks.of(role)} == {"GET", "HEAD", "OPTIONS", "POST"}
