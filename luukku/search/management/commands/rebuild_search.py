"""Make the search index anew; print one JSON document."""

import json

from django.core.management.base import BaseCommand

from luukku.search.actions import rebuild


class Command(BaseCommand):
    """``manage.py rebuild_search``."""

    help = "Make the search index anew from themes, task types and live pages; safe to repeat."

    def handle(self, *_args: object, **_options: object) -> None:
        """Rebuild and count."""
        self.stdout.write(json.dumps(rebuild()))
