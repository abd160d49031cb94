import pytest

from luukku.audit.actions import record
from luukku.audit.models import AccessLog, AuditEvent, ChainHead
from luukku.audit.queries import history
from tests.factories.accounts import make_coordinator, make_person

pytestmark = pytest.mark.django_db


def test_record_keeps_who_did_what_to_what_for_whom(at):
    person, counter = make_person(), make_coordinator()

    event = record(
        "orders.send", by=counter, about=person, at=at, on_behalf_of=person, data={"from": "draft"}
    )

    event.refresh_from_db()
    assert (event.at, event.act, event.actor_id, event.on_behalf_of_id) == (
        at,
        "orders.send",
        counter.pk,
        person.pk,
    )
    assert (event.object_type, event.object_id) == ("accounts.user", str(person.pk))
    assert event.data == {"from": "draft"}
    assert str(event) == f"orders.send accounts.user {person.pk}"


def test_history_is_of_one_object_oldest_first(at):
    person, other = make_person(), make_person()
    for act in ("a.one", "b.two", "c.three"):
        record(act, by=person, about=person, at=at)
        record(act, by=person, about=other, at=at)

    assert list(history(person).values_list("act", "object_id")) == [
        ("a.one", str(person.pk)),
        ("b.two", str(person.pk)),
        ("c.three", str(person.pk)),
    ]


def test_head_is_named_by_its_place():
    assert str(ChainHead(place=7)) == "7"


def test_events_have_no_foreign_keys():
    assert not [
        field
        for model in (AuditEvent, AccessLog)
        for field in model._meta.get_fields()
        if field.is_relation
    ]
