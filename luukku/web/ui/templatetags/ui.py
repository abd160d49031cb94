"""What templates need and Django does not have."""

import uuid

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from luukku.assignments.notices import when as when_words
from luukku.assignments.notices import where as where_words
from luukku.orders.models import Order

register = template.Library()


@register.simple_tag
def form_token() -> SafeString:
    """Render the hidden token that makes sending the same form twice harmless."""
    return format_html('<input type="hidden" name="form_token" value="{}">', uuid.uuid4())


@register.filter
def when(period: object) -> str:
    """Say when something with ``starts_at`` and ``ends_at`` is, by Helsinki's clock."""
    return when_words(period.starts_at, period.ends_at)


@register.filter
def where(order: Order) -> str:
    """Say where an order's task is done; empty while a draft has no place yet."""
    if order.mode != "remote" and order.municipality is None:
        return ""
    return where_words(order)


@register.filter
def field_type(bound_field: object) -> str:
    """Return how a field is laid out: ``check``, ``group`` or ``plain``."""
    widget = bound_field.field.widget
    if getattr(widget, "input_type", "") == "checkbox" and not getattr(
        widget, "allow_multiple_selected", False
    ):
        return "check"
    return "group" if bound_field.use_fieldset else "plain"


COLOURS = {
    "draft": "neutral",
    "sent": "warning",
    "waiting": "warning",
    "accepted": "info",
    "searching": "info",
    "proposed": "warning",
    "staffed": "success",
    "agreed": "success",
    "active": "success",
    "vetted": "success",
    "done": "success",
    "closed": "neutral",
    "asked": "warning",
    "held": "success",
}


@register.filter
def colour(state: str) -> str:
    """Return the colour family of a state; the word beside it says the same."""
    return COLOURS.get(state, "neutral")
