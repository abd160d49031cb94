"""Print what one account was shown of others between two days."""

from __future__ import annotations

import json
from datetime import date, time, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from luukku.accounts.models import User
from luukku.audit.actions import record
from luukku.audit.queries import shown_to
from luukku.core.times import helsinki, instant


class Command(BaseCommand):
    """``manage.py seen_by EMAIL --from DAY --to DAY``."""

    help = (
        "Print what the account EMAIL was shown of others: when, where, what, and of whom by the number of the"
        " account. Names are opened on the administrators' page, which asks why. That it was asked is audited."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the account, the days and the form."""
        parser.add_argument("email")
        parser.add_argument(
            "--from", dest="since", metavar="DAY", type=date.fromisoformat,
            help="first day in Helsinki, YYYY-MM-DD; without it 30 days before the last one",
        )  # fmt: skip
        parser.add_argument(
            "--to", dest="until", metavar="DAY", type=date.fromisoformat,
            help="last day in Helsinki, itself among them; without it today",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="one JSON document")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print the rows, the latest first.

        Raises:
            CommandError: nobody has that address, or the last day is before the first.
        """
        user = User.objects.filter(email=User.objects.lower(options["email"])).first()
        if user is None:
            raise CommandError("Nobody has an account with this address.")
        now = timezone.now()
        last = options["until"] or helsinki(now).date()
        first = options["since"] or last - timedelta(days=30)
        if last < first:
            raise CommandError("--to is before --from.")
        rows = shown_to(
            user.pk,
            since=instant(first, time(0)),
            until=instant(last + timedelta(days=1), time(0)),
        )
        days = {"from": first.isoformat(), "to": last.isoformat()}
        record("accounts.list_readings", by=User.objects.machine(), about=user, at=now, data=days)
        readings: list[dict[str, Any]] = [
            {
                "at": helsinki(row.at).isoformat(timespec="seconds"),
                "as": row.reader_as,
                "organisation_id": row.organisation_id,
                "page": row.why,
                "what": row.what.split(),
                "person_ids": row.person_ids,
                "records": row.records,
            }
            for row in rows.iterator()
        ]
        if options["json"]:
            document = {"account": user.pk} | days | {"rows": readings}
            self.stdout.write(json.dumps(document, ensure_ascii=False))
            return
        for row in readings:
            people = " ".join(map(str, row["person_ids"]))
            fields = " ".join(row["what"])
            self.stdout.write(
                f"{row['at']}  {row['as'] or '-'}  {row['page']}  {fields}  of {people}"
            )
        self.stdout.write(f"{len(readings)} readings from {days['from']} to {days['to']}")
