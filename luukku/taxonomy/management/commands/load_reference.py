"""Load municipalities, themes, task types and the region's words; print one JSON document."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from luukku.taxonomy.actions import NoSuchRegion, load_reference


class Command(BaseCommand):
    """``manage.py load_reference``."""

    help = "Load the reference data; safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the region."""
        parser.add_argument("--region", default=settings.LUUKKU_REGION)

    def handle(self, *_args: object, **options: str) -> None:
        """Load and count."""
        try:
            counts = load_reference(region=options["region"])
        except NoSuchRegion as error:
            raise CommandError(f"There is no region called {error}.") from error
        self.stdout.write(json.dumps({"region": options["region"]} | counts))
