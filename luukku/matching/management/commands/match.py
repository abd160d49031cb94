"""Print who fits an order and why, as one JSON document."""

import json

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from luukku.matching.queries import match, what_would_help
from luukku.matching.reasons import Side
from luukku.orders.models import Order


class Command(BaseCommand):
    """``manage.py match ORDER``."""

    help = "Print who fits an order and why."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the order's id and how many to show."""
        parser.add_argument("order", type=int)
        parser.add_argument("--limit", type=int, default=20)

    def handle(self, *_args: object, **options: int) -> None:
        """Find and print."""
        try:
            order = Order.objects.get(pk=options["order"])
        except Order.DoesNotExist as error:
            raise CommandError(f"There is no order {options['order']}.") from error
        if options["limit"] < 1:
            raise CommandError("--limit must be 1 or more.")
        with translation.override("fi"):
            at = timezone.now()
            matched = match(order, at=at, limit=options["limit"])
            helps = what_would_help(order, matched, at=at)
        document = {
            "order": order.pk,
            "wanted": matched.wanted,
            "candidates": [
                {
                    "expert": c.expert_id,
                    "code_name": c.code_name,
                    "score": c.score,
                    "parts": c.parts,
                    "reasons": c.reasons,
                    "for": c.on(Side.FOR),
                    "against": c.on(Side.AGAINST),
                    "km": c.km,
                }
                for c in matched.candidates
            ],
            "help": [
                {
                    "condition": h.condition,
                    "label": h.label,
                    "count": h.count,
                    "at_least": h.is_at_least,
                }
                for h in helps
            ],
        }
        self.stdout.write(json.dumps(document, ensure_ascii=False))
