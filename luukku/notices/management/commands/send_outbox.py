"""Send what waits in the outbox and print one JSON document about it."""

import json
from time import sleep

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Max
from django.utils import timezone

from luukku.notices.actions import is_server_there, send_digests, send_outbox
from luukku.notices.models import HELD, Channel, Letter


class Command(BaseCommand):
    """``manage.py send_outbox``."""

    help = "Send what waits in the outbox."

    def handle(self, *_args: object, **_options: object) -> None:
        """Send mails and digests that are due; without a mail server nothing changes and all of them wait.

        Letters that are held back for some seconds, while what they tell of can be taken back, are waited for.
        """
        unsent = Letter.objects.filter(sent_at=None)
        by_mail = unsent.filter(channel__in=[Channel.MAIL, Channel.DIGEST])
        at = timezone.now()
        held = by_mail.filter(not_before_at__gt=at, not_before_at__lte=at + HELD)
        if last := held.aggregate(last=Max("not_before_at"))["last"]:
            sleep((last - at).total_seconds())
            at = max(last, timezone.now())
        is_possible = not by_mail.filter(not_before_at__lte=at).exists() or is_server_there()
        counts = {"sent": 0, "failed": 0, "digests": 0}
        if is_possible:
            counts |= send_outbox(at=at) | {"digests": send_digests(at=at)}
        counts["waiting"] = by_mail.count()
        counts["on_paper"] = unsent.filter(channel=Channel.PAPER).count()
        self.stdout.write(json.dumps(counts))
        if not is_possible:
            raise CommandError(
                f"The mail server cannot be reached. {counts['waiting']} letters wait for the next run;"
                " look at EMAIL_URL and the server."
            )
