"""Load municipalities, themes, task types, the region's words and the first pages; print one JSON document."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from luukku.content.actions import load_pages
from luukku.content.shipping import BadPage
from luukku.guidance.actions import load_help_lines
from luukku.search.actions import index_vocabulary
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
            with transaction.atomic():
                counts = load_reference(region=options["region"])
                counts["help_lines"] = load_help_lines()
                counts |= load_pages(at=timezone.now())
                index_vocabulary()
        except NoSuchRegion as error:
            raise CommandError(f"There is no region called {error}.") from error
        except BadPage as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"region": options["region"]} | counts))
