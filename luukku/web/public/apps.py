from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "luukku.web.public"
    label = "web_public"

    def ready(self) -> None:
        from luukku.content.previews import show_previews_by  # noqa: PLC0415 -- models are ready now
        from luukku.web.public.written import preview  # noqa: PLC0415 -- no model can be imported before all apps are there

        show_previews_by(preview)
