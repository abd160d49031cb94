"""What Wagtail calls when an editor has published, moved or sent back a page; only pages of ours are read in rounds."""

from django.utils import timezone
from wagtail.models import Page, TaskState, WorkflowState

from luukku.accounts.models import User
from luukku.content import actions
from luukku.content.models import ContentPage, PracticePage


def when_published(instance: Page, **_kwargs: object) -> None:
    """Make a page ready to be read, tell the person who sent it."""
    if isinstance(instance, ContentPage):
        actions.after_publishing(instance, at=timezone.now())


def when_moved(instance: Page, **_kwargs: object) -> None:
    """Let no old way lead away from where the page and those below it are now."""
    actions.forget_ways(instance, at=timezone.now())


def when_submitted(instance: TaskState, **_kwargs: object) -> None:
    """Tell those who may decide that a page waits for them."""
    groups = getattr(instance.task.specific, "groups", None)
    readers = User.objects.filter(groups__in=groups.all()) if groups is not None else []
    actions.after_submitting(instance.workflow_state, readers, at=timezone.now())


def when_approved(instance: WorkflowState, user: User | None = None, **_kwargs: object) -> None:
    """Tell who asked for a page to be read that it has been approved."""
    actions.after_approving(instance, by=user, at=timezone.now())


def when_sent_back(instance: WorkflowState, user: User | None = None, **_kwargs: object) -> None:
    """Tell who sent a page that something is asked of them."""
    page = instance.content_object.specific
    if isinstance(page, PracticePage):
        actions.after_sending_back(page, at=timezone.now())
    else:
        actions.after_returning(instance, by=user, at=timezone.now())
