"""All the steps on one page, for an order that has been sent: only what can still be changed."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from luukku.orders.actions import BOUND, CHANGEABLE
from luukku.orders.models import Order
from luukku.web.parts.orders.forms.terms import TermsStep
from luukku.web.parts.orders.forms.what import TaskStep
from luukku.web.parts.orders.forms.when import PlaceStep
from luukku.web.parts.orders.forms.who import ThemesStep

STEPS = (TaskStep, ThemesStep, PlaceStep, TermsStep)


def _of_steps(name: str) -> dict[str, object]:
    return {key: value for step in STEPS for key, value in getattr(step.Meta, name, {}).items()}


class Details(TaskStep, ThemesStep, PlaceStep, TermsStep):
    """What the counter changes in a sent order; its times, payment and seats have pages of their own.

    Args:
        is_agreed: somebody has said yes, so that what the yes was given to stays.
    """

    needed: tuple[str, ...] = (
        "title", "goal", "expert_does", "themes", "languages", "audience", "mode", "municipality",
    )  # fmt: skip
    shown: tuple[str, ...] | None = None
    sections = (
        (_("Place"), ("mode", "municipality", "address", "accessibility", "equipment")),
        (_("Fee"), ("fee_eur", "pays_travel")),
        (
            _("Who takes part"),
            ("audience", "audience_size", "others_present", "has_children", "has_interpreter"),
        ),
        (_("What and why"), ("title", "goal", "expert_does")),
        (_("Before and after"), ("preparation", "offers_pretalk", "offers_debrief", "recording")),
        (_("What the expert knows"), ("themes", "perspective", "languages")),
    )

    class Meta:
        model = Order
        fields = tuple(name for step in STEPS for name in step.Meta.fields)
        field_classes = _of_steps("field_classes")
        widgets = _of_steps("widgets")
        labels = _of_steps("labels")
        help_texts = _of_steps("help_texts")

    def __init__(self, *args: Any, is_agreed: bool, **kwargs: Any) -> None:
        sections = self.sections
        super().__init__(*args, **kwargs)
        kept = CHANGEABLE | {"perspective"}
        kept -= BOUND | {"perspective"} if is_agreed else set()
        self.fields = {
            name: field for name, field in self.fields.items() if name in kept | {"version"}
        }
        self.sections = tuple(
            (heading, tuple(name for name in names if name in self.fields))
            for heading, names in sections
        )
        self.sections = tuple((heading, names) for heading, names in self.sections if names)

    def extra(self) -> dict[str, object]:
        """The themes, where they can still be changed."""
        return super().extra() if "themes" in self.fields else {}
