"""What the application's role may do in the database, and what only the owner of the tables may."""

import psycopg
import pytest
from django.conf import settings
from django.db import ProgrammingError, connection, transaction

from luukku.audit.actions import forget_readings, record
from luukku.audit.models import AccessLog, AuditEvent
from luukku.audit.queries import verify_chain
from tests.factories.accounts import make_person
from tests.harness import as_application

AUDIT = ["audit_auditevent", "audit_accesslog", "audit_chainhead"]


def may_not(statement):
    with (
        as_application(),
        pytest.raises(ProgrammingError) as caught,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


@pytest.mark.django_db
@pytest.mark.parametrize("table", AUDIT)
@pytest.mark.parametrize(
    "statement",
    [
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "ALTER TABLE {} DISABLE TRIGGER USER",
        "ALTER TABLE {} DISABLE RULE x",
        "ALTER TABLE {} OWNER TO CURRENT_USER",
        "ALTER TABLE {} ADD COLUMN x int",
        "DROP TABLE {} CASCADE",
        "TRUNCATE {}",
        "UPDATE {} SET id = id",
        "DELETE FROM {}",
        "CREATE TRIGGER x BEFORE INSERT ON {} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "CREATE RULE x AS ON INSERT TO {} DO INSTEAD NOTHING",
        "LOCK TABLE {} IN ACCESS EXCLUSIVE MODE",
        "CREATE INDEX ON {} (id)",
    ],
)
def test_application_cannot_get_round_the_audit(table, statement):
    may_not(statement.format(table))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "statement",
    [
        "SET session_replication_role = replica",
        "DROP TRIGGER audit_event_no_delete ON audit_auditevent",
        "ALTER FUNCTION audit_refuse() RENAME TO gone",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE sql AS ''",
        "DROP FUNCTION audit_refuse() CASCADE",
        "INSERT INTO audit_chainhead (id, place, hash) VALUES (1, 0, '')",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999', now())",
        "DELETE FROM django_migrations",
        "CREATE TABLE mine (id int)",
        "CREATE SCHEMA mine",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "ALTER TABLE accounts_user ADD COLUMN x int",
        "TRUNCATE accounts_user CASCADE",
        "CREATE ROLE mine",
        "COPY accounts_user TO PROGRAM 'cat'",
        "SELECT pg_read_file('postgresql.conf')",
    ],
)
def test_application_changes_rows_and_nothing_else(statement):
    may_not(statement)


@pytest.mark.django_db
@pytest.mark.parametrize("function", ["audit_ask_for_seal", "audit_seal"])
def test_application_cannot_hang_the_chains_functions_on_a_table_of_its_own(function):
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE luukku_app")
        cursor.execute("CREATE TEMP TABLE mine (LIKE audit_auditevent)")
        cursor.execute("RESET ROLE")

    may_not(f"CREATE TRIGGER x AFTER INSERT ON mine FOR EACH ROW EXECUTE FUNCTION {function}()")


@pytest.mark.django_db(transaction=True)
def test_application_writes_what_is_to_be_remembered_and_the_chain_seals_it(at):
    with as_application():
        person, other = make_person(), make_person()
        record("orders.send", by=person, about=person, at=at)
        record("orders.accept", by=person, about=person, at=at)
        AccessLog.objects.create(
            at=at, reader_id=other.pk, person_ids=[person.pk], what="themes", why="order"
        )
        AccessLog.objects.create(
            at=at.replace(year=2020), reader_id=other.pk, person_ids=[person.pk], what="x", why="y"
        )

        assert list(AuditEvent.objects.order_by("place").values_list("place", flat=True)) == [1, 2]
        assert forget_readings() == 1  # what is too old, by the owner's function alone
        assert AccessLog.objects.count() == 1
        assert verify_chain() is None


@pytest.mark.django_db
def test_application_has_its_rights_in_every_table():
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT tablename, array_to_string(array_agg(DISTINCT privilege_type ORDER BY privilege_type), ' ')
            FROM pg_tables LEFT JOIN LATERAL (
              SELECT (aclexplode(relacl)).* FROM pg_class WHERE oid = tablename::regclass) acl
              ON grantee = 'luukku_app'::regrole
            WHERE schemaname = 'public' GROUP BY 1
            """
        )
        rights = dict(cursor.fetchall())

    usual = "DELETE INSERT SELECT UPDATE"
    assert {table: right for table, right in rights.items() if right != usual} == {
        "audit_accesslog": "INSERT SELECT",
        "audit_auditevent": "INSERT SELECT",
        "audit_chainhead": "SELECT",
        "django_migrations": "SELECT",
        "search_document": "DELETE INSERT MAINTAIN SELECT UPDATE",
        "search_documentname": "DELETE INSERT MAINTAIN SELECT UPDATE",
        "search_documentword": "DELETE INSERT MAINTAIN SELECT UPDATE",
    }


@pytest.mark.django_db
def test_pages_are_asked_for_as_the_application(client, monkeypatch):
    """Else no test through the web would prove anything about its rights."""
    asked = []

    def look(_connection):
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_user")
            asked.append(cursor.fetchone()[0])
        raise psycopg.InterfaceError

    monkeypatch.setattr("luukku.config.views.MigrationExecutor", look)
    client.raise_request_exception = False
    client.get("/health/ready")

    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert asked == [settings.DATABASE_APPLICATION] != [cursor.fetchone()[0]]
