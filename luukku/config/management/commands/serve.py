"""Serve as in production: several processes, no reloading, no access log."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    """``manage.py serve``."""

    help = "Serve the site with several processes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take address and size."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--workers", type=int, default=max(2, min(os.cpu_count() or 2, 8)))
        parser.add_argument("--threads", type=int, default=2, help="Threads in each process.")
        parser.add_argument(
            "--with-worker", action="store_true", help="Run the background worker beside it."
        )

    def handle(self, *_args: object, **options: object) -> None:
        """Check that the database is ready, then serve until told to stop."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CommandError("Migrations are waiting. Run: manage.py prepare")
        connection.close()
        worker = None
        manage = Path(settings.ROOT) / "manage.py"
        if options["with_worker"]:
            worker = subprocess.Popen([sys.executable, str(manage), "worker"])  # noqa: S603 -- our own program
        self.stderr.write(f"Kokemusluukku at http://{options['host']}:{options['port']}/")
        from granian import Granian  # noqa: PLC0415 -- slow import
        from granian.constants import Interfaces  # noqa: PLC0415

        try:
            Granian(
                "luukku.config.wsgi:application",
                address=options["host"],
                port=options["port"],
                interface=Interfaces.WSGI,
                workers=options["workers"],
                blocking_threads=options["threads"],
                log_access=False,
                respawn_failed_workers=True,
            ).serve()
        finally:
            if worker is not None:
                worker.send_signal(signal.SIGTERM)
                worker.wait(timeout=30)
