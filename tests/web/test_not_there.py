"""Somebody else's object and one that does not exist are answered alike, byte by byte, whoever asks and however."""

import re
import uuid
from urllib.parse import quote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from luukku.orders.models import Order
from tests.web import world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MISSING = 987654321
METHODS = ("get", "head", "post")
REFUSED = {403, 404, 405, 410}
# One of each standing; who is kept out of a room is kept out alike, so of them two send as well.
ROLES = [
    role
    for role in world.ROLES
    if role not in {"gone", "colleague", "moved", "agreed", "done", "paper"}
]
SENDERS = {"nobody", "plain"}
# Open to more than ``visible_to`` says: an open call is for every expert, a page of the editor's for everybody, a
# training’s page for whoever may read of its event, a letter to somebody without e-mail is the counter's to deliver.
OPEN = re.compile(r"/calls/|^fi/runs/|(?<!counter)/events/|^share/|^documents/|counter/letters/")
# What is another in every answer: tokens of forms and scripts.
TOKENS = re.compile(
    r"""(?<=csrfmiddlewaretoken"\ value=")\w+|(?<=X-CSRFToken":\ ")\w+|(?<=nonce=")[^"]+|(?<='nonce-)[^']+
    |(?<=csrftoken=)\w+|expires=[^;]+|(?<=form_token"\ value=")[\w-]+|(?<=name="shown"\ value=")[^"]+""",
    re.X,
)


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
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
    told = f"{answer.status_code}\n{sorted(answer.headers.items())}\n{answer.cookies}\n"
    told += answer.getvalue().decode()
    for one in (path, quote(path, safe="")):
        told = told.replace(one, "HERE")
    for number in numbers:
        told = re.sub(rf"(?<=/|F){number}(?=/|%)", "N", told)
    told = re.sub(r"'Content-Length', '\d+'", "", told)
    return answer.status_code, TOKENS.sub("T", told), len(queries)


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


def difference(one, other):
    lines = zip(one.splitlines(), other.splitlines(), strict=False)
    return next(((a[:300], b[:300]) for a, b in lines if a != b), (len(one), len(other)))


@pytest.mark.parametrize("role", ROLES)
def test_somebody_elses_is_answered_as_what_is_not_there(people, role):
    client, wrong, n = world.signed_in(people, role), [], 0
    user = people.get(role, AnonymousUser())

    def is_open(row):
        return world.Address(row["name"], "", [], set(row["roles"])).is_open_to(role)

    nothing = {}
    for pattern, row, theirs, none in cases(user, is_open):
        for method in METHODS if is_open(row) or role in SENDERS else METHODS[:1]:
            key = (pattern, method)
            if key not in nothing:
                nothing[key] = answer_to(client, method, asked(pattern, none), none)
            status, told, queries = answer_to(client, method, asked(pattern, theirs), theirs)
            n += 1
            has_rule = all(hasattr(m.objects.all(), "visible_to") for m in world.models_of(pattern))
            is_seen = status not in REFUSED and (OPEN.search(pattern) or not has_rule)
            if is_seen:
                continue
            if (status, told) != nothing[key][:2]:
                wrong.append((row["name"], method, theirs, difference(nothing[key][1], told)))
            elif queries != nothing[key][2]:
                wrong.append((row["name"], method, theirs, "queries", nothing[key][2], queries))

    assert wrong == [], "\n".join(map(str, wrong))
    assert n > 50
