"""Search as a visitor would; print one JSON document."""

import json
from dataclasses import asdict
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from luukku.accounts.models import User
from luukku.core.times import helsinki
from luukku.experts.queries import cards
from luukku.organisations.models import MemberRole, Membership
from luukku.organisations.states import OrganisationState
from luukku.search import queries
from luukku.search.models import LANGUAGES
from luukku.search.queries import documents


class Command(BaseCommand):
    """``manage.py search``."""

    help = "Search pages, task types, themes and open calls; with --as-orderer also expert cards."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the query and the viewer."""
        parser.add_argument("question")
        parser.add_argument("--language", default="fi", choices=LANGUAGES)
        parser.add_argument("--page", type=int, default=1)
        parser.add_argument(
            "--as-orderer", action="store_true", help="as somebody of a checked organisation"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Search and print."""
        results = queries.search(
            options["question"], language=options["language"], number=options["page"]
        )
        viewer = self._orderer() if options["as_orderer"] else AnonymousUser()
        at = timezone.now()
        calls = queries.calls(results, viewer=viewer, at=at)
        answer = {
            "question": results.question,
            "total": results.total,
            "is_any_word": results.is_any_word,
            "facets": results.facets,
            "via": [f"{word} → {theme}" for word, theme in results.stands.via(results.words)],
            "hits": [asdict(hit) for hit in results.hits],
            "calls": [order.pk for order in calls.orders[: documents.A_PAGE]] if calls else [],
            "suggestions": []
            if results.total
            else queries.suggestions(options["question"], language=options["language"]),
        }
        experts = queries.experts(results, viewer=viewer, at=at)
        if experts is not None:
            ids = list(experts.experts.values_list("pk", flat=True)[: documents.A_PAGE])
            shown = cards(ids, on=helsinki(timezone.now()).date(), theme_ids=experts.theme_ids)
            answer["experts"] = [asdict(shown[pk]) for pk in ids]
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _orderer(self) -> User:
        membership = (
            Membership.objects.filter(
                role=MemberRole.ORDERER, organisation__state=OrganisationState.VETTED
            )
            .select_related("user")
            .order_by("pk")
            .first()
        )
        if membership is None:
            raise CommandError("Nobody orders for a checked organisation yet.")
        return membership.user
