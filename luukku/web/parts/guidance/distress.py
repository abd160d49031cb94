"""Whoever writes of distress sees on the next page whom to call; which words it was stands nowhere."""

from django.contrib import messages
from django.http import HttpRequest

from luukku.core.distress import signs_of

HELP_NOW = "help-now"  # ``ui/base.html`` shows the box in the place of a message so marked


def meet_distress(request: HttpRequest, words: str) -> None:
    """Have the next page begin with whom to call at once if ``words`` tell of distress.

    A form that is refused is its own next page: who is in distress is not first made to fill it in right.
    """
    if signs_of(words):
        messages.add_message(request, messages.WARNING, HELP_NOW, extra_tags=HELP_NOW)
