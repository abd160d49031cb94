"""What the worker does by itself, and how often."""

from datetime import timedelta

from luukku.assignments.tasks import expire_overdue
from luukku.feedback.tasks import ask_what_changed, close_past
from luukku.matching.tasks import rebuild_supply
from luukku.notices.tasks import send_digests, send_waiting
from luukku.workflow.tasks import tidy

SCHEDULE = {
    "send_waiting": (timedelta(seconds=10), send_waiting),
    "send_digests": (timedelta(minutes=15), send_digests),
    "expire_overdue": (timedelta(minutes=5), expire_overdue),
    "close_past": (timedelta(minutes=15), close_past),
    "ask_what_changed": (timedelta(hours=1), ask_what_changed),
    "rebuild_supply": (timedelta(days=1), rebuild_supply),
    "tidy": (timedelta(hours=6), tidy),
}
