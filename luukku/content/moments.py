"""How an editor types days and times: as they are written in Finland, and as machines write them."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import register_form_field_override
from wagtail.admin.panels import PublishingPanel
from wagtail.admin.widgets import AdminDateInput, AdminDateTimeInput

AS_WRITTEN = _("Write like this: 10.12.2026 klo 17.00")


class Typed:
    """The picker leaves what was typed as it is: the form says what is wrong with it.

    By itself the picker puts the present time in the place of everything that it cannot read.
    """

    def get_config(self) -> dict[str, Any]:
        """Return what the picker in the browser is told."""
        return super().get_config() | {"validateOnBlur": False}  # type: ignore[misc]


class DayInput(Typed, AdminDateInput):
    """A day: 10.12.2026."""


class MomentInput(Typed, AdminDateTimeInput):
    """A day and a time: 10.12.2026 17.00."""


class SchedulePanel(PublishingPanel):
    """When a page is shown and put away, typed as every other time."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        for field in self.children:
            field.help_text = AS_WRITTEN
            field.widget = MomentInput(
                field.widget.attrs,
                js_overlay_parent_selector=field.widget.js_overlay_parent_selector,
            )


register_form_field_override(models.DateField, override={"widget": DayInput})
register_form_field_override(models.DateTimeField, override={"widget": MomentInput})
