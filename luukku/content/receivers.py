"""What Wagtail calls when an editor has published a page or sent it back."""

from django.utils import timezone
from wagtail.models import Page, WorkflowState

from luukku.content import actions
from luukku.content.models import ContentPage, PracticePage


def when_published(instance: Page, **_kwargs: object) -> None:
    """Make a page ready to be read, tell the person who sent it."""
    if isinstance(instance, ContentPage):
        actions.after_publishing(instance, at=timezone.now())


def when_sent_back(instance: WorkflowState, **_kwargs: object) -> None:
    """Tell the person who sent a good practice that something is asked of them."""
    practice = instance.content_object
    practice = practice.specific if isinstance(practice, Page) else practice
    if isinstance(practice, PracticePage):
        actions.after_sending_back(practice, at=timezone.now())
