"""The chain of audit events: whole under load, closed to change, and loud when somebody tampered."""

import threading
from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.audit.models import AccessLog, AuditEvent, ChainHead
from luukku.audit.queries import verify_chain
from tests import patience
from tests.factories.accounts import make_person

AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
lasting = pytest.mark.django_db(transaction=True)  # the seal comes with a real commit


def write(count: int = 1) -> User:
    person = make_person()
    for number in range(count):
        record("orders.send", by=person, about=person, at=AT, data={"n": number})
    return person


def as_superuser(sql: str, *params: object) -> None:
    """Change rows past every trigger, as somebody with the whole database in hand could."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql, params)


def at_once(work, *, threads: int) -> list[BaseException]:
    """Run ``work(number)`` in threads that start together; return what went wrong."""
    start, failed = threading.Barrier(threads), []

    def run(number):
        try:
            start.wait()
            work(number)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    runners = [threading.Thread(target=run, args=[number]) for number in range(threads)]
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join(timeout=patience.SECONDS)
    return failed


@lasting
def test_commit_gives_each_event_its_place_and_hash():
    write(3)

    events = list(AuditEvent.objects.order_by("id"))
    assert [event.place for event in events] == [1, 2, 3]
    assert len({bytes(event.hash) for event in events}) == 3
    assert {len(event.hash) for event in events} == {32}
    head = ChainHead.objects.get()
    assert (head.place, bytes(head.hash)) == (3, bytes(events[-1].hash))
    assert verify_chain() is None


@lasting
def test_empty_chain_is_whole():
    assert verify_chain() is None


@lasting
def test_rolled_back_event_leaves_no_gap():
    write()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    write()

    assert list(AuditEvent.objects.order_by("place").values_list("place", flat=True)) == [1, 2]
    assert verify_chain() is None


@lasting
def test_concurrent_transactions_make_one_unbroken_chain():
    person = make_person()

    def work(_number):
        for _again in range(5):
            with transaction.atomic():
                record("orders.send", by=person, about=person, at=AT)
                record("orders.accept", by=person, about=person, at=AT)

    failed = at_once(work, threads=8)

    assert failed == []
    assert list(AuditEvent.objects.order_by("place").values_list("place", flat=True)) == list(
        range(1, 81)
    )
    assert verify_chain() is None


@lasting
def test_seal_waits_for_no_other_lock():
    """A foreign key that is checked at commit must not be waited for with the head of the chain in hand."""
    person, other = make_person(), make_person()
    has_locked, may_go_on = threading.Event(), threading.Event()

    def lock_then_record(_number):
        with transaction.atomic():
            User.objects.select_for_update().get(pk=person.pk)
            has_locked.set()
            may_go_on.wait(timeout=patience.SECONDS)
            record("accounts.edit", by=other, about=person, at=AT)

    def record_then_point_at_the_locked(_number):
        has_locked.wait(timeout=patience.SECONDS)
        with transaction.atomic():
            record("orders.send", by=other, about=person, at=AT)
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO notices_noticechoice (user_id, kind, channel) VALUES (%s, 'x', 'mail')",
                    [person.pk],
                )
            may_go_on.set()

    def work(number):
        (lock_then_record, record_then_point_at_the_locked)[number](number)

    failed = at_once(work, threads=2)

    assert failed == []
    assert verify_chain() is None
    assert AuditEvent.objects.filter(place__in=[1, 2]).count() == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    "sql, broken",
    [
        ("UPDATE audit_auditevent SET actor_id = 4711 WHERE place = 2", 2),
        ("""UPDATE audit_auditevent SET data = '{"n": 9}' WHERE place = 1""", 1),
        ("UPDATE audit_auditevent SET at = at + interval '1 microsecond' WHERE place = 3", 3),
        ("UPDATE audit_auditevent SET hash = sha256('x') WHERE place = 2", 2),
        ("UPDATE audit_auditevent SET hash = NULL WHERE place = 2", 2),
        ("DELETE FROM audit_auditevent WHERE place = 2", 2),
        ("DELETE FROM audit_auditevent WHERE place = 1", 1),
        ("DELETE FROM audit_auditevent WHERE place = 4", 4),
        ("UPDATE audit_auditevent SET place = 9 WHERE place = 4", 4),
        ("UPDATE audit_chainhead SET place = 3", 3),
        (
            "UPDATE audit_chainhead SET (place, hash) = (SELECT place, hash FROM audit_auditevent WHERE place = 3)",
            4,
        ),
        ("UPDATE audit_chainhead SET hash = sha256('x')", 4),
        ("DELETE FROM audit_chainhead", 1),
        (
            "INSERT INTO audit_auditevent (at, act, object_type, object_id, data)"
            " VALUES (now(), 'forged', 'x', '1', '{}')",
            5,
        ),
        (
            "WITH moved AS (UPDATE audit_auditevent SET act = 'x', hash = sha256(''::bytea) WHERE place = 4)"
            " UPDATE audit_chainhead SET hash = sha256(''::bytea)",
            4,
        ),
    ],
)
@lasting
def test_tampering_is_found(sql, broken):
    write(4)
    assert verify_chain() is None

    as_superuser(sql)

    assert verify_chain() == broken


@lasting
def test_two_rows_that_changed_places_are_found():
    write(4)

    as_superuser("UPDATE audit_auditevent SET place = -place WHERE place IN (2, 3)")
    as_superuser("UPDATE audit_auditevent SET place = 5 + place WHERE place < 0")

    assert verify_chain() == 2


@lasting
def test_fields_cannot_flow_into_each_other():
    """The hashed text has one reading: moving a character over a field's border is seen."""
    person = make_person()
    record("orders.send|1", by=person, about=person, at=AT)
    pk = person.pk

    as_superuser("UPDATE audit_auditevent SET act = 'orders.send', actor_id = %s", int(f"1{pk}"))

    assert verify_chain() == 1


@lasting
def test_verify_since_an_anchor_walks_only_what_follows():
    write(4)
    as_superuser("UPDATE audit_auditevent SET actor_id = 4711 WHERE place = 2")

    assert verify_chain(since=1) == 2
    assert verify_chain(since=2) is None
    assert verify_chain(since=4) is None
    assert verify_chain(since=5) == 5


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda: AuditEvent.objects.update(actor_id=4711),
        lambda: AuditEvent.objects.update(place=1, hash=b"x"),
        lambda: AuditEvent.objects.all().delete(),
        lambda: AuditEvent.objects.create(at=AT, act="x", object_type="x", object_id="1", place=7),
        lambda: AuditEvent.objects.create(
            at=AT, act="x", object_type="x", object_id="1", hash=b"x"
        ),
        lambda: AccessLog.objects.update(why="because"),
        lambda: AccessLog.objects.all().delete(),
        lambda: ChainHead.objects.update(place=0),
        lambda: ChainHead.objects.all().delete(),
    ],
)
@pytest.mark.parametrize("is_sealed", [False, True])
def test_rows_cannot_be_changed(change, is_sealed):
    person = write()
    AccessLog.objects.create(
        reader_id=4711, person_ids=[person.pk], what="themes", why="order", at=timezone.now()
    )
    ChainHead.objects.get_or_create(id=1)
    if is_sealed:
        seal_now()
    before = (
        list(AuditEvent.objects.values()),
        list(AccessLog.objects.values()),
        list(ChainHead.objects.values()),
    )

    with pytest.raises(IntegrityError, match="is refused"), transaction.atomic():
        change()

    after = (
        list(AuditEvent.objects.values()),
        list(AccessLog.objects.values()),
        list(ChainHead.objects.values()),
    )
    assert after == before


def seal_now() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS audit_event_ask_for_seal, audit_event_seal IMMEDIATE")


@pytest.mark.django_db
def test_seal_can_be_had_before_the_commit():
    write(2)

    seal_now()

    assert verify_chain() is None
    assert ChainHead.objects.get().place == 2


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["audit_auditevent", "audit_accesslog", "audit_chainhead"])
def test_truncate_needs_a_session_that_said_so(table):
    with (
        pytest.raises(IntegrityError, match="TRUNCATE"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET LOCAL luukku.may_truncate = ''")
        cursor.execute(f"TRUNCATE {table}")
