"""Django's ``migrate``, done by the owner of the tables; then the application gets its rights in them."""

from typing import Any

from django.conf import settings
from django.core.management.commands import migrate
from django.db import connection, transaction

from luukku.config.roles import as_owner, grant
from luukku.config.sparing import drawn_sparingly


class Command(migrate.Command):
    """``manage.py migrate``."""

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, then grant; both are safe to repeat."""
        with as_owner():
            with drawn_sparingly():
                super().handle(*args, **options)
            role = settings.DATABASE_APPLICATION
            if role and role != connection.settings_dict["USER"]:
                with transaction.atomic(), connection.cursor() as cursor:
                    grant(cursor, to=role)
