"""What the worker does by itself, and how often."""

from datetime import datetime, timedelta

from django.db import transaction
from django_tasks.base import Task
from django_tasks_db.models import DBTaskResult

from luukku.assignments.tasks import expire_overdue, forget_undos
from luukku.audit.tasks import forget_readings
from luukku.content.tasks import publish_scheduled
from luukku.coping.tasks import look_for_load, remind_backgrounds
from luukku.core.queue import enqueue_once
from luukku.events.tasks import forget_events, remind_of_tomorrow, settle_places
from luukku.experts.tasks import remind_of_ends
from luukku.feedback.tasks import ask_of_events, ask_what_changed, close_past
from luukku.guidance.tasks import close_quiet, forget_old, keep_promises
from luukku.matching.tasks import rebuild_supply
from luukku.notices.tasks import forget_letters, send_digests, send_waiting
from luukku.orders.tasks import forget_empty, forget_guests
from luukku.readiness.tasks import look_at_loans
from luukku.search.tasks import forget_card_days, forget_misses
from luukku.training.tasks import forget_applications, forget_messages
from luukku.workbench.tasks import forget_filters, forget_notes, forget_taken
from luukku.workflow.actions import bring_forward, put_off, take_turn
from luukku.workflow.tasks import forget_typed, tidy

SCHEDULE: dict[str, tuple[timedelta, Task]] = {
    "send_waiting": (
        timedelta(minutes=1),
        send_waiting,
    ),  # reminders, and what failed; the rest wakes it
    "send_digests": (timedelta(minutes=15), send_digests),
    "expire_overdue": (timedelta(minutes=5), expire_overdue),
    "settle_places": (timedelta(minutes=1), settle_places),
    "remind_of_tomorrow": (timedelta(hours=2), remind_of_tomorrow),
    "forget_events": (timedelta(days=1), forget_events),
    "forget_applications": (timedelta(days=1), forget_applications),
    "forget_messages": (timedelta(days=1), forget_messages),
    "publish_scheduled": (timedelta(minutes=5), publish_scheduled),
    "close_past": (timedelta(minutes=15), close_past),
    "ask_of_events": (timedelta(hours=2), ask_of_events),
    "ask_what_changed": (timedelta(hours=1), ask_what_changed),
    "keep_promises": (timedelta(minutes=30), keep_promises),
    "close_quiet": (timedelta(days=1), close_quiet),
    "forget_old": (timedelta(days=1), forget_old),
    "forget_letters": (timedelta(days=1), forget_letters),
    "forget_guests": (timedelta(hours=6), forget_guests),
    "forget_empty": (timedelta(hours=6), forget_empty),
    "remind_of_ends": (timedelta(days=1), remind_of_ends),
    "look_for_load": (timedelta(days=1), look_for_load),
    "remind_backgrounds": (timedelta(days=1), remind_backgrounds),
    "look_at_loans": (timedelta(hours=6), look_at_loans),
    "rebuild_supply": (timedelta(days=1), rebuild_supply),
    "forget_readings": (timedelta(days=1), forget_readings),
    "forget_misses": (timedelta(days=1), forget_misses),
    "forget_undos": (timedelta(minutes=30), forget_undos),
    "forget_card_days": (timedelta(days=1), forget_card_days),
    "forget_taken": (timedelta(days=1), forget_taken),
    "forget_notes": (timedelta(days=1), forget_notes),
    "forget_filters": (timedelta(days=1), forget_filters),
    "forget_typed": (timedelta(minutes=15), forget_typed),
    "tidy": (timedelta(hours=6), tidy),
}
RETRY_AFTER = timedelta(minutes=10)


def enqueue_due(*, at: datetime) -> list[str]:
    """Queue the work whose turn has come, once a period however many workers ask; return its names."""
    due = []
    for name, (every, task) in SCHEDULE.items():
        with transaction.atomic():  # the turn and the work it stands for: both or neither
            if take_turn(name, every=every, at=at):
                enqueue_once(task.module_path)
                due.append(name)
    return due


def retry_soon(failed: DBTaskResult, *, at: datetime) -> None:
    """Let work that failed be due again after ``RETRY_AFTER``; by its next turn, if that is sooner."""
    for name, (every, task) in SCHEDULE.items():
        if task.module_path == failed.task_path:
            if every > RETRY_AFTER:
                bring_forward(name, every=every, to=at + RETRY_AFTER)
            return
    put_off(failed, until=at + RETRY_AFTER)  # somebody asked for it once: it has no turn
