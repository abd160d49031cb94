"""What an expert answered in the test of taking part remotely, as the expert and the counter read it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from luukku.readiness.models import Readiness


def groups_of(test: Readiness) -> list[tuple[str, list[str]]]:
    """Return what was answered, what help is wished for first."""
    if test.tried_at is None:
        return []
    rest = [item for item in test.asked if item not in {*test.works, *test.helps}]
    groups = (
        (_("Would like help"), [item for item in test.asked if item in test.helps]),
        (_("Does not work yet"), rest),
        (_("Works already"), [item for item in test.asked if item in test.works]),
    )
    return [(title, [str(item.label) for item in items]) for title, items in groups if items]
