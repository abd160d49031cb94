from django.apps import AppConfig


class PartsConfig(AppConfig):
    name = "luukku.web.parts"
    label = "web_parts"
