"""Make everything ready to serve: tables, reference data, static files; quick when nothing has changed."""

import io
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from luukku.config.demo import demo_is_loaded
from luukku.content.shipping import DATA as PAGES
from luukku.guidance.actions.lines import LINES
from luukku.taxonomy.actions import DATA
from luukku.taxonomy.models import Region


class Command(BaseCommand):
    """``manage.py prepare``."""

    help = "Migrate, load reference data, collect static files."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to load demo people."""
        parser.add_argument("--demo", action="store_true")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do what is not done yet."""
        settings.LUUKKU_VAR.mkdir(parents=True, exist_ok=True)
        call_command("migrate", verbosity=0)
        stamp = settings.LUUKKU_VAR / ".reference"
        newest = max(
            path.stat().st_mtime for root in (DATA, PAGES, LINES.parent) for path in root.rglob("*")
        )
        if not Region.objects.exists() or not stamp.exists() or stamp.stat().st_mtime < newest:
            call_command("load_reference", stdout=io.StringIO())
            stamp.touch()
        call_command("collectstatic", interactive=False, verbosity=0)
        if options["demo"] and not demo_is_loaded():
            self.stderr.write("Inventing demo people and orders …")
            call_command("load_demo", stdout=self.stderr)
