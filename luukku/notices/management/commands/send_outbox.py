"""Send what waits in the outbox and print one JSON document about it."""

import json

from django.core.management.base import BaseCommand
from django.utils import timezone

from luukku.notices.actions import send_digests, send_outbox
from luukku.notices.models import Channel, Letter


class Command(BaseCommand):
    """``manage.py send_outbox``."""

    help = "Send what waits in the outbox."

    def handle(self, *_args: object, **_options: object) -> None:
        """Send mails and digests that are due."""
        at = timezone.now()
        counts = send_outbox(at=at) | {"digests": send_digests(at=at)}
        unsent = Letter.objects.filter(sent_at=None)
        counts["waiting"] = unsent.filter(channel__in=[Channel.MAIL, Channel.DIGEST]).count()
        counts["on_paper"] = unsent.filter(channel=Channel.PAPER).count()
        self.stdout.write(json.dumps(counts))
