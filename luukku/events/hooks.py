"""What higher rooms do when somebody leaves an event or it is called off, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from luukku.events.models import Event, SignUp

# The sign-up that has been withdrawn, and when.
AFTER_LEAVING: list[Callable[[SignUp, datetime], None]] = []
# The event that has been cancelled, and when.
AFTER_CANCELLING: list[Callable[[Event, datetime], None]] = []
