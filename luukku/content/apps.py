from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "luukku.content"

    def ready(self):
        from wagtail.signals import page_published, workflow_rejected  # noqa: PLC0415 -- models are ready now

        from luukku.content import receivers  # noqa: PLC0415 -- models are ready now

        page_published.connect(receivers.when_published, dispatch_uid="content_published")
        workflow_rejected.connect(receivers.when_sent_back, dispatch_uid="content_sent_back")
