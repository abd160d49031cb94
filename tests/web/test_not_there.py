"""Somebody else's object and one that does not exist are answered alike, byte by byte, whoever asks and however."""

import re
import uuid

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luukku.orders.models import Order
from luukku.web.parts.account.sign_in import sessions
from tests.harness import settle
from tests.web import world
from tests.web.told import difference, refusal, told

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MISSING = 987654321
METHODS = ("get", "head", "post")
REFUSED = {403, 404, 405, 410}
# One of each standing. Whoever is kept out of a room is kept out alike (``architecture/test_urls.py``): so two of them ask
# for everything and send as well, the others for one address of each surface that is open to the same roles.
ROLES = [
    role
    for role in world.ROLES
    if role not in {"gone", "colleague", "moved", "agreed", "done", "paper"}
]
SENDERS = {"nobody", "plain"}
# Open to more than ``visible_to`` says: an open call is for every expert, a page of the editor's for everybody, a
# training’s page for whoever may read of its event, a letter to somebody without e-mail is the counter's to deliver.
OPEN = re.compile(r"/calls/|^fi/runs/|(?<!counter)/events/|^share/|^documents/|counter/letters/")


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        found = world.build()
        settle()
        yield found
        transaction.set_rollback(True)


def asked(pattern, numbers):
    """Return the address with ``numbers`` and plain words in its parts."""
    values = iter(numbers)
    path = world.NUMBER.sub(lambda _match: str(next(values)), pattern)
    return "/" + re.sub(
        r"<\w+:(\w+)>", lambda match: str(world.WORDS.get(match[1], ["x"])[0]), path
    )


def answer_to(client, method, path, numbers):
    """Return everything that a browser gets, but for tokens and the address itself; and the number of queries."""
    data = {"form_token": str(uuid.UUID(int=7))} if method == "post" else {}
    client.cookies.pop("messages", None)  # what the answer before has said
    with transaction.atomic():
        with CaptureQueriesContext(connection) as queries:
            answer = getattr(client, method)(path, data)
        transaction.set_rollback(True)
    return answer.status_code, told(answer, path, numbers), len(queries)


def strangers(model, user, *, most):
    """Return numbers of objects that ``user`` may not see; of models without ``visible_to``, of any."""
    rows = model.objects.order_by("pk")
    if model is Order:
        rows = rows.exclude(contact=None)  # the guest's own
    if hasattr(rows, "visible_to") and user.is_authenticated:
        rows = rows.exclude(pk__in=model.objects.visible_to(user).values("pk"))
    found = list(rows.values_list("pk", flat=True))
    return found[:: max(1, len(found) // most)][:most]


def cases(user, is_open):
    """Yield (pattern, numbers of somebody else's, numbers of nothing) of every address with a number in it."""
    for pattern, row in world.patterns():
        models = world.models_of(pattern)
        if not models:
            continue
        found = [strangers(model, user, most=3 if is_open(row) else 1) for model in models]
        for numbers in zip(*found, strict=False):
            yield pattern, row, numbers, [MISSING] * len(models)


@pytest.mark.parametrize("role", ROLES)
def test_somebody_elses_is_answered_as_what_is_not_there(people, role, monkeypatch):
    monkeypatch.setattr(
        sessions, "NOTE_EVERY", 10**6
    )  # each minute one more query, whatever is asked for
    client, wrong, n = world.signed_in(people, role), [], 0
    user = people.get(role, AnonymousUser())

    def is_open(row):
        return world.Address(row["name"], "", [], set(row["roles"])).is_open_to(role)

    nothing, refused = {}, {}
    for pattern, row, theirs, none in cases(user, is_open):
        is_alike = row["roles"] and role not in SENDERS and not is_open(row)
        if is_alike and refused.setdefault(refusal(row["name"], row["roles"]), pattern) != pattern:
            continue
        for method in METHODS if is_open(row) or role in SENDERS else METHODS[:1]:
            key = (pattern, method)
            if key not in nothing:
                nothing[key] = answer_to(client, method, asked(pattern, none), none)
            status, text, queries = answer_to(client, method, asked(pattern, theirs), theirs)
            n += 1
            has_rule = all(hasattr(m.objects.all(), "visible_to") for m in world.models_of(pattern))
            is_seen = status not in REFUSED and (OPEN.search(pattern) or not has_rule)
            if is_seen:
                continue
            if (status, text) != nothing[key][:2]:
                wrong.append((row["name"], method, theirs, difference(nothing[key][1], text)))
            elif queries != nothing[key][2]:
                wrong.append((row["name"], method, theirs, "queries", nothing[key][2], queries))

    assert wrong == [], "\n".join(map(str, wrong))
    assert n > 50
