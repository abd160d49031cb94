"""Invented, believable people and orders; the same for the same seed."""

from __future__ import annotations

import json
from datetime import timedelta

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from luukku.config.demo import PASSWORD, SIGN_IN, demo, demo_is_loaded
from luukku.config.scenarios import load
from luukku.core.times import helsinki
from luukku.taxonomy.models import Region

MOST = 100_000


class Command(BaseCommand):
    """``manage.py load_demo``."""

    help = "Fill the database with invented people and orders."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take sizes and the seed."""
        parser.add_argument("--experts", type=int, default=60)
        parser.add_argument("--orders", type=int, default=36)
        parser.add_argument("--seed", type=int, default=2021)
        parser.add_argument(
            "--print", action="store_true", help="Print the document; make nothing."
        )

    def handle(self, *_args: object, **options: int) -> None:
        """Make them, all or nothing; a second time changes nothing.

        Raises:
            CommandError: a size is negative or too large, or the reference data are missing.
        """
        for name in ("experts", "orders"):
            if not 0 <= options[name] <= MOST:
                raise CommandError(f"--{name} must be 0 to {MOST}.")
        if not Region.objects.filter(code=settings.LUUKKU_REGION).exists():
            raise CommandError("There are no reference data yet. Run: manage.py load_reference")
        if demo_is_loaded() and not options["print"]:
            self.stdout.write(json.dumps({"experts": 0, "orders": 0, "already": True}))
            return
        midnight = helsinki(timezone.now()).replace(hour=0, minute=0, second=0, microsecond=0)
        sizes = {name: options[name] for name in ("experts", "orders")}
        document = demo(options["seed"], midnight - timedelta(hours=14), **sizes)
        if not options["print"]:
            load(document)
            document = {**sizes, "password": PASSWORD, "sign_in": SIGN_IN}
        self.stdout.write(json.dumps(document, ensure_ascii=False))
