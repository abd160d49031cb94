from django.apps import AppConfig
from wagtail.admin.apps import WagtailAdminAppConfig


class ContentConfig(AppConfig):
    name = "luukku.content"
    default = True

    def ready(self) -> None:
        from wagtail.models import TaskState, WorkflowState  # noqa: PLC0415 -- models are ready now
        from wagtail.signals import (  # noqa: PLC0415 -- no model can be imported before all apps are there
            page_published,
            page_slug_changed,
            post_page_move,
            task_submitted,
            workflow_approved,
            workflow_rejected,
        )

        from luukku.content import receivers  # noqa: PLC0415 -- no model can be imported before all apps are there

        page_published.connect(receivers.when_published, dispatch_uid="content_published")
        page_slug_changed.connect(receivers.when_moved, dispatch_uid="content_renamed")
        post_page_move.connect(receivers.when_moved, dispatch_uid="content_moved")
        task_submitted.connect(
            receivers.when_submitted, sender=TaskState, dispatch_uid="content_submitted"
        )
        workflow_approved.connect(
            receivers.when_approved, sender=WorkflowState, dispatch_uid="content_approved"
        )
        workflow_rejected.connect(receivers.when_sent_back, dispatch_uid="content_sent_back")


class EditorConfig(WagtailAdminAppConfig):
    """Wagtail's editor, without the mails that it would send itself: ours go through the outbox."""

    def ready(self) -> None:
        super().ready()
        from wagtail.models import TaskState, WorkflowState  # noqa: PLC0415 -- models are ready now
        from wagtail.signals import (  # noqa: PLC0415 -- no model can be imported before all apps are there
            task_submitted,
            workflow_approved,
            workflow_rejected,
            workflow_submitted,
        )

        for told, sender, uid in [
            (task_submitted, TaskState, "group_approval_task_submitted"),
            (workflow_submitted, WorkflowState, "workflow_state_submitted"),
            (workflow_rejected, WorkflowState, "workflow_state_rejected"),
            (workflow_approved, WorkflowState, "workflow_state_approved"),
        ]:
            if not told.disconnect(sender=sender, dispatch_uid=f"{uid}_email_notification"):
                raise RuntimeError(f"Wagtail sends {uid} under another name")
