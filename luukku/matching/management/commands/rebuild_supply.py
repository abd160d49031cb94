"""Make the matcher's derived table anew."""

import json

from django.core.management.base import BaseCommand

from luukku.matching.actions import rebuild_supply


class Command(BaseCommand):
    """``manage.py rebuild_supply``."""

    help = "Make the matcher's derived table anew."

    def handle(self, *_args: object, **_options: object) -> None:
        """Rebuild and count."""
        self.stdout.write(json.dumps({"rows": rebuild_supply()}))
