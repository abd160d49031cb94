"""Saying things to people: written with the change, sent after it."""

from datetime import datetime

from django.db import models

from luukku.notices.models import Letter
from luukku.notices.notice import Notice


def tell(
    notice: Notice, *, to: models.Model, at: datetime, not_before_at: datetime | None = None
) -> Letter:
    """Write ``notice`` to ``to`` in their language and by the channel they chose, in this transaction."""
    raise NotImplementedError


def tell_address(
    notice: Notice, email: str, *, language: str, at: datetime, not_before_at: datetime | None = None
) -> Letter:
    """Write ``notice`` to somebody without an account."""
    raise NotImplementedError
