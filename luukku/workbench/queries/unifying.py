"""What belongs to a person or an organisation that becomes one with another."""

from __future__ import annotations

from django.apps import apps
from django.db.models import QuerySet


def rows_named(name: str) -> tuple[QuerySet, str]:
    """Return all rows of ``app.model.field``, as ``MOVES`` and ``BELONGS`` name them, and the field."""
    label, field = name.rsplit(".", 1)
    return apps.get_model(label)._base_manager.all(), field
