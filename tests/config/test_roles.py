"""The two roles in a real house: nothing by hand, also where one role had everything before."""

import psycopg
import pytest

from luukku.config import roles
from luukku.config.roles import as_owner
from soak.house import House

# How an embedded database looked while its superuser owned all and did all.
FORMER = """
REASSIGN OWNED BY luukku_owner TO former;
DROP OWNED BY luukku_owner, luukku_app;
"""


def test_owner_is_used_where_one_is_known_and_given_back(settings, monkeypatch):
    class Connection:
        settings_dict = {
            "NAME": "x",
            "USER": "app",
            "PASSWORD": "a",
            "HOST": "",
            "PORT": "",
            "OPTIONS": {},
        }
        closed = 0

        def close(self):
            self.closed += 1

    connection = Connection()
    monkeypatch.setattr(roles, "connection", connection)
    usual = dict(connection.settings_dict)

    settings.DATABASE_OWNER = None
    with as_owner():
        assert connection.settings_dict == usual
    settings.DATABASE_OWNER = {"NAME": "y", "USER": "owner", "HOST": "h"}
    with pytest.raises(ZeroDivisionError), as_owner():
        assert connection.settings_dict == usual | {"USER": "owner", "HOST": "h", "PASSWORD": ""}
        raise ZeroDivisionError

    assert connection.settings_dict == usual
    assert connection.closed == 2


@pytest.fixture(scope="module")
def house():
    with House() as house:
        yield house


def owners(house):
    return house.rows(
        """
        SELECT pg_get_userbyid(relowner) FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v', 'm')
        UNION SELECT pg_get_userbyid(proowner) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'luukku'
        """
    )


WHO = """
from django.conf import settings
from django.db import connection
from luukku.config.roles import as_owner
with connection.cursor() as cursor:
    cursor.execute("SELECT current_user, session_user")
    answer = list(cursor.fetchone())
    try:
        cursor.execute("SET ROLE luukku_owner")
    except Exception as error:
        answer.append(type(error.__cause__).__name__)
with as_owner(), connection.cursor() as cursor:
    cursor.execute("SELECT current_user")
    answer += cursor.fetchone()
"""


@pytest.mark.slow
def test_embedded_site_works_as_the_application_and_migrates_as_the_owner(house):
    assert house.python(WHO) == [
        "luukku_app",
        "luukku_app",
        "InsufficientPrivilege",
        "luukku_owner",
    ]
    assert owners(house) == [("luukku_owner",)]
    supers = "SELECT rolname FROM pg_roles WHERE rolname LIKE 'luukku%%' AND (rolsuper OR rolcreaterole OR rolcreatedb)"
    assert house.rows(supers) == []


@pytest.mark.slow
@pytest.mark.parametrize("command", [["prepare"], ["match", "0"]], ids=["prepare", "any command"])
def test_database_of_the_former_single_role_is_handed_over_without_a_step_by_hand(house, command):
    """Its tables, sequences and functions belong to somebody else, the roles have no rights there."""
    with house.connect() as connection:
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'former'").fetchone():
            connection.execute("CREATE ROLE former SUPERUSER")
        connection.execute(FORMER)
        connection.execute("ALTER DATABASE luukku OWNER TO former")
        if command == ["prepare"]:
            connection.execute("DROP ROLE luukku_owner, luukku_app")
    assert owners(house) == [("former",)]

    if command == ["prepare"]:
        house.manage(*command)
    else:
        with pytest.raises(RuntimeError, match=r"(?i)order"):  # there is none: it could look
            house.manage(*command)

    assert owners(house) == [("luukku_owner",)]
    with application(house) as connection:
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER TABLE audit_auditevent DISABLE TRIGGER ALL")
        assert connection.execute("SELECT count(*) FROM accounts_user").fetchone() is not None


def application(house):
    return psycopg.connect(
        host=str(house.folder / "pg"), user="luukku_app", dbname="luukku", autocommit=True
    )


@pytest.mark.slow
def test_database_named_by_two_addresses_has_two_roles_and_by_one_only_one(house):
    """DATABASE_URL alone works as before; with DATABASE_OWNER_URL the application gets its rights.

    Two rooms' tables show it; that an owner without other rights makes them all, the house itself has shown.
    """
    with house.connect() as connection:
        connection.execute("CREATE ROLE region_owner LOGIN")
        connection.execute("CREATE ROLE region_app LOGIN")
        connection.execute("CREATE ROLE region_all LOGIN")
        connection.execute("CREATE DATABASE two OWNER region_owner")
        connection.execute("CREATE DATABASE one OWNER region_all")
    at = f"?host={house.folder / 'pg'}"
    try:
        house.environment |= {
            "DATABASE_URL": f"postgresql://region_app:@/two{at}",
            "DATABASE_OWNER_URL": f"postgresql://region_owner:@/two{at}",
        }
        house.manage("migrate", "audit")
        house.manage("migrate", "taxonomy")
        house.environment["DATABASE_URL"] = f"postgresql://region_all:@/one{at}"
        del house.environment["DATABASE_OWNER_URL"]
        house.manage("migrate", "audit")
    finally:
        for name in ("DATABASE_URL", "DATABASE_OWNER_URL"):
            house.environment.pop(name, None)

    with psycopg.connect(host=str(house.folder / "pg"), user="region_app", dbname="two") as two:
        assert two.execute("SELECT count(*) FROM taxonomy_theme").fetchone() is not None
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            two.execute("DELETE FROM audit_accesslog")
