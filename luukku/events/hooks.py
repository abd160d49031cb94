"""What higher rooms do when an event changes or somebody leaves it, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from luukku.events.models import Event, SignUp

# The sign-up that has been withdrawn, and when.
AFTER_LEAVING: list[Callable[[SignUp, datetime], None]] = []
# The event whose words, times or state have changed: published, edited, moved, held or called off.
AFTER_CHANGING: list[Callable[[Event], None]] = []
# The event that has been cancelled, and when.
AFTER_CANCELLING: list[Callable[[Event, datetime], None]] = []
# The event that is held at another time or in another place, and when that was said.
AFTER_MOVING: list[Callable[[Event, datetime], None]] = []
# How many hear by a higher room that an event is called off, beside those who have signed up.
TOLD_BESIDE: list[Callable[[Event], int]] = []


def after_changing(event: Event) -> None:
    """Let higher rooms follow what ``event`` is now."""
    for follow in AFTER_CHANGING:
        follow(event)
