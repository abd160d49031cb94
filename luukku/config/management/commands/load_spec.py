"""Load people and orders given in a JSON file; print their ids and sign-ins as one JSON document."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from luukku.config.scenarios import load, schema
from luukku.core.document import BadSpec


def read(name: str) -> str:
    """Return the text of the file ``name``; ``-`` is standard input."""
    return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")


class Command(BaseCommand):
    """``manage.py load_spec FILE``."""

    help = "Load people, organisations, experts and orders from a JSON file."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, or the wish to see the schema."""
        parser.add_argument("file", nargs="?", help="a JSON file, or - for standard input")
        parser.add_argument("--schema", action="store_true", help="Print the JSON Schema and exit.")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Load, or refuse with one clear line and change nothing."""
        if options["schema"]:
            self.stdout.write(json.dumps(schema(), ensure_ascii=False))
            return
        if not options["file"]:
            raise CommandError("Name a file, or use --schema.")
        try:
            document = json.loads(read(options["file"]))
        except (OSError, ValueError, RecursionError) as error:
            raise CommandError(f"Cannot read {options['file']}: {error}") from error
        try:
            made = load(document)
        except BadSpec as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(made, ensure_ascii=False))
