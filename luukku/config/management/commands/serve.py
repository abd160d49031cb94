"""Serve as in production: several processes, no reloading, no access log."""

import ctypes
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from luukku.config.postgres import Keeper

log = logging.getLogger(__name__)
STOP_SECONDS = 30
PR_SET_PDEATHSIG = 1


class Worker:
    """``manage.py worker`` beside the server: begun again when it ends by itself, stopped with the server."""

    def __init__(self, command: list[str], *, pause: float = 5.0) -> None:
        self.command, self.pause = command, pause
        self.is_over, self.lock = threading.Event(), threading.Lock()
        self.process = self._start()
        self.watcher = threading.Thread(target=self._watch, daemon=True)
        self.watcher.start()

    def _start(self) -> subprocess.Popen:
        # A group of its own: Ctrl-C goes to the server alone, which then stops everybody in order.
        return subprocess.Popen(self.command, process_group=0)  # noqa: S603 -- our own program

    def _watch(self) -> None:
        while True:
            code = self.process.wait()
            if self.is_over.wait(self.pause):
                return
            log.error("The worker ended (%s); it begins again.", code)
            with self.lock:
                if self.is_over.is_set():
                    return
                self.process = self._start()

    def stop(self) -> None:
        """Let it finish the task in hand, but not for ever."""
        with self.lock:
            self.is_over.set()
        self.process.terminate()
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.watcher.join()


class Command(BaseCommand):
    """``manage.py serve``."""

    help = "Serve the site with several processes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and size."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=max(2, min(os.cpu_count() or 2, 8)))
        # A form that a phone sends half of before it loses the network holds a thread: not all are to wait.
        parser.add_argument("--threads", type=int, default=8, help="Threads in each process.")
        parser.add_argument(
            "--with-worker", action="store_true", help="Run the background worker beside it."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Check that everything is ready, then serve until told to stop."""
        host, port = options["host"], options["port"]
        check_migrations()
        check_address(host, port)
        ensure_static_files()
        stand_at(host, port)
        connection.close()  # the processes that serve open their own
        from granian import Granian  # noqa: PLC0415 -- slow import
        from granian.constants import HTTPModes, Interfaces  # noqa: PLC0415 -- only who serves needs the server
        from granian.log import LOGGING_CONFIG  # noqa: PLC0415 -- only who serves needs the server

        usual: dict[str, Any] = dict(LOGGING_CONFIG)
        console = usual["handlers"]["console"] | {"stream": "ext://sys.stderr"}
        os.register_at_fork(after_in_child=stand_apart)
        # Whoever started the database keeps it up; one that DATABASE_URL names has its own keeper.
        keeper = Keeper(settings.EMBEDDED_POSTGRES) if settings.EMBEDDED_POSTGRES else None
        worker = None
        if options["with_worker"]:
            manage = str(Path(settings.ROOT) / "manage.py")
            worker = Worker([sys.executable, manage, "worker", "--parent", str(os.getpid())])
        self.stderr.write(f"Kokemusluukku at http://{host}:{port}/")
        try:
            Granian(
                "luukku.config.wsgi:application",
                address=host,
                port=port,
                interface=Interfaces.WSGI,
                http=HTTPModes.http1,
                websockets=False,
                workers=options["workers"],
                blocking_threads=options["threads"],
                log_dictconfig={"handlers": usual["handlers"] | {"console": console}},
                log_access=False,  # addresses of people and of what they looked at are kept nowhere
                respawn_failed_workers=True,
                workers_kill_timeout=STOP_SECONDS,
            ).serve()
        finally:
            if worker is not None:
                worker.stop()
            if keeper is not None:
                keeper.stop()


def stand_apart() -> None:
    """Have this process told to stop by its parent alone, also when that is killed.

    It would go on holding the address. And Ctrl-C reaches everybody in the terminal's group: a process
    that is told twice stands still until it is killed.
    """
    os.setpgid(0, 0)
    for number in (signal.SIGINT, signal.SIGTERM):  # until it has handlers of its own, it just ends
        signal.signal(number, signal.SIG_DFL)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def stand_at(host: str, port: int) -> None:
    """Have links lead to where the site is served, unless ``LUUKKU_BASE_URL`` says where that is.

    Told by the environment as well: the worker writes letters.
    """
    if os.environ.get("LUUKKU_BASE_URL") or host not in {"127.0.0.1", "localhost", "::1"}:
        return
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    os.environ["LUUKKU_BASE_URL"] = address
    settings.LUUKKU_BASE_URL = settings.WAGTAILADMIN_BASE_URL = address


def check_migrations() -> None:
    """Refuse to serve a database that the code has outgrown."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        names = ", ".join(
            f"{migration.app_label} {migration.name}" for migration, _backwards in waiting[:3]
        )
        more = f" and {len(waiting) - 3} more" if len(waiting) > 3 else ""
        raise CommandError(f"Migrations are waiting ({names}{more}). Run: manage.py prepare")


def ensure_static_files() -> None:
    """Collect the static files where nobody has: without their list every page would fail."""
    if not (settings.STATIC_ROOT / "staticfiles.json").exists():
        call_command("collectstatic", interactive=False, verbosity=0)


def check_address(host: str, port: int) -> None:
    """Refuse an address that another program answers at."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.create_server((host, port), family=family):
            pass
    except OSError as error:
        raise CommandError(f"Cannot serve at {host}:{port}: {error.strerror}.") from error
