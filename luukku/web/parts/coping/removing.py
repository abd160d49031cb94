"""What is asked before a talk that was written down by mistake is removed, at the counter and the organisation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from luukku.coping.models import YearlyTalk
from luukku.web.kit.confirm import day_of


def removal_of(talk: YearlyTalk, *, back: str) -> dict[str, Any]:
    """Return the question, for ``ask_first``."""
    told = {"name": talk.expert.user.name, "day": day_of(talk.held_on)}
    return {
        "title": _("Remove a talk that was written by mistake?"),
        "lead": _("%(name)s, %(day)s") % told,
        "follows": [
            _("The talk is gone for good, and the expert does not see it any more."),
            _("When the next talk is due is counted from the one before."),
        ],
        "label": _("Remove the talk"),
        "back": back,
        "keep": _("Do not remove it"),
    }
