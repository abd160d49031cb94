"""The command line: what a database that nobody has set up answers is said in plain words."""

import sys

from django.core.management import execute_from_command_line
from django.db.utils import ProgrammingError


def run(argv: list[str]) -> None:
    """Run one command; without tables it ends with what to do instead of a traceback."""
    try:
        execute_from_command_line(argv)
    except ProgrammingError:  # also what a fault in a query raises: that keeps its traceback
        if not _waits_for_migrations():
            raise
        sys.exit("CommandError: The database has not been set up. Run `make setup` first.")


def _waits_for_migrations() -> bool:
    # Needs the settings, which the command line has just read.
    from django.db import connection  # noqa: PLC0415 -- see above
    from django.db.migrations.executor import MigrationExecutor  # noqa: PLC0415 -- see above

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
