"""Every page × role: whoever's name, contact or words stand in the answer has a note of who was shown them."""

import pytest
from django.db import transaction

from luukku.audit.models import AccessLog
from tests.web import world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture(scope="module")
def people(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.build()
        transaction.set_rollback(True)


def noted_since(last, reader_id):
    rows = AccessLog.objects.filter(pk__gt=last, reader_id=reader_id)
    return {person for row in rows for person in row.person_ids if person}


def last_note():
    return AccessLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


@pytest.mark.parametrize("role", world.ROLES)
def test_reading_is_noted_exactly_when_it_is_shown(people, role):
    client = world.signed_in(people, role)
    reader = people[role].pk if role != "nobody" else 0
    key_of = {user.pk: key for key, user in people.items()}
    wrong, others = [], set()

    for address in world.addresses():
        if "GET" not in address.methods or not address.is_open_to(role):
            continue
        last = last_note()
        answer = client.get(address.url)
        shown = {who for who, _field in world.shown_in(answer.getvalue(), people)} - {role}
        told = {key_of[pk] for pk in noted_since(last, reader) if pk in key_of}
        others |= shown
        if shown != told:
            wrong.append((address.url, "not noted", shown - told, "not shown", told - shown))

    assert wrong == []
    assert bool(others) == (role in SEES_OTHERS)


SEES_OTHERS = {
    "coord",
    "admin",
    "ordera",
    "colleague",
    "orderb",
    "behind",
    "agreed",
    "offered",
    "done",
    "waiting",
}


def test_reading_by_a_link_or_a_key_is_noted_for_whom_it_stands(people):
    client = world.signed_in(people, "nobody")
    key_of = {user.pk: key for key, user in people.items()}
    wrong = []

    for owner, url in world.links(people):
        last = last_note()
        answer = client.get(url)
        shown = {who for who, _f in world.shown_in(answer.content, people)} - {key_of[owner.pk]}
        told = {key_of[pk] for pk in noted_since(last, owner.pk) if pk in key_of}
        if shown != told or answer.status_code != 200:
            wrong.append((url, answer.status_code, shown, told))

    assert wrong == []
