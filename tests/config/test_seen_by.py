"""``manage.py seen_by``: what an account was shown, by numbers, and audited."""

import io
import json
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from luukku.accounts.models import User
from luukku.audit.models import AccessLog, AuditEvent
from tests.factories.accounts import make_person

pytestmark = pytest.mark.django_db
HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.fixture
def reader():
    found = make_person(email="katsoja@example.test")
    for day in (1, 2, 3):
        AccessLog.objects.create(
            at=datetime(2026, 3, day, 12, 30, tzinfo=HELSINKI), reader_id=found.pk, reader_as="expert",
            person_ids=[7, 8], what="accounts.user.name accounts.user.phone", why="expert:task 5",
        )  # fmt: skip
    return found


def seen_by(*words):
    out = io.StringIO()
    call_command("seen_by", *words, stdout=out)
    return out.getvalue()


def test_seen_by_tells_as_json(reader):
    told = json.loads(
        seen_by("Katsoja@example.test", "--from", "2026-03-02", "--to", "2026-03-03", "--json")
    )

    assert {key: told[key] for key in ("account", "from", "to")} == {
        "account": reader.pk,
        "from": "2026-03-02",
        "to": "2026-03-03",
    }
    assert [row["at"] for row in told["rows"]] == [
        "2026-03-03T12:30:00+02:00",
        "2026-03-02T12:30:00+02:00",
    ]
    assert told["rows"][0] == {
        "at": "2026-03-03T12:30:00+02:00",
        "as": "expert",
        "organisation_id": None,
        "page": "expert:task 5",
        "what": ["accounts.user.name", "accounts.user.phone"],
        "person_ids": [7, 8],
        "records": [],
    }


def test_seen_by_tells_in_lines(reader):
    lines = seen_by(
        "katsoja@example.test", "--from", "2026-03-01", "--to", "2026-03-01"
    ).splitlines()

    assert lines == [
        "2026-03-01T12:30:00+02:00  expert  expert:task 5  accounts.user.name accounts.user.phone  of 7 8",
        "1 readings from 2026-03-01 to 2026-03-01",
    ]


def test_seen_by_is_audited(reader):
    seen_by("katsoja@example.test", "--from", "2026-03-01", "--to", "2026-03-01")

    event = AuditEvent.objects.get(act="accounts.list_readings")
    assert (event.actor_id, event.object_id) == (User.objects.machine().pk, str(reader.pk))
    assert event.data == {"from": "2026-03-01", "to": "2026-03-01"}


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("nobody@example.test",), "Nobody has an account"),
        (("katsoja@example.test", "--from", "2026-03-02", "--to", "2026-03-01"), "before --from"),
        (("katsoja@example.test", "--from", "eilen"), "invalid"),
    ],
)
def test_seen_by_refuses(reader, words, why):
    with pytest.raises(CommandError, match=why):
        seen_by(*words)
