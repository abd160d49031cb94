from django.apps import AppConfig


class PublicConfig(AppConfig):
    name = "luukku.web.public"
    label = "web_public"
