"""Django's ``migrate``, done by the owner of the tables; then the application gets its rights in them."""

from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from luukku.config.roles import as_owner, grant
from luukku.config.sparing import drawn_sparingly


class Command(migrate.Command):
    """``manage.py migrate``."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant; both are safe to repeat."""
        with as_owner():
            is_new = not MigrationRecorder(connection).applied_migrations()
            with (
                drawn_sparingly() if is_new else nullcontext()
            ):  # what people have written, Django alone moves
                super().handle(*args, **options)
            role = settings.DATABASE_APPLICATION
            if role and role != connection.settings_dict["USER"]:
                with transaction.atomic(), connection.cursor() as cursor:
                    grant(cursor, to=role)
