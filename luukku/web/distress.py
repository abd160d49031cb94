"""Whoever writes of distress sees on the next page whom to call; which words it was stands nowhere."""

from django.contrib import messages
from django.http import HttpRequest

HELP_NOW = "help-now"  # ``ui/base.html`` shows the box in the place of a message so marked


def meet_distress(request: HttpRequest) -> None:
    """Have the next page that ``request``'s sender sees begin with whom to call at once."""
    messages.add_message(request, messages.WARNING, HELP_NOW, extra_tags=HELP_NOW)
