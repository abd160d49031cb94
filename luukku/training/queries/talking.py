"""What those who train have said and decided among themselves."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from luukku.core.times import helsinki, instant
from luukku.training.models import Thread, ThreadDecision, ThreadMessage, ThreadMessageQuerySet

WITHDRAW_WITHIN = timedelta(
    minutes=15
)  # of writing it; of a message nobody has been written to by then
MORNING = time(8)  # Helsinki: when letters of new messages leave


def next_morning(at: datetime) -> datetime:
    """Return the first morning after ``at`` on which letters of new messages leave."""
    here = helsinki(at)
    return instant(here.date() + timedelta(days=here.time() >= MORNING), MORNING)


def messages_of(thread: Thread) -> ThreadMessageQuerySet:
    """Return every message with what is shown of it, those that were taken away too, the newest first."""
    rows = ThreadMessage.objects.filter(thread=thread).select_related("by", "organisation")
    whole = [field.attname for field in ThreadMessage._meta.concrete_fields]
    return rows.only(*whole, "by__name", "by__is_active", "organisation__name").order_by("-pk")


def decisions_of(thread: Thread) -> list[ThreadDecision]:
    """Return what was decided, the newest first, what was taken away as well."""
    return list(thread.decisions.select_related("made_by", "organisation"))


def said_in_name_of(said: ThreadMessage | ThreadDecision) -> str:
    """Return the organisation in whose name it was said or written down, or the counter."""
    return said.organisation.name if said.organisation else _("The counter")


def writer_of(message: ThreadMessage) -> str:
    """Return who wrote a message; of who has been deleted or closed their account, no name."""
    if message.is_by_phone:
        return _("Told by phone")
    if message.by is None or not message.by.is_active:
        return _("A former member")
    return message.by.name


def can_withdraw(said: ThreadMessage | ThreadDecision, at: datetime) -> bool:
    """Whether the writer may still take it away."""
    since = said.at if isinstance(said, ThreadMessage) else said.made_at
    return said.gone_at is None and at - since <= WITHDRAW_WITHIN
